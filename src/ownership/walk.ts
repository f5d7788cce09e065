import type { Database, KeyedTable, Session } from '../database/dialect.ts';
import type { TableShape } from '../database/digest.ts';
import { sql } from '../database/sql.ts';
import { userGone } from '../errors.ts';
import type { AssignOptions } from './assign.ts';
import { type BatchProgress, nextSequence, runBatch } from './batch.ts';
import type { SkippedBatch } from './batch-failure.ts';
import { addEvent, listRunModels, updateRunModel } from './journal.ts';
import { type AssignmentPlan, BATCH_ROWS } from './plan.ts';
import { withRetry } from './retry.ts';
import { type Target, userExists } from './target.ts';
import type { Throttle } from './throttle.ts';
import { keepClaim } from './writer.ts';

/** A run while it works. */
export interface Work {
  run: string;
  plan: AssignmentPlan;
  options: AssignOptions;
  throttle: Throttle;
  skipped: SkippedBatch[];
}

/** A model that is being assigned, and how far it is. */
interface Walk {
  target: Target;
  total: number;
  progress: BatchProgress;
  shape: TableShape | null;
}

/** Whether somebody wants the run to end before its work is done. */
export function isStopped({ options, throttle }: Work): boolean {
  return options.signal.aborted || throttle.cancelledBy() !== null;
}

/** Walks the table by key, and again while rows without an owner are found: they move and arrive meanwhile. */
export async function assignModel(
  database: Database,
  work: Work,
  { target, total }: { target: Target; total: number },
): Promise<void> {
  const progress = await startProgress(database, work, target);
  const shape = work.options.proof ? await getShape(database, target) : null;
  const walk = { target, total, progress, shape };
  const skippedBefore = work.skipped.length;
  for (;;) {
    const assignedBefore = progress.assigned;
    const startedAt = progress.after;
    // They are tried again now.
    work.skipped.length = skippedBefore;
    await walkOnce(database, work, walk);
    if (isStopped(work)) return;
    const unowned = await countUnowned(database, target);
    const isStuck = progress.assigned === assignedBefore && startedAt === null;
    if (unowned === 0 || isStuck) break;
    progress.after = null;
  }
  if (progress.assigned > 0) await refreshStatistics(database, work.run, target);
}

/** Without one a batch would be assigned and not proved, in silence. */
async function getShape({ read, dialect }: Database, { model, table }: Target): Promise<TableShape> {
  const shape = await read((session) => dialect.digests.describe(session, table));
  if (!shape) throw new Error(`the table of ${model} cannot be described, so nothing of it can be proved`);
  return shape;
}

async function startProgress(
  database: Database,
  { run, plan, options }: Work,
  target: Target,
): Promise<BatchProgress> {
  const { dialect } = database;
  const { after, sequence } = await database.read(async (session) => {
    const models = await listRunModels(session, dialect, run);
    const after = models.find(({ model }) => model === target.model)?.lastKey ?? null;
    return { after, sequence: await nextSequence(session, dialect, run, target.model) };
  });
  // A batch of more rows than a second may have would come in bursts.
  const maxRows = Math.max(BATCH_ROWS.min, options.limits?.rate ?? BATCH_ROWS.max);
  const batchSize = Math.min(plan.batchSize, maxRows);
  return { batchSize, maxRows, sequence, after, assigned: 0, batches: 0, skippedInARow: 0 };
}

async function walkOnce(database: Database, work: Work, walk: Walk): Promise<void> {
  const { progress, target, total, shape } = walk;
  const { run, plan, options, throttle } = work;
  const { dialect } = database;
  const { operator } = options;
  const owner = { table: options.owner.table, key: options.owner.key, id: plan.user.id };
  const guard = async (session: Session) => {
    await keepClaim(session, dialect, run, operator);
    if (!(await userExists(session, dialect, owner))) throw userGone(plan.user.id, run);
    await updateRunModel(session, dialect, {
      run,
      model: target.model,
      lastKey: progress.after,
      status: 'running',
    });
  };
  let last: { rows: number; elapsedMs: number } | null = null;
  while (await throttle.waitForTurn(last)) {
    const outcome = await runBatch(database, { run, userId: plan.user.id, target, progress, guard, shape });
    if (outcome.kind === 'end') return;
    last = outcome.kind === 'changed' ? outcome : null;
    if (outcome.kind === 'skipped') await noteSkipped(database, work, outcome.skipped);
    const { assigned, batches } = progress;
    options.onProgress({ model: target.model, assigned, total, batches });
  }
}

async function noteSkipped({ write, dialect }: Database, work: Work, skipped: SkippedBatch): Promise<void> {
  const { model, after, upTo, words } = skipped;
  work.skipped.push(skipped);
  const range = `after ${after ? JSON.stringify(after) : 'the beginning'} up to ${JSON.stringify(upTo)}`;
  const what = `left out rows of ${model} with keys ${range}: ${words}`;
  await withRetry(() => write((session) => addEvent(session, dialect, work.run, what)));
}

/** Best effort: where it fails, queries of the application may be planned badly until the database does it by itself. */
async function refreshStatistics({ write, dialect }: Database, run: string, target: Target): Promise<void> {
  const { table, model } = target;
  await dialect
    .refreshStatistics(write, table)
    .catch((error: Error) =>
      write((session) => addEvent(session, dialect, run, `no new statistics for ${model}: ${error.message}`)),
    );
}

/** Counts by what is owned: see `countByOwner`. */
export async function countUnowned(
  { dialect, read }: Database,
  { table, owner }: KeyedTable,
): Promise<number> {
  const rows = await read((session) =>
    session.query<{ n: bigint }>(
      sql`SELECT count(*) - count(${dialect.quote(owner.name)}) AS n FROM ${dialect.table(table)}`,
    ),
  );
  return Number(rows[0]?.n ?? 0);
}
