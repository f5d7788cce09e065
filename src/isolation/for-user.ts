import { clientUnknown, linkNotOwn, rawSql, userIdInvalid } from './error.ts';
import type { IsolationMap } from './map.ts';
import { scopeOperation } from './operation.ts';
import { type Args, allOf, ownRows, type Scoping, type UserId } from './scope.ts';
import type { Link } from './write.ts';

/** As much of a Prisma client as is used here; every generated client of version 6 and 7 has it. */
interface ExtensibleClient {
  $extends: unknown;
}

/** What Prisma hands to the hook of an extension. */
interface Hooked {
  model?: string;
  operation: string;
  args: unknown;
  query: (args: unknown) => Promise<unknown>;
  __internalParams?: { transaction?: { kind: 'itx' | 'batch' } };
}

/** A query of Prisma before it is sent: it can be made part of a transaction. */
interface Query<T> extends PromiseLike<T> {
  requestTransaction?(transaction: unknown): PromiseLike<T>;
}

type Delegate = { count(args: Args): Query<number> };

/**
 * Makes `forUser` for one schema, whose list `migration:isolation -- --generate FILE` writes. `forUser(prisma, userId)` is the
 * same client, in which every operation reads, counts, changes and links rows of this user alone; what cannot be scoped throws
 * `IsolationError`. It opens no connection of its own and costs next to nothing: ask for one in each request. A write that
 * points at rows by plain foreign keys asks first whether those are the user's, in the same interactive transaction; in a batch
 * before the batch begins.
 */
export function isolate(map: IsolationMap): {
  forUser: <Client extends ExtensibleClient>(prisma: Client, userId: UserId) => Client;
} {
  const clients = new WeakMap<object, Map<UserId, unknown>>();
  return {
    forUser<Client extends ExtensibleClient>(prisma: Client, userId: UserId): Client {
      const scoping = { map, userId: checkUserId(map, userId) };
      const known = clients.get(prisma) ?? new Map<UserId, unknown>();
      const client = (known.get(userId) as Client | undefined) ?? extend(prisma, scoping);
      // The one that was asked for last is the last to go.
      known.delete(userId);
      known.set(userId, client);
      const [oldest] = known.keys();
      if (known.size > MOST_CLIENTS && oldest !== undefined) known.delete(oldest);
      clients.set(prisma, known);
      return client;
    },
  };
}

/** So many users have a client ready: to make one costs Prisma more than the queries of a small request. */
const MOST_CLIENTS = 200;

function extend<Client extends ExtensibleClient>(prisma: Client, scoping: Scoping): Client {
  if (typeof prisma?.$extends !== 'function') throw clientUnknown();
  return prisma.$extends({
    name: 'prisma-ownership',
    query: {
      async $allOperations({ model, operation, args, query, __internalParams }: Hooked) {
        if (model === undefined) {
          if (!isMeant(args)) throw rawSql(operation);
          return query(args);
        }
        if (!__internalParams) throw clientUnknown();
        const scoped = scopeOperation(scoping, { model, operation }, args);
        await checkLinks(prisma, scoping, scoped.links, __internalParams.transaction);
        return query(scoped.args);
      },
    },
  }) as Client;
}

/** SQL that begins with a comment saying why it is not scoped, which is found by searching for "unscoped:". */
function isMeant(args: unknown): boolean {
  const { strings, sql } = (args ?? {}) as { strings?: readonly string[]; sql?: string };
  const [first] = Array.isArray(args) ? args : [strings?.[0] ?? sql];
  return typeof first === 'string' && /^\s*\/\*\s*unscoped:\s*[^\s*]/.test(first);
}

/** A value that Prisma leaves out of a filter would let everything through. */
function checkUserId({ ownerKeyType }: IsolationMap, userId: UserId): UserId {
  const isValid =
    ownerKeyType === 'String'
      ? typeof userId === 'string' && userId !== ''
      : Number.isSafeInteger(userId) || (ownerKeyType === 'BigInt' && typeof userId === 'bigint');
  if (!isValid) throw userIdInvalid(userId, ownerKeyType);
  return userId;
}

/** Throws LINK_NOT_OWN where a row that would be pointed at is not the user's, or not there. */
async function checkLinks(
  prisma: ExtensibleClient,
  scoping: Scoping,
  links: readonly Link[],
  transaction: { kind: 'itx' | 'batch' } | undefined,
): Promise<void> {
  for (const group of groupLinks(links)) {
    const [link] = group.links;
    if (!link) continue;
    const most = Math.floor(MOST_VALUES / Math.max(Object.keys(link.key).length, 1));
    for (let start = 0; start < group.keys.length; start += most) {
      const keys = group.keys.slice(start, start + most);
      const where = allOf(ownRows(scoping, link.to), anyOf(keys), ...(link.needs ?? [])) ?? {};
      const query = getDelegate(prisma, link.to).count({ where });
      if (transaction?.kind === 'itx' && typeof query.requestTransaction !== 'function')
        throw clientUnknown();
      const found = await (transaction?.kind === 'itx' ? query.requestTransaction?.(transaction) : query);
      if (found !== keys.length) throw linkNotOwn(link.model, link.relation, link.to);
    }
  }
}

/** SQLite takes 999 values in one question, of which the owner is one. */
const MOST_VALUES = 500;

/** JSON, with keys that are bigint. */
function toText(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each));
}

interface LinkGroup {
  links: Link[];
  /** Each key once. */
  keys: Record<string, unknown>[];
}

/** By the model, the fields that are pointed at, and what must hold beside: each group is one question. */
function groupLinks(links: readonly Link[]): LinkGroup[] {
  const groups = new Map<string, LinkGroup & { seen: Set<string> }>();
  for (const link of links) {
    const name = toText([link.to, Object.keys(link.key), link.needs]);
    const group = groups.get(name) ?? { links: [], keys: [], seen: new Set<string>() };
    groups.set(name, group);
    group.links.push(link);
    const text = JSON.stringify(
      Object.values(link.key).map((each) => (each instanceof Date ? each.getTime() : String(each))),
    );
    if (!group.seen.has(text)) group.keys.push(link.key);
    group.seen.add(text);
  }
  return [...groups.values()];
}

function anyOf(keys: readonly Record<string, unknown>[]): Args {
  const [field, ...others] = Object.keys(keys[0] ?? {});
  return field !== undefined && others.length === 0
    ? { [field]: { in: keys.map((key) => key[field]) } }
    : { OR: [...keys] };
}

/** A client's delegates are called like their models, with the first letter small. */
function getDelegate(prisma: ExtensibleClient, model: string): Delegate {
  const name = model.replace(/^./, (letter) => letter.toLowerCase());
  // A client's type names its models; this one is known at run time alone, and the hook was called for a model of this client.
  return (prisma as unknown as Record<string, Delegate>)[name] as Delegate;
}
