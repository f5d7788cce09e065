import { clientCannotBegin, postgresqlAlone, userIdInvalid } from './error.ts';
import type { UserId } from './scope.ts';

/** A Prisma client that begins interactive transactions; what it hands to them, and takes beside them, is its own. */
interface BeginningClient<Tx, Options> {
  $transaction<Result>(work: (tx: Tx) => Promise<Result>, options?: Options): Promise<Result>;
}

/** What every such `tx` has, whatever its models are. */
interface RawClient {
  $executeRaw(strings: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>;
}

const POSTGRESQL = ['postgresql', 'postgres'];

/** Where Prisma 7 lets a transaction begin another one: the setting would outlive the inner one. */
const SCOPE = Symbol.for('prisma.client.transaction.scope_context');

/**
 * Runs `work` in one transaction in which the policies of `migration:isolation -- --rls` let through the rows of this user
 * alone. The setting `app.user_id` ends with the transaction, so the pooled connection goes on without it; nothing stays of what
 * `work` did when it throws. `options` are those of Prisma's `$transaction`, whose time limits hold. PostgreSQL only.
 */
export async function withUser<Tx, Options, Result>(
  prisma: BeginningClient<Tx, Options>,
  userId: UserId,
  work: (tx: Tx) => Promise<Result>,
  options?: Options,
): Promise<Result> {
  checkUserId(userId);
  const { _activeProvider: provider, [SCOPE]: scope } = prisma as {
    _activeProvider?: string;
    [SCOPE]?: unknown;
  };
  if (typeof prisma.$transaction !== 'function' || scope !== undefined) throw clientCannotBegin();
  if (provider !== undefined && !POSTGRESQL.includes(provider)) throw postgresqlAlone(provider);
  return prisma.$transaction(async (tx) => {
    await (tx as RawClient)
      .$executeRaw`/* unscoped: says whose transaction this is */ SELECT set_config('app.user_id', ${String(userId)}, true)`;
    return work(tx);
  }, options);
}

/** For the policies an empty setting is none: no row would be let through, and nobody would know why. */
function checkUserId(userId: unknown): void {
  const isValid =
    typeof userId === 'string' ? userId !== '' : typeof userId === 'bigint' || Number.isSafeInteger(userId);
  if (!isValid) throw userIdInvalid(userId, 'String, Int or BigInt');
}
