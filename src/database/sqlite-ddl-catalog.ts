import { literal } from './ddl-names.ts';
import type { Session } from './dialect.ts';
import { GUARD_PATTERN, isGuardTrigger } from './guard.ts';
import { sql } from './sql.ts';
import { readTableSql, type TableSql } from './sqlite-table-sql.ts';
import { isName, tokenize } from './sqlite-tokens.ts';

/** A table as the file has it. */
export interface StoredTable extends TableSql {
  /** Those that a row is written with: not the generated ones. */
  written: string[];
  /** What the row's number is called, where a copy has to name it; null where the key is the number, or there is none. */
  rowid: string | null;
  /** Its indexes and triggers. */
  objects: StoredObject[];
  isRequired: (column: string) => boolean;
}

/** An index or a trigger. */
export interface StoredObject {
  name: string;
  sql: string;
}

interface ColumnRow {
  name: string;
  type: string;
  notnull: bigint;
  pk: bigint;
  hidden: bigint;
}

/** Reads a table that has to be there; null where it is none that can be made again. */
export async function readTable(session: Session, name: string): Promise<StoredTable | null> {
  const [master] = await session.query<{ sql: string }>(
    sql`SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ${name} COLLATE NOCASE`,
  );
  const table = readTableSql(master?.sql ?? '');
  if (!table) return null;
  const columns = await session.query<ColumnRow>(
    sql`SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(${name}, 'main') ORDER BY cid`,
  );
  const objects = await session.query<StoredObject>(sql`
    SELECT name, sql FROM main.sqlite_master
     WHERE tbl_name = ${name} COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, rowid`);
  const key = columns.filter(({ pk }) => Number(pk) > 0);
  const keyIsRowid = key.length === 1 && /^integer$/i.test(key[0]?.type ?? '');
  const numbers = ['rowid', '_rowid_', 'oid'].filter(
    (number) => !columns.some((column) => column.name.toLowerCase() === number),
  );
  return {
    ...table,
    written: columns.filter(({ hidden }) => Number(hidden) === 0).map((column) => column.name),
    rowid: table.hasRowid && !keyIsRowid ? (numbers[0] ?? null) : null,
    objects,
    isRequired: (column) =>
      columns.some((each) => each.name.toLowerCase() === column.toLowerCase() && Number(each.notnull) === 1),
  };
}

/** The declared type of a column. */
export async function readType(session: Session, table: string, column: string): Promise<string> {
  const rows = await session.query<{ type: string }>(
    sql`SELECT type FROM pragma_table_info(${table}, 'main') WHERE name = ${column} COLLATE NOCASE`,
  );
  return (rows[0] as { type: string }).type;
}

/** A name for a table that no other one has. */
export async function findFreeName(session: Session, wanted: string): Promise<string> {
  const names = await session.query<{ name: string }>(
    sql`SELECT lower(name) AS name FROM main.sqlite_master`,
  );
  const taken = new Set(names.map(({ name }) => name));
  let name = wanted;
  for (let i = 2; taken.has(name.toLowerCase()); i += 1) name = `${wanted}_${i}`;
  return name;
}

/** Whether an index has a column in it, in its condition or in an expression. */
export function mentions({ sql: text }: StoredObject, column: string): boolean {
  const tokens = tokenize(text);
  const open = tokens.findIndex((token) => token.text === '(');
  return tokens.slice(open).some((token) => isName(token, column));
}

/** A condition that a table has the same definition, indexes and triggers, blanks and quotes apart; guards come and go. */
export function isUnchanged(name: string, { sql: text, objects }: StoredTable): string {
  const own = objects.filter((object) => !isGuardTrigger(object.name)).map((object) => object.sql);
  const expected = [text, ...own].map((each) => literal(normalise(each)));
  const stored = `FROM main.sqlite_master WHERE tbl_name = ${literal(name)} COLLATE NOCASE AND sql IS NOT NULL
      AND name NOT LIKE ${literal(GUARD_PATTERN)} ESCAPE '!'`;
  return `(SELECT count(*) = ${expected.length} AND sum(${NORMALISED} IN (${expected.join(', ')})) = ${expected.length} ${stored})`;
}

const BLANKS = [' ', '\t', '\r', '\n', '"'];

function normalise(text: string): string {
  return BLANKS.reduce((done, blank) => done.replaceAll(blank, ''), text);
}

const NORMALISED = BLANKS.reduce(
  (done, blank) => `replace(${done}, char(${blank.charCodeAt(0)}), '')`,
  'sql',
);
