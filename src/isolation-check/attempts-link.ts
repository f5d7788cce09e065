import { freshWithout } from './attempts-way.ts';
import {
  anotherOf,
  decidesOwner,
  isOwnership,
  isTied,
  listWays,
  nameBy,
  type Pair,
  readLink,
  startOf,
  type Way,
} from './links.ts';
import { makeRoom } from './make-room.ts';
import type { Attempt, Kind, Plan } from './plan.ts';
import { listOfKind, readRow, rowsAt } from './plan.ts';
import {
  getMap,
  hasValues,
  listColumns,
  ownerFieldOf,
  pointAt,
  type Row,
  type Shape,
  uniqueWhere,
} from './shape.ts';
import type { Side, World } from './world.ts';

type Make = (world: World, way: Way, side: Side) => Plan | null;

/** The attempts to hang a row of a user on a row of another one, or to create one in the other's name on the way. */
export function listLinkAttempts(shape: Shape, model: string): Attempt[] {
  return listWays(shape, model).flatMap((way) => {
    const make = (kind: Kind, makes: Record<string, Make>) =>
      listOfKind({ model, kind, named: nameBy(way) }, makes, (plan, world, side) => plan(world, way, side));
    return [
      ...make('create', listCreates(shape, way)),
      ...make('link', listConnects(shape, way)),
      ...make('link', listForeignKeys(shape, way)),
    ];
  });
}

/** The foreign keys of a user's own rows, and of the user himself, who is there already. */
function listForeignKeys(shape: Shape, { from, relation }: Way): Record<string, Make> {
  const { kind } = getMap(shape, from).scope;
  if (!relation.fields || kind === 'shared') return {};
  return kind === 'users' ? UPDATED_KEYS : { ...CREATED_KEYS, ...UPDATED_KEYS };
}

/** Rows in the other user's name that are created with a row of the user, or with the other user himself. */
function listCreates(shape: Shape, way: Way): Record<string, Make> {
  if (isOwnership(shape, way)) return way.relation.isList ? { 'create in': createInOwner } : {};
  if (ownerFieldOf(shape, way.to) === null || decidesOwner(shape, way)) return {};
  const one: Record<string, Make> = { 'create with its owner in': forgeIn((data) => ({ create: data })) };
  const isFlat = way.relation.isList && way.back.fields !== undefined;
  return isFlat
    ? { ...one, 'createMany with its owner in': forgeIn((data) => ({ createMany: { data: [data] } })) }
    : one;
}

const createInOwner: Make = (world, way, side) => {
  const { shape } = world;
  const data = freshWithout({ world, way }, side);
  const start = startOf(world, way, side);
  const owner = pointAt(way.back, start);
  return {
    setup: makeRoom(world, way.to, { side, data: { ...data, ...owner } }),
    call: writeStart(shape, way, start, { create: data }),
    look: [readRow(shape, way.to, { ...data, ...owner }, side)],
    happened: (_, [seen]) => hasValues(seen as Row | null, owner),
  };
};

function forgeIn(wrap: (data: Row) => Row): Make {
  return (world, way, side) => {
    const { shape } = world;
    // A list of one would take the place of what is there.
    const start = way.relation.isList ? startOf(world, way, side) : anotherOf(world, way.from);
    const owner = { [ownerFieldOf(shape, way.to) ?? '']: world.userId(side) };
    const data = { ...freshWithout({ world, way }, 'a'), ...owner };
    // A key with the foreign key in it is whole only once the row hangs on the other.
    const created = { ...data, ...pointAt(way.back, start) };
    return {
      setup: makeRoom(world, way.to, { side, data: created }),
      call: writeStart(shape, way, start, wrap(data)),
      look: [readRow(shape, way.to, created, side)],
      happened: (_, [seen]) => hasValues(seen as Row | null, owner),
    };
  };
}

function writeStart(shape: Shape, way: Way, start: Row, value: Row): Plan['call'] {
  const args = { where: uniqueWhere(shape, way.from, start), data: { [way.field]: value } };
  return { model: way.from, method: 'update', args };
}

/** The user's own row takes hold of the target. */
function listConnects(shape: Shape, way: Way): Record<string, Make> {
  if (isTiedByOwnerColumn(shape, way)) return {};
  const { relation, back } = way;
  const connects: Record<string, Make> = {
    'connect in': connect((target) => ({ connect: target })),
    'connectOrCreate in': connect((target, fresh) => ({ connectOrCreate: { where: target, create: fresh } })),
  };
  // Prisma takes it only where what is let go may be without.
  const isSettable = relation.isList && !(back.fields && back.isRequired) && !isOwnership(shape, way);
  return isSettable ? { ...connects, 'set in': connect((target) => ({ set: [target] })) } : connects;
}

/** Both rows have the owner column in the foreign key: the database keeps them together. */
function isTiedByOwnerColumn(shape: Shape, { from, to, field, relation, back, ...way }: Way): boolean {
  if (isOwnership(shape, { from, to, field, relation, back, ...way })) return false;
  const isOwned = (model: string) => getMap(shape, model).scope.kind === 'owned';
  const isFrom = isOwned(from) && isTied(shape, { model: from, field, relation });
  return isFrom || (isOwned(to) && isTied(shape, { model: to, field: relation.opposite, relation: back }));
}

function connect(verb: (target: Row, fresh: Row) => Row): Make {
  return (world, way, side) => {
    const { shape } = world;
    // Not the one that it may hang on already.
    const isOwner = isOwnership(shape, way);
    const start = isOwner ? world.row('a', way.from) : anotherOf(world, way.from);
    const pair: Pair = { way, side, start, target: world.row(side, way.to) };
    const value = verb(uniqueWhere(shape, way.to, pair.target), freshWithout({ world, way }, 'a'));
    return { call: writeStart(shape, way, start, value), ...watchLink(world, pair) };
  };
}

function watchLink(world: World, pair: Pair): Pick<Plan, 'look' | 'happened'> {
  const { look, isLinked } = readLink(world, pair);
  return { look, happened: (_, seen) => isLinked(seen) };
}

/** The plain columns of a foreign key, or the relation beside other columns. */
const CREATED_KEYS: Record<string, Make> = {
  'create with the key of': (world, way, side) => {
    if (isTiedByOwnerColumn(world.shape, way)) return null;
    const target = world.row(side, way.to);
    const data = { ...world.fresh('a', way.from), ...pointAt(way.relation, target) };
    return {
      call: { model: way.from, method: 'create', args: { data } },
      ...watchLink(world, { way, side, start: data, target }),
    };
  },
  'create with connect in': (world, way, side) => {
    const { shape } = world;
    if (isTiedByOwnerColumn(shape, way)) return null;
    const key = pointAt(way.relation, world.row(side, way.to));
    const data = toRelations(world, way.from, { ...world.fresh('a', way.from), ...key });
    return {
      call: { model: way.from, method: 'create', args: { data } },
      happened: (answer) => rowsAt(answer).some((row) => hasValues(row, key)),
    };
  },
};
const UPDATED_KEYS: Record<string, Make> = {
  'update with the key of': (world, way, side) => {
    const { shape } = world;
    if (isTiedByOwnerColumn(shape, way)) return null;
    const target = world.row(side, way.to);
    const start = anotherOf(world, way.from);
    const data = pointAt(way.relation, target);
    const args = { where: uniqueWhere(shape, way.from, start), data };
    const pair = { way, side, start, target };
    return { call: { model: way.from, method: 'update', args }, ...watchLink(world, pair) };
  },
};

/** A row's foreign keys as relations: Prisma takes the one or the other. */
function toRelations({ shape }: World, model: string, row: Row): Row {
  const { relations } = getMap(shape, model);
  const data: Row = { ...row };
  // Beside relations Prisma takes no number that a counter gives.
  for (const { name, default: value } of listColumns(shape, model))
    if ((value as { name?: string } | undefined)?.name === 'autoincrement') delete data[name];
  for (const [name, { fields, references = [], to }] of Object.entries(relations)) {
    if (!fields?.every((field) => (row[field] ?? null) !== null)) continue;
    for (const field of fields) delete data[field];
    const key = Object.fromEntries(
      references.map((reference, index) => [reference, row[fields[index] ?? '']]),
    );
    data[name] = { connect: toUnique(shape, to, key) };
  }
  return data;
}

function toUnique(shape: Shape, model: string, key: Row): Row {
  const fields = Object.keys(key);
  return fields.length > 1 ? { [nameOfKey(shape, model, fields)]: key } : key;
}

function nameOfKey({ data }: Shape, name: string, fields: readonly string[]): string {
  const model = data.models.find((each) => each.name === name);
  const keys = [model?.primaryKey ?? null, ...(model?.uniqueIndexes ?? [])];
  const found = keys.find((key) => key?.fields.join() === fields.join());
  return found?.name ?? fields.join('_');
}
