import { isGeneratedLike, isWorldwideLike } from './names.ts';
import type { OwnedModel } from './decide.ts';
import type { Field, Model } from './parse.ts';

/** A unique key by which one user's row keeps out another user's. */
export interface GlobalKey {
  fields: Field[];
  /** Its values are unique in the world, as e-mail addresses are: it may be right as it is. */
  isWorldwide: boolean;
}

/** What the rule needs to know of the other models. */
export interface ModelContext {
  models: readonly Model[];
  /** Rows of this model are nobody's: what points at them can be anybody's. */
  isShared: (model: string) => boolean;
}

/**
 * The unique keys of an owned model that would have to be per owner: those that a person's choice is in, like a slug or a name.
 * Left out are the key that a row is known by (the first one, mostly the primary key); a key with the owner column in it; one
 * with a foreign key to rows that have an owner, and so is per owner by it; one made of foreign keys alone; one with a column
 * that a program fills, by its default, its type or its name; and one that a foreign key of another model points at.
 */
export function listGlobalKeys(
  { model, owner }: OwnedModel,
  { models, isShared }: ModelContext,
): GlobalKey[] {
  const [, ...keys] = model.uniqueKeys;
  return keys.flatMap((names) => {
    const fields = model.fields.filter(({ name }) => names.includes(name));
    if (names.includes(owner.name) || fields.some(isFilledByProgram)) return [];
    const relations = model.relations.filter((each) => each.fields.every((name) => names.includes(name)));
    const referring = new Set(relations.flatMap((each) => each.fields));
    if (relations.some(({ to }) => !isShared(to)) || names.every((name) => referring.has(name))) return [];
    const isReferenced = models.some((each) =>
      each.relations.some(({ to, references }) => to === model.name && isSame(references, names)),
    );
    return isReferenced ? [] : [{ fields, isWorldwide: fields.some(({ name }) => isWorldwideLike(name)) }];
  });
}

function isFilledByProgram({ name, type, isGenerated }: Field): boolean {
  return (
    isGenerated || isGeneratedLike(name) || ['Bytes', 'Json'].includes(type) || type.startsWith('Unsupported')
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
