import { createReadStream, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDatabase } from '../database/connect.ts';
import { copySqlite, findCorruption } from '../database/sqlite-snapshot.ts';
import { copyDamaged } from '../errors.ts';
import { readClock } from '../ownership/writer.ts';
import { digestDatabase } from './digest-database.ts';
import type { Dumped, Dumper, DumpSettings, DumpTarget } from './dumper.ts';
import type { BackupFile } from './manifest.ts';
import { writeFile } from './write-file.ts';

/**
 * A copy by SQLite's online backup, which needs no tool. The copy is checked and digested, not the original: so nobody waits
 * for that.
 */
export async function prepareSqlite({ database, version }: DumpSettings): Promise<Dumper> {
  return {
    layout: 'sqlite-gzip',
    tool: `SQLite online backup ${version}`,
    // The copy is as big as the original until it is compressed.
    leastRatio: 1,
    dump: (target) => dump(database, target),
  };
}

async function dump({ url, read, dialect }: DumpSettings['database'], target: DumpTarget): Promise<Dumped> {
  const { folder, signal, onDigested } = target;
  const [file, journalFile] = [join(folder, 'data.sqlite'), join(folder, 'journal.sqlite')];
  for (const each of [file, journalFile]) writeFileSync(each, '', { flag: 'wx', mode: 0o600 });
  const time = await read((session) => readClock(session, dialect));
  const from = { file: url.url, journalFile: `${url.url}-ownership-migration` };
  const { hasJournal } = await copySqlite(from, { file, journalFile }, () => signal.throwIfAborted());
  const damage = findCorruption(file);
  if (damage !== null) throw copyDamaged(url.name, damage);
  const tables = await withDatabase({ ...url, name: file, url: file }, (copy) =>
    digestDatabase(copy, { signal, onProgress: onDigested }),
  );
  const files = [await compress(file, 'data', target)];
  if (hasJournal) files.push(await compress(journalFile, 'journal', target));
  else rmSync(journalFile);
  return { time, files, tables };
}

/** Puts the compressed file in the place of the copy. */
async function compress(
  path: string,
  role: BackupFile['role'],
  { folder, signal, onBytes }: DumpTarget,
): Promise<BackupFile> {
  const name = `${role}.sqlite.gz`;
  const written = await writeFile(createReadStream(path), {
    folder,
    name,
    role,
    gzip: true,
    signal,
    onBytes,
  });
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
  return written;
}
