import { quoteStandard } from './ddl-names.ts';
import type { Session } from './dialect.ts';
import type { OtherSession } from './session-list.ts';
import { raw, type Sql, sql } from './sql.ts';

/** A property that a database has beside what is in it, as a statement that gives it to another one. */
export interface Property {
  kind: 'owner' | 'limit' | 'comment' | 'privilege' | 'setting';
  statement: string;
}

/**
 * Who has a database open, but for this session; also what keeps it from a new name without being a client. Of sessions of others
 * a role without pg_read_all_stats sees no more than the user, which workers of the server have none of.
 */
export function listSessions(session: Session, name: string): Promise<OtherSession[]> {
  return session.query<OtherSession>(sql`
    SELECT CAST(pid AS text) AS id, coalesce(usename, '') AS user, coalesce(nullif(application_name, ''), backend_type, '') AS application,
           coalesce(host(client_addr), '') AS address
      FROM pg_stat_activity
     WHERE datname = ${name} AND pid <> pg_backend_pid() AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'parallel worker')
       AND (backend_type IS NOT NULL OR usename IS NOT NULL)
    UNION ALL
    SELECT gid, owner, 'a prepared transaction', '' FROM pg_prepared_xacts WHERE database = ${name}
     ORDER BY 1`);
}

/** Why this role cannot give the database of this session another name, as a sentence; null where it can. */
export async function findRenameObstacle(session: Session): Promise<string | null> {
  const [row] = await session.query<{ owner: string; role: string; may: boolean }>(sql`
    SELECT pg_get_userbyid(datdba) AS owner, current_user AS role,
           pg_has_role(datdba, 'USAGE') AND (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may
      FROM pg_database WHERE datname = current_database()`);
  if (!row || row.may) return null;
  return `only its owner "${row.owner}" with the right to create databases may give it another name, and the role "${row.role}" is not that`;
}

/**
 * What makes the database `to` like `from`: owner, limit of connections, comment, privileges on the database itself, and the
 * settings for it and for roles in it. In an order in which they can be carried out.
 */
export function listProperties(
  session: Session,
  { from, to }: { from: string; to: string },
): Promise<Property[]> {
  return session.query<Property>(sql`
    WITH d AS (SELECT * FROM pg_database WHERE datname = ${from}), n AS (SELECT CAST(${to} AS text) AS name)
    SELECT kind, statement FROM (
      SELECT 1 AS place, 'owner' AS kind, format('ALTER DATABASE %I OWNER TO %I', n.name, pg_get_userbyid(datdba)) AS statement FROM d, n
      UNION ALL
      SELECT 2, 'limit', format('ALTER DATABASE %I CONNECTION LIMIT %s', n.name, datconnlimit) FROM d, n WHERE datconnlimit <> -1
      UNION ALL
      SELECT 3, 'comment', format('COMMENT ON DATABASE %I IS %L', n.name, c) FROM d, n, shobj_description(d.oid, 'pg_database') c WHERE c IS NOT NULL
      UNION ALL
      SELECT 4, 'privilege', format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', n.name, pg_get_userbyid(datdba)) FROM d, n WHERE datacl IS NOT NULL
      UNION ALL
      SELECT 5, 'privilege', format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, n.name,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
               CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM d, n, aclexplode(datacl) a
      UNION ALL
      SELECT 6, 'setting', format(CASE s.setrole WHEN 0 THEN 'ALTER DATABASE %2$I' ELSE 'ALTER ROLE %1$I IN DATABASE %2$I' END || ' SET %3$I TO %4$s',
               pg_get_userbyid(s.setrole), n.name, split_part(c, '=', 1), ${settingValue()})
        FROM d, n, pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = d.oid) p
     ORDER BY place, statement`);
}

/** Of these the value is a list of names, which as one text would be one name (variable_is_guc_list_quote of pg_dump). */
const LISTS = [
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
];

function settingValue(): Sql {
  const names = raw(LISTS.map((name) => `'${name}'`).join(', '));
  const value = raw(`substr(c, strpos(c, '=') + 1)`);
  return sql`CASE WHEN lower(split_part(c, '=', 1)) IN (${names})
    THEN coalesce((SELECT string_agg(quote_literal(coalesce(replace(m[1], '""', '"'), m[2])), ', ')
                     FROM regexp_matches(${value}, '"((?:[^"]|"")*)"|([^,\\s]+)', 'g') m), '''''')
    ELSE quote_literal(${value}) END`;
}

/**
 * Gives `name` to the database `scratch`, with the properties, and `kept` to the one that has it: all at once, or nothing. Nobody
 * may be connected to either. Returns the properties that this role may not set; without the owner's it throws.
 */
export async function exchangeNames(
  session: Session,
  {
    name,
    kept,
    scratch,
    properties,
  }: { name: string; kept: string; scratch: string; properties: readonly Property[] },
): Promise<Property[]> {
  const refused: Property[] = [];
  for (const property of properties) {
    await session.execute(sql`SAVEPOINT property`);
    try {
      await session.execute(raw(property.statement));
    } catch (error) {
      if (property.kind === 'owner') throw error;
      await session.execute(sql`ROLLBACK TO SAVEPOINT property`);
      refused.push(property);
    }
  }
  await session.execute(raw(`ALTER DATABASE ${quoteStandard(name)} RENAME TO ${quoteStandard(kept)}`));
  await session.execute(raw(`ALTER DATABASE ${quoteStandard(scratch)} RENAME TO ${quoteStandard(name)}`));
  return refused;
}
