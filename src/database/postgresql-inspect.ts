import type { LockHolder, Session, TableInfo, TableName } from './dialect.ts';
import { sql } from './sql.ts';

/** Where the journal is: a schema of its own is nothing that Prisma looks at. */
export const JOURNAL_SCHEMA = 'ownership_migration';

/** What the catalogue says of one table. */
export async function inspectTable(
  session: Session,
  name: TableName,
  ownerColumn: string,
): Promise<TableInfo | null> {
  const rows = await session.query<Omit<TableInfo, 'isTransactional'>>(sql`
    SELECT
      (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'nullable', NOT a.attnotnull,
                'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum), '[]')
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      (SELECT coalesce(json_agg((
                SELECT json_agg(a.attname ORDER BY k.position)
                  FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                 WHERE k.position <= i.indnkeyatts)), '[]')
         FROM pg_index i
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL) AS "uniqueKeys",
      -- tgtype: bit 4 is UPDATE (catalog/pg_trigger.h); tgattr: the columns of UPDATE OF, empty for any.
      (SELECT coalesce(json_agg(t.tgname ORDER BY t.tgname), '[]') FROM pg_trigger t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 16 <> 0
          AND (cardinality(t.tgattr::int2[]) = 0 OR owner.attnum = ANY (t.tgattr::int2[]))) AS "updateTriggers",
      has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS "canRead",
      has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'UPDATE')
        OR coalesce(has_column_privilege(c.oid, owner.attnum, 'UPDATE'), false)) AS "canUpdate",
      row_security_active(c.oid) AS "hidesRows"
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute owner ON owner.attrelid = c.oid AND owner.attname = ${ownerColumn} AND NOT owner.attisdropped
    WHERE n.nspname = ${name.schema} AND c.relname = ${name.name} AND c.relkind IN ('r', 'p')`);
  const [row] = rows;
  return row ? { ...row, isTransactional: true } : null;
}

/** See `Dialect.findWriteObstacle`. */
export async function findWriteObstacle(session: Session): Promise<string | null> {
  const rows = await session.query<{
    standby: boolean;
    readonly: boolean;
    journal: boolean;
    role: string;
  }>(sql`
    SELECT pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only') = 'on' AS readonly,
           current_user AS role,
           coalesce((SELECT has_schema_privilege(oid, 'USAGE') AND (has_schema_privilege(oid, 'CREATE') OR coalesce(
                       has_table_privilege(to_regclass(${`${JOURNAL_SCHEMA}.batch`}), 'INSERT'), false))
                       FROM pg_namespace WHERE nspname = ${JOURNAL_SCHEMA}),
                    has_database_privilege(current_database(), 'CREATE')) AS journal`);
  const { standby, readonly, journal: mayJournal, role } = rows[0] ?? {};
  if (standby) return 'this server is a standby, which is read-only';
  if (readonly) return 'default_transaction_read_only is on for this role or database';
  if (!mayJournal)
    return `the role "${role}" may not create the journal's schema "${JOURNAL_SCHEMA}" in this database`;
  return null;
}

/** A transaction that changed or locked rows of a table holds a lock on the table, too. */
export function listLockHolders(session: Session, { schema, name }: TableName): Promise<LockHolder[]> {
  return session.query<LockHolder>(sql`
    SELECT CAST(a.pid AS text) AS id, coalesce(a.usename, '') AS user, coalesce(a.state, '') AS state,
           CAST(extract(epoch FROM clock_timestamp() - a.xact_start) AS int) AS seconds,
           left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 120) AS statement
      FROM pg_stat_activity a
     WHERE a.pid IN (SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE l.granted AND l.mode <> 'AccessShareLock' AND l.pid <> pg_backend_pid()
                        AND n.nspname = ${schema} AND c.relname = ${name})
     ORDER BY a.xact_start LIMIT 3`);
}
