import type { Session } from './dialect.ts';
import type { SnapshotDialect } from './snapshot.ts';
import { sql } from './sql.ts';

/** A dump waits so long for a table that a migration has locked. */
export const DUMP_LOCK_TIMEOUT = '60s';

/** Tables, partitions and sequences that a dump has; what belongs to an extension is not in it. */
const IN_A_DUMP = sql`
  pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

export const postgresqlSnapshots: SnapshotDialect = {
  findObstacle: async (session) => {
    const rows = await session.query<{ name: string; reason: string }>(sql`
      SELECT n.nspname || '.' || c.relname AS name,
             CASE WHEN c.relkind <> 'S' AND row_security_active(c.oid) THEN 'rls'
                  WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN 'unreadable'
                  WHEN NOT CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT')
                                          ELSE has_table_privilege(c.oid, 'SELECT') END THEN 'unreadable' END AS reason
        FROM ${IN_A_DUMP} WHERE c.relkind IN ('r', 'p', 'S') ORDER BY 1`);
    const namesOf = (reason: string) => rows.filter((row) => row.reason === reason).map(({ name }) => name);
    const [hidden, unreadable] = [namesOf('rls'), namesOf('unreadable')];
    if (hidden.length > 0) return `row-level security may hide rows from this role, of ${list(hidden)}`;
    return unreadable.length > 0 ? `this role may not read ${list(unreadable)}` : null;
  },
  findWeakness: async () => null,
  measure: async (session) => {
    // Sizes are told of tables that nobody has locked.
    await session.query(sql`SELECT set_config('lock_timeout', ${DUMP_LOCK_TIMEOUT}, true)`);
    const [row] = await session.query<{ version: string; bytes: string }>(sql`
      SELECT current_setting('server_version') AS version,
             CAST((SELECT coalesce(sum(pg_table_size(c.oid)), 0) FROM ${IN_A_DUMP} WHERE c.relkind = 'r') AS text) AS bytes`);
    return { version: row?.version ?? '', bytes: Number(row?.bytes ?? 0) };
  },
};

/**
 * The name under which pg_dump sees what this transaction sees, for as long as it lasts. The server ends it no more while
 * it is idle, which it is as long as the dump takes.
 */
export async function exportSnapshot(session: Session): Promise<string> {
  // The last one is of PostgreSQL 17. The tool waits as long for a table that a migration has locked.
  await session.query(sql`
    SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN ${DUMP_LOCK_TIMEOUT} ELSE '0' END, true) FROM pg_settings
     WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`);
  const [row] = await session.query<{ id: string }>(sql`SELECT pg_export_snapshot() AS id`);
  return row?.id ?? '';
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
