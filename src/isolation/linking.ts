import { ownerForged, writeRefused } from './error.ts';
import { letsGoOwn, onlyOwn, pointedAtByOwn, refuseEntangled } from './guard.ts';
import type { RelationMap } from './map.ts';
import type { Returned } from './read.ts';
import { type Args, getModel, ownRows, sayWhose, type Scoping, writableRows } from './scope.ts';

/** A relation in the data of a write. */
export interface NestedPlace {
  /** The model of the row that is written. */
  name: string;
  key: string;
  relation: RelationMap;
  /** The row that is written is new: nothing hangs on it yet. */
  isNew: boolean;
  /** Set where the row that it hangs on is returned with it, and Prisma takes no filter. */
  returned?: Returned[string] | undefined;
}

export const LINKING = new Set(['create', 'createMany', 'connect', 'connectOrCreate', 'set', 'upsert']);

/** A foreign key that shares columns with another one is given as plain values, which are looked up. */
export function refuseLinking(scoping: Scoping, { name, key, relation }: NestedPlace): void {
  if (relation.fields) refuseEntangled(scoping, name, key);
  else refuseEntangled(scoping, relation.to, relation.opposite);
}

/** What hangs on a row by its owner, or by the way to its owner, must not be let go. */
export function refuseUnowning(
  scoping: Scoping,
  { name, key, relation, isNew }: NestedPlace,
  verb: string,
): void {
  const { scope } = getModel(scoping, relation.to);
  const letsGo = verb === 'set' || verb === 'disconnect' || verb === 'delete';
  // Prisma gives what is created with a user to that user.
  if (isNew && scope.kind === 'owned' && scope.relation === relation.opposite)
    throw ownerForged(relation.to, scope.field);
  const target = getModel(scoping, relation.to);
  const back = target.relations[relation.opposite]?.fields ?? [];
  if (sayWhose(target, back) && (verb === 'set' || verb === 'disconnect'))
    throw writeRefused(
      relation.to,
      `without ${relation.opposite}, a row of ${relation.to} would be nobody's`,
    );
  if (sayWhose(getModel(scoping, name), relation.fields ?? []) && letsGo)
    throw writeRefused(name, `without ${key}, this row of ${name} would be nobody's`);
}

/** What must hold of the row that is written, because Prisma lets go of rows that hang on it. */
export function listNeeds(
  scoping: Scoping,
  { name, key, relation, isNew }: NestedPlace,
  verbs: readonly string[],
): Args[] {
  if (isNew) return [];
  const replaces = relation.isList
    ? verbs.includes('set')
    : !relation.fields && verbs.some((verb) => REPLACING.has(verb));
  if (!replaces) return [];
  // What is there is changed, and not let go.
  const isKept = !relation.isList && !verbs.some((verb) => REPLACING.has(verb) && verb !== 'upsert');
  return isKept ? onlyOwn(scoping, key, relation) : letsGoOwn(scoping, name, key, relation);
}

const REPLACING = new Set(['create', 'connect', 'connectOrCreate', 'upsert']);

/** Conditions under which a row may be linked: it is the user's, and no row of another user is let go for it. */
export function linkable(scoping: Scoping, { relation, returned }: NestedPlace): (Args | null)[] {
  const back = getModel(scoping, relation.to).relations[relation.opposite];
  const takes = relation.fields !== undefined && back !== undefined && !back.isList;
  const needs = returned?.needs ?? [];
  const taken = takes ? letsGoOwn(scoping, relation.to, relation.opposite, back) : [];
  if (relation.fields || !back?.fields) return [ownRows(scoping, relation.to), ...taken, ...needs];
  // The foreign key is a column of the other row.
  return [writableRows(scoping, relation.to), ...pointedAtByOwn(scoping, relation.to, back.fields), ...needs];
}
