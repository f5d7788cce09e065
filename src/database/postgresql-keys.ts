import { quoteStandard } from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';
import { type Index, type KeyDialect, type MigrationLock, nameIndex, type TableKeys } from './keys.ts';
import { sql } from './sql.ts';

/** The longest name, in bytes. */
const MAX_NAME = 63;
/** The advisory lock that Prisma's schema engine takes for a migration. */
const PRISMA_LOCK = 72_707_369;
/** What REINDEX CONCURRENTLY leaves behind when it fails: the index itself is still there. */
const LEFT_BY_REINDEX = /_cc(new|old)\d*$/;

/** Indexes are built and dropped CONCURRENTLY, because otherwise writes wait: sql-createindex.html. */
export const postgresqlKeys: KeyDialect = {
  inspect,
  createIndex: ({ table, isPartitioned }, index) => {
    const columns = index.columns.map(quoteStandard).join(', ');
    const what = `${index.isUnique ? 'UNIQUE ' : ''}INDEX${isPartitioned ? '' : ' CONCURRENTLY'}`;
    const name = quoteStandard(nameIndex(table, index, MAX_NAME));
    return `CREATE ${what} ${name} ON ${quoteTable(table)} (${columns});`;
  },
  dropIndex: ({ table, isPartitioned }, { name, isConstraint }) =>
    isConstraint
      ? `ALTER TABLE ${quoteTable(table)} DROP CONSTRAINT ${quoteStandard(name)};`
      : `DROP INDEX ${isPartitioned ? '' : 'CONCURRENTLY '}${quoteTable({ schema: table.schema, name })};`,
  standsAlone: true,
  findMigrationLock,
};

function quoteTable({ schema, name }: TableName): string {
  return `${quoteStandard(schema)}.${quoteStandard(name)}`;
}

/**
 * An index that is not valid is left alone while somebody holds the lock that building one takes, which VACUUM takes as
 * well. The index of a table with partitions is valid once each partition has its own.
 */
async function inspect(session: Session, { schema, name }: TableName): Promise<TableKeys> {
  const rows = await session.query<{
    indexes: (Index & { definition: string })[];
    foreignKeys: TableKeys['foreignKeys'];
    isPartitioned: boolean;
  }>(sql`
    SELECT
      (SELECT coalesce(json_agg(json_build_object('name', x.relname, 'isUnique', i.indisunique, 'isPrimary', i.indisprimary,
                'isWhole', i.indpred IS NULL, 'definition', pg_get_indexdef(x.oid),
                'columns', (SELECT json_agg(a.attname ORDER BY k.position)
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
                    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0
                   WHERE k.position <= i.indnkeyatts),
                'isConstraint', EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = x.oid AND o.contype IN ('p', 'u', 'x')),
                'state', CASE WHEN i.indisvalid THEN 'valid' WHEN x.relkind = 'I' OR EXISTS (
                    SELECT 1 FROM pg_locks l WHERE l.relation = c.oid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
                       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                  THEN 'building' ELSE 'invalid' END) ORDER BY x.relname), '[]')
         FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid) AS indexes,
      (SELECT coalesce(json_agg(json_build_object('table', r.relname,
                'columns', (SELECT json_agg(a.attname ORDER BY k.position)
                    FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, position)
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum),
                'onDelete', CASE f.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                  WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END) ORDER BY f.conname), '[]')
         FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
        WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conparentid = 0) AS "foreignKeys",
      c.relkind = 'p' AS "isPartitioned"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ${schema} AND c.relname = ${name} AND c.relkind IN ('r', 'p')`);
  const { indexes = [], foreignKeys = [], isPartitioned = false } = rows[0] ?? {};
  return {
    indexes: indexes.map(({ definition, ...index }) => ({ ...index, rebuild: rebuild(index, definition) })),
    foreignKeys,
    isPartitioned,
  };
}

function rebuild({ name, state }: Pick<Index, 'name' | 'state'>, definition: string): string | null {
  if (state !== 'invalid' || LEFT_BY_REINDEX.test(name)) return null;
  return `${definition.replace(/^CREATE (UNIQUE )?INDEX /, '$&CONCURRENTLY ')};`;
}

/** A lock on a bigint: its upper half is classid, its lower one objid, and objsubid is 1 (view-pg-locks.html). */
async function findMigrationLock(session: Session): Promise<MigrationLock | null> {
  const rows = await session.query<Omit<MigrationLock, 'end'>>(sql`
    SELECT CAST(l.pid AS text) AS session, coalesce(a.application_name, '') AS application, a.state AS state,
           CAST(extract(epoch FROM clock_timestamp() - a.state_change) AS int) AS seconds
      FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = ${PRISMA_LOCK} AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  const [lock] = rows;
  return lock ? { ...lock, end: `SELECT pg_terminate_backend(${lock.session});` } : null;
}
