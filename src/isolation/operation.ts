import { beginCourse, mustAskMore, refuseMoved } from './asked.ts';
import { fieldUnknown, operationUnknown } from './error.ts';
import { cascadesReachOwn } from './guard.ts';
import { asArgs, scopeWhere } from './filter.ts';
import { scopeAggregate, scopeRead, scopeSelection } from './read.ts';
import {
  type Args,
  addConditions,
  allOf,
  getModel,
  ownRows,
  type Scoping,
  toList,
  writableRows,
} from './scope.ts';
import { type Demands, type Link, scopeCreate, scopeUpdate } from './write.ts';

/** An operation of one user: what Prisma is asked for instead, and the rows that must be the user's before that. */
export interface ScopedOperation {
  args: Args;
  links: Link[];
}

/**
 * Rewrites one operation so that it reads, counts, changes and links rows of the user alone. Pure: it asks no database.
 * Throws `IsolationError` where that cannot be told, or where the data would forge an owner.
 */
export function scopeOperation(
  scoping: Scoping,
  { model, operation }: { model: string; operation: string },
  args: unknown,
): ScopedOperation {
  getModel(scoping, model);
  const rewrite = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (!rewrite) throw operationUnknown(model, operation);
  const given = asArgs(args ?? {}, model, 'the arguments');
  const run = (isBroad: boolean) => {
    const demands: Demands = { links: [], needs: [], course: beginCourse(isBroad) };
    return { args: rewrite(scoping, model, given, demands), links: demands.links, course: demands.course };
  };
  const narrow = run(false);
  const { course, ...scoped } = mustAskMore(narrow.course) ? run(true) : narrow;
  refuseMoved(model, course);
  return scoped;
}

type Rewrite = (scoping: Scoping, model: string, args: Args, demands: Demands) => Args;

/** The key of a unique `where` stays at its top. */
const readOne: Rewrite = (scoping, model, args) => {
  const { args: scoped, needs } = scopeRead(scoping, model, args);
  const where = asArgs(scoped.where ?? {}, model, 'where');
  return { ...scoped, where: addConditions(where, ownRows(scoping, model), ...needs) };
};

const readMany: Rewrite = (scoping, model, args) => {
  const { args: scoped, needs } = scopeRead(scoping, model, args);
  const where = allOf(scoped.where as Args | undefined, ownRows(scoping, model), ...needs);
  return where ? { ...scoped, where } : scoped;
};

const create: Rewrite = (scoping, model, args, demands) => {
  const { data, ...rest } = args;
  const { args: scoped, returned } = selected(scoping, model, rest);
  return { ...scoped, data: scopeCreate(scoping, { name: model, returned }, data, demands) };
};

const createMany: Rewrite = (scoping, model, args, demands) => {
  const { data, skipDuplicates, ...rest } = args;
  const { args: scoped, returned } = selected(scoping, model, rest);
  const place = { name: model, isFlat: true, returned };
  const rows = toList(data).map((each) => scopeCreate(scoping, place, each, demands));
  return { ...scoped, data: rows, ...(skipDuplicates === undefined ? {} : { skipDuplicates }) };
};

const update: Rewrite = (scoping, model, args, demands) => {
  const { where, data, ...rest } = args;
  const { args: scoped, needs, returned } = selected(scoping, model, rest);
  const changed = scopeUpdate(scoping, { name: model, returned }, data, demands);
  return {
    ...scoped,
    where: writableOne(scoping, model, where, [...demands.needs, ...needs]),
    data: changed,
  };
};

const updateMany: Rewrite = (scoping, model, args, demands) => {
  const { where, data, limit, ...rest } = args;
  const { args: scoped, needs, returned } = selected(scoping, model, rest);
  const changed = scopeUpdate(scoping, { name: model, isFlat: true, returned }, data, demands);
  const all = writableMany(scoping, model, where, [...demands.needs, ...needs]);
  return { ...scoped, where: all, data: changed, ...(limit === undefined ? {} : { limit }) };
};

const upsert: Rewrite = (scoping, model, args, demands) => {
  const { where, create: created, update: changed, ...rest } = args;
  const { args: scoped, needs, returned } = selected(scoping, model, rest);
  const place = { name: model, returned };
  const data = {
    // It is either created or changed.
    create: scopeCreate(scoping, place, created, { ...demands, needs: [], course: beginCourse(false) }),
    update: scopeUpdate(scoping, place, changed, demands),
  };
  return { ...scoped, where: writableOne(scoping, model, where, [...demands.needs, ...needs]), ...data };
};

const remove: Rewrite = (scoping, model, args) => {
  const { where, ...rest } = args;
  const { args: scoped, needs } = selected(scoping, model, rest);
  return {
    ...scoped,
    where: writableOne(scoping, model, where, [cascadesReachOwn(scoping, model), ...needs]),
  };
};

const removeMany: Rewrite = (scoping, model, args) => {
  const { where, limit, ...rest } = args;
  selected(scoping, model, rest);
  const all = writableMany(scoping, model, where, [cascadesReachOwn(scoping, model)]);
  return { where: all, ...(limit === undefined ? {} : { limit }) };
};

function writableOne(scoping: Scoping, model: string, where: unknown, needs: (Args | null)[]): Args {
  return addConditions(scopeWhere(scoping, model, where), writableRows(scoping, model), ...needs);
}

function writableMany(scoping: Scoping, model: string, where: unknown, needs: (Args | null)[]): Args {
  const filter = where === undefined ? null : scopeWhere(scoping, model, where);
  return allOf(filter, writableRows(scoping, model), ...needs) ?? {};
}

/** What a write returns is scoped as a read is. */
function selected(scoping: Scoping, model: string, args: Args) {
  const known = ['select', 'include', 'omit', 'relationLoadStrategy'];
  for (const [key, value] of Object.entries(args))
    if (value !== undefined && !known.includes(key)) throw fieldUnknown(model, key, 'the arguments');
  return scopeSelection(scoping, model, args);
}

const OPERATIONS: Record<string, Rewrite> = {
  findUnique: readOne,
  findUniqueOrThrow: readOne,
  findFirst: readMany,
  findFirstOrThrow: readMany,
  findMany: readMany,
  count: scopeAggregate,
  aggregate: scopeAggregate,
  groupBy: scopeAggregate,
  create,
  createMany,
  createManyAndReturn: createMany,
  update,
  updateMany,
  updateManyAndReturn: updateMany,
  upsert,
  delete: remove,
  deleteMany: removeMany,
};
