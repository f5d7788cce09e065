import type { Database, KeyedTable, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import { userGone } from '../errors.ts';
import type { TypedFlags } from '../typed-flags.ts';
import { type BatchProgress, nextSequence, runBatch } from './batch.ts';
import {
  addEvent,
  insertRun,
  insertRunModel,
  listBatchTotals,
  listRunModels,
  type RunStatus,
  updateRunModel,
  updateRunOptions,
  voidRolledBackBatches,
} from './journal.ts';
import type { AssignmentPlan } from './plan.ts';
import { reconcile } from './reconcile.ts';
import { type Target, userExists } from './target.ts';
import type { OwnerTable } from './users.ts';
import { claimRun, keepClaim, type Operator, releaseRun } from './writer.ts';

/** What a run is told by, beside its plan. */
export interface AssignOptions {
  owner: OwnerTable;
  ownerModel: string;
  operator: Operator;
  toolVersion: string;
  fingerprint: string;
  /** The flags that chose the models: a command that is about this run repeats them. */
  flags: TypedFlags;
  /** Aborted to stop after the current batch. */
  signal: AbortSignal;
  onProgress: (progress: { model: string; assigned: number; total: number; batches: number }) => void;
}

/** What a run did, as counted in the database afterwards. */
export interface AssignResult {
  run: string;
  status: RunStatus;
  models: { model: string; assigned: number; unowned: number; batches: number }[];
}

/** A model that is being assigned: its place in the run, and how far it is. */
interface Walk {
  run: string;
  target: Target;
  total: number;
  progress: BatchProgress;
}

/**
 * Step 2: gives every unowned row of the planned models to the user, batch by batch, and journals each key. The caller
 * holds the writer's lock. When it throws, or the process dies, every committed batch stays and is in the journal;
 * calling it again carries on from there.
 */
export async function assign(
  database: Database,
  plan: AssignmentPlan,
  options: AssignOptions,
): Promise<AssignResult> {
  const run = await startRun(database, plan, options);
  try {
    for (const { target, before } of plan.models) {
      await assignModel(database, plan, options, { run, target, total: before.unowned });
      if (options.signal.aborted) break;
    }
    return await finishRun(database, options, run);
  } catch (error) {
    const what = `stopped by an error: ${(error as Error).message}`;
    // The connection may be what failed; the run is then found with a dead process and carried on all the same.
    const { dialect, write } = database;
    const release = { run, operator: options.operator, status: 'failed', what } as const;
    await write((session) => releaseRun(session, dialect, release)).catch(() => undefined);
    throw error;
  }
}

async function startRun(database: Database, plan: AssignmentPlan, options: AssignOptions): Promise<string> {
  const { dialect, url } = database;
  const { operator, toolVersion, fingerprint, ownerModel } = options;
  await dialect.createJournal(database.write);
  const run = await database.write(async (session) => {
    const entry = { scope: url.defaultSchema, ownerModel, ownerId: plan.user.id, toolVersion, fingerprint };
    const models = plan.models.map(({ target }) => target.model);
    const runOptions = { batchSize: plan.batchSize, models, flags: options.flags };
    const id = plan.resumes ?? (await insertRun(session, dialect, { ...entry, options: runOptions }));
    if (plan.resumes) await updateRunOptions(session, dialect, id, runOptions);
    await claimRun(session, dialect, { run: id, scope: url.defaultSchema, operator, status: 'running' });
    await voidRolledBackBatches(session, dialect, id);
    for (const [position, { target, before }] of plan.models.entries()) {
      await insertRunModel(session, dialect, { run: id, position, target, before });
    }
    await addEvent(
      session,
      dialect,
      id,
      `${plan.resumes ? 'carried on' : 'started'}: ${JSON.stringify(runOptions)}`,
    );
    return id;
  });
  await reconcile(database, run);
  return run;
}

/** Walks the table by key, and again while rows without an owner are found: they move and arrive meanwhile. */
async function assignModel(
  database: Database,
  plan: AssignmentPlan,
  options: AssignOptions,
  { run, target, total }: { run: string; target: Target; total: number },
): Promise<void> {
  const { dialect } = database;
  const { from, sequence } = await database.read(async (session) => {
    const models = await listRunModels(session, dialect, run);
    const from = models.find(({ model }) => model === target.model)?.lastKey ?? null;
    return { from, sequence: await nextSequence(session, dialect, run, target.model) };
  });
  const progress = { batchSize: plan.batchSize, sequence, after: from, assigned: 0, batches: 0 };
  const walk = { run, target, total, progress };
  for (;;) {
    const assignedBefore = progress.assigned;
    const startedAt = progress.after;
    await walkOnce(database, walk, plan, options);
    if (options.signal.aborted) return;
    const unowned = await countUnowned(database, target);
    const isStuck = progress.assigned === assignedBefore && startedAt === null;
    if (unowned === 0 || isStuck) return;
    progress.after = null;
  }
}

async function walkOnce(
  database: Database,
  walk: Walk,
  plan: AssignmentPlan,
  options: AssignOptions,
): Promise<void> {
  const { progress, target, run } = walk;
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
  while (!options.signal.aborted) {
    const isEnd = !(await runBatch(database, { run, userId: plan.user.id, target, progress, guard }));
    if (isEnd) return;
    const { assigned, batches } = progress;
    options.onProgress({ model: target.model, assigned, total: walk.total, batches });
  }
}

async function countUnowned({ dialect, read }: Database, { table, owner }: KeyedTable): Promise<number> {
  const rows = await read((session) =>
    session.query<{ n: bigint }>(
      sql`SELECT count(*) - count(${dialect.quote(owner.name)}) AS n FROM ${dialect.table(table)}`,
    ),
  );
  return Number(rows[0]?.n ?? 0);
}

/** Counts what is true now, and closes the run or leaves it to be carried on. */
async function finishRun(database: Database, options: AssignOptions, run: string): Promise<AssignResult> {
  const { dialect } = database;
  const [totals, journaled] = await database.read(async (session) => {
    return [
      await listBatchTotals(session, dialect, run),
      await listRunModels(session, dialect, run),
    ] as const;
  });
  const models: AssignResult['models'] = [];
  for (const target of journaled) {
    const total = totals.find(({ model }) => model === target.model);
    const unowned = await countUnowned(database, target);
    const assigned = total ? total.rows - total.rolledBackRows : 0;
    models.push({ model: target.model, assigned, unowned, batches: total?.batches ?? 0 });
  }
  const status = models.every(({ unowned }) => unowned === 0) ? 'completed' : 'paused';
  const what = options.signal.aborted
    ? 'stopped by the operator after the current batch'
    : `left as ${status}`;
  await database.write(async (session) => {
    await keepClaim(session, dialect, run, options.operator);
    for (const { model, unowned } of models) {
      await updateRunModel(session, dialect, { run, model, status: unowned === 0 ? 'completed' : 'running' });
    }
    await releaseRun(session, dialect, { run, operator: options.operator, status, what });
  });
  return { run, status, models };
}
