import type { Database, Session } from '../database/dialect.ts';
import { userGone } from '../errors.ts';
import type { TypedFlags } from '../typed-flags.ts';
import type { SkippedBatch } from './batch-failure.ts';
import { resetControl } from './control.ts';
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
import type { ReadLag } from './lag.ts';
import type { AssignmentPlan } from './plan.ts';
import { type RunProof, readProof } from './proof.ts';
import { reconcile } from './reconcile.ts';
import { withRetry } from './retry.ts';
import { userExists } from './target.ts';
import { createThrottle, type Limits } from './throttle.ts';
import type { OwnerTable } from './users.ts';
import { claimRun, keepClaim, type Operator, releaseRun } from './writer.ts';
import { assignModel, countUnowned, isStopped, type Work } from './walk.ts';

/** What a run is told by, beside its plan. */
export interface AssignOptions {
  owner: OwnerTable;
  ownerModel: string;
  operator: Operator;
  toolVersion: string;
  fingerprint: string;
  /** The flags that chose the models: a command that is about this run repeats them. */
  flags: TypedFlags;
  /** Prove for each batch that nothing but the owner changed; a batch where it did is rolled back, and PROOF_FAILED thrown. */
  proof?: boolean;
  /** Aborted to stop after the current batch. */
  signal: AbortSignal;
  onProgress: (progress: { model: string; assigned: number; total: number; batches: number }) => void;
  /** What the run yields to; nothing where it is left out. */
  limits?: Limits;
  /** How far the replicas are, for `limits.maxLag`. */
  readLag?: ReadLag | null;
  /** Told why the run waits, and null when it goes on. */
  onWait?: (cause: string | null) => void;
}

/** What a run did, as counted in the database afterwards. */
export interface AssignResult {
  run: string;
  status: RunStatus;
  models: { model: string; assigned: number; unowned: number; batches: number }[];
  /** Rows that could not be changed when they were tried last. */
  skipped: SkippedBatch[];
  /** Who cancelled the run from elsewhere. */
  cancelledBy: string | null;
  /** Null without `proof`. */
  proof: RunProof | null;
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
  const { operator, limits = {}, readLag = null, signal, onWait = () => undefined } = options;
  const throttle = createThrottle(database, { run, operator, limits, readLag, signal, onWait });
  const work: Work = { run, plan, options, throttle, skipped: [] };
  try {
    for (const { target, before } of plan.models) {
      await assignModel(database, work, { target, total: before.unowned });
      if (isStopped(work)) break;
    }
    return await finishRun(database, work);
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
  await withRetry(() => dialect.createJournal(database.write));
  const begin = async (session: Session) => {
    const entry = { scope: url.defaultSchema, ownerModel, ownerId: plan.user.id, toolVersion, fingerprint };
    const models = plan.models.map(({ target }) => target.model);
    const runOptions = { batchSize: plan.batchSize, models, flags: options.flags };
    const id = plan.resumes ?? (await insertRun(session, dialect, { ...entry, options: runOptions }));
    if (plan.resumes) await updateRunOptions(session, dialect, id, runOptions);
    await claimRun(session, dialect, { run: id, scope: url.defaultSchema, operator, status: 'running' });
    await resetControl(session, dialect, id);
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
  };
  const run = await withRetry(() => database.write(begin));
  await withRetry(() => reconcile(database, run));
  return run;
}

/** Counts what is true now, and closes the run or leaves it to be carried on. */
async function finishRun(database: Database, work: Work): Promise<AssignResult> {
  const { dialect } = database;
  const { run, options, skipped } = work;
  const cancelledBy = work.throttle.cancelledBy();
  const [totals, journaled, proof] = await database.read(async (session) => {
    return [
      await listBatchTotals(session, dialect, run),
      await listRunModels(session, dialect, run),
      options.proof ? await readProof(session, dialect, run) : null,
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
  const stopped = options.signal.aborted ? 'stopped by the operator after the current batch' : null;
  const what = cancelledBy ? `cancelled by ${cancelledBy}` : (stopped ?? `left as ${status}`);
  const { table, key } = options.owner;
  const close = async (session: Session) => {
    await keepClaim(session, dialect, run, options.operator);
    // Without a foreign key the user may have gone since the last batch, and the rows would be nobody's.
    const isThere = await userExists(session, dialect, { table, key, id: work.plan.user.id });
    if (!isThere) throw userGone(work.plan.user.id, run);
    for (const { model, unowned } of models) {
      await updateRunModel(session, dialect, { run, model, status: unowned === 0 ? 'completed' : 'running' });
    }
    await releaseRun(session, dialect, { run, operator: options.operator, status, what });
  };
  await withRetry(() => database.write(close));
  return { run, status, models, skipped, cancelledBy, proof };
}
