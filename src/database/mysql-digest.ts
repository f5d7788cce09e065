import type { DigestDialect, TableShape } from './digest.ts';
import type { Column, Session, TableName } from './dialect.ts';
import { quote } from './mysql-sql.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** Values that can be longer than what a function may return, max_allowed_packet, beyond which the result is NULL. */
const LONG_TYPE =
  /^(tiny|medium|long)?(text|blob)|^(var)?(char|binary)|^json|^(geometry|point|linestring|polygon|multi|geomcollection)|^vector/;

/** `database` is the app's: a server has others. */
export function createMysqlDigests(database: string): DigestDialect {
  return {
    listTables: (session) => listTables(session, database),
    describe,
    // What a session prints like is set when it begins.
    prepare: async () => undefined,
    row: (columns, alias) => {
      const texts = columns.map((column) => textOf(column, sql`${raw(alias)}.${quote(column.name)}`));
      return sql`MD5(CONCAT_WS(',', ${texts.length > 0 ? join(texts) : sql`''`}))`;
    },
    sum: (rowDigest) => {
      const half = (from: number) =>
        sql`SUM(CAST(CONV(SUBSTRING(${rowDigest}, ${raw(String(from))}, 16), 16, 10) AS UNSIGNED))`;
      return sql`CONCAT(${half(1)}, ',', ${half(17)})`;
    },
  };
}

/** Digits and letters only, so that no comma is in it, and never NULL, which CONCAT_WS leaves out. */
function textOf({ type }: Column, column: Sql): Sql {
  const base = /^\w+/.exec(type)?.[0] ?? '';
  if (LONG_TYPE.test(base)) return sql`IFNULL(MD5(${column}), 'N')`;
  switch (base) {
    case 'float':
      // As text it would lose digits.
      return sql`IFNULL(CAST(CAST(${column} AS DOUBLE) AS CHAR), 'N')`;
    case 'bit':
      return sql`IFNULL(HEX(${column}), 'N')`;
    case 'enum':
    case 'set':
      return sql`IFNULL(MD5(${column}), 'N')`;
    default:
      return sql`IFNULL(CAST(${column} AS CHAR), 'N')`;
  }
}

async function listTables(session: Session, database: string): Promise<TableName[]> {
  return session.query<TableName>(sql`
    SELECT TABLE_SCHEMA AS ${raw('`schema`')}, TABLE_NAME AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${database} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`);
}

interface ColumnRow {
  name: string;
  type: string;
  collation: string | null;
  expression: string | null;
  nullable: string;
}

async function describe(session: Session, table: TableName): Promise<TableShape | null> {
  const isTable = sql`TABLE_SCHEMA = ${table.schema} AND TABLE_NAME = ${table.name}`;
  const rows = await session.query<ColumnRow>(sql`
    SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, COLLATION_NAME AS collation, GENERATION_EXPRESSION AS expression,
           IS_NULLABLE AS nullable
      FROM information_schema.COLUMNS WHERE ${isTable} ORDER BY COLUMN_NAME`);
  if (rows.length === 0) return null;
  const indexed = await session.query<{ name: string; col: string | null; part: bigint | null }>(sql`
    SELECT INDEX_NAME AS name, COLUMN_NAME AS col, SUB_PART AS part FROM information_schema.STATISTICS
     WHERE ${isTable} AND NON_UNIQUE = 0 ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`);
  const toColumn = ({ name, type, collation }: ColumnRow): Column => ({
    name,
    type: collation === null ? type : `${type} COLLATE ${collation}`,
  });
  const find = (name: string | null) => rows.find((row) => row.name === name);
  const keys = [...new Set(indexed.map(({ name }) => name))].map((index) =>
    indexed.filter(({ name }) => name === index),
  );
  const key = keys.find((parts) =>
    parts.every(({ col, part }) => part === null && find(col)?.nullable === 'NO'),
  );
  return {
    table,
    columns: rows.filter(({ expression }) => !expression).map(toColumn),
    key: (key ?? []).map(({ col }) => toColumn(find(col) as ColumnRow)),
  };
}
