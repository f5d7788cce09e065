import fc from 'fast-check';
import type { IsolationMap, ModelMap, RelationMap } from '../../src/isolation/map.ts';
import { ownerOf, type Row, type World } from './world.ts';

/** A schema, and what random rows of it are made of. */
export interface RandomSchema {
  models: string;
  shared: readonly string[];
  /** How many rows each user has, or everybody, in the order in which they can be inserted. */
  counts: Record<string, number>;
  /** A field of each model that holds a text. */
  texts: Record<string, string>;
  /** Another one, that has to be unique. */
  uniques: Record<string, string>;
}

/** Rows in the order in which they can be inserted, and what is linked afterwards. */
export interface RandomWorld {
  rows: [model: string, rows: Row[]][];
  links: [model: string, id: string, data: object][];
}

interface Made {
  row: Row;
  owner: string | null | undefined;
}

const USERS = ['a', 'b'];
const markOf = (owner: string | null | undefined) => (owner === undefined ? '' : owner === 'a' ? 'A!' : 'B!');

/** As many rows of each user; any row may hang on, and be linked to, any other, as in an app that had no users. */
export function randomWorlds(schema: RandomSchema, map: IsolationMap): fc.Arbitrary<RandomWorld> {
  return fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 150, maxLength: 150 })).map((numbers) => {
    let at = 0;
    return makeWorld(schema, map, (most) => (numbers[at++ % numbers.length] ?? 0) % most);
  });
}

type Dice = (most: number) => number;

function makeWorld(schema: RandomSchema, map: IsolationMap, dice: Dice): RandomWorld {
  const made: Record<string, Made[]> = {};
  const taken = new Set<string>();
  /** The key of a row that another one points at, which nothing else does where it is one to one. */
  const point = (name: string, relation: RelationMap, owner?: Made['owner']): Made | undefined => {
    const isOne = map.models[relation.to]?.relations[relation.opposite]?.isList === false;
    const free = (made[relation.to] ?? []).filter(
      (each) =>
        !(isOne && taken.has(`${name} ${relation.opposite} ${each.row.id}`)) &&
        // A row that cannot be without another one is not left when that one is left out.
        (!relation.isRequired || owner === undefined || each.owner === owner),
    );
    const found = relation.isRequired || dice(3) > 0 ? free[dice(Math.max(free.length, 1))] : undefined;
    if (found) taken.add(`${name} ${relation.opposite} ${found.row.id}`);
    return found;
  };
  for (const name of Object.keys(schema.counts)) {
    const rows: Made[] = [];
    made[name] = rows;
    for (const [index, drawn] of drawOwners(
      map.models[name] as ModelMap,
      schema.counts[name] ?? 0,
      dice,
    ).entries())
      rows.push(makeRow(schema, map, { name, index, drawn, point }));
  }
  const links = [...listCircular(schema, map)].flatMap(([name, relation]) =>
    (made[name] ?? []).flatMap(({ row }): RandomWorld['links'] => {
      const target = point(name, relation);
      return target ? [[name, String(row.id), { [relation.fields?.[0] ?? '']: target.row.id }]] : [];
    }),
  );
  const rows = Object.entries(made).map(([name, list]): [string, Row[]] => [
    name,
    list.map(({ row }) => row),
  ]);
  return { rows, links: [...links, ...joinRows(map, made, dice)] };
}

/** For each row whose it is; the owner of what hangs on rows comes of the row that it hangs on. */
function drawOwners({ scope }: ModelMap, count: number, dice: Dice): Made['owner'][] {
  if (scope.kind === 'users') return USERS;
  const all = USERS.flatMap((user) => Array.from({ length: count }, () => user));
  if (scope.kind === 'owned') return scope.isRequired ? all : all.map(() => ['a', 'b', null][dice(3)]);
  return scope.kind === 'through' ? all : all.slice(0, count).map(() => undefined);
}

interface Making {
  name: string;
  index: number;
  drawn: Made['owner'];
  point: (name: string, relation: RelationMap, owner?: Made['owner']) => Made | undefined;
}

function makeRow(schema: RandomSchema, map: IsolationMap, { name, index, drawn, point }: Making): Made {
  const { scope, relations } = map.models[name] as ModelMap;
  let owner = drawn;
  const keys: Row = scope.kind === 'owned' ? { [scope.field]: owner } : {};
  for (const [key, relation] of Object.entries(relations)) {
    const isWay = scope.kind === 'through' && scope.relation === key;
    if (!relation.fields || (scope.kind === 'owned' && scope.relation === key)) continue;
    const target = isCircular(schema, name, relation)
      ? undefined
      : point(name, relation, scope.kind === 'owned' ? owner : undefined);
    if (isWay) owner = target?.owner ?? null;
    keys[relation.fields[0] ?? ''] = target?.row.id ?? null;
  }
  const id = scope.kind === 'users' ? owner : `${markOf(owner)}${name}${index}`;
  const text = schema.texts[name] ?? 'id';
  const unique = schema.uniques[name];
  const row = {
    ...keys,
    id,
    ...(unique && { [unique]: `${markOf(owner)}${unique}${index}` }),
    ...(text !== 'id' && { [text]: `${markOf(owner)}${index % 3}` }),
  };
  return { row, owner };
}

/** A foreign key to rows that are inserted later. */
function isCircular({ counts }: RandomSchema, name: string, { to }: RelationMap): boolean {
  const order = Object.keys(counts);
  return order.indexOf(to) > order.indexOf(name);
}

function listCircular(schema: RandomSchema, { models }: IsolationMap): [string, RelationMap][] {
  return Object.keys(schema.counts).flatMap((name) =>
    Object.values(models[name]?.relations ?? {})
      .filter((relation) => relation.fields && isCircular(schema, name, relation))
      .map((relation): [string, RelationMap] => [name, relation]),
  );
}

/** Pairs of each many-to-many relation. */
function joinRows(map: IsolationMap, made: Record<string, Made[]>, dice: Dice): RandomWorld['links'] {
  return Object.entries(made).flatMap(([name, rows]) =>
    Object.entries(map.models[name]?.relations ?? {}).flatMap(([key, { to, opposite, isList }]) => {
      const isJoined = isList && map.models[to]?.relations[opposite]?.isList;
      if (!isJoined || `${name}.${key}` > `${to}.${opposite}`) return [];
      return Array.from({ length: dice(6) }, (): RandomWorld['links'][number] => {
        const [one, other] = [rows[dice(rows.length)], made[to]?.[dice(made[to].length)]];
        return [name, String(one?.row.id), { [key]: { connect: { id: other?.row.id } } }];
      });
    }),
  );
}

/** The filter by hand: the same world without the rows of others, and without what pointed at them. */
export function reduceTo(userId: string, schema: RandomSchema, map: IsolationMap, world: World): RandomWorld {
  const isSeen = (name: string, row: Row) =>
    map.models[name]?.scope.kind === 'users' ||
    [userId, undefined].includes(ownerOf(map, world, name, row) as string | undefined);
  const seen = (name: string) => (world[name] ?? []).filter((row) => isSeen(name, row));
  const has = (name: string, id: unknown) => seen(name).some((row) => row.id === id);
  const links: RandomWorld['links'] = [];
  const strip = (name: string) =>
    seen(name).map((row) => {
      const { relations, scope } = map.models[name] as ModelMap;
      const bare: Row = { ...row };
      for (const [key, relation] of Object.entries(relations)) {
        const [field] = relation.fields ?? [];
        if (Array.isArray(row[key])) {
          delete bare[key];
          const ids = (row[key] as { id: string }[]).filter(({ id }) => has(relation.to, id));
          if (ids.length > 0)
            links.push([name, String(row.id), { [key]: { connect: ids.map(({ id }) => ({ id })) } }]);
        } else if (field !== undefined && !(scope.kind === 'owned' && scope.field === field)) {
          const isKept = has(relation.to, row[field]);
          if (isKept && !isCircular(schema, name, relation)) continue;
          if (isKept) links.push([name, String(row.id), { [field]: row[field] }]);
          bare[field] = null;
        }
      }
      return bare;
    });
  return { rows: Object.keys(schema.counts).map((name): [string, Row[]] => [name, strip(name)]), links };
}
