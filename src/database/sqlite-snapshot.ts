import { existsSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { raw, sql } from './sql.ts';
import type { SnapshotDialect } from './snapshot.ts';

const BUSY_TIMEOUT_MS = 10_000;
/** Pages that are copied at a time, between which this process can do other things. */
const PAGES_AT_ONCE = 2000;

/** `file` is the app's; `journalFile` that of its journal, where there is one. */
export function createSqliteSnapshots(file: string, journalFile: string): SnapshotDialect {
  return {
    // Who may open the file may read it whole.
    findObstacle: async () => null,
    findWeakness: async (session) => {
      const [row] = await session.query<{ journal_mode: string }>(sql`PRAGMA ${raw('main')}.journal_mode`);
      return row?.journal_mode === 'wal'
        ? null
        : 'The database is not in WAL mode: who writes waits until the file is copied, some seconds for each gigabyte.';
    },
    measure: async (session) => {
      const [row] = await session.query<{ version: string }>(sql`SELECT sqlite_version() AS version`);
      const journal = existsSync(journalFile) ? statSync(journalFile).size : 0;
      return { version: row?.version ?? '', bytes: statSync(file).size + journal };
    },
  };
}

/**
 * Copies a file, and the one of its journal, by SQLite's online backup, both as they are at one moment: they are read in one
 * transaction (https://www.sqlite.org/backup.html). The copies are whole when it returns; half ones stay when it throws.
 */
export async function copySqlite(
  { file, journalFile }: { file: string; journalFile: string },
  into: { file: string; journalFile: string },
  onPages: (pages: { left: number; of: number }) => void,
): Promise<{ hasJournal: boolean }> {
  const db = new BetterSqlite3(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma('query_only = ON');
    const hasJournal = existsSync(journalFile);
    if (hasJournal) db.prepare('ATTACH DATABASE ? AS journal').run(journalFile);
    db.exec('BEGIN');
    // Reading is what makes both stand still.
    for (const schema of hasJournal ? ['main', 'journal'] : ['main'])
      db.prepare(`SELECT count(*) FROM ${schema}.sqlite_master`).get();
    const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) => {
      onPages({ left: remainingPages, of: totalPages });
      return PAGES_AT_ONCE;
    };
    await db.backup(into.file, { progress });
    // The types leave out `attached` (better-sqlite3's docs/api.md, #backup).
    const ofJournal = { attached: 'journal', progress } as BetterSqlite3.BackupOptions;
    if (hasJournal) await db.backup(into.journalFile, ofJournal);
    db.exec('COMMIT');
    return { hasJournal };
  } finally {
    db.close();
  }
}

/** What SQLite finds wrong in a file, its first words; null where it is sound. */
export function findCorruption(file: string): string | null {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    const found = String(db.pragma('integrity_check(1)', { simple: true }));
    return found === 'ok' ? null : found;
  } finally {
    db.close();
  }
}
