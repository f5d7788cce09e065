import type { RelationMap } from './map.ts';
import { linkUnknown } from './error.ts';
import { allOf, type Args, getModel, ownRows, sayWhose, type Scoping, untouchableRows } from './scope.ts';

/** So often a model may come up on one way along cascades: rows can hang on rows of their own model without end. */
const MOST_OFTEN = 3;

/**
 * What must hold of a row before it may be deleted: that the database's own cascades reach no row of another user. Only rows
 * that were linked across owners before, or a row that is everybody's, can fail it.
 */
export function cascadesReachOwn(scoping: Scoping, name: string): Args | null {
  const known = guards.get(scoping) ?? new Map<string, Args | null>();
  guards.set(scoping, known);
  const found = known.get(name);
  if (found !== undefined) return found;
  const guard = allOf(...listDependents(scoping, name, [name]));
  known.set(name, guard);
  return guard;
}

/** By whose client it is, and by the model: the way along all cascades is long, and leads to the same each time. */
const guards = new WeakMap<Scoping, Map<string, Args | null>>();

function listDependents(scoping: Scoping, name: string, way: readonly string[]): Args[] {
  const rows = listChildren(scoping, name).flatMap(([key, relation, isDeleted]) => {
    const further = [...way, relation.to];
    const reached = isDeleted
      ? reach(scoping, relation.to, { way: further })
      : mustStay(scoping, relation, { way: further, isLetGo: true });
    return noneOf(key, relation, reached);
  });
  return [...rows, ...listJoined(scoping, name)];
}

/** Rows of a join table that Prisma makes go with the row; those of a row that is everybody's may be another user's. */
function listJoined(scoping: Scoping, name: string): Args[] {
  if (ownRows(scoping, name)) return [];
  return Object.entries(getModel(scoping, name).relations).flatMap(([key, relation]) => {
    const isJoined = relation.isList && scoping.map.models[relation.to]?.relations[relation.opposite]?.isList;
    return isJoined ? onlyOwn(scoping, key, relation) : [];
  });
}

function noneOf(key: string, relation: RelationMap, rows: readonly Args[]): Args[] {
  if (rows.length === 0) return [];
  const any = rows.length > 1 ? { OR: [...rows] } : (rows[0] ?? {});
  if (relation.isList) return [{ [key]: { none: any } }];
  return [Object.keys(any).length > 0 ? { [key]: { isNot: any } } : { [key]: null }];
}

/**
 * The rows on the other side of a relation whose foreign key must not be changed from here: rows that are not the user's, those
 * on which such rows hang by that key in turn, and all of them, where the key says whose they are, or where they would then
 * point at a row that nobody looked up.
 */
function mustStay(
  scoping: Scoping,
  { to, opposite }: RelationMap,
  { way, isLetGo }: { way: readonly string[]; isLetGo: boolean },
): Args[] {
  const model = getModel(scoping, to);
  const back = model.relations[opposite];
  const fields = back?.fields ?? [];
  const hasDefault = back?.hasDefault && ownRows(scoping, back.to) !== null;
  const isAll = isLetGo
    ? sayWhose(model, fields) || (back?.onDelete === 'SetDefault' && hasDefault)
    : back && (hasDefault || isEntangled(scoping, to, opposite));
  if (isAll) return [{}];
  const foreign = untouchableRows(scoping, to);
  return [
    ...(foreign ? [foreign] : []),
    ...listPointing(scoping, to, { changed: fields, way }).map((each) => ({ NOT: each })),
  ];
}

/**
 * Whether a foreign key shares columns with another one, so that the row would then point at yet another row, or with the
 * column of the owner, while what it points at does not have to be that owner's.
 */
function isEntangled(scoping: Scoping, name: string, key: string): boolean {
  const { relations, scope } = getModel(scoping, name);
  const { to, fields = [], references = [] } = relations[key] ?? {};
  const owner = scope.kind === 'owned' ? scope.field : null;
  if (owner !== null && fields.includes(owner) && scope.kind === 'owned' && scope.relation !== key) {
    const target = scoping.map.models[to ?? '']?.scope;
    const reference = references[fields.indexOf(owner)];
    if (target?.kind !== 'owned' || target.field !== reference) return true;
  }
  return Object.entries(relations).some(([other, { fields: others = [], to: next }]) => {
    if (other === key || !others.some((field) => field !== owner && fields.includes(field))) return false;
    const kind = scoping.map.models[next]?.scope.kind;
    return kind !== 'shared' && kind !== 'users';
  });
}

/** Refuses to set a foreign key by its relation, seen from the model that holds it, where that sets another one as well. */
export function refuseEntangled(scoping: Scoping, name: string, key: string): void {
  if (isEntangled(scoping, name, key))
    throw linkUnknown(name, key, getModel(scoping, name).relations[key]?.fields ?? []);
}

/** The rows of a dependent model that are not the user's, or on which such rows hang in turn. */
function reach(scoping: Scoping, name: string, { way }: { way: readonly string[] }): Args[] {
  const foreign = untouchableRows(scoping, name);
  const isEndless = way.filter((each) => each === name).length > MOST_OFTEN;
  const further = isEndless ? [] : listDependents(scoping, name, way);
  return [...(foreign ? [foreign] : []), ...further.map((each) => ({ NOT: each }))];
}

/** The relations whose rows change when a row of this model is deleted, and whether they are deleted too. */
export function listChildren(scoping: Scoping, name: string): [string, RelationMap, boolean][] {
  return Object.entries(getModel(scoping, name).relations).flatMap(([key, relation]) => {
    const back = scoping.map.models[relation.to]?.relations[relation.opposite];
    if (!back?.fields || back.onDelete === 'Restrict' || back.onDelete === 'NoAction') return [];
    return [[key, relation, back.onDelete === 'Cascade'] as [string, RelationMap, boolean]];
  });
}

/** What must hold of a row before a field that others point at is changed: the database changes those rows as well. */
export function pointedAtByOwn(scoping: Scoping, name: string, changed: readonly string[]): Args[] {
  return listPointing(scoping, name, { changed, way: [name] });
}

function listPointing(
  scoping: Scoping,
  name: string,
  { changed, way }: { changed: readonly string[]; way: readonly string[] },
): Args[] {
  if (way.filter((each) => each === name).length > MOST_OFTEN) return [];
  return Object.entries(getModel(scoping, name).relations).flatMap(([key, relation]) => {
    const back = scoping.map.models[relation.to]?.relations[relation.opposite];
    if (!back?.references?.some((field) => changed.includes(field))) return [];
    const further = { way: [...way, relation.to], isLetGo: false };
    return noneOf(key, relation, mustStay(scoping, relation, further));
  });
}

/** What must hold of a row so that no row is let go by one of its relations that must not be. */
export function letsGoOwn(scoping: Scoping, name: string, key: string, relation: RelationMap): Args[] {
  const further = { way: [name, relation.to], isLetGo: true };
  const back = scoping.map.models[relation.to]?.relations[relation.opposite];
  // A user who is linked many-to-many is not changed.
  if (!back?.fields && !relation.fields && scoping.map.models[relation.to]?.scope.kind === 'users') return [];
  if (!back?.fields) return onlyOwn(scoping, key, relation);
  return noneOf(key, relation, mustStay(scoping, relation, further));
}

/** What must hold of a row so that what hangs on it by a relation is the user's alone. */
export function onlyOwn(scoping: Scoping, key: string, relation: RelationMap): Args[] {
  const foreign = untouchableRows(scoping, relation.to);
  if (!foreign) return [];
  return [relation.isList ? { [key]: { none: foreign } } : { [key]: { isNot: foreign } }];
}
