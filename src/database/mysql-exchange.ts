import type { Session, TableName } from './dialect.ts';
import { isGranted, listGrants } from './mysql-privileges.ts';
import { journalDatabaseOf, quote, table } from './mysql-sql.ts';
import type { OtherSession } from './session-list.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** What a restore notes, beside the journal of the database that keeps the old tables, so that those are all that is in it. */
const RECORD_TABLE = 'ownership_restore';

/** Who has a database as the one that they work in; of other users only where this one has the PROCESS privilege. */
export function listSessions(session: Session, database: string): Promise<OtherSession[]> {
  return session.query<OtherSession>(sql`
    SELECT CAST(ID AS CHAR) AS id, USER AS user, '' AS application, COALESCE(HOST, '') AS address
      FROM information_schema.PROCESSLIST WHERE DB = ${database} AND ID <> CONNECTION_ID() ORDER BY ID`);
}

/** Why this user may not see who else has a database open, as part of a sentence; null where it may. */
export async function findBlindness(session: Session): Promise<string | null> {
  if (isGranted(await listGrants(session), 'PROCESS', { database: '*' })) return null;
  const [row] = await session.query<{ user: string }>(sql`SELECT CURRENT_USER() AS user`);
  return `the user ${row?.user} does not have the PROCESS privilege, so it sees no session of another user`;
}

/**
 * Why the tables of this database cannot be replaced so that all of them can be put back, as part of a sentence; null where
 * they can.
 */
export async function findExchangeObstacle(session: Session, database: string): Promise<string | null> {
  const inbound = await session.query<{ name: string }>(sql`
    SELECT DISTINCT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS name FROM information_schema.KEY_COLUMN_USAGE
     WHERE REFERENCED_TABLE_SCHEMA = ${database} AND TABLE_SCHEMA <> ${database} ORDER BY 1`);
  if (inbound.length > 0)
    return `tables of other databases have foreign keys to its tables, and would follow the old ones: ${inbound.map(({ name }) => name).join(', ')}`;
  const grants = await listGrants(session);
  const isSuper = ['SUPER', 'SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER'].some((privilege) =>
    isGranted(grants, privilege, { database: '*' }),
  );
  if (isSuper) return null;
  const definers = await session.query<{ definer: string }>(sql`
    SELECT DISTINCT definer FROM (
      SELECT DEFINER AS definer FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ${database}
      UNION ALL SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${database}
      UNION ALL SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${database}
      UNION ALL SELECT DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${database}) d
     WHERE definer <> CURRENT_USER()`);
  if (definers.length > 0)
    return `it has triggers, views, routines or events of ${definers.map(({ definer }) => definer).join(', ')}, which only a user with SUPER or SET USER may make anew`;
  const [row] = await session.query<{ binary: bigint; trusts: bigint; programs: bigint }>(sql`
    SELECT @@log_bin AS \`binary\`, @@log_bin_trust_function_creators AS trusts,
           (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ${database}) +
           (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${database}) AS programs`);
  const isTrusted = Number(row?.binary) === 0 || Number(row?.trusts) === 1 || Number(row?.programs) === 0;
  return isTrusted
    ? null
    : 'it has triggers or routines, which with the binary log on only a user with SUPER may make anew, or with log_bin_trust_function_creators';
}

/** Everything of a database that has a place of its own and can get another name: tables, and sequences of MariaDB. */
export async function listTables(
  session: Session,
  database: string,
  which: 'all' | 'no record' = 'all',
): Promise<TableName[]> {
  const tables = await session.query<TableName>(sql`
    SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${database} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') ORDER BY TABLE_NAME`);
  return which === 'all' ? tables : tables.filter(({ name }) => name !== RECORD_TABLE);
}

/** Moves tables to other databases, all by one statement: all or none (https://mariadb.com/kb/en/atomic-ddl/). They have no triggers. */
export async function moveTables(
  session: Session,
  moves: readonly { tables: readonly TableName[]; to: string }[],
): Promise<void> {
  const renames = moves.flatMap(({ tables, to }) =>
    tables.map((each) => sql`${table(each)} TO ${table({ schema: to, name: each.name })}`),
  );
  if (renames.length > 0) await session.execute(sql`RENAME TABLE ${join(renames)}`);
}

/** Drops what acts by itself or shows tables: all but the tables. Doing it again does the rest. */
export async function dropObjects(session: Session, database: string): Promise<void> {
  for (const drop of await listDrops(session, database)) await session.execute(drop);
}

/** Only the triggers, as a table that has one cannot be moved. */
export async function dropTriggers(session: Session, database: string): Promise<void> {
  for (const drop of await listDrops(session, database, 'TRIGGER')) await session.execute(drop);
}

/** The statements that drop what is no table, or only those of a kind. */
export async function listDrops(session: Session, database: string, only?: string): Promise<Sql[]> {
  const rows = await session.query<{ kind: string; name: string }>(sql`
    SELECT 'TRIGGER' AS kind, TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ${database}
    UNION ALL SELECT 'VIEW', TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${database}
    UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES
               WHERE ROUTINE_SCHEMA = ${database} AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION', 'PACKAGE')
    UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${database}`);
  return rows
    .filter(({ kind }) => only === undefined || kind === only)
    .map(({ kind, name }) => sql`DROP ${raw(kind)} IF EXISTS ${table({ schema: database, name })}`);
}

/** Creates a database where it is missing; the journal's kind compares texts by their bytes. */
export async function ensureDatabase(session: Session, name: string, kind: 'app' | 'journal'): Promise<void> {
  const like = kind === 'journal' ? raw('CHARACTER SET utf8mb4 COLLATE utf8mb4_bin') : sql``;
  await session.execute(sql`CREATE DATABASE IF NOT EXISTS ${quote(name)} ${like}`);
}

/** Notes what a swap is about to take away, as the dump that puts it back. The database of the kept journal is there. */
export async function writeRecord(session: Session, kept: string, objects: Uint8Array): Promise<void> {
  const record = recordOf(kept);
  await session.execute(
    sql`CREATE TABLE ${record} (status VARCHAR(20) NOT NULL, kept VARCHAR(64) NOT NULL, objects LONGBLOB NOT NULL, way_back LONGBLOB NULL)`,
  );
  await session.execute(
    sql`INSERT INTO ${record} (status, kept, objects) VALUES ('begun', ${kept}, ${objects})`,
  );
}

/** Notes that everything is in its place. The dump stays, as the old triggers, views, routines and events are only there. */
export async function closeRecord(session: Session, kept: string): Promise<void> {
  await session.execute(sql`UPDATE ${recordOf(kept)} SET status = 'done'`);
}

/** The dump of what a swap took away. */
export async function readRecord(session: Session, kept: string): Promise<Uint8Array> {
  const [row] = await session.query<{ objects: Uint8Array }>(sql`SELECT objects FROM ${recordOf(kept)}`);
  if (!row) throw new Error(`nothing is recorded beside ${kept}`);
  return row.objects;
}

/** Notes the statements that take a swap back. */
export async function recordWayBack(session: Session, kept: string, statements: Uint8Array): Promise<void> {
  await session.execute(sql`UPDATE ${recordOf(kept)} SET way_back = ${statements}`);
}

/** A swap of this database that a process began and did not end, with the dump of what it took away; the newest one. */
export async function findUnfinished(
  session: Session,
  prefix: string,
): Promise<{ kept: string; objects: Uint8Array; hasMoved: boolean } | null> {
  const records = await session.query<TableName>(sql`
    SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_NAME = ${RECORD_TABLE}`);
  const begun: { kept: string; objects: Uint8Array }[] = [];
  for (const each of records)
    begun.push(
      ...(await session.query<{ kept: string; objects: Uint8Array }>(sql`
        SELECT kept, objects FROM ${table(each)} WHERE status = 'begun' AND LEFT(kept, CHAR_LENGTH(${prefix})) = ${prefix}`)),
    );
  const [last] = begun.sort((a, b) => (a.kept < b.kept ? 1 : -1));
  if (!last) return null;
  return { ...last, hasMoved: (await listTables(session, last.kept)).length > 0 };
}

/** Removes what keeps nothing: the database for the old tables where it has none, and then that of its journal. */
export async function dropKept(session: Session, kept: string): Promise<void> {
  const journal = journalDatabaseOf(kept);
  const tables = [...(await listTables(session, kept)), ...(await listTables(session, journal))];
  if (tables.some(({ name }) => name !== RECORD_TABLE)) return;
  await session.execute(sql`DROP DATABASE IF EXISTS ${quote(kept)}`);
  await session.execute(sql`DROP DATABASE IF EXISTS ${quote(journal)}`);
}

function recordOf(kept: string): Sql {
  return table({ schema: journalDatabaseOf(kept), name: RECORD_TABLE });
}
