import type { DmmfField } from '../schema/parse.ts';
import { type Attempt, hasRows, type Plan } from './plan.ts';
import { getDmmf, keyFieldsOf, type Row, type Shape } from './shape.ts';
import type { RawCall, Side, World } from './world.ts';

/** The attempts to get at a row by SQL that does not say that it is meant for all users. */
export function listRawAttempts(shape: Shape, model: string): Attempt[] {
  const of = (operation: string, make: (world: World, side: Side) => Plan): Attempt => {
    return { model, operation, kind: 'raw', isAll: true, plan: make };
  };
  const { quote, table } = createNames(shape, model);
  return [
    of('$queryRaw', (world, side) => {
      const { where, values } = findRow(world, model, world.row(side, model));
      const sql = `SELECT 1 AS found FROM ${table} WHERE ${where}`;
      return { call: { raw: '$queryRawUnsafe', sql, values }, happened: hasRows };
    }),
    of('$executeRaw', (world, side) => {
      const { where, values } = findRow(world, model, world.row(side, model));
      const [first] = keyFieldsOf(shape, model);
      const column = quote(columnOf(getDmmf(shape, model).fields.find(({ name }) => name === first)));
      const sql = `DELETE FROM ${table} WHERE ${where} AND ${column} IS NOT NULL`;
      const call: RawCall = { raw: '$executeRawUnsafe', sql, values };
      return { call, happened: (count) => Number(count ?? 0) > 0 };
    }),
  ];
}

function createNames(shape: Shape, model: string): { quote: (name: string) => string; table: string } {
  const sign = shape.provider === 'mysql' ? '`' : '"';
  const quote = (name: string) => `${sign}${name.replaceAll(sign, sign + sign)}${sign}`;
  const { name, dbName, schema } = getDmmf(shape, model);
  const table = [...(schema ? [schema] : []), dbName ?? name].map(quote).join('.');
  return { quote, table };
}

function columnOf(field: DmmfField | undefined): string {
  return field?.dbName ?? field?.name ?? '';
}

/** By the key, so that an index finds it. */
function findRow({ shape }: World, model: string, row: Row): { where: string; values: unknown[] } {
  const { quote } = createNames(shape, model);
  const values: unknown[] = [];
  const conditions = keyFieldsOf(shape, model).map((name) => {
    const field = getDmmf(shape, model).fields.find((each) => each.name === name);
    const value = row[name];
    const column = quote(columnOf(field));
    if (typeof value === 'number' || typeof value === 'bigint') return `${column} = ${value}`;
    values.push(value);
    if (shape.provider !== 'postgresql') return `${column} = ?`;
    if (field?.nativeType?.[0] === 'Uuid') return `${column} = CAST($${values.length} AS uuid)`;
    return field?.kind === 'enum' ? `${column}::text = $${values.length}` : `${column} = $${values.length}`;
  });
  return { where: conditions.join(' AND '), values };
}
