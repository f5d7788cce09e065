import type { DigestDialect, TableShape } from './digest.ts';
import { quoteStandard } from './ddl-names.ts';
import type { Column, Session, TableName } from './dialect.ts';
import { JOURNAL_SCHEMA } from './postgresql-inspect.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';

/** https://www.postgresql.org/docs/current/runtime-config-client.html#RUNTIME-CONFIG-CLIENT-FORMAT */
const SETTINGS = {
  extra_float_digits: '3',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  lc_monetary: 'C',
};

/** Types that name an object, as the search path lets them, and the catalogue that has it. */
const OBJECT_TYPES: Record<string, string> = {
  regclass: 'pg_class',
  regcollation: 'pg_collation',
  regconfig: 'pg_ts_config',
  regdictionary: 'pg_ts_dict',
  regoper: 'pg_operator',
  regoperator: 'pg_operator',
  regproc: 'pg_proc',
  regprocedure: 'pg_proc',
  regtype: 'pg_type',
};

export const postgresqlDigests: DigestDialect = {
  listTables,
  describe,
  prepare: (session) => set(session, SETTINGS),
  // The text of a row tells NULL from an empty text, and quotes what could be taken for a comma.
  row: (columns, alias) =>
    sql`md5(CAST(ROW(${columns.length > 0 ? join(columns.map((column) => textOf(column, alias))) : empty}) AS text))`,
  sum: (rowDigest) => {
    const half = (from: number) =>
      sql`CAST(sum(CAST(CAST('x' || substr(${rowDigest}, ${raw(String(from))}, 16) AS bit(64)) AS bigint)) AS text)`;
    return sql`${half(1)} || ',' || ${half(17)}`;
  },
};

async function set(session: Session, settings: typeof SETTINGS): Promise<void> {
  const each = Object.entries(settings).map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  await session.query(sql`SELECT ${join(each)}`);
}

/** Has the session print values exactly for the time of `work` alone. */
export async function printExactly<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const names = Object.keys(SETTINGS).map(
    (name) => sql`current_setting(${name}) AS ${raw(quoteStandard(name))}`,
  );
  const [before = SETTINGS] = await session.query<typeof SETTINGS>(sql`SELECT ${join(names)}`);
  await set(session, SETTINGS);
  const result = await work();
  await set(session, before);
  return result;
}

function textOf({ name, type }: Column, alias: string): Sql {
  const column = raw(`${alias}.${quoteStandard(name)}`);
  const catalogue = OBJECT_TYPES[type];
  if (catalogue === undefined) return column;
  const object = sql`pg_identify_object(CAST(${catalogue} AS regclass), CAST(${column} AS oid), 0)`;
  return sql`coalesce((${object}).identity, CAST(CAST(${column} AS oid) AS text))`;
}

/** What belongs to an extension is the extension's, and not in a dump either. */
function listTables(session: Session): Promise<TableName[]> {
  return session.query<TableName>(sql`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
       AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', ${JOURNAL_SCHEMA})
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1, 2`);
}

async function describe(session: Session, table: TableName): Promise<TableShape | null> {
  const rows = await session.query<{ columns: Column[]; key: Column[] }>(sql`
    SELECT
      (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attname), '[]')
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY k.position), '[]')
         FROM (SELECT i.indkey, i.indnkeyatts FROM pg_index i
                WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                  AND i.indimmediate
                  AND NOT EXISTS (SELECT 1 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
                                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                                   WHERE k.position <= i.indnkeyatts AND NOT a.attnotnull)
                ORDER BY i.indisprimary DESC, i.indexrelid LIMIT 1) i
         CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE k.position <= i.indnkeyatts) AS key
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${table.schema} AND c.relname = ${table.name} AND c.relkind IN ('r', 'p')`);
  const [row] = rows;
  return row ? { table, ...row } : null;
}
