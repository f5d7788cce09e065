import { copyFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { connect } from '../connection.ts';
import { createTables, insertNotes, md5 } from '../sample.ts';
import type { Arena, Copy } from './arena.ts';

const PARTS = ['', '-wal', '-shm', '-ownership-migration', '-ownership-migration-journal'];

/** SQLite's files in a folder that the caller removes. In WAL mode each has its log beside it. */
export async function openSqlite(folder: string): Promise<Arena> {
  const template = join(folder, 'template.db');
  const copy = join(folder, 'copy.db');
  const [version] = await connect('file::memory:').query('SELECT sqlite_version() AS v');
  const remove = async (file: string) => {
    for (const part of PARTS) rmSync(`${file}${part}`, { force: true });
  };
  return {
    provider: 'sqlite',
    name: `SQLite ${version?.v} (WAL mode, synchronous=NORMAL)`,
    log: 'growth of the WAL file',
    createTemplate: async (rows) => {
      await remove(template);
      fill(template, rows);
    },
    createCopy: async () => {
      await remove(copy);
      copyFileSync(template, copy);
      return openCopy(copy, () => remove(copy));
    },
    close: async () => undefined,
  };
}

function fill(file: string, rows: number): void {
  const db = new BetterSqlite3(file);
  try {
    db.pragma('journal_mode = WAL');
    db.function('md5', { deterministic: true }, (text) => md5(String(text)));
    for (const statement of createTables('sqlite')) db.exec(statement);
    const numbers = `WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${rows}) SELECT n FROM s`;
    db.exec(insertNotes(numbers));
    db.exec('ANALYZE');
  } finally {
    // The last connection to close writes the log into the file.
    db.close();
  }
}

function openCopy(file: string, drop: () => Promise<void>): Copy {
  const url = `file:${file}`;
  const sizeOf = (part: string) => statSync(`${file}${part}`, { throwIfNoEntry: false })?.size ?? 0;
  const ask = async (sql: string) => {
    const connection = connect(url);
    try {
      return Number(Object.values((await connection.query(sql))[0] ?? {})[0]);
    } finally {
      await connection.close();
    }
  };
  return {
    url,
    measure: async () => ({
      log: sizeOf('-wal'),
      table: await ask('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size'),
      journal: sizeOf('-ownership-migration'),
    }),
    countUnowned: () => ask('SELECT count(*) - count("userId") FROM "Note"'),
    drop,
  };
}
