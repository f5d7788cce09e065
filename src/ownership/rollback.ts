import type { Database, Session } from '../database/dialect.ts';
import { join, raw, sql } from '../database/sql.ts';
import { triggerUndidRollback } from '../errors.ts';
import type { TypedFlags } from '../typed-flags.ts';
import { resetControl } from './control.ts';
import type { Finding } from './findings.ts';
import { removeGuards } from './guard.ts';
import { addEvent, listBatchTotals, type RunModel, updateRunModel } from './journal.ts';
import { reconcile } from './reconcile.ts';
import { pauseAfter, withRetry } from './retry.ts';
import { countGuardRows, countRevertedHits, describeGuardRollback, rollBackHits } from './rollback-guard.ts';
import type { RollbackPlan } from './rollback-plan.ts';
import { createThrottle } from './throttle.ts';
import { claimRun, keepClaim, type Operator, releaseRun } from './writer.ts';

/** What a rollback did, or in a dry run would do. */
export interface RollbackResult {
  run: string;
  ownerId: string;
  /** Those of the run: to assign the same again. */
  flags: TypedFlags;
  /** False when it was stopped before the last batch. */
  isFinished: boolean;
  /** Who cancelled it from elsewhere. */
  cancelledBy: string | null;
  models: { model: string; reverted: number; skipped: number }[];
  findings: Finding[];
}

/**
 * Removes the guards of the run's tables, which would give the owner again. Then sets NULL exactly where the run, or such
 * a guard, set the owner and the row still has it, batch by batch, the last batch first. Rows that were owned before, created or re-assigned since stay. The caller holds the writer's lock. When it throws, is
 * aborted, or the process dies, the batches that were undone stay undone and calling it again does the rest.
 */
export async function rollback(
  database: Database,
  plan: RollbackPlan,
  options: { operator: Operator; signal: AbortSignal; onWait?: (cause: string | null) => void },
): Promise<RollbackResult> {
  const { operator, signal, onWait = () => undefined } = options;
  const { dialect, url, write } = database;
  const { run, models } = plan;
  const of = { run: run.id, operator, limits: {}, readLag: null, signal, onWait };
  const throttle = createThrottle(database, of);
  const mayGoOn = () => throttle.waitForTurn(null);
  const begin = async (session: Session) => {
    await claimRun(session, dialect, { run: run.id, scope: url.defaultSchema, operator, status: 'paused' });
    await resetControl(session, dialect, run.id);
    await addEvent(session, dialect, run.id, 'rollback started');
  };
  await withRetry(() => write(begin));
  try {
    await withRetry(() => reconcile(database, run.id));
    await removeGuards(database, plan.ofGuards.guards);
    for (const entry of [...models].reverse()) {
      for (const sequence of await listOpenBatches(database, entry)) {
        if (!(await mayGoOn())) break;
        const started = performance.now();
        await withRetry(() =>
          write((session) => rollBackBatch(session, database, { entry, sequence, operator })),
        );
        await pauseAfter(performance.now() - started, dialect.pauseMs);
      }
      await rollBackHits(database, { entry, plan: plan.ofGuards, operator, mayGoOn });
    }
    return await finishRollback(database, plan, { operator, cancelledBy: throttle.cancelledBy() });
  } catch (error) {
    const what = `rollback stopped by an error: ${(error as Error).message}`;
    const release = { run: run.id, operator, status: 'paused', what } as const;
    await write((session) => releaseRun(session, dialect, release)).catch(() => undefined);
    throw error;
  }
}

async function listOpenBatches({ read, dialect }: Database, { run, model }: RunModel): Promise<number[]> {
  const rows = await read((session) =>
    session.query<{ sequence: bigint }>(sql`
      SELECT sequence FROM ${dialect.journal('batch')}
       WHERE run = ${run} AND model = ${model} AND rolled_back IS NULL ORDER BY sequence DESC`),
  );
  return rows.map(({ sequence }) => Number(sequence));
}

/**
 * Undoes one batch and, in the same transaction, reads back that no row of it holds what the run wrote. Rows that have no
 * owner then are counted as reverted, rows of other owners and deleted ones are not.
 */
async function rollBackBatch(
  session: Session,
  { dialect }: Database,
  { entry, sequence, operator }: { entry: RunModel; sequence: number; operator: Operator },
): Promise<void> {
  const { run, model, key, owner } = entry;
  await keepClaim(session, dialect, run, operator);
  const keys = dialect.journaledKeys({ run, model, sequence }, key);
  await dialect.changeOwner(session, { ...entry, keys, from: entry.ownerValue, to: null });
  const column = sql`t.${dialect.quote(owner.name)}`;
  const holdsOwner = sql`${column} = ${dialect.fromText(entry.ownerValue, owner.type)}`;
  const sameKey = key.map(({ name }, i) => sql`t.${dialect.quote(name)} = k.${raw(`k${i}`)}`);
  const [left] = await session.query<{ present: bigint; owned: bigint; ours: bigint }>(sql`
    SELECT count(*) AS present, count(${column}) AS owned, count(CASE WHEN ${holdsOwner} THEN 1 END) AS ours
      FROM ${keys} k JOIN ${dialect.table(entry.table)} t ON ${join(sameKey, ' AND ')}`);
  if (Number(left?.ours ?? 0) > 0) throw triggerUndidRollback(run, model, sequence);
  const reverted = Number(left?.present ?? 0) - Number(left?.owned ?? 0);
  await session.execute(sql`
    UPDATE ${dialect.journal('batch')} SET rolled_back = ${dialect.now}, reverted = ${reverted}
     WHERE run = ${run} AND model = ${model} AND sequence = ${sequence}`);
}

/** Closes the run when the journal has no batch left that is not rolled back. */
async function finishRollback(
  database: Database,
  { run, models, ofGuards }: RollbackPlan,
  { operator, cancelledBy }: { operator: Operator; cancelledBy: string | null },
): Promise<RollbackResult> {
  const { dialect, read, write } = database;
  const totals = await read((session) => listBatchTotals(session, dialect, run.id));
  const ofHits = await read(async (session) => {
    const counts = [];
    for (const entry of models) {
      const open = await countGuardRows(session, database, { entry, plan: ofGuards });
      counts.push({ reverted: await countRevertedHits(session, database, entry), open });
    }
    return counts;
  });
  const isFinished =
    totals.every(({ rows, rolledBackRows }) => rows === rolledBackRows) &&
    ofHits.every(({ open }) => open === 0);
  const reverted = [...totals, ...ofHits].reduce((sum, total) => sum + total.reverted, 0);
  const close = async (session: Session) => {
    await keepClaim(session, dialect, run.id, operator);
    const what = isFinished ? `rolled back ${reverted} rows` : `rollback stopped after ${reverted} rows`;
    if (isFinished) {
      for (const { model } of models)
        await updateRunModel(session, dialect, { run: run.id, model, status: 'rolledBack' });
    }
    await releaseRun(session, dialect, {
      run: run.id,
      operator,
      status: isFinished ? 'rolledBack' : 'paused',
      what,
    });
  };
  await withRetry(() => write(close));
  const counts = models.map(({ model }, i) => {
    const { reverted = 0, rolledBackRows = 0 } = totals.find((total) => total.model === model) ?? {};
    return { model, reverted: reverted + (ofHits[i]?.reverted ?? 0), skipped: rolledBackRows - reverted };
  });
  const findings = describeGuardRollback(database, ofGuards);
  return {
    run: run.id,
    ownerId: run.ownerId,
    flags: run.flags,
    isFinished,
    cancelledBy,
    models: counts,
    findings,
  };
}
