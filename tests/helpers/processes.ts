import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { scripts } from '../../package.json';
import { type Finished, runCli } from './command-line.ts';
import type { TestDatabase } from './database.ts';
import { journalFileOf } from './journal.ts';
import { connectMysql } from './mysql-database.ts';
import { OWNER } from './notebook.ts';

/** A command that runs in a process of its own. */
export interface Started {
  child: ChildProcess;
  finished: Promise<Finished>;
  hasEnded: () => boolean;
}

/** Starts the compiled command line on a test database. */
export function startCommand(database: TestDatabase, ...args: string[]): Started {
  let child: ChildProcess | undefined;
  let isOver = false;
  const finished = runCli([...args, '--schema', database.schemaPath], {
    env: { ...database.env, DATABASE_URL: database.url },
    onStart: (started) => {
      child = started;
    },
  }).finally(() => {
    isOver = true;
  });
  if (!child) throw new Error('the command line did not start');
  return { child, finished, hasEnded: () => isOver };
}

/** Runs a command to its end. */
export function runCommand(database: TestDatabase, ...args: string[]): Promise<Finished> {
  return startCommand(database, ...args).finished;
}

/** Step 2 with small batches, so that it has many. */
export const STEP_2 = ['production-safe', OWNER, '--step=2', '--batch-size=100'];
export const STEP_3 = ['production-safe', OWNER, '--step=3'];
export const ROLLBACK = ['rollback', '--confirm'];

/** A second connection to the database, which looks on while a command runs. */
export interface Observer {
  /** How many of the notebook's rows are the owner's. */
  countOwned: () => Promise<number>;
  /** Whether no transaction is open but ours. */
  isAtRest: () => Promise<boolean>;
  close: () => Promise<void>;
}

export async function observe(database: TestDatabase): Promise<Observer> {
  const count = `SELECT (SELECT count(*) FROM "Note" WHERE "userId" = '${OWNER}') +
    (SELECT count(*) FROM note_tags WHERE "userId" = '${OWNER}') AS n`;
  if (database.provider === 'sqlite') {
    const db = new BetterSqlite3(database.url.slice('file:'.length));
    const statement = db.prepare(count).pluck();
    return {
      countOwned: async () => Number(statement.get()),
      isAtRest: async () => isFileAtRest(database),
      close: async () => void db.close(),
    };
  }
  if (database.provider === 'mysql') return observeMysql(database.url, count);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const others = `SELECT state FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'prisma-ownership'`;
  return {
    countOwned: async () => Number((await client.query(count)).rows[0].n),
    isAtRest: async () => {
      for (;;) {
        const { rows } = await client.query<{ state: string }>(others);
        // The server may still be at the last statement of a process that was stopped meanwhile.
        if (!rows.some(({ state }) => state === 'active')) return rows.every(({ state }) => state === 'idle');
        await pause(2);
      }
    },
    close: () => client.end(),
  };
}

async function observeMysql(url: string, count: string): Promise<Observer> {
  const { query, close } = await connectMysql(url);
  const others = `SELECT p.COMMAND AS command, t.trx_id AS trx FROM information_schema.PROCESSLIST p
    LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
    WHERE p.DB = DATABASE() AND p.ID <> CONNECTION_ID()`;
  return {
    countOwned: async () => Number((await query(count))[0]?.n),
    isAtRest: async () => {
      for (;;) {
        // The server makes its list of transactions anew after a tenth of a second.
        await pause(120);
        const rows = await query(others);
        if (rows.every(({ command }) => command === 'Sleep')) return rows.every(({ trx }) => trx === null);
      }
    },
    close,
  };
}

/** Nobody reads or writes the app's file or the journal's: both can be locked at once. */
function isFileAtRest(database: TestDatabase): boolean {
  const db = new BetterSqlite3(database.url.slice('file:'.length), { timeout: 0 });
  try {
    if (existsSync(journalFileOf(database)))
      db.prepare('ATTACH DATABASE ? AS journal').run(journalFileOf(database));
    db.exec('BEGIN EXCLUSIVE');
    db.exec('ROLLBACK');
    return true;
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) return false;
    throw error;
  } finally {
    db.close();
  }
}

/** Waits until the condition holds; returns false when the process ended before. */
export async function waitUntil(started: Started, holds: () => Promise<boolean>): Promise<boolean> {
  while (!started.hasEnded()) {
    if (await holds()) return true;
    await nextTurn();
  }
  return false;
}

/**
 * Stops a process with SIGSTOP between two of its transactions, as a laptop's lid would, once the condition holds.
 * Throws when it ended before.
 */
export async function suspend(
  started: Started,
  observer: Observer,
  holds: () => Promise<boolean>,
): Promise<void> {
  if (!(await waitUntil(started, holds))) throw new Error('the process ended before it could be stopped');
  for (;;) {
    started.child.kill('SIGSTOP');
    await pause(5);
    if (await observer.isAtRest()) return;
    started.child.kill('SIGCONT');
    await pause(Math.random() * 5);
    if (started.hasEnded()) throw new Error('the process ended before it could be stopped');
  }
}

/** Runs the command that a message tells the operator to type: `npm run migration:assign cm3owner0000`. */
export function runRemedy(
  database: TestDatabase,
  message: string,
  script: keyof typeof scripts,
): Promise<Finished> {
  const typed = message.split('\n').find((line) => line.trim().startsWith(`npm run ${script}`));
  if (!typed) throw new Error(`it does not say npm run ${script}: ${message}`);
  const [, , ...fixed] = scripts[script].split(' ');
  const words = typed.trim().split(' ').slice(3);
  return runCommand(database, ...fixed, ...words.filter((word) => word !== '--'));
}
