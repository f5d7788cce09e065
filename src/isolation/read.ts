import { fieldUnknown, orderRefused } from './error.ts';
import { asArgs, isColumn, LOGIC, scopeWhere } from './filter.ts';
import type { ModelMap } from './map.ts';
import {
  type Args,
  allOf,
  findRelation,
  foreignRows,
  getModel,
  isPlain,
  ownRows,
  type Scoping,
  toList,
} from './scope.ts';

/** What `orderBy` and `having` have beside fields; all of it is about rows that are scoped already. */
const AGGREGATES = new Set(['_count', '_avg', '_sum', '_min', '_max']);

export interface ScopedSelection {
  args: Args;
  /** What must hold of the row itself, because a row that it hangs on is returned with it. */
  needs: Args[];
  /** The rows that it hangs on and that are returned with it, where Prisma takes no filter. */
  returned: Returned;
}

/** By the relation: what must hold of the row beside being the user's, and what is returned with that one in turn. */
export type Returned = Record<string, { needs: Args[]; below: Returned }>;

/** Rewrites `select` and `include` so that they return, and count, no row of another user. */
export function scopeSelection(scoping: Scoping, name: string, args: Args): ScopedSelection {
  const scoped: Args = { ...args };
  const needs: Args[] = [];
  const returned: Returned = {};
  for (const part of ['select', 'include'] as const) {
    if (args[part] === undefined || args[part] === null) continue;
    const entries = Object.entries(asArgs(args[part], name, part)).flatMap(([key, value]) => {
      if (value === undefined || value === false) return [];
      return [[key, scopeSelected(scoping, { name, key, part }, { value, needs, returned })]];
    });
    scoped[part] = Object.fromEntries(entries);
  }
  return { args: scoped, needs, returned };
}

function scopeSelected(
  scoping: Scoping,
  { name, key, part }: { name: string; key: string; part: string },
  { value, needs, returned }: { value: unknown; needs: Args[]; returned: Returned },
): unknown {
  const model = getModel(scoping, name);
  if (key === '_count') return scopeCount(scoping, name, value);
  const relation = findRelation(model, key);
  if (!relation) {
    if (part === 'select' && model.scalars.includes(key)) return value;
    throw fieldUnknown(name, key, part);
  }
  const nested = scopeRead(scoping, relation.to, value === true ? {} : asArgs(value, relation.to, key));
  const conditions = [ownRows(scoping, relation.to), ...nested.needs];
  const where = allOf(nested.args.where as Args | undefined, ...conditions);
  if (relation.isList || !relation.isRequired)
    return where ? { ...nested.args, where } : isPlain(value) ? nested.args : value;
  // Prisma takes no filter here: so the row that hangs on it is returned only where this one may be.
  const required = allOf(...conditions);
  if (required) needs.push({ [key]: { is: required } });
  returned[key] = { needs: nested.needs, below: nested.returned };
  return isPlain(value) ? nested.args : value;
}

/** `_count: true` counts all lists, each of which is scoped. */
function scopeCount(scoping: Scoping, name: string, value: unknown): unknown {
  const { relations } = getModel(scoping, name);
  const lists = Object.entries(relations).filter(([, { isList }]) => isList);
  const selected =
    value === true
      ? Object.fromEntries(lists.map(([key]) => [key, true]))
      : asArgs(asArgs(value, name, '_count').select ?? {}, name, '_count');
  const entries = Object.entries(selected).flatMap(([key, each]) => {
    if (each === undefined || each === false) return [];
    const relation = lists.find(([list]) => list === key)?.[1];
    if (!relation) throw fieldUnknown(name, key, '_count');
    const given = each === true ? undefined : asArgs(each, relation.to, key).where;
    const where = allOf(
      given === undefined ? null : scopeWhere(scoping, relation.to, given),
      ownRows(scoping, relation.to),
    );
    return [[key, where ? { where } : true]];
  });
  return entries.length > 0 ? { select: Object.fromEntries(entries) } : value;
}

/**
 * Refuses an order that depends on rows of other users, and what it does not know. A row that was linked across owners before
 * would be ordered by the other user's: the conditions that are returned leave it out.
 */
function checkOrder(scoping: Scoping, name: string, orderBy: unknown): Args[] {
  return listForeignOrders(scoping, name, orderBy).map((foreign) => ({ NOT: foreign }));
}

function listForeignOrders(scoping: Scoping, name: string, orderBy: unknown): Args[] {
  const model = getModel(scoping, name);
  const found: Args[] = [];
  for (const order of toList(orderBy))
    for (const [key, value] of Object.entries(asArgs(order, name, 'orderBy'))) {
      const relation = findRelation(model, key);
      if (value === undefined || AGGREGATES.has(key) || isColumn(model, key)) continue;
      if (key === '_relevance') checkRelevance(model, name, value);
      else if (!relation) throw fieldUnknown(name, key, 'orderBy');
      else if (ownRows(scoping, relation.to) && (relation.isList || !ownRows(scoping, name)))
        throw orderRefused(name, key);
      else if (!relation.isList) {
        const foreign = foreignRows(scoping, relation.to);
        const deeper = listForeignOrders(scoping, relation.to, value);
        found.push(...[...(foreign ? [foreign] : []), ...deeper].map((is) => ({ [key]: { is } })));
      }
    }
  return found;
}

function checkRelevance(model: ModelMap, name: string, value: unknown): void {
  for (const field of toList(asArgs(value, name, '_relevance').fields))
    if (!model.scalars.includes(String(field))) throw fieldUnknown(name, String(field), '_relevance');
}

const READ_ARGS = new Set([
  'where',
  'orderBy',
  'cursor',
  'take',
  'skip',
  'distinct',
  'select',
  'include',
  'omit',
  'relationLoadStrategy',
]);

/**
 * Rewrites the arguments of a read, at any depth, but does not yet keep the model's own rows to the user: the caller puts the
 * needs and `ownRows` into the `where`, which may have to stay a unique one.
 */
export function scopeRead(scoping: Scoping, name: string, args: Args): ScopedSelection {
  for (const [key, value] of Object.entries(args))
    if (value !== undefined && !READ_ARGS.has(key)) throw fieldUnknown(name, key, 'the arguments');
  const { args: scoped, needs, returned } = scopeSelection(scoping, name, args);
  if (args.where !== undefined) scoped.where = scopeWhere(scoping, name, args.where);
  const ordered = args.orderBy === undefined ? [] : checkOrder(scoping, name, args.orderBy);
  // Where rows begin at one, they begin at what it hangs on: Prisma takes no filter there that would leave it out.
  if (ordered.length > 0 && args.cursor !== undefined) throw orderRefused(name, 'cursor');
  needs.push(...ordered);
  if (args.cursor !== undefined) scoped.cursor = scopeCursor(scoping, name, args.cursor);
  return { args: scoped, needs, returned };
}

/** A cursor at a row of another user would tell where in the order that row is. Prisma takes columns here, and no filter. */
function scopeCursor(scoping: Scoping, name: string, cursor: unknown): Args {
  const { scope, scalars, keys } = getModel(scoping, name);
  const given = asArgs(cursor, name, 'cursor');
  for (const key of Object.keys(given))
    if (!scalars.includes(key) && !keys.includes(key)) throw fieldUnknown(name, key, 'cursor');
  if (scope.kind === 'through') throw orderRefused(name, 'cursor');
  return scope.kind === 'owned' ? { ...given, [scope.field]: scoping.userId } : given;
}

/** What `groupBy`, `aggregate` and `count` take is about the rows of the model alone, which its `where` scopes. */
export function scopeAggregate(scoping: Scoping, name: string, args: Args): Args {
  const { select, by, having, _count, _avg, _sum, _min, _max, ...rest } = args;
  const { args: scoped, needs } = scopeRead(scoping, name, rest);
  const model = getModel(scoping, name);
  if (having !== undefined) checkHaving(model, name, having);
  const where = allOf(scoped.where as Args | undefined, ownRows(scoping, name), ...needs);
  const kept = { select, by, having, _count, _avg, _sum, _min, _max };
  const given = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...scoped, ...Object.fromEntries(given), ...(where ? { where } : {}) };
}

function checkHaving(model: ModelMap, name: string, having: unknown): void {
  for (const [key, value] of Object.entries(asArgs(having, name, 'having')))
    if (LOGIC.has(key)) for (const each of toList(value)) checkHaving(model, name, each);
    else if (!model.scalars.includes(key)) throw fieldUnknown(name, key, 'having');
}
