import type { RelationMap } from './map.ts';
import { allOf, type Args, foreignRows, getModel, type Scoping } from './scope.ts';

/** So often a model may come up on one way along cascades: rows can hang on rows of their own model without end. */
const MOST_OFTEN = 3;

/**
 * What must hold of a row before it may be deleted: that the database's own cascades reach no row of another user. Only rows
 * that were linked across owners before, or a row that is everybody's, can fail it.
 */
export function cascadesReachOwn(scoping: Scoping, name: string): Args | null {
  return allOf(...listDependents(scoping, name, [name]));
}

function listDependents(scoping: Scoping, name: string, way: readonly string[]): Args[] {
  return listChildren(scoping, name).flatMap(([key, relation, isDeleted]) => {
    const reached = reach(scoping, relation.to, { isDeleted, way: [...way, relation.to] });
    if (reached.length === 0) return [];
    const any = reached.length > 1 ? { OR: reached } : (reached[0] ?? {});
    return [relation.isList ? { [key]: { none: any } } : { [key]: { isNot: any } }];
  });
}

/** The rows of a dependent model that are not the user's, or on which such rows hang in turn. */
function reach(
  scoping: Scoping,
  name: string,
  { isDeleted, way }: { isDeleted: boolean; way: readonly string[] },
): Args[] {
  const foreign = foreignRows(scoping, name);
  const isEndless = way.filter((each) => each === name).length > MOST_OFTEN;
  const further = isDeleted && !isEndless ? listDependents(scoping, name, way) : [];
  return [...(foreign ? [foreign] : []), ...further.map((each) => ({ NOT: each }))];
}

/** The relations whose rows change when a row of this model is deleted, and whether they are deleted too. */
function listChildren(scoping: Scoping, name: string): [string, RelationMap, boolean][] {
  return Object.entries(getModel(scoping, name).relations).flatMap(([key, relation]) => {
    const back = scoping.map.models[relation.to]?.relations[relation.opposite];
    if (!back?.fields || back.onDelete === 'Restrict' || back.onDelete === 'NoAction') return [];
    return [[key, relation, back.onDelete === 'Cascade'] as [string, RelationMap, boolean]];
  });
}

/** What must hold of a row before a field that others point at is changed: the database changes those rows as well. */
export function pointedAtByOwn(scoping: Scoping, name: string, changed: readonly string[]): Args[] {
  return Object.entries(getModel(scoping, name).relations).flatMap(([key, relation]) => {
    const back = scoping.map.models[relation.to]?.relations[relation.opposite];
    return back?.references?.some((field) => changed.includes(field)) ? onlyOwn(scoping, key, relation) : [];
  });
}

/** What must hold of a row so that what hangs on it by a relation is the user's alone. */
export function onlyOwn(scoping: Scoping, key: string, relation: RelationMap): Args[] {
  const foreign = foreignRows(scoping, relation.to);
  if (!foreign) return [];
  return [relation.isList ? { [key]: { none: foreign } } : { [key]: { isNot: foreign } }];
}
