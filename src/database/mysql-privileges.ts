import type { LockHolder, Session } from './dialect.ts';
import { sql } from './sql.ts';

/** One line of SHOW GRANTS: what may be done, to which columns where it is so narrow, and where. */
interface Grant {
  /** UPDATE, or UPDATE(userId) for one column. */
  privileges: string[];
  /** A pattern, in which `_` and `%` stand for others; `*` for all. */
  database: string;
  table: string;
}

/** What a privilege is needed for; a column, a table, or a whole database. */
interface Place {
  database: string;
  table?: string;
  column?: string;
}

/** The grants of this user and of the roles that are switched on. */
export async function listGrants(session: Session): Promise<Grant[]> {
  const lines = (await session.query<Record<string, string>>(sql`SHOW GRANTS`)).flatMap((row) =>
    Object.values(row),
  );
  return lines.flatMap((line) => {
    const [, privileges, database, table] =
      /^GRANT (.+?) ON (\*|`(?:[^`]|``)*`)\.(\*|`(?:[^`]|``)*`) TO /.exec(line) ?? [];
    if (privileges === undefined || database === undefined || table === undefined) return [];
    return [{ privileges: readPrivileges(privileges), database: unquote(database), table: unquote(table) }];
  });
}

/** Whether one of the grants allows it. */
export function isGranted(grants: readonly Grant[], privilege: string, place: Place): boolean {
  return grants.some(({ privileges, database, table }) => {
    if (!matches(database, place.database)) return false;
    if (table !== '*' && table !== place.table) return false;
    const wanted = ['ALL PRIVILEGES', privilege, ...(place.column ? [`${privilege}(${place.column})`] : [])];
    return privileges.some((each) => wanted.includes(each));
  });
}

/** Why this user cannot write, or keep a journal, as a sentence; null where it can. */
export async function findObstacle(session: Session, journalDatabase: string): Promise<string | null> {
  const rows = await session.query<{
    is_read_only: bigint;
    user: string;
    journals: bigint;
    version: string;
  }>(sql`
    SELECT @@global.read_only AS is_read_only, CURRENT_USER() AS user, VERSION() AS version,
           (SELECT count(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${journalDatabase}) AS journals`);
  const { is_read_only, user = '', journals, version = '' } = rows[0] ?? {};
  if (!hasJsonTable(version))
    return `this server is ${version}; the journal needs JSON_TABLE, of MySQL 8.0.4 or MariaDB 10.6`;
  const grants = await listGrants(session);
  const everywhere = grants
    .filter(({ database }) => database === '*')
    .flatMap(({ privileges }) => privileges);
  const mayIgnore = ['ALL PRIVILEGES', 'SUPER', 'READ_ONLY ADMIN', 'READ ONLY ADMIN'];
  if (Number(is_read_only) === 1 && !everywhere.some((each) => mayIgnore.includes(each)))
    return 'this server is read-only, as replicas are';
  const needed =
    Number(journals) > 0 ? ['SELECT', 'INSERT', 'UPDATE'] : ['CREATE', 'SELECT', 'INSERT', 'UPDATE'];
  if (needed.every((privilege) => isGranted(grants, privilege, { database: journalDatabase }))) return null;
  const [name, host] = user.split('@');
  const pattern = journalDatabase.replace(/[_%]/g, '\\$&');
  return `the user ${user} may not keep the journal in a database of its own; an administrator can allow it: GRANT ALL ON \`${pattern}\`.* TO '${name}'@'${host}'`;
}

/** By what VERSION() says: "8.0.36", "10.11.6-MariaDB-1". */
export function hasJsonTable(version: string): boolean {
  const numbers = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [major = 0, minor = 0, patch = 0] = numbers.slice(1).map(Number);
  const from = /mariadb/i.test(version) ? [10, 6, 0] : [8, 0, 4];
  const differs = [major - (from[0] ?? 0), minor - (from[1] ?? 0), patch - (from[2] ?? 0)].find(
    (each) => each !== 0,
  );
  return (differs ?? 0) >= 0;
}

/** Open transactions of others that hold locks on rows; the server does not say of which table. Needs PROCESS. */
export function listLockHolders(session: Session): Promise<LockHolder[]> {
  return session.query<LockHolder>(sql`
    SELECT CAST(p.ID AS CHAR) AS id, p.USER AS user, p.COMMAND AS state,
           TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS seconds, LEFT(COALESCE(t.trx_query, ''), 120) AS statement
      FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
     WHERE t.trx_rows_locked > 0 AND p.ID <> CONNECTION_ID() ORDER BY t.trx_started LIMIT 3`);
}

/** "SELECT, UPDATE (`a`, `b`)" as SELECT, UPDATE(a), UPDATE(b). */
function readPrivileges(text: string): string[] {
  return [...text.matchAll(/([A-Z_ ]+[A-Z_])(?: \(([^)]*)\))?(?:, |$)/g)].flatMap(
    ([, name = '', columns]) => {
      if (columns === undefined) return [name.trim()];
      return columns.split(', ').map((column) => `${name.trim()}(${unquote(column)})`);
    },
  );
}

function unquote(name: string): string {
  return name.replace(/^`(.*)`$/s, '$1').replaceAll('``', '`');
}

function matches(pattern: string, database: string): boolean {
  if (pattern === '*') return true;
  const expression = pattern.replace(
    /\\([_%])|([_%])|[.*+?^${}()|[\]\\]/g,
    (found, escaped?: string, wild?: string) => {
      if (escaped) return escaped;
      if (wild) return wild === '_' ? '.' : '.*';
      return `\\${found}`;
    },
  );
  return new RegExp(`^${expression}$`, 'i').test(database);
}
