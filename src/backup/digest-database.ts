import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dialect, TableName, Transact } from '../database/dialect.ts';
import { digestTable } from '../proof/digest-table.ts';
import type { BackupTable } from './manifest.ts';

/** How far the digests are: `rows` of the tables before and of this one. */
export interface DigestedSoFar {
  table: TableName;
  /** Tables that are done, and all. */
  done: number;
  tables: number;
  rows: number;
}

export interface DigestDatabaseOptions {
  onProgress?: ((soFar: DigestedSoFar) => void) | undefined;
  /** Ends it between two chunks. */
  signal?: AbortSignal | undefined;
}

/**
 * Digests every table of the app, with all columns. Of one moment where `read` repeats one session; otherwise nobody may
 * write meanwhile.
 */
export async function digestDatabase(
  { read: readNow, dialect }: { read: Transact; dialect: Dialect },
  { onProgress, signal }: DigestDatabaseOptions = {},
): Promise<BackupTable[]> {
  // SQLite's driver never waits for anything, and Ctrl-C would not be seen.
  const read: Transact = async (work) => {
    await nextTurn();
    return readNow(work);
  };
  const tables = await read((session) => dialect.digests.listTables(session));
  const digested: BackupTable[] = [];
  let rows = 0;
  for (const table of tables) {
    signal?.throwIfAborted();
    const shape = await read((session) => dialect.digests.describe(session, table));
    if (!shape) continue;
    const show = (more: number) =>
      onProgress?.({ table, done: digested.length, tables: tables.length, rows: rows + more });
    const digest = await digestTable({ read, dialect }, shape, {
      onChunk: (progress) => {
        signal?.throwIfAborted();
        show(progress.rows);
      },
    });
    rows += digest.rows;
    digested.push({ table, rows: digest.rows, digest: digest.digest });
    show(0);
  }
  return digested;
}
