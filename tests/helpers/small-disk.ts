import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why no small file system can be made here, or false. */
export function cannotMount(): string | false {
  if (process.getuid?.() !== 0) return 'only root may mount a small file system';
  const probe = spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]);
  return probe.status === 0 ? false : 'no file system may be mounted here';
}

/** Gives `work` a folder that has room for so many bytes. */
export async function withSmallDisk(bytes: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    await withDiskAt(folder, bytes, () => work(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same, at a folder that is there. */
export async function withDiskAt(folder: string, bytes: number, work: () => Promise<void>): Promise<void> {
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  assert.equal(mount.status, 0, String(mount.stderr));
  try {
    await work();
  } finally {
    spawnSync('umount', [folder]);
  }
}
