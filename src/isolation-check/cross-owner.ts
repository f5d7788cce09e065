import type { Database, Session } from '../database/dialect.ts';
import { join, raw, type Sql, sql } from '../database/sql.ts';
import { tableOf } from '../ownership/target.ts';
import type { Model, PrismaSchema } from '../schema/parse.ts';
import { isTied } from './links.ts';
import { getDmmf, getMap, listPrivate, type Shape } from './shape.ts';

/** Rows of one owner that point at rows of another, from before there were users. */
export interface CrossLinks {
  model: string;
  relation: string;
  to: string;
  rows: number;
}

/** What SQL about tables is made from. */
interface Tables {
  shape: Shape;
  schema: PrismaSchema;
  database: Database;
}

/** Counts them, by relation; those without any are left out. Reads every row of the tables. */
export async function countCrossLinks(session: Session, tables: Tables): Promise<CrossLinks[]> {
  const found: CrossLinks[] = [];
  for (const { model, relation, to, from, owners } of listQueries(tables)) {
    const [row] = await session.query<{ n: bigint | number }>(
      sql`SELECT count(*) AS n FROM ${from} WHERE ${owners[0]} <> ${owners[1]}`,
    );
    const rows = Number(row?.n ?? 0);
    if (rows > 0) found.push({ model, relation, to, rows });
  }
  return found;
}

interface Query {
  model: string;
  relation: string;
  to: string;
  from: Sql;
  owners: [Sql, Sql];
}

function listQueries(tables: Tables): Query[] {
  const { shape } = tables;
  const owned = listPrivate(shape);
  return owned.flatMap((model) =>
    Object.entries(getMap(shape, model).relations).flatMap(([field, relation]): Query[] => {
      const { to } = relation;
      if (!owned.includes(to) || isTied(shape, { model, field, relation })) return [];
      if (relation.fields) return [throughForeignKey(tables, { model, field, to })];
      const back = getMap(shape, to).relations[relation.opposite];
      const isFirst = model < to || (model === to && field <= relation.opposite);
      return back && relation.isList && back.isList && isFirst
        ? [throughPairs(tables, { model, field, to })]
        : [];
    }),
  );
}

interface Place {
  model: string;
  field: string;
  to: string;
}

function throughForeignKey(tables: Tables, { model, field, to }: Place): Query {
  const one = ownerOf(tables, model, 'c');
  const other = ownerOf(tables, to, 'p');
  const on = matchKeys(tables, { model, field, to }, ['c', 'p']);
  const from = sql`${named(tables, model, 'c')} JOIN ${named(tables, to, 'p')} ON ${on} ${one.joins} ${other.joins}`;
  return { model, relation: field, to, from, owners: [one.owner, other.owner] };
}

/** Prisma keeps the pairs in a table of its own, with the columns A and B. */
function throughPairs(tables: Tables, { model, field, to }: Place): Query {
  const { dialect, url } = tables.database;
  const { relationName = '' } = getDmmf(tables.shape, model).fields.find(({ name }) => name === field) ?? {};
  const { schema } = tableOf(findModel(tables, model), url.defaultSchema);
  const pairs = dialect.table({ schema, name: `_${relationName}` });
  const one = ownerOf(tables, model, 'c');
  const other = ownerOf(tables, to, 'p');
  const key = (name: string, alias: string) => column(tables, name, alias, keyOf(tables, name));
  const of = (letter: string) => sql`j.${dialect.quote(letter)}`;
  const from = sql`${pairs} j
    JOIN ${named(tables, model, 'c')} ON ${key(model, 'c')} = ${of('A')}
    JOIN ${named(tables, to, 'p')} ON ${key(to, 'p')} = ${of('B')} ${one.joins} ${other.joins}`;
  return { model, relation: field, to, from, owners: [one.owner, other.owner] };
}

/** The owner of a row, with the tables on the way to it. */
function ownerOf(tables: Tables, model: string, alias: string): { joins: Sql; owner: Sql } {
  const { scope, relations } = getMap(tables.shape, model);
  if (scope.kind === 'owned') return { joins: raw(''), owner: column(tables, model, alias, scope.field) };
  const relation = scope.kind === 'through' ? scope.relation : '';
  const to = relations[relation]?.to ?? '';
  const next = `${alias}x`;
  const on = matchKeys(tables, { model, field: relation, to }, [alias, next]);
  const further = ownerOf(tables, to, next);
  return { joins: sql`JOIN ${named(tables, to, next)} ON ${on} ${further.joins}`, owner: further.owner };
}

function matchKeys(tables: Tables, { model, field, to }: Place, [one, other]: [string, string]): Sql {
  const { fields = [], references = [] } = getMap(tables.shape, model).relations[field] ?? {};
  const pairs = fields.map(
    (name, index) =>
      sql`${column(tables, model, one, name)} = ${column(tables, to, other, references[index] ?? '')}`,
  );
  return join(pairs, ' AND ');
}

function findModel({ schema }: Tables, name: string): Model {
  return schema.models.find((model) => model.name === name) as Model;
}

function keyOf(tables: Tables, name: string): string {
  return findModel(tables, name).uniqueKeys[0]?.[0] ?? '';
}

function named(tables: Tables, name: string, alias: string): Sql {
  const { dialect, url } = tables.database;
  return sql`${dialect.table(tableOf(findModel(tables, name), url.defaultSchema))} ${raw(alias)}`;
}

function column(tables: Tables, model: string, alias: string, field: string): Sql {
  const found = findModel(tables, model).fields.find(({ name }) => name === field);
  return sql`${raw(alias)}.${tables.database.dialect.quote(found?.column ?? field)}`;
}
