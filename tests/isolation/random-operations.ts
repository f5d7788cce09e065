import fc from 'fast-check';
import type { IsolationMap, ModelMap, RelationMap } from '../../src/isolation/map.ts';

/** What Prisma can be asked for, at random. */
export interface RandomOperation {
  model: string;
  operation: string;
  args: object;
}

/** What an operation is made of: the models, and the keys of rows of every user. */
export interface Ground {
  map: IsolationMap;
  ids: Record<string, readonly string[]>;
  /** A field of each model that holds a text. */
  texts: Record<string, string>;
  /** What a new row needs beside its key; the key is in it where a column has to be unique. */
  fresh: (model: string, key: string) => object;
}

type Tree = fc.Arbitrary<object>;

const MARKS = ['A!', 'B!', 'x'];

function modelOf({ map }: Ground, name: string): ModelMap {
  const model = map.models[name];
  if (!model) throw new Error(name);
  return model;
}

/** Relations, but of those of a new row not the one that Prisma sets: back to the row that it is created with. */
function relationsOf(ground: Ground, name: string, via?: string): [string, RelationMap][] {
  return Object.entries(modelOf(ground, name).relations).filter(([key]) => key !== via);
}

/** Own rows more often than others: a write of many parts has to reach them all. */
function idsOf({ ids }: Ground, name: string): fc.Arbitrary<string> {
  const all = ids[name] ?? [];
  const own = all.filter((id) => !id.startsWith('B!') && id !== 'b');
  return fc.constantFrom(...all, ...own, ...own, 'none');
}

function textOf(): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...MARKS), fc.constantFrom('1', '2', '')).map((parts) => parts.join(''));
}

/** One of the arbitraries for each relation, or none where a model has no relation. */
function pick(candidates: [string, fc.Arbitrary<unknown>][]): Tree {
  if (candidates.length === 0) return fc.constant({});
  return fc.oneof(...candidates.map(([key, value]) => value.map((each) => ({ [key]: each }))));
}

function where(ground: Ground, name: string, depth: number): Tree {
  const { scope } = modelOf(ground, name);
  const leaves: Tree[] = [
    fc.constant({}),
    idsOf(ground, name).map((id) => ({ id })),
    textOf().map((text) => ({ [ground.texts[name] ?? '']: { startsWith: text } })),
    ...(scope.kind === 'owned' ? [fc.constantFrom('a', 'b').map((id) => ({ [scope.field]: id }))] : []),
  ];
  if (depth <= 0) return fc.oneof(...leaves);
  // Prisma takes `OR: [{}]` for nothing where it stands alone, and for everything elsewhere.
  const inner = fc.array(
    where(ground, name, depth - 1).filter((each) => Object.keys(each).length > 0),
    { minLength: 1, maxLength: 2 },
  );
  return fc.oneof(
    ...leaves,
    fc.constantFrom('AND', 'OR', 'NOT').chain((word) => inner.map((list) => ({ [word]: list }))),
    pick(
      relationsOf(ground, name).map(([key, { to, isList, isRequired }]) => {
        const words = isList ? ['some', 'none', 'every'] : ['is', 'isNot'];
        const filter = fc
          .constantFrom(...words)
          .chain((word) => where(ground, to, depth - 1).map((each) => ({ [word]: each })));
        return [
          key,
          isList || isRequired
            ? filter
            : fc.oneof(
                filter,
                fc.constant(null),
                where(ground, to, depth - 1).filter((each) => Object.keys(each).length > 0),
              ),
        ];
      }),
    ),
  );
}

function selection(ground: Ground, name: string, depth: number): Tree {
  if (depth <= 0) return fc.constant({});
  const relations = relationsOf(ground, name);
  const lists = relations.filter(([, { isList }]) => isList);
  const counted = fc.subarray(lists, { minLength: Math.min(1, lists.length) }).chain((some) =>
    some.length === 0
      ? fc.constant({})
      : fc.tuple(...some.map(([, { to }]) => where(ground, to, depth - 1))).map((filters) => ({
          _count: { select: Object.fromEntries(some.map(([key], i) => [key, { where: filters[i] }])) },
        })),
  );
  const nested = fc
    .subarray(relations)
    .map((some) => some.slice(0, 3))
    .chain((some) =>
      fc
        .tuple(...some.map(([, { to, isList }]) => nestedRead(ground, to, { depth: depth - 1, isList })))
        .map((args) => Object.fromEntries(some.map(([key], i) => [key, args[i]]))),
    );
  return fc
    .tuple(fc.constantFrom('select', 'include'), nested, fc.oneof(counted, fc.constant({})))
    .map(([part, tree, count]) => {
      const fields = { ...(part === 'select' ? { id: true } : {}), ...tree, ...count };
      return Object.keys(fields).length > 0 ? { [part]: fields } : {};
    });
}

function nestedRead(
  ground: Ground,
  name: string,
  { depth, isList }: { depth: number; isList: boolean },
): fc.Arbitrary<unknown> {
  const whole = selection(ground, name, depth).map((args) => (Object.keys(args).length > 0 ? args : true));
  if (!isList) return whole;
  const filtered = fc
    .tuple(selection(ground, name, depth), where(ground, name, depth - 1))
    .map(([args, filter]) => ({ ...args, where: filter, orderBy: { id: 'asc' } }));
  return filtered;
}

/** Reads whose answers depend on nothing but rows. */
export function randomReads(ground: Ground, depth: number): fc.Arbitrary<RandomOperation> {
  const names = Object.keys(ground.map.models);
  return fc.constantFrom(...names).chain((model) => {
    const filter = where(ground, model, depth - 1);
    const tree = selection(ground, model, depth - 1);
    const text = ground.texts[model] ?? '';
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(filter, tree).map(([each, args]) => ({
          model,
          operation: 'findMany',
          args: { ...args, where: each, orderBy: { id: 'asc' } },
        })),
      },
      fc.tuple(idsOf(ground, model), filter, tree).map(([id, each, args]) => ({
        model,
        operation: 'findUnique',
        args: { ...args, where: { id, AND: [each] } },
      })),
      fc.tuple(filter, tree).map(([each, args]) => ({
        model,
        operation: 'findFirst',
        args: { ...args, where: each, orderBy: { id: 'desc' } },
      })),
      filter.map((each) => ({ model, operation: 'count', args: { where: each } })),
      filter.map((each) => ({
        model,
        operation: 'aggregate',
        args: { where: each, _count: true, _max: { [text]: true } },
      })),
      filter.map((each) => ({
        model,
        operation: 'groupBy',
        args: { where: each, by: [text], _count: true, orderBy: { [text]: 'asc' } },
      })),
    );
  });
}

let serial = 0;

interface Writing {
  depth: number;
  isNew: boolean;
  via?: string;
}

function data(ground: Ground, name: string, { depth, isNew, via }: Writing): Tree {
  const { scope } = modelOf(ground, name);
  const scalars = fc
    .record({
      text: fc.option(textOf(), { nil: undefined }),
      owner: fc.option(fc.constantFrom('a', 'a', 'a', 'b', null), { nil: undefined, freq: 3 }),
    })
    .map(({ text, owner }) => ({
      ...(isNew ? ground.fresh(name, `A!new${++serial}`) : {}),
      ...(text === undefined || ground.texts[name] === 'id' ? {} : { [ground.texts[name] ?? '']: text }),
      ...(owner === undefined || scope.kind !== 'owned' ? {} : { [scope.field]: owner }),
    }));
  const relations = relationsOf(ground, name, via);
  const keys = relations.filter(([, { fields }]) => fields?.length === 1);
  const plain = fc
    .subarray(keys)
    .map((some) => some.slice(0, 1))
    .chain((some) =>
      fc
        .tuple(...some.map(([, { to }]) => fc.oneof(idsOf(ground, to), fc.constant(null))))
        .map((ids) => Object.fromEntries(some.map(([, { fields = [] }], i) => [fields[0], ids[i]]))),
    );
  const nested =
    depth <= 0
      ? fc.constant({})
      : fc
          .subarray(relations)
          .map((some) => some.slice(0, 2))
          .chain((some) =>
            fc
              .tuple(...some.map(([, relation]) => verbs(ground, relation, { depth: depth - 1, isNew })))
              .map((writes) => Object.fromEntries(some.map(([key], i) => [key, writes[i]]))),
          );
  // Prisma takes either columns of foreign keys or relations.
  return fc
    .tuple(scalars, fc.oneof(plain, nested, nested))
    .map(([columns, more]) => ({ ...columns, ...more }));
}

function verbs(ground: Ground, relation: RelationMap, { depth, isNew }: Writing): Tree {
  const { to, isList, opposite, isRequired } = relation;
  const key = idsOf(ground, to).map((id) => ({ id }));
  const make = data(ground, to, { depth, isNew: true, via: opposite });
  const change = data(ground, to, { depth, isNew: false, via: opposite });
  const flat = data(ground, to, { depth: 0, isNew: false, via: opposite });
  const filter = where(ground, to, 0);
  const always: Tree[] = [
    key.map((each) => ({ connect: each })),
    make.map((each) => ({ create: each })),
    fc.tuple(key, make).map(([each, created]) => ({ connectOrCreate: { where: each, create: created } })),
  ];
  if (isNew) return fc.oneof(...always);
  const ofLists: Tree[] = [
    key.map((each) => ({ disconnect: each })),
    fc.array(key, { maxLength: 2 }).map((each) => ({ set: each })),
    key.map((each) => ({ delete: each })),
    filter.map((each) => ({ deleteMany: each })),
    fc.tuple(key, change).map(([each, changed]) => ({ update: { where: each, data: changed } })),
    fc.tuple(filter, flat).map(([each, changed]) => ({ updateMany: { where: each, data: changed } })),
    fc
      .tuple(key, make, change)
      .map(([each, created, changed]) => ({ upsert: { where: each, create: created, update: changed } })),
  ];
  const ofRows: Tree[] = [
    ...(isRequired ? [] : [fc.constant({ disconnect: true }), fc.constant({ delete: true })]),
    change.map((changed) => ({ update: changed })),
    fc.tuple(filter, change).map(([each, changed]) => ({ update: { where: each, data: changed } })),
    fc.tuple(make, change).map(([created, changed]) => ({ upsert: { create: created, update: changed } })),
  ];
  const one = fc.oneof(...always, ...(isList ? ofLists : ofRows));
  // What one of them changes, another one of the same write may look for.
  const two = fc.tuple(one, one).map(([first, second]) => ({ ...first, ...second }));
  return fc.oneof(one, two);
}

/** Writes, most of which Prisma takes; what it does not take must change nothing either. */
export function randomWrites(ground: Ground, depth: number): fc.Arbitrary<RandomOperation> {
  const names = Object.keys(ground.map.models);
  return fc.constantFrom(...names).chain((model) => {
    const made = data(ground, model, { depth: depth - 1, isNew: true });
    const changed = data(ground, model, { depth: depth - 1, isNew: false });
    const flat = data(ground, model, { depth: 0, isNew: true });
    const flatChange = data(ground, model, { depth: 0, isNew: false });
    const filter = where(ground, model, 1);
    const key = idsOf(ground, model).map((id) => ({ id }));
    const tree = selection(ground, model, 2);
    // With many rows, Prisma returns what they hang on alone.
    const above = relationsOf(ground, model).filter(([, { fields }]) => fields !== undefined);
    const select = fc
      .subarray(above)
      .map((some) => ({ select: { id: true, ...Object.fromEntries(some.map(([each]) => [each, true])) } }));
    return fc.oneof(
      fc
        .tuple(made, tree)
        .map(([each, args]) => ({ model, operation: 'create', args: { ...args, data: each } })),
      fc
        .array(flat, { minLength: 1, maxLength: 3 })
        .map((each) => ({ model, operation: 'createMany', args: { data: each } })),
      fc
        .tuple(fc.array(flat, { minLength: 1, maxLength: 3 }), select)
        .map(([each, args]) => ({ model, operation: 'createManyAndReturn', args: { ...args, data: each } })),
      {
        weight: 4,
        arbitrary: fc.tuple(key, changed, tree).map(([where, each, args]) => ({
          model,
          operation: 'update',
          args: { ...args, where, data: each },
        })),
      },
      fc
        .tuple(filter, flatChange)
        .map(([where, each]) => ({ model, operation: 'updateMany', args: { where, data: each } })),
      fc.tuple(filter, flatChange, select).map(([where, each, args]) => ({
        model,
        operation: 'updateManyAndReturn',
        args: { ...args, where, data: each },
      })),
      fc.tuple(key, made, changed, tree).map(([where, create, update, args]) => ({
        model,
        operation: 'upsert',
        args: { ...args, where, create, update },
      })),
      fc.tuple(key, tree).map(([where, args]) => ({ model, operation: 'delete', args: { ...args, where } })),
      filter.map((where) => ({ model, operation: 'deleteMany', args: { where } })),
    );
  });
}
