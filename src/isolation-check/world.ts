import type { UserId } from '../isolation/scope.ts';
import type { DmmfField } from '../schema/parse.ts';
import { CannotMake, makeValue, type Seed } from './make-row.ts';
import {
  getDmmf,
  getMap,
  keyFieldsOf,
  listColumns,
  ownerFieldOf,
  pointAt,
  type Row,
  type Shape,
} from './shape.ts';

/** a: the user who tries. b: the other one. */
export type Side = 'a' | 'b';

/** An operation of a client; `then` is the relation that is read from its answer: `client.user.findUnique(...).posts()`. */
export interface Call {
  model: string;
  method: string;
  args: Row;
  then?: { field: string; args: Row };
}

/** SQL of the application. */
export interface RawCall {
  raw: '$queryRawUnsafe' | '$executeRawUnsafe';
  sql: string;
  values: unknown[];
}

/** An operation that no client scopes; under row-level security it is this user's. */
export interface Step extends Call {
  as: Side;
}

/** Rows that are in the database: of each user, one of each model, and of shared models one for both. */
export interface Samples {
  users: Record<Side, UserId | null>;
  rows: Record<Side, Readonly<Record<string, Row>>>;
}

/** The rows of one attempt, and how those of them come about that are not in the database. */
export interface World {
  shape: Shape;
  isMade: boolean;
  /** The row of a user; those after the first are always made. Throws CannotMake. */
  row: (side: Side, model: string, nth?: number) => Row;
  /** The columns of a row that is yet to be created, as a user's own. */
  fresh: (side: Side, model: string) => Row;
  /** A value for a column that no row has. */
  value: (model: string, field: DmmfField) => unknown;
  userId: (side: Side) => UserId;
  /** What has to be done before the attempt. */
  steps: Step[];
}

const DEEPEST = 12;

/**
 * The rows of one attempt: those in the database where they are there, or all made for it. Asking for a row adds the steps that
 * make it. Pure: the same seed makes the same rows.
 */
export function createWorld(
  shape: Shape,
  samples: Samples,
  { seed, isMade }: { seed: Seed; isMade: boolean },
): World {
  const steps: Step[] = [];
  const made = new Map<string, Row>();
  const counts = new Map<string, number>();
  let count = 0;
  const make = (side: Side, model: string, depth: number): Row => {
    if (depth > DEEPEST) throw new CannotMake(`a row of ${model} needs another one first, without end`);
    count += 1;
    const n = count;
    const of = (counts.get(model) ?? 0) + 1;
    counts.set(model, of);
    return makeColumns(shape, model, {
      value: (field) => makeValue(shape, field, { model, n, of }, seed),
      owner: () => userId(side),
      // Where a key is made of what it points at, only a row that is new points at nothing that is taken.
      parent: (to, isKey) => get(side, to, { nth: isKey ? n + 1 : 1, depth: depth + 1 }),
    });
  };
  const get = (given: Side, model: string, { nth, depth }: { nth: number; depth: number }): Row => {
    const { kind } = getMap(shape, model).scope;
    const isShared = kind === 'shared' || kind === 'closed';
    const side = isShared ? 'a' : given;
    const sample = samples.rows[side][model];
    const isUsed = nth === 1 && sample !== undefined && (!isMade || isShared);
    if (isUsed) return sample;
    const name = `${side} ${model} ${nth}`;
    const found = made.get(name);
    if (found) return found;
    if (kind === 'closed') throw new CannotMake(`whose the rows of ${model} are is not decided`);
    const row = make(side, model, depth);
    made.set(name, row);
    steps.push({ as: side, model, method: 'create', args: { data: row } });
    return row;
  };
  const userId = (side: Side): UserId => {
    const { ownerModel, ownerKey } = shape.map;
    if (!isMade && samples.users[side] !== null) return samples.users[side];
    return get(side, ownerModel, { nth: 1, depth: 1 })[ownerKey] as UserId;
  };
  return {
    shape,
    isMade,
    steps,
    userId,
    row: (side, model, nth = 1) => get(side, model, { nth, depth: 1 }),
    fresh: (side, model) => make(side, model, 1),
    value: (model, field) => {
      count += 1;
      return makeValue(shape, field, { model, n: count, of: count }, seed);
    },
  };
}

interface Makers {
  value: (field: DmmfField) => unknown;
  owner: () => UserId;
  parent: (model: string, isKey: boolean) => Row;
}

/** Only what a row cannot do without, and every key, so that the row is found again. */
function makeColumns(shape: Shape, model: string, { value, owner, parent }: Makers): Row {
  const row: Row = {};
  const ownerField = ownerFieldOf(shape, model);
  const { relations, scope } = getMap(shape, model);
  const needed = listNeeded(shape, model);
  for (const [name, relation] of Object.entries(relations)) {
    const fields = relation.fields ?? [];
    const isWay = scope.kind === 'through' && scope.relation === name;
    if (fields.length === 0 || fields.every((field) => field === ownerField || field in row)) continue;
    const isNeeded = fields.some(
      (field) => field !== ownerField && needed.some((each) => each.name === field),
    );
    if (!isWay && !isNeeded) continue;
    const isKey = fields.some((field) => isInKey(shape, model, field));
    Object.assign(row, pointAt(relation, parent(relation.to, isKey)));
  }
  if (ownerField !== null) row[ownerField] = owner();
  for (const field of needed) if (!(field.name in row)) row[field.name] = value(field);
  return row;
}

function isInKey(shape: Shape, model: string, field: string): boolean {
  const { fields, primaryKey, uniqueFields } = getDmmf(shape, model);
  const keys = [...(primaryKey?.fields ?? []), ...uniqueFields.flat()];
  return keys.includes(field) || fields.some((each) => each.name === field && (each.isUnique || each.isId));
}

function listNeeded(shape: Shape, model: string): DmmfField[] {
  const keys = new Set([...keyFieldsOf(shape, model), ...listReferenced(shape, model)]);
  return listColumns(shape, model).filter(
    (field) =>
      keys.has(field.name) || (field.isRequired && field.default === undefined && !isUpdatedAt(field)),
  );
}

/** The fields that foreign keys of other models point at. */
function listReferenced(shape: Shape, model: string): string[] {
  return shape.data.models.flatMap(({ fields }) =>
    fields.flatMap(({ type, relationToFields = [] }) => (type === model ? relationToFields : [])),
  );
}

function isUpdatedAt(field: DmmfField): boolean {
  return (field as { isUpdatedAt?: boolean }).isUpdatedAt === true;
}

/** A column that can be changed without changing whose a row is or what it hangs on, with its new value; null where there is none. */
export function findChange(world: World, model: string, row: Row): Row | null {
  const { shape } = world;
  const { relations } = getMap(shape, model);
  const taken = new Set([
    ...keyFieldsOf(shape, model),
    ...listReferenced(shape, model),
    ...Object.values(relations).flatMap(({ fields = [] }) => fields),
    ownerFieldOf(shape, model) ?? '',
    ...getDmmf(shape, model).uniqueFields.flat(),
  ]);
  const order = ['String', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Boolean'];
  const rank = ({ type, isUnique }: DmmfField) => order.indexOf(type) + (isUnique ? order.length : 0);
  const [field] = listColumns(shape, model)
    .filter((each) => !taken.has(each.name) && each.kind === 'scalar' && !each.isList)
    .filter((each) => order.includes(each.type) && !isUpdatedAt(each))
    .sort((one, other) => rank(one) - rank(other));
  if (!field) return null;
  return { [field.name]: field.type === 'Boolean' ? row[field.name] !== true : world.value(model, field) };
}
