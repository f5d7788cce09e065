import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database/dialect.ts';
import { noModelChosen, noOwnedModel, usageInvalid } from '../errors.ts';
import { check } from '../ownership/check.ts';
import { examineProject } from '../ownership/examine.ts';
import { hasErrors } from '../ownership/findings.ts';
import { reportGuards } from '../ownership/guard.ts';
import { selectModels } from '../ownership/plan.ts';
import { verify } from '../ownership/verify.ts';
import { renderCheck, renderVerification } from '../report/steps.ts';
import { createPainter, type Painter } from '../report/text.ts';
import type { Decision } from '../schema/decide.ts';
import { runAssign } from './assign.ts';
import { type CommonOptions, nameDatabase, withConfiguredDatabase, writeAnswer } from './database-command.ts';
import type { CheckAnswer, VerifyAnswer } from './results.ts';
import { readKnownSafety, reportSafety } from './safety.ts';

export interface ProductionSafeOptions extends CommonOptions {
  step: '1' | '2' | '3';
  models?: string[];
  batchSize: number;
  guard?: boolean;
  dryRun?: boolean;
  proof?: boolean;
  requireBackup?: boolean;
  maxLag?: number;
  maxLoad?: number;
  pauseMs?: number;
  rate?: number;
}

const GUARD_USAGE = '--guard goes with --step=2: it creates a guard before rows are assigned.';
const GUARD_EXAMPLE = 'npm run migration:assign -- cm3owner0000 --guard';
const BACKUP_USAGE = '--require-backup goes with --step=2: it is about what is changed.';
const BACKUP_EXAMPLE = 'npm run migration:assign -- cm3owner0000 --require-backup';
const PROOF_USAGE = '--proof goes with --step=2: it proves each batch while rows are assigned.';
const PROOF_EXAMPLE = 'npm run migration:assign -- cm3owner0000 --proof';

/** All that a step works with. */
export interface Step {
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
  if (options.requireBackup && options.step !== '2') throw usageInvalid(BACKUP_USAGE, BACKUP_EXAMPLE);
  if (options.proof && options.step !== '2') throw usageInvalid(PROOF_USAGE, PROOF_EXAMPLE);
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
  const { user, models } = checked;
  const { settings, located } = config;
  const surroundings = { decision, settings, migrations: located.migrations, models };
  const findings = [...checked.findings, ...(await examineProject(database, surroundings))];
  const result: CheckAnswer = {
    command: 'production-safe',
    step: 1,
    ok: !hasErrors(findings),
    database: nameDatabase(config.url),
    user: { id: user.id, label: user.label },
    models,
    safety: reportSafety(await readKnownSafety(database, context)),
    findings,
  };
  writeAnswer(context, options, { result, text: (each) => renderCheck(each, paint) });
  return result.ok ? 0 : 1;
}

async function runVerify({ userId, options, context, database, decision, paint }: Step): Promise<number> {
  const { user, run, models, guards, proof, findings } = await verify(database, decision, userId);
  const result: VerifyAnswer = {
    command: 'production-safe',
    step: 3,
    ok: !hasErrors(findings),
    run,
    user: { id: user.id, label: user.label },
    models,
    guards: reportGuards(guards),
    proof,
    findings,
  };
  writeAnswer(context, options, { result, text: (each) => renderVerification(each, paint) });
  return result.ok ? 0 : 1;
}
