import type { Session } from './dialect.ts';
import { isGranted, listGrants } from './mysql-privileges.ts';
import { quote } from './mysql-sql.ts';
import type { SnapshotDialect } from './snapshot.ts';
import { join, raw, sql } from './sql.ts';

/** Without one of them the tools leave things out in silence, or cannot begin. */
const NEEDED = ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT'];

/** By one of these a user knows which routines there are; of those of others it still may not read what they do. */
const LIST_ROUTINES = ['EXECUTE', 'CREATE ROUTINE', 'ALTER ROUTINE'];

const LOOSE_ENGINE = /^(myisam|aria|memory|archive|csv|mrg_myisam)$/i;

/** `database` is the app's, `journal` that of its journal. */
export function createMysqlSnapshots(database: string, journal: string): SnapshotDialect {
  return {
    findObstacle: async (session) => {
      const grants = await listGrants(session);
      const listsRoutines =
        mayReadRoutines(grants, database) ||
        LIST_ROUTINES.some((privilege) => isGranted(grants, privilege, { database }));
      const missing = [
        ...NEEDED.filter((privilege) => !isGranted(grants, privilege, { database })),
        ...(listsRoutines ? [] : ['EXECUTE']),
      ];
      if (missing.length > 0) return `this user does not have ${missing.join(', ')} on the whole database`;
      const hidden = await findHiddenRoutines(session, database);
      if (hidden !== null) return hidden;
      const hasJournal = (await listBaseTables(session, [journal])).length > 0;
      const canLock = ['SELECT', 'LOCK TABLES'].every((privilege) =>
        isGranted(grants, privilege, { database: journal }),
      );
      return hasJournal && !canLock ? `this user may not read or lock the journal, "${journal}"` : null;
    },
    findWeakness: async (session) => {
      const rows = await session.query<{ name: string; type: string; engine: string | null }>(sql`
        SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine FROM information_schema.TABLES
         WHERE TABLE_SCHEMA = ${database} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1`);
      const [loose, versioned] = [
        rows.filter(({ engine }) => LOOSE_ENGINE.test(engine ?? '')),
        rows.filter(({ type }) => type === 'SYSTEM VERSIONED'),
      ].map((found) => found.map(({ name }) => `"${name}"`).join(', '));
      const sentences = [
        ...(loose
          ? [`Tables without transactions are backed up as they are when they are read: ${loose}.`]
          : []),
        ...(versioned ? [`Of system-versioned tables the rows of today are backed up: ${versioned}.`] : []),
      ];
      return sentences.length > 0 ? sentences.join(' ') : null;
    },
    measure: async (session) => {
      const [row] = await session.query<{ version: string; bytes: string | null }>(sql`
        SELECT VERSION() AS version,
               (SELECT CAST(SUM(DATA_LENGTH) AS CHAR) FROM information_schema.TABLES WHERE TABLE_SCHEMA IN (${database}, ${journal})) AS bytes`);
      return { version: row?.version ?? '', bytes: Number(row?.bytes ?? 0) };
    },
  };
}

/**
 * Whether a user may read what routines of others do. SHOW_ROUTINE is of MySQL 8.0.20, SHOW CREATE ROUTINE of MariaDB 11.3:
 * https://dev.mysql.com/doc/refman/8.4/en/show-create-procedure.html, https://mariadb.com/kb/en/grant/
 */
function mayReadRoutines(grants: Awaited<ReturnType<typeof listGrants>>, database: string): boolean {
  return (
    isGranted(grants, 'SHOW_ROUTINE', { database: '*' }) ||
    isGranted(grants, 'SHOW CREATE ROUTINE', { database }) ||
    isGranted(grants, 'SELECT', { database: 'mysql', table: 'proc' })
  );
}

/** The routines that a dump would not have, with the right that is missing, as part of a sentence; null where there are none. */
async function findHiddenRoutines(session: Session, database: string): Promise<string | null> {
  const routines = await session.query<{ name: string; definer: string; version: string }>(sql`
    SELECT ROUTINE_NAME AS name, DEFINER AS definer, VERSION() AS version FROM information_schema.ROUTINES
     WHERE ROUTINE_SCHEMA = ${database} AND ROUTINE_DEFINITION IS NULL ORDER BY 1`);
  const [first] = routines;
  if (!first) return null;
  const right = /mariadb/i.test(first.version) ? 'SELECT ON mysql.proc' : 'SHOW_ROUTINE ON *.*';
  const names = routines.map(({ name, definer }) => `"${name}" of ${definer}`).join(', ');
  return `this user may not read routines of others, which takes the right ${right}: ${names}`;
}

interface Named {
  schema: string;
  name: string;
}

/** The tables with rows of these databases. */
export function listBaseTables(session: Session, databases: readonly string[]): Promise<Named[]> {
  return session.query<Named>(sql`
    SELECT TABLE_SCHEMA AS ${raw('`schema`')}, TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA IN (${join([...databases])}) AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1, 2`);
}

/** The views of a database. */
export async function listViews(session: Session, database: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    sql`SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${database} ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Whether the server has a database of that name that this user can see. */
export async function hasDatabase(session: Session, name: string): Promise<boolean> {
  const found = sql`SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${name}`;
  return (await session.query(found)).length > 0;
}

/** Keeps everybody from writing until `unlockTables`, or until the connection ends. It ends a transaction that is open. */
export async function lockTables(session: Session, tables: readonly Named[]): Promise<void> {
  if (tables.length === 0) return;
  const names = tables.map(({ schema, name }) => sql`${quote(schema)}.${quote(name)} READ`);
  await session.execute(sql`LOCK TABLES ${join(names)}`);
}

export async function unlockTables(session: Session): Promise<void> {
  await session.execute(sql`UNLOCK TABLES`);
}

/** The number by which `killQuery` knows this connection. */
export async function readConnectionId(session: Session): Promise<bigint> {
  const [row] = await session.query<{ id: bigint }>(sql`SELECT CONNECTION_ID() AS id`);
  return BigInt(row?.id ?? 0);
}

/** Has another connection of the same user give up its statement. */
export async function killQuery(session: Session, id: bigint): Promise<void> {
  await session.execute(sql`KILL QUERY ${raw(String(id))}`);
}
