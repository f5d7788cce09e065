import { fieldUnknown } from './error.ts';
import { isToOwner, noteAsked, noteChanged, noteDeleted, noteMoved, noteUpserted } from './asked.ts';
import { cascadesReachOwn, pointedAtByOwn } from './guard.ts';
import { LINKING, linkable, listNeeds, type NestedPlace, refuseLinking, refuseUnowning } from './linking.ts';
import type { RelationMap } from './map.ts';
import { asArgs, scopeWhere } from './filter.ts';
import {
  type Args,
  addConditions,
  allOf,
  getModel,
  isPlain,
  ownRows,
  type Scoping,
  toList,
  writableRows,
} from './scope.ts';
import { type Demands, type Place, scopeCreate, scopeUpdate } from './write.ts';

type Verb = (scoping: Scoping, place: NestedPlace, value: unknown, demands: Demands) => unknown;

/** Rewrites the writes that reach other rows through a relation, so that they reach rows of the user alone. */
export function scopeNested(scoping: Scoping, place: NestedPlace, value: unknown, demands: Demands): Args {
  const { name, key, relation } = place;
  getModel(scoping, relation.to);
  const scoped: Args = {};
  for (const [verb, each] of Object.entries(asArgs(value, name, key))) {
    if (each === undefined) continue;
    const rewrite = Object.hasOwn(VERBS, verb) ? VERBS[verb as keyof typeof VERBS] : undefined;
    if (!rewrite) throw fieldUnknown(name, `${key}.${verb}`, 'data');
    refuseUnowning(scoping, place, verb);
    if (LINKING.has(verb)) refuseLinking(scoping, place);
    noteVerb(scoping, place, verb, demands);
    scoped[verb] = rewrite(scoping, place, each, demands);
  }
  demands.needs.push(...listNeeds(scoping, place, Object.keys(scoped)));
  return scoped;
}

const LINKING_ROWS = new Set(['connect', 'connectOrCreate', 'set']);
const IN_PLACE = new Set(['update', 'updateMany']);

/** Notes what a write does to rows that are there: of what is changed by an `update`, it says so itself. */
function noteVerb(scoping: Scoping, place: NestedPlace, verb: string, { course }: Demands): void {
  const { name, key, relation, isNew } = place;
  if (verb === 'delete' || verb === 'deleteMany') noteDeleted(scoping, relation.to, course);
  // A new row hangs on others from the beginning.
  if ((isNew && relation.fields) || isToOwner(scoping, name, key)) return;
  const isLink = LINKING_ROWS.has(verb);
  const isMade = relation.fields !== undefined && (verb === 'create' || verb === 'upsert');
  if (isLink || isMade) noteMoved(scoping, { name, key, isLink }, course);
  const back = getModel(scoping, relation.to).relations[relation.opposite];
  if (!isLink && verb !== 'disconnect' && (relation.isList || IN_PLACE.has(verb))) return;
  if (!relation.fields) noteChanged(scoping, relation.to, back?.fields ?? [], course);
}

function each(value: unknown, rewrite: (one: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(rewrite) : rewrite(value);
}

function uniqueWhere(scoping: Scoping, to: string, where: unknown, conditions: (Args | null)[]): Args {
  return addConditions(scopeWhere(scoping, to, where), ...conditions);
}

const connect: Verb = (scoping, place, value) =>
  each(value, (one) => uniqueWhere(scoping, place.relation.to, one, linkable(scoping, place)));

const create: Verb = (scoping, place, value, demands) =>
  each(value, (one) => scopeCreate(scoping, rowOf(place), one, { ...demands, needs: [] }));

/** The row at the other end of a relation. */
function rowOf({ relation, returned }: NestedPlace): Place {
  return { name: relation.to, via: relation.opposite, ...(returned && { returned: returned.below }) };
}

const createMany: Verb = (scoping, { name, key, relation }, value, demands) => {
  const { data, skipDuplicates, ...others } = asArgs(value, name, key);
  refuseOthers(name, key, others);
  const place = { name: relation.to, via: relation.opposite, isFlat: true };
  const rows = toList(data).map((one) => scopeCreate(scoping, place, one, { ...demands, needs: [] }));
  return { data: rows, ...(skipDuplicates === undefined ? {} : { skipDuplicates }) };
};

const connectOrCreate: Verb = (scoping, place, value, demands) =>
  each(value, (one) => {
    const { where, create: data, ...others } = asArgs(one, place.name, place.key);
    refuseOthers(place.name, place.key, others);
    return { where: connect(scoping, place, where, demands), create: create(scoping, place, data, demands) };
  });

/** `true`, or which row. Rows that are not the user's are not let go. */
const disconnect: Verb = (scoping, { relation }, value) => {
  const isColumn = getModel(scoping, relation.to).relations[relation.opposite]?.fields !== undefined;
  const own = isColumn ? writableRows(scoping, relation.to) : ownRows(scoping, relation.to);
  if (value === false) return false;
  // The foreign key is the row's own: it may be emptied whatever it pointed at.
  const back = getModel(scoping, relation.to).relations[relation.opposite]?.fields ?? [];
  const needs = pointedAtByOwn(scoping, relation.to, back);
  if (value === true) return relation.fields ? true : (allOf(own, ...needs) ?? true);
  if (relation.isList) return each(value, (one) => uniqueWhere(scoping, relation.to, one, [own, ...needs]));
  return allOf(scopeWhere(scoping, relation.to, value), own, ...needs) ?? {};
};

const remove: Verb = (scoping, { relation }, value) => {
  const conditions = [writableRows(scoping, relation.to), cascadesReachOwn(scoping, relation.to)];
  if (value === false) return false;
  if (value === true) return allOf(...conditions) ?? true;
  if (relation.isList) return each(value, (one) => uniqueWhere(scoping, relation.to, one, conditions));
  return allOf(scopeWhere(scoping, relation.to, value), ...conditions) ?? {};
};

const deleteMany: Verb = (scoping, place, value, demands) =>
  each(value, (one) => {
    const guard = cascadesReachOwn(scoping, place.relation.to);
    return matchMany(scoping, place, { where: one, guards: guard ? [guard] : [] }, demands);
  });

/**
 * Prisma takes columns alone here. What is to be said about relations is said of the row above: none of the rows that hang on
 * it and match may be one that must not be touched.
 */
function matchMany(
  scoping: Scoping,
  { name, key, relation }: NestedPlace,
  { where, guards }: { where: unknown; guards: Args[] },
  demands: Demands,
): Args {
  const { scope } = getModel(scoping, relation.to);
  const given = where === undefined ? null : scopeWhere(scoping, relation.to, where);
  const writable = writableRows(scoping, relation.to);
  const hangsHere = scope.kind === 'through' && scope.relation === relation.opposite;
  const isColumns = scope.kind !== 'through';
  const isOwnParent = ownRows(scoping, name) !== null;
  const matched = allOf(given, isColumns ? writable : null);
  const conditions = [...guards, ...(isColumns || !writable || (hangsHere && isOwnParent) ? [] : [writable])];
  if (conditions.length === 0) return matched ?? {};
  const { course } = demands;
  const asked = course.isBroad ? (isColumns ? writable : null) : matched;
  if (given !== null && Object.keys(given).length > 0) course.matches.add(relation.to);
  const need = { [key]: { none: allOf(asked, { NOT: { AND: conditions } }) ?? {} } };
  demands.needs.push(need);
  noteAsked(scoping, name, need, course);
  return matched ?? {};
}

const update: Verb = (scoping, place, value, demands) =>
  each(value, (one) => {
    const { relation } = place;
    const { where, data } = readUpdate(scoping, place, one);
    const inner: Demands = { ...demands, needs: [] };
    const scoped = scopeUpdate(scoping, rowOf(place), data, inner);
    const conditions = [writableRows(scoping, relation.to), ...inner.needs];
    return { ...matched(scoping, relation, where, conditions), data: scoped };
  });

/** A row of a list is found by its key, which stays at the top; the one row of another relation by any filter. */
function matched(
  scoping: Scoping,
  { to, isList }: RelationMap,
  where: unknown,
  conditions: (Args | null)[],
): { where?: Args } {
  if (isList) return { where: uniqueWhere(scoping, to, where, conditions) };
  const all = allOf(where === undefined ? null : scopeWhere(scoping, to, where), ...conditions);
  return all ? { where: all } : {};
}

/** `{ where, data }`, or the data alone where there is one row. */
function readUpdate(scoping: Scoping, { name, key, relation }: NestedPlace, value: unknown): Args {
  const given = asArgs(value, name, key);
  const isWrapped =
    Object.keys(given).every((each) => each === 'where' || each === 'data') && isPlain(given.data);
  if (relation.isList && !isWrapped) throw fieldUnknown(name, key, 'data');
  const { scalars } = getModel(scoping, relation.to);
  if (isWrapped && !relation.isList && (scalars.includes('data') || scalars.includes('where')))
    throw fieldUnknown(relation.to, 'data', `${key}.update`);
  return isWrapped ? given : { data: given };
}

const updateMany: Verb = (scoping, place, value, demands) =>
  each(value, (one) => {
    const { name, key, relation } = place;
    const { where, data, ...others } = asArgs(one, name, key);
    refuseOthers(name, key, others);
    const inner: Demands = { ...demands, needs: [] };
    const row = { name: relation.to, via: relation.opposite, isFlat: true };
    const scoped = scopeUpdate(scoping, row, data, inner);
    return { where: matchMany(scoping, place, { where, guards: inner.needs }, demands), data: scoped };
  });

const upsert: Verb = (scoping, place, value, demands) =>
  each(value, (one) => {
    const { name, key, relation } = place;
    const { where, create: created, update: data, ...others } = asArgs(one, name, key);
    refuseOthers(name, key, others);
    const inner: Demands = { ...demands, needs: [] };
    const scoped = scopeUpdate(scoping, rowOf(place), data, inner);
    const conditions = [writableRows(scoping, relation.to), ...inner.needs];
    const both = { create: create(scoping, place, created, demands), update: scoped };
    if (!relation.fields || relation.isRequired || where !== undefined)
      return { ...matched(scoping, relation, where, conditions), ...both };
    // Prisma 7 fails to create where it has a filter and the row holds the foreign key: so it is said of the row above.
    const all = allOf(...conditions);
    if (!all) return both;
    demands.needs.push({ OR: [{ [key]: null }, { [key]: { is: all } }] });
    noteAsked(scoping, relation.to, all, demands.course);
    noteUpserted(scoping, name, key, demands.course);
    return both;
  });

function refuseOthers(name: string, key: string, others: Args): void {
  const [other] = Object.keys(others).filter((each) => others[each] !== undefined);
  if (other !== undefined) throw fieldUnknown(name, other, `data.${key}`);
}

const VERBS = {
  create,
  createMany,
  connectOrCreate,
  connect,
  set: connect,
  disconnect,
  delete: remove,
  deleteMany,
  update,
  updateMany,
  upsert,
} satisfies Record<string, Verb>;
