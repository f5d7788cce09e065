import { existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { JournalTable } from '../../src/database/journal-tables.ts';
import type { Row, TestDatabase } from './database.ts';
import { idOf } from './owned-rows.ts';

/** A batch as the journal has it. */
export interface JournaledBatch {
  run: string;
  /** By `idOf`. */
  rows: string[];
  /** False for a batch that was journaled and whose rows may not have been changed: SQLite in WAL mode, after a crash. */
  isCommitted: boolean;
  isRolledBack: boolean;
  /** Rolled back before its run was carried on, so that it counts no more. */
  isVoided: boolean;
}

/** Where SQLite keeps the journal. */
export function journalFileOf({ url }: Pick<TestDatabase, 'url'>): string {
  return `${url.slice('file:'.length)}-ownership-migration`;
}

/** Reads the journal with the driver alone; a table that is not there yet has no rows. */
export async function queryJournal(
  database: Pick<TestDatabase, 'url' | 'provider' | 'query'>,
  table: JournalTable,
  rest = '',
): Promise<Row[]> {
  if (database.provider === 'postgresql') {
    const [found] = await database.query(`SELECT to_regclass('ownership_migration.${table}') AS name`);
    return found?.name ? database.query(`SELECT * FROM ownership_migration.${table} ${rest}`) : [];
  }
  if (database.provider === 'mysql') {
    const journal = `${new URL(database.url).pathname.slice(1)}_ownership_migration`;
    const found = await database.query(
      `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${journal}' AND TABLE_NAME = '${table}'`,
    );
    return found.length > 0 ? database.query(`SELECT * FROM "${journal}"."${table}" ${rest}`) : [];
  }
  if (!existsSync(journalFileOf(database))) return [];
  // Both files, as the toolkit opens them: a transaction over both that was cut off is undone in both.
  const db = new BetterSqlite3(database.url.slice('file:'.length));
  try {
    db.prepare('ATTACH DATABASE ? AS journal').run(journalFileOf(database));
    const found = db.prepare('SELECT 1 FROM journal.sqlite_master WHERE name = ?').get(table);
    return found ? (db.prepare(`SELECT * FROM journal.${table} ${rest}`).all() as Row[]) : [];
  } finally {
    db.close();
  }
}

/** Runs a statement on the journal, with its tables by their bare names. */
export async function runInJournal(database: TestDatabase, sql: string): Promise<void> {
  if (database.provider === 'postgresql')
    return database.run(`SET search_path = ownership_migration; ${sql}`);
  if (database.provider === 'mysql')
    return database.run(`USE ${new URL(database.url).pathname.slice(1)}_ownership_migration; ${sql}`);
  const db = new BetterSqlite3(journalFileOf(database));
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** All batches, in the order in which they were written. */
export async function readBatches(
  database: Pick<TestDatabase, 'url' | 'provider' | 'query'>,
): Promise<JournaledBatch[]> {
  const rows = await queryJournal(database, 'batch', 'ORDER BY run, model, sequence');
  return rows.map(({ run, model, changed_keys, committed, rolled_back, voided }) => {
    const keys = (typeof changed_keys === 'string' ? JSON.parse(changed_keys) : changed_keys) as (
      | string
      | string[]
    )[];
    return {
      run: String(run),
      rows: keys.map((key) => idOf(String(model), [key].flat())),
      isCommitted: committed !== null,
      isRolledBack: rolled_back !== null,
      isVoided: voided !== null,
    };
  });
}
