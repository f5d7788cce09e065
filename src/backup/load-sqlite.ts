import { join } from 'node:path';
import { createWriteStream } from 'node:fs';
import type { DatabaseUrl } from '../database/database-url.ts';
import { journalFileOf } from '../database/sqlite-sql.ts';
import type { Loaded, LoadOptions } from './load-backup.ts';
import type { BackupFile } from './manifest.ts';
import type { Backup } from './read-backup.ts';
import { readZipped } from './read-zipped.ts';

/** Unpacks the files; the app's one is there and empty. */
export async function loadSqlite(
  { folder, manifest }: Backup,
  target: DatabaseUrl,
  { signal, withJournal = false, onProgress }: LoadOptions,
): Promise<Loaded> {
  const places: Partial<Record<BackupFile['role'], string>> = {
    data: target.url,
    ...(withJournal ? { journal: journalFileOf(target.url) } : {}),
  };
  const files = manifest.files.filter(({ role }) => places[role] !== undefined);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const { name, role, bytes } of files) {
    const onBytes = (done: number) => onProgress?.({ done: before + done, total, unit: 'bytes' });
    const to = createWriteStream(places[role] as string, { mode: 0o600, flush: true });
    await readZipped(join(folder, name), to, { signal, onBytes });
    before += bytes;
  }
  return { hasOwners: true };
}
