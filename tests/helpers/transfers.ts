import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { createDatabase, type TestDatabase } from './database.ts';
import { connectMysql } from './mysql-database.ts';

const ACCOUNTS = 20;
const START = 1000;
/** Rows between the two tables of accounts, so that a dump reads one of them long before the other. */
const FILLER_ROWS = 20_000;
/** Nobody else would get the lock of a file that is written all the time. */
const PAUSE_MS = 2;
/** What both tables of accounts hold together, at every moment. */
export const TOTAL = 2 * ACCOUNTS * START;

/** A database whose money is moved between its first and its last table. */
export async function createLedger(provider: TestDatabase['provider']): Promise<TestDatabase> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, i) => `(${i}, ${START})`).join(', ');
  const filler = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${FILLER_ROWS})`;
  const text = `'a row of some length, so that it takes time to read'`;
  const fill =
    provider === 'mysql'
      ? `INSERT INTO filler (id, note) ${filler} SELECT i, ${text} FROM n`
      : `${filler} INSERT INTO filler (id, note) SELECT i, ${text} FROM n`;
  return createDatabase(provider, {
    models: '',
    ddl: `
      CREATE TABLE a_account (id INTEGER NOT NULL PRIMARY KEY, balance INTEGER NOT NULL);
      CREATE TABLE filler (id INTEGER NOT NULL PRIMARY KEY, note TEXT NOT NULL);
      CREATE TABLE z_account (id INTEGER NOT NULL PRIMARY KEY, balance INTEGER NOT NULL);
      INSERT INTO a_account VALUES ${accounts};
      INSERT INTO z_account VALUES ${accounts};
      ${fill};`,
  });
}

/** Moves money in transactions of their own, one after the other, until it is stopped. Returns how many there were. */
export async function startTransfers({ provider, url }: TestDatabase): Promise<() => Promise<number>> {
  const { transact, close } = await CONNECT[provider](url);
  let isStopped = false;
  let count = 0;
  const running = (async () => {
    for (; !isStopped; count++) {
      const [from, to] = [count % ACCOUNTS, (count * 7) % ACCOUNTS];
      await transact([
        `UPDATE a_account SET balance = balance - 1 WHERE id = ${from}`,
        `UPDATE z_account SET balance = balance + 1 WHERE id = ${to}`,
      ]);
      await sleep(PAUSE_MS);
    }
  })();
  return async () => {
    isStopped = true;
    await running;
    await close();
    return count;
  };
}

interface Writer {
  transact: (statements: readonly string[]) => Promise<void>;
  close: () => Promise<void>;
}

const CONNECT: Record<TestDatabase['provider'], (url: string) => Promise<Writer>> = {
  sqlite: async (url) => {
    const db = new BetterSqlite3(url.slice('file:'.length), { timeout: 60_000 });
    return {
      transact: async (statements) => void db.exec(`BEGIN IMMEDIATE; ${statements.join(';')}; COMMIT`),
      close: async () => void db.close(),
    };
  },
  postgresql: async (url) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return {
      transact: async (statements) => void (await client.query(`BEGIN; ${statements.join(';')}; COMMIT`)),
      close: () => client.end(),
    };
  },
  mysql: async (url) => {
    const { query, close } = await connectMysql(url);
    return {
      transact: async (statements) =>
        void (await query(`START TRANSACTION; ${statements.join(';')}; COMMIT`)),
      close,
    };
  },
};
