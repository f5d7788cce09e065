import { openSync, closeSync, fsyncSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, type Manifest } from './manifest.ts';
import { sealManifest } from './read-backup.ts';
import { flush } from './write-file.ts';

/** Puts the manifest into a backup's folder, in the place of an older one; at every instant it is whole. Returns its digest. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const { text, sha256 } = sealManifest(manifest);
  const temporary = join(folder, `.${MANIFEST_FILE}.${process.pid}.tmp`);
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(folder, MANIFEST_FILE));
  await flush(folder);
  return sha256;
}
