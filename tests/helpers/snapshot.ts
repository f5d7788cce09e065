import { existsSync } from 'node:fs';
import { Client } from 'pg';
import type { Row, TestDatabase } from './database.ts';

/** The rows of one table, each as a JSON array of its values as text, in a fixed order. */
interface TableSnapshot {
  columns: string[];
  lines: string[];
}

/**
 * Everything that is in a database but the journal: what it is made of, and by table every row. A table outside of
 * `main` and `public` has its schema before its name.
 */
export interface Snapshot {
  objects: string[];
  tables: Record<string, TableSnapshot>;
}

/** Reads the database through the driver alone, in all its schemas. */
export function takeSnapshot(database: TestDatabase): Promise<Snapshot> {
  if (database.provider === 'sqlite')
    return readSnapshot(database.query, describeSqlite, (name) => `quote(${name})`);
  if (database.provider === 'mysql') return readSnapshot(database.query, describeMysql, (name) => name);
  return withConnection(database.url, (query) =>
    readSnapshot(query, describePostgresql, (name) => `${name}::text`),
  );
}

type Query = (sql: string) => Promise<Row[]>;

/** `asText` has to tell values apart that are not the same: on SQLite, quote() tells 1 from '1'. */
async function readSnapshot(
  query: Query,
  describe: (query: Query) => Promise<Description>,
  asText: (name: string) => string,
): Promise<Snapshot> {
  const { objects, tables } = await describe(query);
  const snapshot: Snapshot = { objects: objects.map((object) => JSON.stringify(object)), tables: {} };
  for (const { name, from, columns, texts: own } of tables) {
    const texts = columns.map((column, i) => `${own?.[i] ?? asText(quoteName(column))} AS "${i}"`);
    const rows = await query(`SELECT ${texts.join(', ')} FROM ${from}`);
    const lines = rows.map((row) => JSON.stringify(columns.map((_, i) => row[i] ?? null))).sort();
    snapshot.tables[name] = { columns, lines };
  }
  return snapshot;
}

async function withConnection<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(async (sql) => (await client.query<Row>(sql)).rows);
  } finally {
    await client.end();
  }
}

/** Whether a journal is there, in whichever place this database has it. */
export async function hasJournal(database: TestDatabase): Promise<boolean> {
  if (database.provider === 'sqlite') {
    return existsSync(`${database.url.slice('file:'.length)}-ownership-migration`);
  }
  if (database.provider === 'mysql') {
    const journal = `${new URL(database.url).pathname.slice(1)}_ownership_migration`;
    const sql = `SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '${journal}'`;
    return (await database.query(sql)).length > 0;
  }
  const found = await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'ownership_migration'");
  return found.length > 0;
}

interface Description {
  objects: Row[];
  tables: { name: string; from: string; columns: string[]; texts?: string[] }[];
}

async function describeSqlite(query: Query): Promise<Description> {
  const objects = await query('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name');
  const columns = await query(`
    SELECT 'main' AS schema, m.name AS "table", i.name AS "column" FROM sqlite_master m, pragma_table_info(m.name) i
     WHERE m.type = 'table' ORDER BY m.name, i.cid`);
  return { objects, tables: groupByTable(columns) };
}

async function describePostgresql(query: Query): Promise<Description> {
  const own = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'ownership_migration')";
  const objects = await query(`
    SELECT n.nspname, c.relname AS name, c.relkind::text AS kind, coalesce(pg_get_indexdef(i.indexrelid), '') AS definition
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
     WHERE ${own}
    UNION ALL SELECT n.nspname, t.tgname, 'trigger', pg_get_triggerdef(t.oid)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT t.tgisinternal AND ${own}
    UNION ALL SELECT n.nspname, o.conname, 'constraint', pg_get_constraintdef(o.oid)
      FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE ${own}
    UNION ALL SELECT n.nspname, c.relname || '.' || a.attname, 'column',
                     format_type(a.atttypid, a.atttypmod) || a.attnotnull || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND ${own}
     ORDER BY 1, 2, 3, 4`);
  const columns = await query(`
    SELECT n.nspname AS schema, c.relname AS "table", a.attname AS "column"
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND ${own} ORDER BY 1, 2, a.attnum`);
  return { objects, tables: groupByTable(columns) };
}

async function describeMysql(query: Query): Promise<Description> {
  const columns = await query(`
    SELECT TABLE_NAME AS "table", COLUMN_NAME AS "column", DATA_TYPE AS kind, COLUMN_TYPE, COLLATION_NAME, IS_NULLABLE, COLUMN_DEFAULT, EXTRA
      FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`);
  const others = [
    'SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()',
    'SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()',
    'SELECT TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE()',
  ];
  const objects = [...columns];
  for (const other of others) objects.push(...(await query(`${other} ORDER BY 1, 2, 3`)));
  const tables = new Map<string, Required<Description['tables'][number]>>();
  for (const { table, column, kind } of columns as Record<string, string>[]) {
    const name = String(table);
    const found = tables.get(name) ?? { name, from: quoteName(name), columns: [], texts: [] };
    found.columns.push(String(column));
    const quoted = quoteName(String(column));
    found.texts.push(/binary|blob|bit/.test(String(kind)) ? `HEX(${quoted})` : `CAST(${quoted} AS CHAR)`);
    tables.set(name, found);
  }
  return { objects, tables: [...tables.values()] };
}

function groupByTable(rows: readonly Row[]): Description['tables'] {
  const tables = new Map<string, Description['tables'][number]>();
  for (const row of rows) {
    const [schema, name, column] = [String(row.schema), String(row.table), String(row.column)];
    const from = `${quoteName(schema)}.${quoteName(name)}`;
    const label = schema === 'main' || schema === 'public' ? name : `${schema}.${name}`;
    const table = tables.get(from) ?? { name: label, from, columns: [] };
    table.columns.push(column);
    tables.set(from, table);
  }
  return [...tables.values()];
}

/** A name as both databases quote it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
