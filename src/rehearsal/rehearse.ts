import { namesTableOf } from '../backup/find-name.ts';
import type { Database } from '../database/dialect.ts';
import type { StoredMigration } from '../migrations/folder.ts';
import { type CheckResult, check } from '../ownership/check.ts';
import { type Finding, hasErrors } from '../ownership/findings.ts';
import { migrationFailed } from '../ownership/project-findings.ts';
import { migrationLeavesCopy, migrationReachesOut, pendingApplied } from './findings.ts';
import { migrateCopy } from './migrate.ts';
import { applyPhase, listPending, planFirst, planThird } from './phases.ts';
import { prepareCopy } from './prepare.ts';
import { type Look, lookAt, type Proof, proveAgain } from './proof.ts';
import { findReach } from './reach.ts';
import { createPartLog, type Outcome, type Part, type PartListener, type PartLog } from './part-log.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { decideChosen, type Stage } from './stage.ts';
import { rehearseAssignment, rehearseCheck, rehearseRollback, rehearseVerification } from './steps.ts';

/** Two copies of one database, with the same in both, and nobody else in them. */
export interface Copies {
  first: Database;
  second: Database;
}

/** What a rehearsal is told by. */
export interface RehearsalRequest extends Omit<Stage, 'database'>, PartListener {
  /** The name of the database that was copied: on MySQL no migration may name it, nor any other one. */
  source: string;
}

/** What a rehearsal came to. */
export interface Rehearsal {
  /** No part failed, and all were run. */
  ok: boolean;
  parts: Part[];
  proof: Proof;
  findings: Finding[];
  /** The models that it was about; none where phase 1 was refused. */
  owned: readonly OwnedModel[];
}

/** A rehearsal while it works. */
interface Work {
  copies: Copies;
  request: RehearsalRequest;
  log: PartLog;
  proof: Proof;
  /** The first copy. */
  stage: Stage;
  look: Look | null;
  checked: CheckResult | null;
}

/**
 * Goes through the whole checklist on the first copy, proves after each part that wrote that only owners changed, and then
 * undoes step 2 on the second one, which until then is what the first one is held against. It writes in the copies alone.
 * Throws the signal's reason on Ctrl-C, and what is wrong with the way to the copies.
 */
export async function rehearse(copies: Copies, request: RehearsalRequest): Promise<Rehearsal> {
  const { first, second } = copies;
  const log = createPartLog(request, request.signal);
  const stage = { ...request, database: first };
  const proof: Proof = { tables: [], differences: [] };
  const work: Work = { copies, request, log, proof, stage, look: null, checked: null };
  log.findings.push(...(await prepareCopy(first)));
  await prepareCopy(second);
  const isAssigned =
    (await runPending(work)) && (await runPhase1(work)) && (await runCheck(work)) && (await runStep2(work));
  if (isAssigned) {
    if ((await runStep3(work, 'step3')) && (await runPhase3(work))) await runStep3(work, 'step3Again');
    await runRollback(work);
  }
  const ok = log.parts.every(({ state }) => state === 'held' || state === 'nothingToDo');
  const owned = work.look ? decideChosen(work.stage).owned : [];
  return { ok, parts: log.parts, proof, findings: log.findings, owned };
}

/** On both copies, so that the second one stays what the first one is held against. */
async function runPending(work: Work): Promise<boolean> {
  const { copies, request, log, stage, proof } = work;
  const part = await log.run('pending', async () => {
    const { failed, pending } = await listPending(stage);
    if (failed.length > 0) return { state: 'failed', findings: failed.map(migrationFailed) };
    if (pending.length === 0) return { state: 'nothingToDo' };
    const abroad = await findAbroad(stage.database, pending, request.source);
    if (abroad.length > 0) return { state: 'failed', findings: abroad };
    const before = await lookAt(copies.first, []);
    const started = performance.now();
    const { findings } = await migrateCopy(copies.first, pending, request.signal);
    const elapsedMs = performance.now() - started;
    if (findings.length > 0) return { state: 'failed', findings };
    const proved = await proveAgain(proof, { after: 'pending', before, original: copies.second, owned: [] });
    await migrateCopy(copies.second, pending, request.signal);
    const names = pending.map(({ name }) => name);
    return { state: 'held', elapsedMs, findings: [pendingApplied(names), ...proved.findings] };
  });
  return part.state !== 'failed';
}

/** What would act on production or on its server if it were applied to a copy. */
async function findAbroad(
  copy: Database,
  pending: readonly StoredMigration[],
  source: string,
): Promise<Finding[]> {
  const { provider, scratch } = copy.dialect;
  // Only MySQL's statements can name another database; the catalogue is no other one.
  const others = provider === 'mysql' ? [source, ...(await scratch.list(copy, ''))] : [];
  const names = others.filter((name) => name !== copy.url.name && name !== 'information_schema');
  return pending.flatMap(({ name, sql }) => {
    const words = findReach(sql, provider);
    if (words !== null) return [migrationReachesOut(name, words)];
    const named = names.find((each) => namesTableOf(sql, each));
    return named === undefined ? [] : [migrationLeavesCopy(name, named)];
  });
}

/** What a part changed beside owners is an error, and no reason not to see what comes next. */
async function runPhase1(work: Work): Promise<boolean> {
  let isDone = false;
  await work.log.run('phase1', async () => {
    const planned = await planFirst(work.stage);
    if (hasErrors(planned.plan.findings)) return { state: 'failed', findings: planned.plan.findings };
    work.stage = planned.next;
    work.look = await lookAt(work.copies.first, decideChosen(work.stage).owned);
    const outcome = await applyPhase(planned);
    isDone = outcome.state !== 'failed';
    return prove(work, 'phase1', outcome);
  });
  return isDone;
}

async function runCheck(work: Work): Promise<boolean> {
  const part = await work.log.run('step1', async () => {
    const { checked, outcome } = await rehearseCheck(work.stage);
    work.checked = checked;
    return outcome;
  });
  return part.state !== 'failed';
}

async function runStep2(work: Work): Promise<boolean> {
  let isDone = false;
  await work.log.run('step2', async () => {
    const { outcome } = await rehearseAssignment(work.stage, work.checked as CheckResult);
    isDone = outcome.state !== 'failed';
    return prove(work, 'step2', outcome);
  });
  return isDone;
}

async function runStep3(work: Work, name: 'step3' | 'step3Again'): Promise<boolean> {
  const part = await work.log.run(name, () => rehearseVerification(work.stage));
  return part.state !== 'failed';
}

async function runPhase3(work: Work): Promise<boolean> {
  let isDone = false;
  await work.log.run('phase3', async () => {
    const planned = await planThird(work.stage);
    const outcome = await applyPhase(planned);
    isDone = outcome.state !== 'failed';
    if (isDone) work.stage = planned.next;
    return prove(work, 'phase3', outcome);
  });
  return isDone;
}

async function prove(work: Work, after: 'phase1' | 'step2' | 'phase3', outcome: Outcome): Promise<Outcome> {
  const { look: before, copies, proof, stage } = work;
  if (!before || outcome.state === 'nothingToDo') return outcome;
  const { owned } = decideChosen(stage);
  const { look, findings } = await proveAgain(proof, { after, before, original: copies.second, owned });
  work.look = look;
  return withFindings(outcome, findings);
}

/** Afterwards the second copy holds what it did before step 2, its owners included. */
async function runRollback({ copies, request, log, proof }: Work): Promise<void> {
  await log.run('rollback', async () => {
    const planned = await planFirst({ ...request, database: copies.second });
    const phase1 = await applyPhase(planned);
    if (phase1.state === 'failed') return { state: 'failed', findings: phase1.findings ?? [] };
    const stage = planned.next;
    const before = await lookAt(copies.second, []);
    const { owned } = decideChosen(stage);
    const checked = await check(copies.second, decideChosen(stage), request.userId);
    const { run, outcome: assigned } = await rehearseAssignment(stage, checked);
    if (run === null || assigned.state === 'failed') return assigned;
    const outcome = await rehearseRollback(stage, run);
    const proved = await proveAgain(proof, { after: 'rollback', before, original: copies.first, owned });
    return withFindings(outcome, proved.findings);
  });
}

function withFindings(outcome: Outcome, more: readonly Finding[]): Outcome {
  const state = hasErrors(more) ? 'failed' : outcome.state;
  return { ...outcome, state, findings: [...(outcome.findings ?? []), ...more] };
}
