import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { quoteStandard } from '../database/ddl-names.ts';
import type { Database } from '../database/dialect.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import {
  exchangeNames,
  findRenameObstacle,
  listProperties,
  listSessions,
} from '../database/postgresql-rename.ts';
import { withDatabaseName } from '../database/scratch.ts';
import type { OtherSession } from '../database/session-list.ts';
import { databaseInUse, otherDatabaseClosed } from '../errors.ts';
import { undoOnPostgresql } from './describe-undo.ts';
import { cutName, type SwapPlan, type Swapped, type Swapper, WAIT_FOR_OTHERS_MS } from './swap.ts';
import { propertyLost } from './restore-findings.ts';

/** Databases that every server has; one is connected to while another one gets a new name. */
const OTHERS = ['postgres', 'template1'];
const LONGEST_NAME = 63;
const LOOK_AGAIN_MS = 250;

/** https://www.postgresql.org/docs/current/sql-alterdatabase.html: a database that anybody is connected to keeps its name. */
export const postgresqlSwapper: Swapper = {
  nameKept: ({ name }, stamp) => {
    const suffix = `_before_restore_${stamp.replaceAll('-', '_')}`;
    return cutName(name, LONGEST_NAME - suffix.length) + suffix;
  },
  describeRemoval: (kept) => `DROP DATABASE ${quoteStandard(kept)};`,
  describeUndo: undoOnPostgresql,
  recordUndo: async () => undefined,
  listSessions: ({ read, url }) => read((session) => listSessions(session, url.name)),
  // The server tells everybody of the session and its user.
  findBlindness: async () => null,
  findObstacle: async ({ read, url }) => {
    const obstacle = await read(findRenameObstacle);
    if (obstacle === null) await findOther(url);
    return obstacle;
  },
  prepare: async () => undefined,
  swap: async (plan) => withDatabase(await findOther(plan.url), (database) => swap(database, plan)),
  repair: async () => false,
};

/** A database of the same server that this role may connect to. Throws OTHER_DATABASE_CLOSED where there is none. */
async function findOther(url: DatabaseUrl): Promise<DatabaseUrl> {
  const names = OTHERS.filter((name) => name !== url.name);
  let cause: unknown;
  for (const name of names) {
    const other = withDatabaseName(url, name);
    try {
      await withDatabase(other, ({ read }) => read(async () => undefined));
      return other;
    } catch (error) {
      cause ??= error;
    }
  }
  throw otherDatabaseClosed(url.name, names, cause);
}

async function swap(database: Database, plan: SwapPlan): Promise<Swapped> {
  const { url, scratch, kept, signal, waitMs = WAIT_FOR_OTHERS_MS } = plan;
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const sessions = await listAll(database, [url.name, scratch.name]);
    if (sessions.length === 0) {
      const refused = await tryExchange(database, plan);
      if (refused) return { kept, findings: refused.map(propertyLost) };
    }
    if (performance.now() > deadline) throw databaseInUse(url.name, sessions);
    await sleep(LOOK_AGAIN_MS);
  }
}

async function listAll({ read }: Database, names: readonly string[]): Promise<OtherSession[]> {
  const lists = await read((session) => Promise.all(names.map((name) => listSessions(session, name))));
  return lists.flat();
}

/** The properties that could not be set, as statements for the database's name; null where somebody has just connected. */
function tryExchange(
  { signal: transact }: Database,
  { url, scratch, kept }: SwapPlan,
): Promise<string[] | null> {
  return transact(async (session) => {
    const properties = await listProperties(session, { from: url.name, to: scratch.name });
    const typed = await listProperties(session, { from: url.name, to: url.name });
    const names = { name: url.name, kept, scratch: scratch.name };
    const refused = await exchangeNames(session, { ...names, properties });
    return refused.map((property) => typed[properties.indexOf(property)]?.statement ?? property.statement);
  }).catch((error: unknown) => {
    if (classifyFailure(error).failure === 'retryable') return null;
    throw error;
  });
}
