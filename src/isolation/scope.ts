import { modelClosed, modelUnknown } from './error.ts';
import type { IsolationMap, ModelMap, RelationMap } from './map.ts';

export type UserId = string | number | bigint;
/** An object as an application hands it to Prisma. */
export type Args = Record<string, unknown>;

/** What every rule needs: the list, and whose client it is. */
export interface Scoping {
  map: IsolationMap;
  userId: UserId;
}

export function getModel({ map }: Scoping, name: string): ModelMap {
  const model = Object.hasOwn(map.models, name) ? map.models[name] : undefined;
  if (!model) throw modelUnknown(name);
  if (model.scope.kind === 'closed') throw modelClosed(name, model.scope.reason);
  return model;
}

export function findRelation(model: ModelMap, field: string): RelationMap | null {
  return Object.hasOwn(model.relations, field) ? (model.relations[field] ?? null) : null;
}

/** The rows of a model that are the user's, as a `where`; null where all rows may be seen. */
export function ownRows(scoping: Scoping, name: string): Args | null {
  const { scope, relations } = getModel(scoping, name);
  if (scope.kind === 'owned')
    // In SQL, NULL is neither equal nor unequal: inside of NOT, a row without an owner would tell what is asked beside this.
    return { [scope.field]: scope.isRequired ? scoping.userId : { equals: scoping.userId, not: null } };
  if (scope.kind !== 'through') return null;
  const next = relations[scope.relation];
  return next ? { [scope.relation]: { is: ownRows(scoping, next.to) ?? {} } } : null;
}

/** The rows of a model that the user may change: of the users, only the own row. */
export function writableRows(scoping: Scoping, name: string): Args | null {
  const isUsers = getModel(scoping, name).scope.kind === 'users';
  return isUsers ? { [scoping.map.ownerKey]: scoping.userId } : ownRows(scoping, name);
}

/** The rows of a model that are not the user's, those without an owner among them; null where all may be seen. */
export function foreignRows(scoping: Scoping, name: string): Args | null {
  const { scope, relations } = getModel(scoping, name);
  if (scope.kind === 'owned') {
    const others = { [scope.field]: { not: scoping.userId } };
    // In SQL, NULL is neither equal nor unequal.
    return scope.isRequired ? others : { OR: [others, { [scope.field]: null }] };
  }
  if (scope.kind !== 'through') return null;
  const next = relations[scope.relation];
  return next ? { [scope.relation]: { isNot: ownRows(scoping, next.to) ?? {} } } : null;
}

/** The rows of a model that no write of the user may change: those that are not the user's, and the other users. */
export function untouchableRows(scoping: Scoping, name: string): Args | null {
  const isUsers = getModel(scoping, name).scope.kind === 'users';
  return isUsers ? { [scoping.map.ownerKey]: { not: scoping.userId } } : foreignRows(scoping, name);
}

/** Whether a row says by one of these fields whose it is. */
export function sayWhose({ scope, relations }: ModelMap, fields: readonly string[]): boolean {
  if (scope.kind === 'owned') return fields.includes(scope.field);
  if (scope.kind !== 'through') return false;
  return relations[scope.relation]?.fields?.some((field) => fields.includes(field)) ?? false;
}

/**
 * All of the conditions at once; null where there are none. What was asked for comes first and stays at the top: an `OR` of
 * nothing lets no row through there, and every row inside of an `AND`.
 */
export function allOf(...conditions: (Args | null | undefined)[]): Args | null {
  const present = conditions.filter(
    (each) => each !== null && each !== undefined && Object.keys(each).length > 0,
  );
  const [first, ...others] = present as Args[];
  return first ? addConditions(first, ...others) : null;
}

/**
 * A unique `where` keeps its key at the top, and takes conditions beside it. They stand in an `AND` of their own: with the owner
 * at the top of an upsert's `where`, Prisma hands the upsert to the database, which overwrites another user's row.
 */
export function addConditions(where: Args, ...conditions: (Args | null)[]): Args {
  const present = conditions.filter((each) => each !== null);
  if (present.length === 0) return where;
  const { AND: given, ...rest } = where;
  return { ...rest, AND: [...(given === undefined ? [] : [given].flat()), ...present] };
}

/** An object literal, and not a Date, a Decimal, bytes, or one of Prisma's own objects. */
export function isPlain(value: unknown): value is Args {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** One thing or a list of them, as Prisma takes it. */
export function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
