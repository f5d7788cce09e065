import { type ModelClient, modelOf } from '../database/model-client.ts';
import type { UserId } from '../isolation/scope.ts';
import type { Row } from './shape.ts';
import type { Call, Side, Step } from './world.ts';

/** By what a user is kept to his rows: nothing, the extension, row-level security, or the application's own client. */
export type WayName = 'extension' | 'rls' | 'client';

/** The ways as people read them. */
export const WAY_TITLES: Record<WayName, string> = {
  extension: 'the isolation library',
  rls: 'row-level security',
  client: "the application's own client",
};

/** A client, by the user that it is scoped to, and how to get past it. */
export interface Way {
  /** Null: the client that nothing scopes, which shows what an attempt comes to where nothing is held back. */
  name: WayName | null;
  scopeTo: (userId: UserId) => ModelClient | Promise<ModelClient>;
  /** The same client without what scopes it. */
  unscoped: ModelClient;
  provider: 'sqlite' | 'postgresql' | 'mysql';
  /** Row-level security holds for this role: the setting says whose rows it sees. */
  isUnderRls: boolean;
}

/** Operations in the transaction of an attempt that no client scopes. */
export interface Bare {
  begin(): Promise<void>;
  /** Says to row-level security who is meant. */
  become(side: Side): Promise<void>;
  run(step: Step): Promise<unknown>;
}

/** The setting that policies go by. */
export const USER_SETTING = 'app.user_id';

/** Nobody of the application is kept waiting by an attempt, and an attempt waits for nobody. */
const LIMITS: Record<Way['provider'], string[]> = {
  postgresql: ["SET LOCAL lock_timeout = '300ms'", "SET LOCAL statement_timeout = '30s'"],
  mysql: ['SET SESSION innodb_lock_wait_timeout = 1'],
  sqlite: [],
};

/** Where a client of Prisma 6, or 7, keeps the transaction that it is in. */
const IN_TRANSACTION = ['prisma.client.transaction.id', 'prisma.client.transaction.scope_context'];

interface Query extends PromiseLike<unknown> {
  requestTransaction?(transaction: { kind: 'itx'; id: string }): PromiseLike<unknown>;
}

/** Gets past what scopes a client, in the transaction that it has begun; null where it is not in one that is known. */
export function openBare(
  { unscoped, provider, isUnderRls }: Way,
  tx: ModelClient,
  users: Record<Side, UserId>,
): Bare | null {
  const id = readTransaction(tx);
  if (id === null) return null;
  const inside = async (query: PromiseLike<unknown>) => {
    const { requestTransaction } = query as Query;
    if (!requestTransaction) throw new Error('the client is of a version whose transactions are not known');
    return requestTransaction.call(query, { kind: 'itx', id });
  };
  const become = async (side: Side) => {
    if (!isUnderRls) return;
    const sql = 'SELECT set_config($1, $2, true)';
    await inside(unscoped.$queryRawUnsafe(sql, USER_SETTING, String(users[side])));
  };
  return {
    become,
    begin: async () => {
      for (const sql of LIMITS[provider]) await inside(unscoped.$executeRawUnsafe(sql));
    },
    run: async ({ as, ...call }) => {
      await become(as);
      return inside(request(unscoped, call));
    },
  };
}

function readTransaction(tx: ModelClient): string | null {
  // Prisma types no client by the symbols that it keeps its own state under.
  const symbols = tx as unknown as Record<symbol, unknown>;
  for (const name of IN_TRANSACTION) {
    const found = symbols[Symbol.for(name)];
    const id = typeof found === 'object' && found !== null ? (found as { txId?: unknown }).txId : found;
    if (typeof id === 'string') return id;
  }
  return null;
}

/** Asks a client for an operation; it is sent when it is awaited. */
export function request(client: ModelClient, { model, method, args, then }: Call): PromiseLike<unknown> {
  const run = modelOf(client, model)[method];
  if (!run) throw new Error(`the client has no ${model}.${method}`);
  const query = run.call(modelOf(client, model), args);
  if (!then) return query;
  // A query has a method for each relation of its model, which only a generated client types.
  const fields = query as unknown as Record<string, (args: Row) => PromiseLike<unknown>>;
  return fields[then.field]?.(then.args) ?? query;
}
