import { type ModelClient, modelOf } from '../database/model-client.ts';
import { type Args, ownRows, type UserId } from '../isolation/scope.ts';
import type { Seed } from './make-row.ts';
import { getMap, keyFieldsOf, listColumns, listPrivate, type Row, type Shape } from './shape.ts';
import { USER_SETTING } from './way.ts';
import type { Samples } from './world.ts';

/** So many users are asked for their rows where row-level security hides whose rows there are. */
const MOST_USERS = 20;

/** Reads with a client that nothing scopes. */
export interface Sampler {
  shape: Shape;
  client: ModelClient;
  isUnderRls: boolean;
}

/** Of each model that is of users, two of them, and what rows they have; b has one of the model wherever anybody has. */
export async function readSamples(sampler: Sampler): Promise<Map<string, Samples>> {
  const known = new Map<string, Record<string, Row>>();
  const shared = await readShared(sampler);
  const users = await listUsers(sampler);
  const rowsOf = async (userId: UserId | null) => {
    if (userId === null) return shared;
    const name = String(userId);
    const found = known.get(name) ?? { ...shared, ...(await readRows(sampler, userId)) };
    known.set(name, found);
    return found;
  };
  const samples = new Map<string, Samples>();
  for (const model of listPrivate(sampler.shape)) {
    const owners = sampler.isUnderRls
      ? await findOwnersAmong(users, async (id) => (await rowsOf(id))[model] !== undefined)
      : await findOwners(sampler, model);
    const [b = null, a = null] = [
      ...owners,
      ...users.filter((id) => !owners.some((each) => isOne(each, id))),
    ];
    samples.set(model, { users: { a, b }, rows: { a: await rowsOf(a), b: await rowsOf(b) } });
  }
  return samples;
}

function isOne(one: UserId, other: UserId): boolean {
  return String(one) === String(other);
}

async function findOwnersAmong(
  users: readonly UserId[],
  has: (id: UserId) => Promise<boolean>,
): Promise<UserId[]> {
  const found: UserId[] = [];
  for (const id of users) if (found.length < 2 && (await has(id))) found.push(id);
  return found;
}

async function listUsers({ shape, client }: Sampler): Promise<UserId[]> {
  const { ownerModel, ownerKey } = shape.map;
  const found = await modelOf(client, ownerModel).findMany?.({
    select: { [ownerKey]: true },
    take: MOST_USERS,
  });
  return ((found ?? []) as Row[]).map((row) => row[ownerKey] as UserId);
}

/** Up to two users that have a row of a model. */
async function findOwners({ shape, client }: Sampler, model: string): Promise<UserId[]> {
  const path = listPath(shape, model);
  const field = path.pop() ?? '';
  const nest = (inner: Args, wrap: (inner: Args) => Args) =>
    path.reduceRight<Args>((each, relation) => ({ [relation]: wrap(each) }), inner);
  const select = nest({ [field]: true }, (inner) => ({ select: inner }));
  const found: UserId[] = [];
  while (found.length < 2) {
    const condition: Args = { AND: found.map((id) => ({ [field]: { not: id } })) };
    const isRequired = getMap(shape, endOf(shape, model)).scope;
    if (isRequired.kind === 'owned' && !isRequired.isRequired) condition[field] = { not: null };
    const where = nest(condition, (inner) => ({ is: inner }));
    const row = (await modelOf(client, model).findFirst?.({ where, select })) as Row | null;
    const id = path.reduce<Row | null>((each, relation) => (each?.[relation] ?? null) as Row | null, row)?.[
      field
    ];
    if (id === undefined || id === null) break;
    found.push(id as UserId);
  }
  return found;
}

/** The relations from a model to the one with the owner column, and that column. */
function listPath(shape: Shape, model: string): string[] {
  const { scope, relations } = getMap(shape, model);
  if (scope.kind === 'owned') return [scope.field];
  return scope.kind === 'through'
    ? [scope.relation, ...listPath(shape, relations[scope.relation]?.to ?? '')]
    : [];
}

function endOf(shape: Shape, model: string): string {
  const { scope, relations } = getMap(shape, model);
  return scope.kind === 'through' ? endOf(shape, relations[scope.relation]?.to ?? '') : model;
}

/** One row of each model that is the user's, and himself. */
async function readRows(
  { shape, client, isUnderRls }: Sampler,
  userId: UserId,
): Promise<Record<string, Row>> {
  const { map } = shape;
  return client.$transaction(
    async (tx) => {
      if (isUnderRls)
        await tx.$queryRawUnsafe('SELECT set_config($1, $2, true)', USER_SETTING, String(userId));
      const rows: Record<string, Row> = {};
      for (const model of [map.ownerModel, ...listPrivate(shape)]) {
        const where = model === map.ownerModel ? { [map.ownerKey]: userId } : ownRows({ map, userId }, model);
        const row = await modelOf(tx, model).findFirst?.({ where });
        if (row) rows[model] = row as Row;
      }
      return rows;
    },
    { maxWait: 10_000, timeout: 60_000 },
  );
}

async function readShared({ shape, client }: Sampler): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  for (const [model, { scope }] of Object.entries(shape.map.models)) {
    if (scope.kind !== 'shared' && scope.kind !== 'closed') continue;
    const row = await modelOf(client, model).findFirst?.({});
    if (row) rows[model] = row as Row;
  }
  return rows;
}

/** What made rows are drawn from: the greatest numbers, so that they come after them. */
export async function readSeed({ shape, client }: Sampler, text: string): Promise<Seed> {
  const greatest: Record<string, bigint> = {};
  for (const { name } of shape.data.models) {
    const keys = keyFieldsOf(shape, name);
    const numbers = listColumns(shape, name).filter(
      ({ type, isList, isUnique, ...field }) =>
        (type === 'Int' || type === 'BigInt') && !isList && (isUnique || keys.includes(field.name)),
    );
    if (numbers.length === 0) continue;
    const _max = Object.fromEntries(numbers.map((field) => [field.name, true]));
    const found = (await modelOf(client, name).aggregate?.({ _max })) as {
      _max: Record<string, bigint | number | null>;
    };
    for (const [field, value] of Object.entries(found._max))
      greatest[`${name}.${field}`] = BigInt(value ?? 0);
  }
  return { text, greatest };
}
