import { version } from '../../package.json';
import type { Database } from '../database/dialect.ts';
import { backupRequired, checkRefused, throttleUnsupported } from '../errors.ts';
import { assign } from '../ownership/assign.ts';
import { describeSkipped } from '../ownership/batch-failure.ts';
import { type CheckResult, check } from '../ownership/check.ts';
import * as findings from '../ownership/findings.ts';
import * as runFindings from '../ownership/run-findings.ts';
import {
  createGuards,
  type GuardsPlan,
  listGuards,
  planGuards,
  reportGuards,
  reportPlan,
} from '../ownership/guard.ts';
import { createLagReader, type ReadLag } from '../ownership/lag.ts';
import { describeBackups } from '../ownership/safety.ts';
import { type AssignmentPlan, planAssignment } from '../ownership/plan.ts';
import { assertLoadIsVisible } from '../ownership/throttle.ts';
import { type Operator, takeWriterLock } from '../ownership/writer.ts';
import { readReplicaUrls, withReplicas } from '../replicas.ts';
import { createProgress } from '../report/progress.ts';
import { renderAssignment } from '../report/steps.ts';
import { pickFlags } from '../typed-flags.ts';
import { listenForInterrupt, toRawConfig, writeAnswer } from './database-command.ts';
import type { Step } from './production-safe.ts';
import type { AssignAnswer } from './results.ts';
import { readKnownSafety } from './safety.ts';

/** Findings that a run has no need to repeat once it is over. */
const OF_BEFORE = ['UNFINISHED_RUN', 'GUARD_ACTIVE', 'NO_BACKUP', 'BACKUP_OLD'];

/** Step 2. Returns the exit code. */
export async function runAssign(step: Step): Promise<number> {
  const { options, context, config } = step;
  assertThrottleable(step);
  const isLagRead = options.maxLag !== undefined && config.url.provider === 'mysql';
  const urls = isLagRead ? readReplicaUrls(toRawConfig(context, options)) : [];
  return withReplicas(urls, (replicas) => planAndCarryOut(step, replicas));
}

/** What a limit goes by must be there to be read, before anything is written. */
function assertThrottleable({ options, config }: Step): void {
  if (config.url.provider !== 'sqlite') return;
  if (options.maxLag !== undefined) throw throttleUnsupported('--max-lag');
  if (options.maxLoad !== undefined) throw throttleUnsupported('--max-load');
}

/** A dry run ends here with the plan; a real run takes the lock before it checks, and then carries the same plan out. */
async function planAndCarryOut(step: Step, replicas: Database[]): Promise<number> {
  const { userId, options, context, database, decision } = step;
  const { maxLag, maxLoad } = options;
  const readLag = maxLag === undefined ? null : await createLagReader(database, replicas);
  if (readLag && (await readLag()) === null)
    context.stderr.write('No replica follows this server now: --max-lag has nothing to wait for yet.\n');
  if (maxLoad !== undefined) await assertLoadIsVisible(database);
  const operator: Operator = { ...context.process, command: 'production-safe --step=2' };
  if (!options.dryRun) await takeWriterLock(database, operator);
  const checked = await check(database, decision, userId);
  if (findings.hasErrors(checked.findings))
    throw checkRefused(
      userId,
      checked.findings.filter(({ severity }) => severity === 'error'),
    );
  const plan = planAssignment(checked, options.batchSize);
  const guards = options.guard ? planGuards(checked) : null;
  const isNothingToDo = plan.models.length === 0 && plan.resumes === null;
  if (!isNothingToDo) checked.findings.push(...(await judgeBackups(step)));
  const planned = describePlan(step, { checked, plan, guards });
  if (options.dryRun || (isNothingToDo && guards === null)) return answerAssign(step, planned);
  if (guards) await guardFirst(step, checked, guards);
  if (isNothingToDo) return answerAssign(step, { ...planned, guards: await reportAll(database) });
  return carryOut(step, { checked, plan, operator, readLag });
}

/** Said while it can still be heeded, or with --require-backup refused, before anything is written. */
async function judgeBackups({ database, context, options, userId }: Step): Promise<findings.Finding[]> {
  const found = describeBackups(await readKnownSafety(database, context));
  if (found[0] && options.requireBackup) throw backupRequired(found[0].message, userId);
  if (!options.dryRun) for (const { message } of found) context.stderr.write(`warning: ${message}\n`);
  return found;
}

async function guardFirst(
  { context, database }: Step,
  { user }: CheckResult,
  guards: GuardsPlan,
): Promise<void> {
  await createGuards(database, guards, user);
  const created = guards.create.map(({ model }) => model);
  if (created.length > 0) context.stderr.write(`Created the guard of ${created.join(', ')}.\n`);
}

/** The guards as they are now: an old version of the application may have met them meanwhile. */
async function reportAll(database: Database) {
  return reportGuards(await database.read((session) => listGuards(session, database)));
}

async function carryOut(
  step: Step,
  {
    checked,
    plan,
    operator,
    readLag,
  }: { checked: CheckResult; plan: AssignmentPlan; operator: Operator; readLag: ReadLag | null },
): Promise<number> {
  const { context, database, config, decision, options } = step;
  const { signal, stopListening } = listenForInterrupt(context);
  const started = performance.now();
  const progress = createProgress(context.stderr);
  try {
    const done = await assign(database, plan, {
      owner: checked.owner,
      ownerModel: decision.owner.model.name,
      operator,
      toolVersion: version,
      fingerprint: config.schema.fingerprint,
      flags: pickFlags(options),
      proof: options.proof === true,
      signal,
      onProgress: progress.show,
      limits: options,
      readLag,
      onWait: progress.wait,
    }).finally(progress.stop);
    const isInterrupted = signal.aborted && done.status !== 'completed';
    const result: AssignAnswer = {
      ...describePlan(step, { checked, plan, guards: null }),
      ok: done.status === 'completed',
      run: done.run,
      models: done.models,
      elapsedMs: Math.round(performance.now() - started),
      guards: await reportAll(database),
      proof: done.proof,
      // It was so before, and was said in time; now this run is what it was.
      findings: [
        ...checked.findings.filter(({ code }) => !OF_BEFORE.includes(code)),
        ...describeSkipped(done.skipped),
        ...(done.cancelledBy ? [runFindings.cancelled(done.cancelledBy)] : []),
      ],
    };
    answerAssign(step, result);
    if (isInterrupted) return 130;
    return result.ok ? 0 : 2;
  } finally {
    stopListening();
  }
}

function describePlan(
  { options, database }: Step,
  { checked, plan, guards }: { checked: CheckResult; plan: AssignmentPlan; guards: GuardsPlan | null },
): AssignAnswer {
  return {
    command: 'production-safe',
    step: 2,
    ok: true,
    dryRun: options.dryRun === true,
    run: options.dryRun ? plan.resumes : null,
    user: { id: checked.user.id, label: checked.user.label },
    models: plan.models.map(({ target, before, batches }) => {
      return {
        model: target.model,
        assigned: 0,
        unowned: before.unowned,
        batches: options.dryRun ? batches : 0,
      };
    }),
    elapsedMs: 0,
    guards: reportPlan(database, checked.guards, guards),
    proof: null,
    findings: checked.findings,
  };
}

function answerAssign({ context, options, paint }: Step, result: AssignAnswer): number {
  writeAnswer(context, options, { result, text: (each) => renderAssignment(each, paint) });
  return 0;
}
