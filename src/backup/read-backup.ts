import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DatabaseUrl, shortNameOf } from '../database/database-url.ts';
import { backupDamaged, backupEdited, backupMissing, backupOfNewer } from '../errors.ts';
import { type BackupFile, MANIFEST_FILE, type Manifest } from './manifest.ts';

/** A backup that is whole: it has its final name. */
export interface Backup {
  /** An absolute path. */
  folder: string;
  manifest: Manifest;
  /** Of the manifest: the manifest's file says it of itself, so that an edited one is found. */
  sha256: string;
}

/** The text of the manifest's file, with its own digest at the end, and that digest. Pure. */
export function sealManifest(manifest: Manifest): { text: string; sha256: string } {
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  return { text: `${JSON.stringify({ ...manifest, sha256 }, null, 2)}\n`, sha256 };
}

/**
 * Reads the manifest of a backup; its files are looked at by `assertIntact`. Throws BACKUP_MISSING where there is no
 * manifest, BACKUP_EDITED where it is not as it was written, BACKUP_OF_NEWER where a newer release wrote it.
 */
export function readBackup(path: string): Backup {
  const folder = resolve(path);
  const file = join(folder, MANIFEST_FILE);
  if (!existsSync(file)) throw backupMissing(path, existsSync(folder));
  const sealed = parse(readFileSync(file, 'utf8'));
  if (sealed === null) throw backupEdited(path);
  if (typeof sealed.format === 'number' && sealed.format > 1) throw backupOfNewer(path, sealed.format);
  const { sha256, ...manifest } = sealed;
  if (sha256 === undefined || sealManifest(manifest).sha256 !== sha256) throw backupEdited(path);
  return { folder, manifest, sha256 };
}

function parse(text: string): (Manifest & { sha256?: string }) | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Manifest) : null;
  } catch {
    return null;
  }
}

/** Whether a backup is of this database: by its name, of a file without the path to it. */
export function isBackupOf({ database }: Manifest, url: DatabaseUrl): boolean {
  return url.provider === database.provider && shortNameOf(url) === shortNameOf(database);
}

/** Reads every file of a backup. Throws BACKUP_DAMAGED, with each file that is not as the manifest says. */
export async function assertIntact({ folder, manifest }: Backup): Promise<void> {
  const damages: string[] = [];
  for (const file of manifest.files) {
    const damage = await findDamage(folder, file);
    if (damage !== null) damages.push(`${file.name} ${damage}`);
  }
  if (damages.length > 0) throw backupDamaged(folder, damages);
}

async function findDamage(folder: string, { name, bytes, sha256 }: BackupFile): Promise<string | null> {
  const found = statSync(join(folder, name), { throwIfNoEntry: false });
  if (!found?.isFile()) return 'is missing';
  if (found.size !== bytes) return `has ${found.size} bytes instead of ${bytes}`;
  return (await hashFile(join(folder, name))) === sha256 ? null : 'has other contents than when it was made';
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
