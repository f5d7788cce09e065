import type { IsolationMap, ModelMap, RelationMap } from '../isolation/map.ts';
import type { DataModel, DmmfField, DmmfModel } from '../schema/parse.ts';

/** A row as Prisma reads it: its columns by their fields' names. */
export type Row = Record<string, unknown>;

/** A schema: whose rows are whose, and what its columns are made of. */
export interface Shape {
  provider: 'sqlite' | 'postgresql' | 'mysql';
  map: IsolationMap;
  data: DataModel;
}

export function getDmmf({ data }: Shape, name: string): DmmfModel {
  return data.models.find((model) => model.name === name) as DmmfModel;
}

export function getMap({ map }: Shape, name: string): ModelMap {
  return map.models[name] as ModelMap;
}

/** The models whose rows are of one user: those that attempts are made on. */
export function listPrivate({ map }: Shape): string[] {
  return Object.entries(map.models).flatMap(([name, { scope }]) =>
    scope.kind === 'owned' || scope.kind === 'through' ? [name] : [],
  );
}

/** The columns of a model, and none of its relations. */
export function listColumns(shape: Shape, name: string): DmmfField[] {
  return getDmmf(shape, name).fields.filter(({ kind }) => kind !== 'object');
}

/** The field of the owner column, null where a row is its owner's by another row. */
export function ownerFieldOf(shape: Shape, name: string): string | null {
  const { scope } = getMap(shape, name);
  return scope.kind === 'owned' ? scope.field : null;
}

/** The fields by which one row is found: its primary key, or else its first unique key that holds no NULL. */
export function keyFieldsOf(shape: Shape, name: string): string[] {
  return findKey(shape, name)?.fields ?? [];
}

function findKey(shape: Shape, name: string): { name: string | null; fields: string[] } | null {
  const model = getDmmf(shape, name);
  const id = model.fields.find(({ isId }) => isId);
  if (id) return { name: null, fields: [id.name] };
  const isWhole = (fields: readonly string[]) =>
    fields.every((field) => model.fields.find((each) => each.name === field)?.isRequired);
  const single = model.fields.find(({ isUnique, isRequired }) => isUnique && isRequired);
  const found = model.primaryKey ?? (single && { name: null, fields: [single.name] });
  return found ?? model.uniqueIndexes.find(({ fields }) => isWhole(fields)) ?? null;
}

/** One row as `findUnique` is told which. */
export function uniqueWhere(shape: Shape, name: string, row: Row): Row {
  const key = findKey(shape, name);
  const values = pick(row, key?.fields ?? []);
  if (!key || key.fields.length === 1) return values;
  return { [key.name ?? key.fields.join('_')]: values };
}

/** The same as a filter. */
export function plainWhere(shape: Shape, name: string, row: Row): Row {
  return pick(row, keyFieldsOf(shape, name));
}

function pick(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(fields.map((field) => [field, row[field]]));
}

/** The foreign key that makes rows point at `row`. */
export function pointAt({ fields = [], references = [] }: RelationMap, row: Row | null): Row {
  return Object.fromEntries(fields.map((field, index) => [field, row?.[references[index] ?? ''] ?? null]));
}

/** Whether two values of a column are the same, whatever object Prisma made of them. */
function isSame(one: unknown, other: unknown): boolean {
  return toText(one) === toText(other);
}

function toText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

export function hasValues(row: Row | null | undefined, values: Row): boolean {
  return !!row && Object.entries(values).every(([field, value]) => isSame(row[field], value));
}
