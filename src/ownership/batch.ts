import type { TableShape } from '../database/digest.ts';
import type { Database, Dialect, Key, LockHolder, Session } from '../database/dialect.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import { join, sql } from '../database/sql.ts';
import { proveBatch } from '../proof/prove-batch.ts';
import {
  describeFailure,
  findHolders,
  judge,
  MAX_SKIPPED_IN_A_ROW,
  type SkippedBatch,
  triesOf,
} from './batch-failure.ts';
import { BATCH_ROWS, planBatchSize, planRetry } from './plan.ts';
import { explainProofFailure, isProofFailure } from './proof-failure.ts';
import { reconcile } from './reconcile.ts';
import { pauseAfter, withRetry } from './retry.ts';
import type { Target } from './target.ts';

/** How far a model is; the next batch begins after `after`. */
export interface BatchProgress {
  batchSize: number;
  /** No batch is larger, however quick. */
  maxRows: number;
  sequence: number;
  after: Key | null;
  assigned: number;
  batches: number;
  /** Batches left out one after the other, with none between them that was carried out. */
  skippedInARow: number;
}

/** What became of the next batch. */
export type BatchOutcome =
  | { kind: 'end' }
  | { kind: 'changed'; rows: number; elapsedMs: number }
  | { kind: 'skipped'; skipped: SkippedBatch };

/** What a batch works with. `guard` runs first in each of its transactions, and throws to stop. */
export interface BatchOptions {
  run: string;
  userId: string;
  target: Target;
  progress: BatchProgress;
  guard: (session: Session) => Promise<void>;
  /** What is proved of each batch; null without --proof. */
  shape: TableShape | null;
}

/**
 * Carries out the next batch and moves `progress` past it. One that fails three times is made half as large, one that the
 * database refuses at once, as far as that helps; then it is left out, so that the others go on (GitLab's batched
 * migrations split so). Throws BATCH_FAILED when batch after batch fails, or none can succeed: nothing of this one is changed
 * then. All batches before it are committed, whatever is thrown.
 */
export async function runBatch(database: Database, options: BatchOptions): Promise<BatchOutcome> {
  const { progress, target } = options;
  let isSmaller = false;
  for (;;) {
    const upTo = await findUpperBound(database, target, progress);
    if (!upTo) return { kind: 'end' };
    const started = performance.now();
    try {
      const rows = await withRetry(() => assignUpTo(database, options, upTo), {
        // On the way from a batch that failed to the least that can be tried, each size has one try.
        tries: isSmaller && progress.batchSize > BATCH_ROWS.min ? 1 : triesOf(database),
        beforeRetry: () => settle(database, options),
      });
      const elapsedMs = performance.now() - started;
      await pauseAfter(elapsedMs, database.dialect.pauseMs);
      return { kind: 'changed', rows, elapsedMs };
    } catch (error) {
      if (isProofFailure(error)) throw await explainProofFailure(database, options, { upTo, error });
      const why = judge(database, error);
      if (why === null) throw error;
      const smaller = why === 'hopeless' ? null : planRetry(await countUpTo(database, options, upTo), why);
      if (smaller === null) {
        const holders = why === 'refused' ? [] : await findHolders(database, target);
        if (why === 'hopeless' || progress.skippedInARow + 1 >= MAX_SKIPPED_IN_A_ROW[why])
          throw describeFailure(database, options, { error, holders });
        await settle(database, options);
        return { kind: 'skipped', skipped: skip(options, { upTo, error, holders }) };
      }
      await settle(database, options);
      progress.batchSize = smaller;
      isSmaller = true;
    }
  }
}

/** One try of the batch that ends with `upTo`. */
async function assignUpTo(
  { dialect, write }: Database,
  { run, userId, target, progress, guard, shape }: BatchOptions,
  upTo: Key,
): Promise<number> {
  const started = performance.now();
  const batch = { run, model: target.model, sequence: progress.sequence };
  const proof = shape ? { around: proveBatch(dialect, { shape, owner: target.owner, batch, userId }) } : {};
  const plan = { ...target, batch, after: progress.after, upTo, ownerId: target.ownerValue, ...proof };
  const rows = await dialect.assignBatch(write, plan, guard);
  progress.after = upTo;
  progress.assigned += rows;
  progress.batches += rows > 0 ? 1 : 0;
  progress.sequence += rows > 0 ? 1 : 0;
  progress.skippedInARow = 0;
  const next = planBatchSize(progress.batchSize, performance.now() - started);
  progress.batchSize = Math.min(next, Math.max(BATCH_ROWS.min, progress.maxRows));
  return rows;
}

/** After a try that failed: what it left in the journal is settled, and the next one has a number of its own. */
async function settle(database: Database, { run, target, progress }: BatchOptions): Promise<void> {
  await reconcile(database, run);
  progress.sequence = await database.read((session) =>
    nextSequence(session, database.dialect, run, target.model),
  );
}

/** Moves past the rows of a batch that cannot be changed now. */
function skip(
  { target, progress }: BatchOptions,
  { upTo, error, holders }: { upTo: Key; error: unknown; holders: LockHolder[] },
): SkippedBatch {
  const { words } = classifyFailure(error);
  const skipped = { model: target.model, after: progress.after, upTo, words, holders };
  progress.after = upTo;
  progress.skippedInARow += 1;
  return skipped;
}

/** How many rows a batch looks at, with an owner or without. */
async function countUpTo(
  { read, dialect }: Database,
  { target, progress }: BatchOptions,
  upTo: Key,
): Promise<number> {
  const beyond = progress.after ? dialect.compareKey(target.key, '>', progress.after) : sql`1 = 1`;
  const rows = await read((session) =>
    session.query<{ n: bigint }>(sql`
      SELECT count(*) AS n FROM ${dialect.table(target.table)}
       WHERE ${beyond} AND ${dialect.compareKey(target.key, '<=', upTo)}`),
  );
  return Number(rows[0]?.n ?? 0);
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
