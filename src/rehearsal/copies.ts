import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BackupOptions, type BackupProgress, createBackup } from '../backup/create-backup.ts';
import { loadBackup } from '../backup/load-backup.ts';
import { assertIntact, type Backup, readBackup } from '../backup/read-backup.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database, Transact } from '../database/dialect.ts';
import { copyProviderDiffers } from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import type { Operator } from '../ownership/writer.ts';
import { withScratch } from '../scratch/scratch.ts';
import { sweepFolders, withFolder } from './folder.ts';
import { loadSafeObjects } from './load-objects.ts';
import type { Copies } from './rehearse.ts';
import { explainSpace } from './space.ts';

/** What is copied, and to where. */
export interface CopiesRequest extends Pick<BackupOptions, 'env'> {
  source: DatabaseUrl;
  /** A backup's folder, from the operator's; null for a backup that is made now, and thrown away. */
  from: string | null;
  /** On whose server, or beside whose file, the copies are made. */
  server: DatabaseUrl;
  /** The operator's folder, which gets the one for a backup that is thrown away. */
  cwd: string;
  operator: Operator;
  signal: AbortSignal;
  note: (text: string) => void;
  /** Called with the name of a copy that cannot be removed. */
  onLeft: (name: string) => void;
  onStart: (what: 'backup' | 'copies') => void;
  onProgress: (progress: BackupProgress) => void;
  /** Called with each transaction on a copy. */
  onTurn: () => void;
}

/** What was copied. */
export interface CopyReport {
  /** As it was named; null where it was made for this. */
  backup: string | null;
  database: Backup['manifest']['database'];
  /** The moment that the rows are of. */
  taken: string;
  tables: number;
  rows: number;
}

/**
 * Makes two copies of a backup in scratch databases, gives them to `work`, and removes them again, whatever happens. Throws
 * SCRATCH_REFUSED before anything is copied, REHEARSAL_SPACE where a disk is full, and what `createBackup`, `readBackup`, `assertIntact` and `loadBackup` throw.
 */
export async function withCopies<T>(
  request: CopiesRequest,
  work: (copies: Copies, about: { report: CopyReport; findings: Finding[] }) => Promise<T>,
): Promise<T> {
  const { from, server, operator, source } = request;
  // Whichever kind of rehearsal it was that was killed.
  sweepFolders([request.cwd, tmpdir()], operator);
  const named = from === null ? null : readBackup(resolve(request.cwd, from));
  for (const [what, provider] of [
    ['--to', server.provider],
    ['--from', named?.manifest.database.provider ?? source.provider],
  ] as const)
    if (provider !== source.provider) throw copyProviderDiffers(what, provider, source.provider);
  if (named) await assertIntact(named);
  const settings = { ...operator, note: request.note, onLeft: request.onLeft };
  const copying = withScratch(server, settings, (one) =>
    withScratch(server, settings, async (two) => {
      const about = await fillCopies(request, named, [one, two]);
      return withDatabase(one, (first) =>
        withDatabase(two, (second) =>
          work({ first: watchTurns(first, request), second: watchTurns(second, request) }, about),
        ),
      );
    }),
  );
  return copying.catch((error: unknown) => {
    throw explainSpace(error);
  });
}

/** Ctrl-C ends the work between two transactions: of a copy nothing has to stay whole. SQLite never waits, so it is given a turn. */
function watchTurns(
  database: Database,
  { signal, onTurn }: Pick<CopiesRequest, 'signal' | 'onTurn'>,
): Database {
  const watch =
    (transact: Transact): Transact =>
    async (inside) => {
      await nextTurn();
      signal.throwIfAborted();
      onTurn();
      return transact(inside);
    };
  const { read, write, signal: tell } = database;
  return { ...database, read: watch(read), write: watch(write), signal: watch(tell) };
}

/** The backup that was made for this is gone as soon as both copies have what is in it. */
function fillCopies(
  request: CopiesRequest,
  named: Backup | null,
  copies: readonly DatabaseUrl[],
): Promise<{ report: CopyReport; findings: Finding[] }> {
  const { env, signal, onStart, onProgress, operator, source, from, note } = request;
  // What is in it of a backup that is there already are no rows.
  const place = named ? tmpdir() : request.cwd;
  return withFolder(place, operator, async (folder) => {
    if (!named) onStart('backup');
    const options = { out: folder, env, pid: operator.pid, signal, onProgress, note };
    const backup = named ?? (await createBackup(source, options));
    onStart('copies');
    for (const copy of copies) {
      await loadBackup(backup, copy, { env, signal });
      await withDatabase(copy, (database) => database.dialect.copies.isolate(database));
    }
    const { database, time, tables } = backup.manifest;
    const report = {
      backup: from,
      database,
      taken: time,
      tables: tables.length,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    };
    return { report, findings: await loadSafeObjects(backup, copies, { folder, env, signal }) };
  });
}
