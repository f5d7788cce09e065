import type { OnDelete, OwnerColumn } from './ddl.ts';
import type { Session, TableName } from './dialect.ts';
import { table as quoteTable } from './mysql-sql.ts';
import { sql } from './sql.ts';

/** What the server can do to a table without reading it. */
export interface InstantSupport {
  add: boolean;
  drop: boolean;
}

/** MariaDB goes by other versions, and writes down ON DELETE RESTRICT as NO ACTION where the table is not copied. */
export async function isMariaDb(session: Session): Promise<boolean> {
  const rows = await session.query<{ version: string }>(sql`SELECT VERSION() AS version`);
  return /mariadb/i.test(rows[0]?.version ?? '');
}

/** From MySQL 8.0.12 and MariaDB 10.3, and for columns that go from 8.0.29 and 10.4; not for tables that are compressed or have a FULLTEXT index. */
export async function readInstantSupport(session: Session, table: TableName): Promise<InstantSupport> {
  const rows = await session.query<{ version: string; compressed: bigint; texts: bigint }>(sql`
    SELECT VERSION() AS version,
           (SELECT COUNT(*) FROM information_schema.TABLES
             WHERE TABLE_SCHEMA = ${table.schema} AND TABLE_NAME = ${table.name} AND ROW_FORMAT = 'Compressed') AS compressed,
           (SELECT COUNT(*) FROM information_schema.STATISTICS
             WHERE TABLE_SCHEMA = ${table.schema} AND TABLE_NAME = ${table.name} AND INDEX_TYPE = 'FULLTEXT') AS texts`);
  const { version, compressed, texts } = rows[0] as (typeof rows)[number];
  const [add, drop] = /mariadb/i.test(version) ? ['10.3.2', '10.4.0'] : ['8.0.12', '8.0.29'];
  const isPlain = Number(compressed) === 0 && Number(texts) === 0;
  return { add: isPlain && isAtLeast(version, add), drop: isPlain && isAtLeast(version, drop) };
}

/** Compares the three numbers that a version begins with. */
export function isAtLeast(version: string, least: string): boolean {
  const [found, wanted] = [version, least].map((text) => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number));
  for (const [i, number] of (wanted ?? []).entries())
    if (found?.[i] !== number) return (found?.[i] ?? 0) > number;
  return true;
}

/** The type of a key for a column of another table, with its character set and collation where that table has others. */
export async function readType(session: Session, { references, table }: OwnerColumn): Promise<string> {
  const rows = await session.query<{
    type: string;
    charset: string | null;
    collation: string | null;
    own: string | null;
  }>(sql`
    SELECT c.COLUMN_TYPE AS type, c.CHARACTER_SET_NAME AS charset, c.COLLATION_NAME AS collation,
           (SELECT t.TABLE_COLLATION FROM information_schema.TABLES t
             WHERE t.TABLE_SCHEMA = ${table.schema} AND t.TABLE_NAME = ${table.name}) AS own
      FROM information_schema.COLUMNS c
     WHERE c.TABLE_SCHEMA = ${references.table.schema} AND c.TABLE_NAME = ${references.table.name}
       AND c.COLUMN_NAME = ${references.column}`);
  const { type, charset, collation, own } = rows[0] as (typeof rows)[number];
  return collation === null || collation === own
    ? type
    : `${type} CHARACTER SET ${charset} COLLATE ${collation}`;
}

/** An owner column as the server has it. */
export interface ExistingColumn {
  isRequired: boolean;
  /** What stands behind its name in the table's definition. */
  definition: string;
  foreignKey: { name: string; onDelete: OnDelete } | null;
  /** The indexes that it is in, but the primary key. */
  indexes: string[];
}

/** Reads a column that has to be there. */
export async function readColumn(session: Session, owner: OwnerColumn): Promise<ExistingColumn> {
  const { table, column, references } = owner;
  const [created] = await session.query<Record<string, string>>(sql`SHOW CREATE TABLE ${quoteTable(table)}`);
  const isColumn = sql`TABLE_SCHEMA = ${table.schema} AND TABLE_NAME = ${table.name} AND COLUMN_NAME = ${column}`;
  const nullable = await session.query<{ nullable: string }>(
    sql`SELECT IS_NULLABLE AS nullable FROM information_schema.COLUMNS WHERE ${isColumn}`,
  );
  const keys = await session.query<{ name: string; onDelete: OnDelete }>(sql`
    SELECT k.CONSTRAINT_NAME AS name, r.DELETE_RULE AS onDelete
      FROM information_schema.KEY_COLUMN_USAGE k
      JOIN information_schema.REFERENTIAL_CONSTRAINTS r
        ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
     WHERE k.TABLE_SCHEMA = ${table.schema} AND k.TABLE_NAME = ${table.name} AND k.COLUMN_NAME = ${column} AND k.REFERENCED_TABLE_NAME = ${references.table.name}
       AND k.REFERENCED_COLUMN_NAME = ${references.column} ORDER BY 1`);
  const indexes = await session.query<{ name: string }>(sql`
    SELECT DISTINCT INDEX_NAME AS name FROM information_schema.STATISTICS
     WHERE ${isColumn} AND INDEX_NAME <> 'PRIMARY' ORDER BY 1`);
  return {
    isRequired: nullable[0]?.nullable === 'NO',
    definition: findDefinition(created?.['Create Table'] ?? '', column),
    foreignKey: keys[0] ?? null,
    indexes: indexes.map(({ name }) => name),
  };
}

/** One line for each column, its name first. */
function findDefinition(create: string, column: string): string {
  const name = `  \`${column.replaceAll('`', '``')}\` `;
  const line = create.split('\n').find((each) => each.startsWith(name)) ?? '';
  return line.slice(name.length).replace(/,$/, '');
}

/** Texts, and the words that say whether a column may be NULL. */
const NULLITY = /'(?:[^'\\]|''|\\.)*'| (?:NOT NULL|DEFAULT NULL|NULL)\b/g;

/** A definition with other words for whether NULL is allowed; what else it says stays. */
export function defineNullity(definition: string, nullity: 'NULL' | 'NOT NULL'): string {
  const others = definition.replace(NULLITY, (found) => (found.startsWith("'") ? found : ''));
  const at = /(?= (?:COMMENT|DEFAULT|INVISIBLE|ON UPDATE)\b)|$/.exec(others)?.index ?? others.length;
  return `${others.slice(0, at)} ${nullity}${others.slice(at)}`;
}
