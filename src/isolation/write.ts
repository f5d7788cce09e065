import { fieldUnknown, linkUnknown, modelClosed, ownerForged, writeRefused } from './error.ts';
import { type Course, isToOwner, noteChanged, noteMoved } from './asked.ts';
import { pointedAtByOwn } from './guard.ts';
import type { ModelMap, RelationMap } from './map.ts';
import { scopeNested } from './nested.ts';
import { asArgs } from './filter.ts';
import type { Returned } from './read.ts';
import { type Args, findRelation, getModel, isPlain, type Scoping, type UserId } from './scope.ts';

/** Rows that a write would point at by the plain values of a foreign key: they must be the user's, which a read tells. */
export interface Link {
  model: string;
  relation: string;
  to: string;
  key: Record<string, unknown>;
  /** What must be true of the row beside. */
  needs?: Args[];
}

/** What a write needs beside its data. */
export interface Demands {
  /** What must be true of rows that it points at. */
  links: Link[];
  /** What must be true of the row that is written, as further conditions of its `where`. */
  needs: Args[];
  course: Course;
}

export interface Place {
  name: string;
  /** The relation back to the row that this one is written with: Prisma sets its foreign key. */
  via?: string;
  /** `createMany` and `updateMany` take columns alone. */
  isFlat?: boolean;
  /** What is returned with the row that is written. */
  returned?: Returned;
}

/** Rewrites the data of a row that is created: its owner is the user, and it points at rows of the user alone. */
export function scopeCreate(scoping: Scoping, place: Place, data: unknown, demands: Demands): Args {
  const model = getModel(scoping, place.name);
  const scoped = scopeFields(scoping, { ...place, isNew: true }, asArgs(data, place.name, 'data'), demands);
  collectLinks(scoping, { ...place, isNew: true }, scoped, demands);
  const { scope, relations } = model;
  if (scope.kind === 'through' && place.via !== scope.relation) requireWay(model, place.name, scoped);
  if (scope.kind !== 'owned') return scoped;
  const { [scope.field]: _, ...rest } = scoped;
  if (scope.relation !== null && place.via === scope.relation) return rest;
  if (scope.relation !== null && !place.isFlat && isChecked(model, scoped)) {
    return { ...rest, [scope.relation]: { connect: connectOwner(scoping, model, scope.relation) } };
  }
  // Prisma takes the owner from the row that this one is created with, which is the user's.
  if (place.via !== undefined && relations[place.via]?.fields?.includes(scope.field)) return rest;
  return { ...rest, [scope.field]: scoping.userId };
}

/** The user, whose one row of a one-to-one is not let go. */
function connectOwner(scoping: Scoping, { relations }: ModelMap, key: string): Args {
  const { to = '', opposite = '' } = relations[key] ?? {};
  const back = scoping.map.models[to]?.relations[opposite];
  const isOne = back !== undefined && !back.isList;
  return { [scoping.map.ownerKey]: scoping.userId, ...(isOne ? { [opposite]: null } : {}) };
}

/** Rewrites the data of a row that is changed: its owner stays, and it points at rows of the user alone. */
export function scopeUpdate(scoping: Scoping, place: Place, data: unknown, demands: Demands): Args {
  const model = getModel(scoping, place.name);
  const scoped = scopeFields(scoping, { ...place, isNew: false }, asArgs(data, place.name, 'data'), demands);
  collectLinks(scoping, { ...place, isNew: false }, scoped, demands);
  const changed = Object.keys(scoped).filter(
    (key) => scoped[key] !== undefined && model.scalars.includes(key),
  );
  const linked = Object.entries(model.relations).flatMap(([key, { fields = [] }]) => {
    const verbs = isPlain(scoped[key]) ? Object.keys(scoped[key]) : [];
    return verbs.some((verb) => verb !== 'update') ? fields : [];
  });
  demands.needs.push(...pointedAtByOwn(scoping, place.name, [...changed, ...linked]));
  for (const [key, { fields }] of Object.entries(model.relations))
    if (fields?.some((field) => changed.includes(field)) && !isToOwner(scoping, place.name, key))
      noteMoved(scoping, { name: place.name, key, isLink: true }, demands.course);
  // Of the row at the top, nothing is asked by its columns; the database may set further ones of a row that is changed.
  if (place.via !== undefined) noteChanged(scoping, place.name, Object.keys(scoped), demands.course);
  const { ownerKey } = scoping.map;
  if (model.scope.kind === 'users' && changed.includes(ownerKey) && !isUser(scoped[ownerKey], scoping.userId))
    throw ownerForged(place.name, ownerKey);
  return scoped;
}

interface DataPlace extends Place {
  isNew: boolean;
}

function scopeFields(scoping: Scoping, place: DataPlace, data: Args, demands: Demands): Args {
  const { name } = place;
  const model = getModel(scoping, name);
  const { scope } = model;
  const scoped: Args = {};
  for (const [key, value] of Object.entries(data)) {
    const relation = findRelation(model, key);
    // Prisma is asked whether it takes an undefined value.
    if (value === undefined) scoped[key] = value;
    else if (scope.kind === 'owned' && key === scope.field) {
      if (!isUser(value, scoping.userId)) throw ownerForged(name, key);
      scoped[key] = value;
    } else if (scope.kind === 'owned' && key === scope.relation) checkOwner(scoping, { name, key }, value);
    else if (relation && key === place.via) throw fieldUnknown(name, key, 'data');
    else if (relation && !place.isFlat)
      scoped[key] = scopeNested(
        scoping,
        { name, key, relation, isNew: place.isNew, returned: findReturned(place, key) },
        value,
        demands,
      );
    else if (model.scalars.includes(key)) scoped[key] = value;
    else throw fieldUnknown(name, key, 'data');
  }
  return scoped;
}

function findReturned({ returned = {} }: Place, key: string): Returned[string] | undefined {
  return Object.hasOwn(returned, key) ? returned[key] : undefined;
}

/** Of the relation to the owner only one thing may be said, which changes nothing: that it is the user. */
function checkOwner(scoping: Scoping, { name, key }: { name: string; key: string }, value: unknown): void {
  const { connect, ...others } = asArgs(value, name, key);
  const { [scoping.map.ownerKey]: id, ...more } = isPlain(connect) ? connect : {};
  if (Object.keys(others).length + Object.keys(more).length > 0 || !isUser(id, scoping.userId))
    throw ownerForged(name, key);
}

function isUser(value: unknown, userId: UserId): boolean {
  const given = isPlain(value) && Object.keys(value).length === 1 ? value.set : value;
  if (typeof given === 'string' || typeof userId === 'string') return given === userId;
  // Keys that are numbers come as number or as bigint.
  return (typeof given === 'number' || typeof given === 'bigint') && String(given) === String(userId);
}

/** Prisma takes either columns of foreign keys or relations: where a relation is given, the owner must be one. */
function isChecked(model: ModelMap, data: Args): boolean {
  return Object.keys(data).some(
    (key) => data[key] !== undefined && findRelation(model, key)?.fields !== undefined,
  );
}

/** A row that belongs to the owner of another one must be created with it. */
function requireWay(model: ModelMap, name: string, data: Args): void {
  if (model.scope.kind !== 'through') return;
  const { relation } = model.scope;
  const fields = model.relations[relation]?.fields ?? [];
  const given = data[relation];
  const isLinked = isPlain(given) && Object.keys(given).length > 0;
  const isGiven = isLinked || fields.every((field) => (data[field] ?? null) !== null);
  if (!isGiven) throw writeRefused(name, `without ${relation}, a new row of ${name} would be nobody's`);
}

/** The rows that plain values of foreign keys point at. */
function collectLinks(scoping: Scoping, place: DataPlace, data: Args, { links }: Demands): void {
  const model = getModel(scoping, place.name);
  for (const [key, relation] of Object.entries(model.relations)) {
    if (!relation.fields || key === place.via || data[key] !== undefined) continue;
    const { needs = [] } = findReturned(place, key) ?? {};
    const wanted = needs.length > 0 ? { needs } : {};
    if (model.scope.kind === 'owned' && key === model.scope.relation) {
      const user = { [scoping.map.ownerKey]: scoping.userId };
      if (place.isNew && needs.length > 0)
        links.push({ model: place.name, relation: key, to: relation.to, key: user, needs });
      continue;
    }
    const target = scoping.map.models[relation.to];
    if (target?.scope.kind === 'closed' && relation.fields.some((field) => (data[field] ?? null) !== null))
      throw modelClosed(relation.to, target.scope.reason);
    const isEverybodys = target?.scope.kind !== 'owned' && target?.scope.kind !== 'through';
    if (isEverybodys && needs.length === 0) continue;
    const found = readKey(scoping, { ...place, key, relation }, data);
    if (found) links.push({ model: place.name, relation: key, to: relation.to, key: found, ...wanted });
    else refuseUnowning(model, { name: place.name, key }, relation.fields, data);
  }
}

/** The key that a row would point at; null where it would point at none, or where the write does not say. */
function readKey(
  scoping: Scoping,
  place: DataPlace & { key: string; relation: RelationMap },
  data: Args,
): Record<string, unknown> | null {
  const { name, key, isNew, relation } = place;
  const { fields = [], references = [], hasDefault } = relation;
  const { scope } = getModel(scoping, name);
  const values = fields.map((field) => {
    const isOwner = scope.kind === 'owned' && field === scope.field;
    return isOwner ? scoping.userId : readValue(data[field]);
  });
  const isOwnerField = (index: number) => scope.kind === 'owned' && fields[index] === scope.field;
  const given = values.filter((value, index) => value !== undefined && !isOwnerField(index));
  if (values.some((value) => value === UNREADABLE)) throw linkUnknown(name, key, fields);
  if (given.length === 0) {
    // A default that nobody sees in the data would be followed all the same.
    if (isNew && hasDefault) throw linkUnknown(name, key, fields);
    return null;
  }
  if (given.includes(null)) return null;
  if (values.includes(undefined)) {
    if (isNew && !hasDefault) return null;
    throw linkUnknown(name, key, fields);
  }
  return Object.fromEntries(references.map((reference, index) => [reference, values[index]]));
}

const UNREADABLE = Symbol('unreadable');

/** A plain value, or `{ set: value }`; what is computed from the value before cannot be checked. */
function readValue(value: unknown): unknown {
  if (!isPlain(value)) return value;
  return Object.keys(value).length === 1 && 'set' in value ? value.set : UNREADABLE;
}

/** A row that belongs to the owner of another one must not lose it. */
function refuseUnowning(
  model: ModelMap,
  { name, key }: { name: string; key: string },
  fields: readonly string[],
  data: Args,
): void {
  const isWay = model.scope.kind === 'through' && model.scope.relation === key;
  if (isWay && fields.some((field) => data[field] !== undefined && (readValue(data[field]) ?? null) === null))
    throw writeRefused(name, `without ${key}, this row of ${name} would be nobody's`);
}
