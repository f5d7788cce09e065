import { listOrderAttempt } from './attempts-order.ts';
import type { Attempt, Kind, Plan } from './plan.ts';
import { hasRows, listOfKind, readRow, rowsAt, tells } from './plan.ts';
import { isOwnership, link, listWays, nameBy, type Pair, startOf, type Way } from './links.ts';
import { getMap, hasValues, plainWhere, type Row, type Shape, uniqueWhere } from './shape.ts';
import { findChange, type Side, type World } from './world.ts';

/** Two linked rows, and how an operation is told which. */
interface Linked extends Pair {
  world: World;
  shape: Shape;
  start: Row;
  startWhere: Row;
  targetWhere: Row;
  targetPlain: Row;
}

type Make = (linked: Linked) => Plan | null;

/** The attempts on rows of a model by relations that lead to them from rows that a user may see. */
export function listWayAttempts(shape: Shape, model: string): Attempt[] {
  return listWays(shape, model).flatMap((way) => {
    const make = (kind: Kind, makes: Record<string, Make>) =>
      listOfKind({ model, kind, named: nameBy(way) }, makes, (plan, world, side) =>
        withLink(world, way, side, plan),
      );
    const { isList } = way.relation;
    return [
      ...make('relation', isList ? { ...READS, ...LIST_READS } : READS),
      ...make('filter', isList ? LIST_FILTERS : FILTERS),
      // Whether a foreign key of the user's own row is empty, that row says itself.
      ...make('filter', isList || way.relation.fields ? {} : NULL_FILTERS),
      ...make('nested', isList ? LIST_WRITES : WRITES),
      ...make('nested', listRemovals(shape, way)),
      listOrderAttempt(shape, way),
    ];
  });
}

function withLink(world: World, way: Way, side: Side, make: Make): Plan | null {
  const { shape } = world;
  const linked = link(world, {
    way,
    side,
    start: startOf(world, way, side),
    target: world.row(side, way.to),
  });
  if (!linked) return null;
  const { start, target } = linked.pair;
  const plan = make({
    ...linked.pair,
    world,
    shape,
    startWhere: uniqueWhere(shape, way.from, start),
    targetWhere: uniqueWhere(shape, way.to, target),
    targetPlain: plainWhere(shape, way.to, target),
  });
  return plan && { ...plan, setup: linked.steps };
}

/** A list is asked for the one row alone: there can be a million. */
const selection = ({ way, targetPlain }: Linked): unknown => {
  return way.relation.isList ? { where: targetPlain } : true;
};

const READS: Record<string, Make> = {
  include: (linked) => {
    const { way, shape, target, startWhere } = linked;
    const args = { where: startWhere, include: { [way.field]: selection(linked) } };
    return {
      call: { model: way.from, method: 'findUnique', args },
      happened: tells(shape, way.to, target, way.field),
    };
  },
  select: (linked) => {
    const { way, shape, start, target } = linked;
    const where = plainWhere(shape, way.from, start);
    const args = { where, select: { [way.field]: selection(linked) } };
    return {
      call: { model: way.from, method: 'findMany', args },
      happened: tells(shape, way.to, target, way.field),
    };
  },
  fluent: ({ way, shape, target, startWhere, targetPlain }) => {
    const then = { field: way.field, args: way.relation.isList ? { where: targetPlain } : {} };
    const call = { model: way.from, method: 'findUnique', args: { where: startWhere }, then };
    return { call, happened: tells(shape, way.to, target) };
  },
};

const LIST_READS: Record<string, Make> = {
  _count: ({ way, startWhere, targetPlain }) => {
    const select = { _count: { select: { [way.field]: { where: targetPlain } } } };
    return {
      call: { model: way.from, method: 'findUnique', args: { where: startWhere, select } },
      happened: (answer) => rowsAt(answer, '_count').some((each) => Number(each[way.field]) > 0),
    };
  },
};

/** All of them find the row that the user begins with where the target is seen, and only there. */
const filter =
  (condition: (field: string, plain: Row) => Row): Make =>
  ({ way, shape, start, targetPlain }) => {
    const where = { AND: [plainWhere(shape, way.from, start), condition(way.field, targetPlain)] };
    return { call: { model: way.from, method: 'findMany', args: { where } }, happened: hasRows };
  };

const LIST_FILTERS: Record<string, Make> = {
  'some in': filter((field, plain) => ({ [field]: { some: plain } })),
  'none in': filter((field, plain) => ({ NOT: { [field]: { none: plain } } })),
  'every in': filter((field, plain) => ({ NOT: { [field]: { every: { NOT: plain } } } })),
};
const FILTERS: Record<string, Make> = {
  'is in': filter((field, plain) => ({ [field]: { is: plain } })),
  'isNot in': filter((field, plain) => ({ NOT: { [field]: { isNot: plain } } })),
};
const NULL_FILTERS: Record<string, Make> = {
  'isNot null in': filter((field) => ({ [field]: { isNot: null } })),
};

/** A column of the target is changed by a write of the row that it hangs on. */
const change =
  (verb: (linked: Linked, data: Row) => Row): Make =>
  (linked) => {
    const { world, shape, way, target, side, startWhere } = linked;
    const data = findChange(world, way.to, target);
    if (!data) return null;
    return {
      call: {
        model: way.from,
        method: 'update',
        args: { where: startWhere, data: { [way.field]: verb(linked, data) } },
      },
      look: [readRow(shape, way.to, target, side)],
      happened: (_, [seen]) => hasValues(seen as Row | null, data),
    };
  };

/** What a nested write creates hangs on its row by the relation, which is then not written out. */
export function freshWithout({ world, way }: Pick<Linked, 'world' | 'way'>, side: Side): Row {
  const data = world.fresh(side, way.to);
  const left = new Set(way.back.fields ?? []);
  return Object.fromEntries(Object.entries(data).filter(([field]) => !left.has(field)));
}

const LIST_WRITES: Record<string, Make> = {
  'update in': change(({ targetWhere }, data) => ({ update: { where: targetWhere, data } })),
  'updateMany in': change(({ targetPlain }, data) => ({ updateMany: { where: targetPlain, data } })),
  'upsert in': change((linked, data) => {
    return { upsert: { where: linked.targetWhere, create: freshWithout(linked, 'a'), update: data } };
  }),
};
const WRITES: Record<string, Make> = {
  'update in': change((_, data) => ({ update: data })),
  'upsert in': change((linked, data) => ({ upsert: { create: freshWithout(linked, 'a'), update: data } })),
};

/** The target goes away, or is let go. */
const remove =
  (verb: (linked: Linked) => Row): Make =>
  (linked) => {
    const { shape, way, target, side, startWhere } = linked;
    // On a row of everybody's hang rows of others, which nobody may let go with the own ones.
    const isAll = 'set' in verb(linked) && getMap(shape, way.from).scope.kind === 'shared';
    if (isAll && side === 'a') return null;
    const left = plainWhere(shape, way.to, target);
    for (const field of way.back.fields ?? []) left[field] = target[field];
    const data = { [way.field]: verb(linked) };
    return {
      call: { model: way.from, method: 'update', args: { where: startWhere, data } },
      look: [readRow(shape, way.to, target, side)],
      happened: (_, seen) => seen.length > 0 && !hasValues((seen[0] ?? null) as Row | null, left),
    };
  };

/** What Prisma offers depends on what may be empty; a link of the user's own row alone is the user's to end. */
function listRemovals(shape: Shape, { relation, back, ...way }: Way): Record<string, Make> {
  const isOptional = back.fields !== undefined && !back.isRequired;
  // A row without its owner would be nobody's: that is refused for the user's own as well.
  const isOwner = isOwnership(shape, { relation, back, ...way });
  if (relation.isList)
    return {
      'delete in': remove(({ targetWhere }) => ({ delete: targetWhere })),
      'deleteMany in': remove(({ targetPlain }) => ({ deleteMany: targetPlain })),
      ...(isOptional &&
        !isOwner && { 'disconnect in': remove(({ targetWhere }) => ({ disconnect: targetWhere })) }),
      ...(isOptional && !isOwner && { 'set to none in': remove(() => ({ set: [] })) }),
    };
  // While the user's row points at it, the database may not let it go.
  const isKept = relation.fields && (relation.onDelete === 'Restrict' || relation.onDelete === 'NoAction');
  return {
    ...(!relation.isRequired && !isKept && { 'delete in': remove(() => ({ delete: true })) }),
    ...(isOptional && !isOwner && { 'disconnect in': remove(() => ({ disconnect: true })) }),
  };
}
