import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database, Session } from '../database/dialect.ts';
import * as exchange from '../database/mysql-exchange.ts';
import { hasDatabase, listViews } from '../database/mysql-snapshot.ts';
import { journalDatabaseOf, quote } from '../database/mysql-sql.ts';
import { databaseInUse, objectsRefused, swapUnfinished } from '../errors.ts';
import { withRetry } from '../ownership/retry.ts';
import { takeWriterLock } from '../ownership/writer.ts';
import { undoOnMysql } from './describe-undo.ts';
import { runObjects } from './load-mysql.ts';
import { dumpObjects } from './mysql-backup.ts';
import { readServer } from './read-server.ts';
import { type SwapPlan, type Swapped, type Swapper, WAIT_FOR_OTHERS_MS } from './swap.ts';
import { recordUndo } from './undo-mysql.ts';
import { withMysqlLogin } from './tool-login.ts';
import { getTool } from './tools.ts';

const MARK = '_before_restore_';
/** Of a name; the journal's database has a suffix behind it that is cut otherwise. */
const LONGEST_NAME = 64;
const LOOK_AGAIN_MS = 250;

/**
 * A database has no new name here, but all its tables can move by one statement. Triggers cannot move with them, so they and all
 * that is not a table is dropped and made anew; what was there before is recorded first.
 */
export const mysqlSwapper: Swapper = {
  nameKept: ({ name }, stamp) => prefixOf(name) + stamp.replaceAll('-', '_'),
  describeRemoval: (kept) =>
    `DROP DATABASE ${quote(kept).sql}; DROP DATABASE IF EXISTS ${quote(journalDatabaseOf(kept)).sql};`,
  describeUndo: async (url, kept) =>
    undoOnMysql(url, kept, /mariadb/i.test((await readServer(url)).version) ? 'mariadb' : 'mysql'),
  recordUndo,
  listSessions: ({ read, url }) => read((session) => exchange.listSessions(session, url.name)),
  findBlindness: ({ read }) => read(exchange.findBlindness),
  findObstacle: ({ read, url }) => read((session) => exchange.findExchangeObstacle(session, url.name)),
  prepare: async () => undefined,
  swap: (plan) =>
    withDatabase(plan.url, async (database) => {
      await takeWriterLock(database, plan.operator);
      await waitForOthers(database, plan);
      return swap(database, plan);
    }),
  repair,
};

function prefixOf(name: string): string {
  const room = LONGEST_NAME - MARK.length - 'YYYYMMDD_HHMMSS_99'.length;
  return [...name].slice(0, room).join('') + MARK;
}

async function waitForOthers({ read }: Database, { url, signal, waitMs = WAIT_FOR_OTHERS_MS }: SwapPlan) {
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const sessions = await read((session) => exchange.listSessions(session, url.name));
    if (sessions.length === 0) return;
    if (performance.now() > deadline) throw databaseInUse(url.name, sessions);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Each step can be undone by what is recorded before the first one. */
async function swap(database: Database, plan: SwapPlan): Promise<Swapped> {
  const { url, kept, backup, env } = plan;
  const objects = await dumpCurrent(database, plan);
  const moves = await makeRoom(database, plan, objects);
  let hasMoved = false;
  try {
    await withRetry(() => database.signal((session) => exchange.dropTriggers(session, url.name)));
    await withRetry(() => database.signal((session) => exchange.moveTables(session, moves)));
    hasMoved = true;
    await database.signal((session) => exchange.dropObjects(session, url.name));
    const file = backup.manifest.files.find(({ role }) => role === 'objects');
    if (file) await runObjects(join(backup.folder, file.name), url, { database: url.name, env });
    await database.signal((session) => exchange.closeRecord(session, kept));
  } catch (error) {
    await undo(database, plan, { moves: hasMoved ? moves : [], objects }).catch((cause: unknown) => {
      throw swapUnfinished(url.name, { kept, hasMoved, cause });
    });
    throw hasMoved ? objectsRefused(url.name, error) : error;
  }
  return { kept, findings: [] };
}

type Moves = { tables: { schema: string; name: string }[]; to: string }[];

/** The databases that the old tables go to, with the record, and all the moves. */
async function makeRoom(
  database: Database,
  { url, scratch, kept }: SwapPlan,
  objects: Uint8Array,
): Promise<Moves> {
  const [journal, ofScratch, ofKept] = [url.name, scratch.name, kept].map(journalDatabaseOf) as [
    string,
    string,
    string,
  ];
  return database.signal(async (session) => {
    const list = (name: string) => exchange.listTables(session, name);
    const moves = [
      { tables: await list(url.name), to: kept },
      { tables: await list(journal), to: ofKept },
      { tables: await list(scratch.name), to: url.name },
      { tables: await list(ofScratch), to: journal },
    ];
    await exchange.ensureDatabase(session, kept, 'app');
    await exchange.ensureDatabase(session, ofKept, 'journal');
    await exchange.writeRecord(session, kept, objects);
    if (await hasDatabase(session, ofScratch)) await exchange.ensureDatabase(session, journal, 'journal');
    return moves;
  });
}

/** Moves the tables back, and makes anew what was dropped. */
async function undo(
  database: Database,
  { url, kept, env }: SwapPlan,
  { moves, objects }: { moves: Moves; objects: Uint8Array },
): Promise<void> {
  await withRetry(() => database.signal((session) => exchange.dropObjects(session, url.name)));
  const back = [...moves].reverse().map(({ tables, to }) => ({
    tables: tables.map(({ name }) => ({ schema: to, name })),
    to: tables[0]?.schema ?? to,
  }));
  await withRetry(() => database.signal((session) => exchange.moveTables(session, back)));
  await putBack(database, { url, kept, objects, env });
}

async function putBack(
  database: Database,
  {
    url,
    kept,
    objects,
    env,
  }: { url: DatabaseUrl; kept: string; objects: Uint8Array } & Pick<SwapPlan, 'env'>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, 'objects.sql.gz');
    writeFileSync(path, objects, { mode: 0o600 });
    await runObjects(path, url, { database: url.name, env });
  });
  await database.signal((session) => exchange.dropKept(session, kept));
}

/** Before the tables moved, only triggers are missing; afterwards the restored tables are in place, and what is missing is the backup's. */
async function repair(database: Database, { env }: Pick<SwapPlan, 'env'>): Promise<boolean> {
  const { url, read, signal: transact } = database;
  const unfinished = await read((session: Session) => exchange.findUnfinished(session, prefixOf(url.name)));
  if (!unfinished) return false;
  const { kept, objects, hasMoved } = unfinished;
  if (hasMoved) return false;
  await transact((session) => exchange.dropObjects(session, url.name));
  await putBack(database, { url, kept, objects, env });
  return true;
}

/** Triggers, views, routines and events as they are now, as the dump that makes them anew. */
async function dumpCurrent(database: Database, { env, signal }: SwapPlan): Promise<Uint8Array> {
  const tool = await getTool('mysql-dump', await readServer(database.url), env);
  const views = await database.read((session) => listViews(session, database.url.name));
  return withFolder(async (folder) => {
    const target = {
      folder,
      signal: signal ?? new AbortController().signal,
      onBytes: () => undefined,
      onDigested: () => undefined,
      note: () => undefined,
    };
    const { name } = await withMysqlLogin({ url: database.url, tool, env }, (login) =>
      dumpObjects(target, { tool, login, database: database.url.name, views }),
    );
    return readFileSync(join(folder, name));
  });
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
