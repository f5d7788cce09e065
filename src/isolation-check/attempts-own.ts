import {
  type Attempt,
  countIn,
  hasRows,
  type Kind,
  listOfKind,
  type Plan,
  readRow,
  rowsAt,
  tells,
} from './plan.ts';
import {
  getDmmf,
  hasValues,
  keyFieldsOf,
  ownerFieldOf,
  plainWhere,
  type Row,
  type Shape,
  uniqueWhere,
} from './shape.ts';
import { makeRoom } from './make-room.ts';
import { findChange, type Side, type World } from './world.ts';

/** A row, and how an operation is told which. */
interface Target {
  world: World;
  model: string;
  side: Side;
  row: Row;
  unique: Row;
  plain: Row;
}

type Make = (target: Target) => Plan | null;

/** The attempts on rows of a model by its own operations. */
export function listOwnAttempts(shape: Shape, model: string): Attempt[] {
  const isOwned = ownerFieldOf(shape, model) !== null;
  const isReturning = shape.provider !== 'mysql';
  const make = (kind: Kind, makes: Record<string, Make>) =>
    listOfKind({ model, kind, named: (name) => name }, makes, (plan, world, side) =>
      plan(aim(world, model, side)),
    );
  return [
    ...make('read', { ...READS, ...(isOwned && { 'findMany by owner': readByOwner }) }),
    ...make('count', COUNTS),
    ...(isOwned ? make('create', CREATES) : []),
    ...(isOwned && isReturning ? make('create', CREATES_RETURNING) : []),
    ...make('update', UPDATES),
    ...(isReturning ? make('update', UPDATES_RETURNING) : []),
    ...(isOwned ? make('update', { 're-assign owner': reassign }) : []),
    ...make('delete', DELETES),
  ];
}

function aim(world: World, model: string, side: Side): Target {
  const row = world.row(side, model);
  const { shape } = world;
  const unique = uniqueWhere(shape, model, row);
  return { world, model, side, row, unique, plain: plainWhere(shape, model, row) };
}

const read =
  (method: string, args: (target: Target) => Row): Make =>
  (target) => {
    const { world, model, row } = target;
    return { call: { model, method, args: args(target) }, happened: tells(world.shape, model, row) };
  };

const readFrom = read('findMany', ({ unique }) => ({ cursor: unique, take: 1 }));

/** Prisma 7.10 finds no row by a cursor with a date in it, whosever the row is. */
function hasDate({ world, model }: Target): boolean {
  const keys = keyFieldsOf(world.shape, model);
  return getDmmf(world.shape, model).fields.some(
    ({ name, type }) => type === 'DateTime' && keys.includes(name),
  );
}

const READS: Record<string, Make> = {
  findUnique: read('findUnique', ({ unique }) => ({ where: unique })),
  findUniqueOrThrow: read('findUniqueOrThrow', ({ unique }) => ({ where: unique })),
  findFirst: read('findFirst', ({ plain }) => ({ where: plain })),
  findFirstOrThrow: read('findFirstOrThrow', ({ plain }) => ({ where: plain })),
  findMany: read('findMany', ({ plain }) => ({ where: plain })),
  'findMany with OR': read('findMany', ({ plain }) => ({ where: { OR: [plain, plain] } })),
  'findMany from a cursor': (target) => (hasDate(target) ? null : readFrom(target)),
  'findMany distinct': read('findMany', ({ world, model, plain }) => {
    return { where: plain, distinct: keyFieldsOf(world.shape, model) };
  }),
};

const readByOwner = read('findMany', ({ world, model, side, plain }) => {
  return { where: { ...plain, [ownerFieldOf(world.shape, model) ?? '']: world.userId(side) } };
});

const count =
  (method: string, args: (target: Target) => Row, isCounted: (answer: unknown) => boolean): Make =>
  (target) => {
    return { call: { model: target.model, method, args: args(target) }, happened: isCounted };
  };

const COUNTS: Record<string, Make> = {
  count: count(
    'count',
    ({ plain }) => ({ where: plain }),
    (answer) => Number(answer ?? 0) > 0,
  ),
  aggregate: count(
    'aggregate',
    ({ plain }) => ({ where: plain, _count: { _all: true } }),
    (answer) => rowsAt(answer, '_count').some(({ _all }) => Number(_all) > 0),
  ),
  groupBy: count(
    'groupBy',
    ({ world, model, plain }) => ({ where: plain, by: keyFieldsOf(world.shape, model) }),
    hasRows,
  ),
};

/** A row in the name of the target's owner. */
const forge =
  (method: string, wrap: (data: Row) => unknown): Make =>
  ({ world, model, side }) => {
    const { shape } = world;
    const field = ownerFieldOf(shape, model) ?? '';
    const owner = { [field]: world.userId(side) };
    const data = { ...world.fresh(isTiedToOwner(shape, model) ? side : 'a', model), ...owner };
    return {
      setup: makeRoom(world, model, { side, data }),
      call: { model, method, args: { data: wrap(data) } },
      look: [readRow(shape, model, data, side)],
      happened: (_, [seen]) => hasValues(seen as Row | null, owner),
    };
  };

/** A foreign key with the owner column in it: the database itself keeps both rows to one owner. */
function isTiedToOwner({ map }: Shape, model: string): boolean {
  const { scope, relations } = map.models[model] ?? { relations: {} };
  return Object.values(relations).some(
    ({ fields = [] }) => fields.length > 1 && scope?.kind === 'owned' && fields.includes(scope.field),
  );
}

const CREATES: Record<string, Make> = {
  'create with its owner': forge('create', (data) => data),
  'createMany with its owner': forge('createMany', (data) => [data]),
};
const CREATES_RETURNING: Record<string, Make> = {
  'createManyAndReturn with its owner': forge('createManyAndReturn', (data) => [data]),
};

/** A column of the row is changed. */
const change =
  (method: string, args: (target: Target, data: Row) => Row): Make =>
  (target) => {
    const { world, model, row, side } = target;
    const data = findChange(world, model, row);
    if (!data) return null;
    return {
      call: { model, method, args: args(target, data) },
      look: [readRow(world.shape, model, row, side)],
      happened: (_, [seen]) => hasValues(seen as Row | null, data),
    };
  };

const UPDATES: Record<string, Make> = {
  update: change('update', ({ unique }, data) => ({ where: unique, data })),
  updateMany: change('updateMany', ({ plain }, data) => ({ where: plain, data })),
  upsert: change('upsert', ({ world, model, unique }, data) => {
    return { where: unique, create: world.fresh('a', model), update: data };
  }),
};
const UPDATES_RETURNING: Record<string, Make> = {
  updateManyAndReturn: change('updateManyAndReturn', ({ plain }, data) => ({ where: plain, data })),
};

/** A user's own row is given to the target's owner. */
const reassign: Make = ({ world, model, side }) => {
  const { shape } = world;
  if (side === 'b' && isTiedToOwner(shape, model)) return null;
  const own = world.row('a', model);
  const changed = ownerFieldOf(shape, model) ?? '';
  const data = { [changed]: world.userId(side) };
  if (keyFieldsOf(shape, model).includes(changed)) return null;
  return {
    setup: side === 'b' ? makeRoom(world, model, { side, data: { ...own, ...data }, changed }) : [],
    call: { model, method: 'update', args: { where: uniqueWhere(shape, model, own), data } },
    look: [readRow(shape, model, own, side)],
    happened: (_, [seen]) => hasValues(seen as Row | null, data),
  };
};

const remove =
  (method: string, where: (target: Target) => Row): Make =>
  (target) => {
    const { world, model, row, side } = target;
    return {
      call: { model, method, args: { where: where(target) } },
      look: [readRow(world.shape, model, row, side)],
      happened: (answer, seen) =>
        tells(world.shape, model, row)(answer, seen) || countIn(answer) > 0 || seen[0] === null,
    };
  };

const DELETES: Record<string, Make> = {
  delete: remove('delete', ({ unique }) => unique),
  deleteMany: remove('deleteMany', ({ plain }) => plain),
};
