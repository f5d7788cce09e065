import { quoteStandard } from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';
import { type ForeignKey, type Index, type KeyDialect, nameIndex, type TableKeys } from './keys.ts';
import { sql } from './sql.ts';

/** Names have no limit that anybody reaches. */
const MAX_NAME = 10_000;

/** https://www.sqlite.org/pragma.html */
export const sqliteKeys: KeyDialect = {
  inspect,
  createIndex: ({ table }, index) => {
    const columns = index.columns.map(quoteStandard).join(', ');
    const unique = index.isUnique ? 'UNIQUE ' : '';
    const name = quoteStandard(nameIndex(table, index, MAX_NAME));
    return `CREATE ${unique}INDEX ${name} ON ${quoteStandard(table.name)}(${columns});`;
  },
  dropIndex: (_, { name, isConstraint }) => (isConstraint ? null : `DROP INDEX ${quoteStandard(name)};`),
  standsAlone: false,
  // The file's own lock is the only one.
  findMigrationLock: async () => null,
};

async function inspect(session: Session, { name: table }: TableName): Promise<TableKeys> {
  const indexed = await session.query<{
    index: string;
    name: string | null;
    unique: bigint;
    origin: string;
    partial: bigint;
  }>(sql`
    SELECT l.name AS "index", i.name AS name, l."unique" AS "unique", l.origin AS origin, l.partial AS partial
      FROM pragma_index_list(${table}, 'main') l, pragma_index_info(l.name, 'main') i ORDER BY l.name, i.seqno`);
  const keyed = await session.query<{ name: string }>(
    sql`SELECT name FROM pragma_table_info(${table}, 'main') WHERE pk > 0 ORDER BY pk`,
  );
  const referring = await session.query<{ id: bigint; from: string; table: string; rule: string }>(sql`
    SELECT id, "from" AS "from", "table" AS "table", on_delete AS rule FROM pragma_foreign_key_list(${table}, 'main') ORDER BY id, seq`);
  const indexes = [...new Set(indexed.map(({ index }) => index))].map((name): Index => {
    const rows = indexed.filter(({ index }) => index === name);
    const [{ unique, origin, partial }] = rows as [(typeof rows)[number]];
    return {
      name,
      columns: rows.map((row) => row.name),
      isUnique: Number(unique) === 1,
      isPrimary: origin === 'pk',
      isWhole: Number(partial) === 0,
      isConstraint: origin !== 'c',
      state: 'valid',
      rebuild: null,
    };
  });
  const hasKey = keyed.length === 0 || indexes.some(({ isPrimary }) => isPrimary);
  return {
    indexes: hasKey ? indexes : [rowidKey(keyed.map(({ name }) => name)), ...indexes],
    foreignKeys: [...new Set(referring.map(({ id }) => id))].map((id): ForeignKey => {
      const rows = referring.filter((row) => row.id === id);
      const [{ table: to, rule }] = rows as [(typeof rows)[number]];
      return { columns: rows.map(({ from }) => from), table: to, onDelete: rule as ForeignKey['onDelete'] };
    }),
    isPartitioned: false,
  };
}

/** INTEGER PRIMARY KEY is the number of the row, by which the table itself is kept in order. */
function rowidKey(columns: string[]): Index {
  return {
    name: '',
    columns,
    isUnique: true,
    isPrimary: true,
    isWhole: true,
    isConstraint: true,
    state: 'valid',
    rebuild: null,
  };
}
