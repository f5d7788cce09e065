import type { Database, Dialect, Key, Session } from '../database/dialect.ts';
import { classifyFailure, isDriverError } from '../database/driver-errors.ts';
import { join, sql } from '../database/sql.ts';
import { batchFailed } from '../errors.ts';
import { BATCH_ROWS, planBatchSize } from './plan.ts';
import { reconcile } from './reconcile.ts';
import { isRetryable, MAX_TRIES, pauseAfter, withRetry } from './retry.ts';
import type { Target } from './target.ts';

/** How far a model is; the next batch begins after `after`. */
export interface BatchProgress {
  batchSize: number;
  sequence: number;
  after: Key | null;
  assigned: number;
  batches: number;
}

/**
 * Carries out the next batch and moves `progress` past it; returns false at the end of the table. A batch that waited
 * too long for a lock, or lost a deadlock, is tried again at half the size. Throws BATCH_FAILED when that does not help:
 * nothing of this batch is changed then, and all batches before it are committed.
 */
export async function runBatch(
  database: Database,
  options: {
    run: string;
    userId: string;
    target: Target;
    progress: BatchProgress;
    guard: (session: Session) => Promise<void>;
  },
): Promise<boolean> {
  const { run, userId, target, progress, guard } = options;
  const tryOnce = async () => {
    const upTo = await findUpperBound(database, target, progress);
    if (!upTo) return false;
    const started = performance.now();
    const batch = { run, model: target.model, sequence: progress.sequence };
    const plan = { ...target, batch, after: progress.after, upTo, ownerId: target.ownerValue };
    const rows = await database.dialect.assignBatch(database.write, plan, guard);
    progress.after = upTo;
    progress.assigned += rows;
    progress.batches += rows > 0 ? 1 : 0;
    progress.sequence += rows > 0 ? 1 : 0;
    progress.batchSize = planBatchSize(progress.batchSize, performance.now() - started);
    return true;
  };
  const makeSmaller = async () => {
    progress.batchSize = Math.max(BATCH_ROWS.min, Math.round(progress.batchSize / 2));
    await reconcile(database, run);
    progress.sequence = await database.read((session) =>
      nextSequence(session, database.dialect, run, target.model),
    );
  };
  try {
    const started = performance.now();
    const hasMore = await withRetry(tryOnce, makeSmaller);
    if (hasMore) await pauseAfter(performance.now() - started, database.dialect.pauseMs);
    return hasMore;
  } catch (error) {
    const { failure, words } = classifyFailure(error);
    const isRefused = isDriverError(error) && ['other', 'permission', 'readOnly'].includes(failure);
    if (!isRetryable(error) && !isRefused) throw error;
    const batch = { run, model: target.model, sequence: progress.sequence };
    // A role may not be allowed to ask; the batch failed all the same.
    const holders = isRefused
      ? []
      : await database
          .read((session) => database.dialect.listLockHolders(session, target.table))
          .catch(() => []);
    throw batchFailed({ ...batch, userId, tries: isRefused ? 1 : MAX_TRIES, words, holders, cause: error });
  }
}

/** The number of a model's next batch. */
export async function nextSequence(
  session: Session,
  dialect: Dialect,
  run: string,
  model: string,
): Promise<number> {
  const rows = await session.query<{ n: bigint | null }>(
    sql`SELECT max(sequence) AS n FROM ${dialect.journal('batch')} WHERE run = ${run} AND model = ${model}`,
  );
  return Number(rows[0]?.n ?? 0) + 1;
}

/** The key of the last row of the next batch, or null at the end of the table. It looks at all rows, by the key alone. */
async function findUpperBound(
  database: Database,
  target: Target,
  progress: BatchProgress,
): Promise<Key | null> {
  const { dialect } = database;
  const names = target.key.map(({ name }) => dialect.quote(name));
  const beyond = progress.after ? dialect.compareKey(target.key, '>', progress.after) : sql`1 = 1`;
  const texts = target.key.map(({ name, type }, i) => {
    return sql`${dialect.asText(sql`p.${dialect.quote(name)}`, type)} AS ${dialect.quote(`k${i}`)}`;
  });
  const last = target.key.map(({ name }) => sql`p.${dialect.quote(name)} DESC`);
  const rows = await database.read((session) =>
    session.query<Record<string, string>>(sql`
      SELECT ${join(texts)} FROM (
        SELECT ${join(names)} FROM ${dialect.table(target.table)} WHERE ${beyond}
         ORDER BY ${join(names)} LIMIT ${progress.batchSize}) p
       ORDER BY ${join(last)} LIMIT 1`),
  );
  const [row] = rows;
  return row ? target.key.map((_, i) => row[`k${i}`] as string) : null;
}
