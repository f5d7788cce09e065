import { version } from '../../package.json';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database/dialect.ts';
import { checkRefused, noModelChosen, noOwnedModel, usageInvalid } from '../errors.ts';
import { assign } from '../ownership/assign.ts';
import { type CheckResult, check } from '../ownership/check.ts';
import { type Finding, hasErrors } from '../ownership/findings.ts';
import {
  createGuards,
  type GuardsPlan,
  listGuards,
  planGuards,
  reportGuards,
  reportPlan,
} from '../ownership/guard.ts';
import { type AssignmentPlan, planAssignment, selectModels } from '../ownership/plan.ts';
import { verify } from '../ownership/verify.ts';
import { type Operator, takeWriterLock } from '../ownership/writer.ts';
import { createProgress } from '../report/progress.ts';
import { renderAssignment, renderCheck, renderVerification } from '../report/steps.ts';
import { createPainter, type Painter } from '../report/text.ts';
import type { Decision } from '../schema/decide.ts';
import { pickFlags } from '../typed-flags.ts';
import {
  type CommonOptions,
  listenForInterrupt,
  nameDatabase,
  withConfiguredDatabase,
  writeAnswer,
} from './database-command.ts';
import type { AssignAnswer, CheckAnswer, VerifyAnswer } from './results.ts';

export interface ProductionSafeOptions extends CommonOptions {
  step: '1' | '2' | '3';
  models?: string[];
  batchSize: number;
  guard?: boolean;
  dryRun?: boolean;
}

const GUARD_USAGE = '--guard goes with --step=2: it creates a guard before rows are assigned.';
const GUARD_EXAMPLE = 'npm run migration:assign -- cm3owner0000 --guard';

/** All that a step works with. */
interface Step {
  userId: string;
  options: ProductionSafeOptions;
  context: Context;
  database: Database;
  config: Config;
  decision: Decision;
  paint: Painter;
}

/** Step 1 checks, step 2 assigns, step 3 verifies. Returns the exit code. */
export function productionSafeCommand(
  userId: string,
  options: ProductionSafeOptions,
  context: Context,
): Promise<number> {
  if (options.guard && options.step !== '2') throw usageInvalid(GUARD_USAGE, GUARD_EXAMPLE);
  return withConfiguredDatabase(context, options, (database, config) => {
    const decision = selectModels(config.decision, options.models);
    if (decision.owned.length + decision.ambiguous.length === 0)
      throw options.exclude ? noModelChosen(options.exclude) : noOwnedModel(decision.owner.model.name);
    const paint = createPainter(context.stdout, context.env);
    const step = { userId, options, context, database, config, decision, paint };
    if (options.step === '1') return runCheck(step);
    return options.step === '2' ? runAssign(step) : runVerify(step);
  });
}

async function runCheck({
  userId,
  options,
  context,
  database,
  config,
  decision,
  paint,
}: Step): Promise<number> {
  const checked = await check(database, decision, userId);
  const { user, models, findings } = checked;
  const result: CheckAnswer = {
    command: 'production-safe',
    step: 1,
    ok: !hasErrors(findings),
    database: nameDatabase(config.url),
    user: { id: user.id, label: user.label },
    models,
    findings,
  };
  writeAnswer(context, options, { result, text: (each) => renderCheck(each, paint) });
  return result.ok ? 0 : 1;
}

/** A dry run ends here with the plan; a real run takes the lock before it checks, and then carries the same plan out. */
async function runAssign(step: Step): Promise<number> {
  const { userId, options, context, database, decision } = step;
  const operator: Operator = { ...context.process, command: 'production-safe --step=2' };
  if (!options.dryRun) await takeWriterLock(database, operator);
  const checked = await check(database, decision, userId);
  if (hasErrors(checked.findings)) throw checkRefused(userId, checked.findings.filter(isError));
  const plan = planAssignment(checked, options.batchSize);
  const guards = options.guard ? planGuards(checked) : null;
  const isNothingToDo = plan.models.length === 0 && plan.resumes === null;
  const planned = describePlan(step, checked, plan, guards);
  if (options.dryRun || (isNothingToDo && guards === null)) return answerAssign(step, planned);
  if (guards) await guardFirst(step, checked, guards);
  if (isNothingToDo) return answerAssign(step, { ...planned, guards: await reportAll(database) });
  return carryOut(step, checked, plan, operator);
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
  checked: CheckResult,
  plan: AssignmentPlan,
  operator: Operator,
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
      signal,
      onProgress: progress.show,
    }).finally(progress.stop);
    const isInterrupted = signal.aborted && done.status !== 'completed';
    const result: AssignAnswer = {
      ...describePlan(step, checked, plan, null),
      ok: done.status === 'completed',
      run: done.run,
      models: done.models,
      elapsedMs: Math.round(performance.now() - started),
      guards: await reportAll(database),
      // It was so before; now this run is what it was.
      findings: checked.findings.filter(({ code }) => code !== 'UNFINISHED_RUN' && code !== 'GUARD_ACTIVE'),
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
  checked: CheckResult,
  plan: AssignmentPlan,
  guards: GuardsPlan | null,
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
    findings: checked.findings,
  };
}

function answerAssign({ context, options, paint }: Step, result: AssignAnswer): number {
  writeAnswer(context, options, { result, text: (each) => renderAssignment(each, paint) });
  return 0;
}

async function runVerify({ userId, options, context, database, decision, paint }: Step): Promise<number> {
  const { user, run, models, guards, findings } = await verify(database, decision, userId);
  const result: VerifyAnswer = {
    command: 'production-safe',
    step: 3,
    ok: !hasErrors(findings),
    run,
    user: { id: user.id, label: user.label },
    models,
    guards: reportGuards(guards),
    findings,
  };
  writeAnswer(context, options, { result, text: (each) => renderVerification(each, paint) });
  return result.ok ? 0 : 1;
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}
