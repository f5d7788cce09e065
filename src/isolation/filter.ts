import { fieldUnknown } from './error.ts';
import type { ModelMap, RelationMap } from './map.ts';
import {
  type Args,
  addConditions,
  allOf,
  findRelation,
  getModel,
  isPlain,
  ownRows,
  type Scoping,
  toList,
} from './scope.ts';

export const LOGIC = new Set(['AND', 'OR', 'NOT']);

/** Rewrites a filter so that it sees no row of another user through any relation. */
export function scopeWhere(scoping: Scoping, name: string, where: unknown): Args {
  const model = getModel(scoping, name);
  const plain = asArgs(where, name, 'where');
  const scoped: Args = {};
  const conditions: Args[] = [];
  for (const [key, value] of Object.entries(plain)) {
    const relation = findRelation(model, key);
    // Prisma is asked whether it takes an undefined value.
    if (value === undefined) scoped[key] = value;
    else if (LOGIC.has(key))
      scoped[key] = Array.isArray(value)
        ? value.map((each) => scopeWhere(scoping, name, each))
        : scopeWhere(scoping, name, value);
    else if (relation) conditions.push(...scopeRelationFilter(scoping, { key, relation }, value));
    else if (isColumn(model, key)) scoped[key] = value;
    else throw fieldUnknown(name, key, 'where');
  }
  return addConditions(scoped, ...conditions);
}

function scopeRelationFilter(
  scoping: Scoping,
  { key, relation }: { key: string; relation: RelationMap },
  filter: unknown,
): Args[] {
  const { to } = relation;
  const own = ownRows(scoping, to);
  const inner = (where: unknown) => allOf(scopeWhere(scoping, to, where), own) ?? {};
  if (!relation.isList) {
    // Without a word, what asks for nothing also lets the rows through that hang on none.
    if (isPlain(filter) && !('is' in filter || 'isNot' in filter) && isVoid(filter))
      return [{ [key]: filter }];
    return scopeToOne({ own, inner }, filter).map((each) => ({ [key]: each }));
  }
  return Object.entries(asArgs(filter, to, key)).flatMap(([quantifier, where]): Args[] => {
    if (where === undefined) return [];
    if (quantifier === 'some' || quantifier === 'none') return [{ [key]: { [quantifier]: inner(where) } }];
    if (quantifier !== 'every') throw fieldUnknown(to, quantifier, key);
    const scoped = scopeWhere(scoping, to, where);
    if (!own || asksNothing(scoped)) return [{ [key]: { every: scoped } }];
    // Of the user's own rows, none may fail it: every() itself would tell about the rows of others.
    return [{ [key]: { none: { AND: [own, { NOT: scoped }] } } }];
  });
}

/** Every row passes it. Prisma takes a NOT of it for nothing at all, which would turn it round. */
function asksNothing(where: Args): boolean {
  return Object.entries(where).every(
    ([key, value]) =>
      value === undefined ||
      (key !== 'OR' && isVoid(value)) ||
      ((key === 'AND' || key === 'NOT') && toList(value).every((each) => isPlain(each) && asksNothing(each))),
  );
}

/** Nothing is said in it, or nothing but undefined values. */
function isVoid(value: unknown): boolean {
  return isPlain(value) && Object.values(value).every((each) => each === undefined);
}

/** A row of another user is as good as none, so `null` means both. */
function scopeToOne(
  { own, inner }: { own: Args | null; inner: (where: unknown) => Args },
  filter: unknown,
): unknown[] {
  if (filter === null) return [own ? { isNot: own } : null];
  if (!isPlain(filter) || !('is' in filter || 'isNot' in filter)) return [{ is: inner(filter) }];
  const { is, isNot, ...others } = filter;
  // A model may have fields of these names.
  if (Object.keys(others).length > 0) return [{ is: inner(filter) }];
  return [
    ...(is === undefined ? [] : [is === null ? (own ? { isNot: own } : { is }) : { is: inner(is) }]),
    ...(isNot === undefined
      ? []
      : [isNot === null ? (own ? { is: own } : { isNot }) : { isNot: inner(isNot) }]),
  ];
}

export function isColumn(model: ModelMap, key: string): boolean {
  return model.scalars.includes(key) || model.keys.includes(key);
}

/** What stands where Prisma takes an object; anything else is not looked into, so it is refused. */
export function asArgs(value: unknown, name: string, where: string): Args {
  if (!isPlain(value)) throw fieldUnknown(name, String(value), where);
  return value;
}
