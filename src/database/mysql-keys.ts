import type { Session, TableName } from './dialect.ts';
import {
  type ForeignKey,
  type Index,
  type KeyDialect,
  type MigrationLock,
  nameIndex,
  type TableKeys,
} from './keys.ts';
import { quote } from './mysql-sql.ts';
import { sql } from './sql.ts';

/** The longest name; Prisma counts bytes. */
const MAX_NAME = 64;
/** The lock that Prisma's schema engine takes for a migration; it is the server's, whatever the database. */
const PRISMA_LOCK = 'prisma_migrate';
/** DROP INDEX takes these words on MySQL only. */
const ONLINE = 'ALGORITHM=INPLACE, LOCK=NONE';

/** Tables of `database` are named without it, as a shadow database needs it. */
export function createMysqlKeys(database: string): KeyDialect {
  const quoteTable = ({ schema, name }: TableName) =>
    schema === database ? quote(name).sql : `${quote(schema).sql}.${quote(name).sql}`;
  return {
    inspect,
    createIndex: ({ table }, index) => {
      const columns = index.columns.map((column) => quote(column).sql).join(', ');
      const unique = index.isUnique ? 'UNIQUE ' : '';
      const name = quote(nameIndex(table, index, MAX_NAME)).sql;
      return `ALTER TABLE ${quoteTable(table)} ADD ${unique}INDEX ${name}(${columns}), ${ONLINE};`;
    },
    dropIndex: ({ table }, { name }) =>
      `ALTER TABLE ${quoteTable(table)} DROP INDEX ${quote(name).sql}, ${ONLINE};`,
    standsAlone: false,
    findMigrationLock,
  };
}

async function inspect(session: Session, table: TableName): Promise<TableKeys> {
  const isTable = sql`TABLE_SCHEMA = ${table.schema} AND TABLE_NAME = ${table.name}`;
  const indexed = await session.query<{
    name: string;
    col: string | null;
    part: bigint | null;
    other: bigint;
  }>(sql`
    SELECT INDEX_NAME AS name, COLUMN_NAME AS col, SUB_PART AS part, NON_UNIQUE AS other
      FROM information_schema.STATISTICS WHERE ${isTable} ORDER BY INDEX_NAME, SEQ_IN_INDEX`);
  const referring = await session.query<{ name: string; col: string; to: string; rule: string }>(sql`
    SELECT k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS col, k.REFERENCED_TABLE_NAME AS ${quote('to')}, r.DELETE_RULE AS rule
      FROM information_schema.KEY_COLUMN_USAGE k
      JOIN information_schema.REFERENTIAL_CONSTRAINTS r
        ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
     WHERE k.TABLE_SCHEMA = ${table.schema} AND k.TABLE_NAME = ${table.name} AND k.REFERENCED_TABLE_NAME IS NOT NULL
     ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION`);
  const namesOf = (rows: readonly { name: string }[]) => [...new Set(rows.map(({ name }) => name))];
  return {
    indexes: namesOf(indexed).map((name): Index => {
      const rows = indexed.filter((row) => row.name === name);
      return {
        name,
        columns: rows.map(({ col, part }) => (part === null ? col : null)),
        isUnique: Number(rows[0]?.other) === 0,
        isPrimary: name === 'PRIMARY',
        isWhole: true,
        isConstraint: false,
        state: 'valid',
        rebuild: null,
      };
    }),
    foreignKeys: namesOf(referring).map((name): ForeignKey => {
      const rows = referring.filter((row) => row.name === name);
      const [{ to, rule }] = rows as [(typeof rows)[number]];
      return { columns: rows.map(({ col }) => col), table: to, onDelete: rule as ForeignKey['onDelete'] };
    }),
    // Its partitions are no tables.
    isPartitioned: false,
  };
}

/** The list of sessions has only this user's own, unless it has the right PROCESS. */
async function findMigrationLock(session: Session): Promise<MigrationLock | null> {
  const rows = await session.query<{
    id: bigint | null;
    user: string | null;
    state: string | null;
    seconds: bigint | null;
  }>(sql`
    SELECT l.id AS id, p.USER AS user, p.COMMAND AS state, p.TIME AS seconds
      FROM (SELECT IS_USED_LOCK(${PRISMA_LOCK}) AS id) l LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id`);
  const { id = null, user = null, state = null, seconds = null } = rows[0] ?? {};
  if (id === null) return null;
  return {
    session: String(id),
    application: user ?? '',
    state,
    seconds: seconds === null ? null : Number(seconds),
    end: `KILL ${id};`,
  };
}
