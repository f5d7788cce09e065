import { hash } from 'node:crypto';
import type { DigestDialect, TableShape } from './digest.ts';
import type { Session, TableName } from './dialect.ts';
import { join, raw, type Sql, sql } from './sql.ts';
import { quote } from './sqlite-sql.ts';

/** As much of a better-sqlite3 connection as it takes to teach it functions. */
export interface FunctionHost {
  function(name: string, options: { deterministic: boolean }, work: (text: string) => string): unknown;
  aggregate<T>(
    name: string,
    options: { start: () => T; step: (sum: T, text: string) => T; result: (sum: T) => string | null },
  ): unknown;
}

const PIECE = 100;

/** SQLite has no hash functions; these run in this process, as the database does. */
export function addDigestFunctions(host: FunctionHost): void {
  host.function('ownership_md5', { deterministic: true }, (text) => hash('md5', text));
  host.aggregate<[bigint, bigint] | null>('ownership_sum', {
    start: () => null,
    step: (sum, hex) => {
      const [high, low] = sum ?? [0n, 0n];
      return [high + BigInt(`0x${hex.slice(0, 16)}`), low + BigInt(`0x${hex.slice(16)}`)];
    },
    result: (sum) => (sum ? sum.join(',') : null),
  });
}

export const sqliteDigests: DigestDialect = {
  listTables: (session) =>
    session.query<TableName>(sql`
      SELECT 'main' AS schema, name FROM main.sqlite_master
       WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`),
  describe,
  prepare: async () => undefined,
  row: (columns, alias) => {
    const texts = columns.map(({ name }) => textOf(sql`${raw(alias)}.${quote(name)}`));
    return sql`ownership_md5(${concatenate(texts.length > 0 ? texts : [sql`''`])})`;
  },
  sum: (rowDigest) => sql`ownership_sum(${rowDigest})`,
};

/** With the type that the value has: 1, '1' and x'31' are three. quote() is exact for numbers, and ends text at a NUL byte. */
function textOf(column: Sql): Sql {
  return sql`CASE typeof(${column}) WHEN 'text' THEN 't' || hex(${column}) WHEN 'blob' THEN 'b' || hex(${column}) ELSE quote(${column}) END`;
}

/** In pieces of pieces: an expression of as many parts as a table may have columns would be too deep (limits.html, number 5). */
function concatenate(texts: readonly Sql[]): Sql {
  if (texts.length <= PIECE) return join(texts, " || ',' || ");
  const pieces = Array.from(
    { length: Math.ceil(texts.length / PIECE) },
    (_, i) => sql`(${concatenate(texts.slice(i * PIECE, (i + 1) * PIECE))})`,
  );
  return concatenate(pieces);
}

async function describe(session: Session, table: TableName): Promise<TableShape | null> {
  const columns = await session.query<{ name: string; type: string; notnull: bigint; pk: bigint }>(
    sql`SELECT name, type, "notnull", pk FROM pragma_table_info(${table.name}, 'main') ORDER BY name`,
  );
  if (columns.length === 0) return null;
  const indexed = await session.query<{ index: string; name: string | null }>(sql`
    SELECT l.name AS "index", i.name AS name FROM pragma_index_list(${table.name}, 'main') l, pragma_index_info(l.name, 'main') i
     WHERE l."unique" = 1 AND l.partial = 0 ORDER BY l.seq, i.seqno`);
  const isRequired = (name: string | null) =>
    columns.some((column) => column.name === name && Number(column.notnull) === 1);
  const primary = columns
    .filter(({ pk }) => Number(pk) > 0)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map(({ name }) => name);
  // A primary key of one INTEGER is the row's number, and never NULL; in others SQLite allows NULL.
  const isRowId =
    primary.length === 1 && columns.some(({ name, type }) => name === primary[0] && /^integer$/i.test(type));
  const keys = [...new Set(indexed.map(({ index }) => index))].map((index) =>
    indexed.filter((row) => row.index === index).map(({ name }) => name),
  );
  const key =
    isRowId || (primary.length > 0 && primary.every(isRequired))
      ? primary
      : keys.find((names) => names.every(isRequired));
  return {
    table,
    columns: columns.map(({ name, type }) => ({ name, type })),
    key: (key ?? [])
      .flatMap((name) => columns.filter((column) => column.name === name))
      .map(({ name, type }) => ({ name, type })),
  };
}
