import { assign } from '../ownership/assign.ts';
import { describeSkipped } from '../ownership/batch-failure.ts';
import { type CheckResult, check } from '../ownership/check.ts';
import { examineProject } from '../ownership/examine.ts';
import { type Finding, hasErrors } from '../ownership/findings.ts';
import { BATCH_ROWS, planAssignment } from '../ownership/plan.ts';
import { planRollback } from '../ownership/rollback-plan.ts';
import { rollback } from '../ownership/rollback.ts';
import { tableOf } from '../ownership/target.ts';
import { verify } from '../ownership/verify.ts';
import { takeWriterLock } from '../ownership/writer.ts';
import { type Extent, type Measure, measureExtents, nameTable, timeBatches } from './measure.ts';
import type { Outcome } from './part-log.ts';
import { decideChosen, type Stage } from './stage.ts';

/** Step 1 on the copy, with what it found for step 2 to work with. */
export async function rehearseCheck(
  stage: Stage,
): Promise<{ checked: CheckResult; findings: Finding[]; outcome: Outcome }> {
  const { database, project, userId } = stage;
  const decision = decideChosen(stage);
  const checked = await check(database, decision, userId);
  const { settings, located } = project;
  const surroundings = { decision, settings, migrations: located.migrations, models: checked.models };
  const findings = [...checked.findings, ...(await examineProject(database, surroundings))];
  return { checked, findings, outcome: { state: hasErrors(findings) ? 'failed' : 'held', findings } };
}

/** Step 2 on the copy, and the run that it made; null where no row is without an owner. The writer's lock is taken first. */
export async function rehearseAssignment(
  stage: Stage,
  checked: CheckResult,
): Promise<{ run: string | null; outcome: Outcome }> {
  const { database, project, operator, toolVersion, signal, onProgress } = stage;
  const plan = planAssignment(checked, BATCH_ROWS.start);
  if (plan.models.length === 0) return { run: null, outcome: { state: 'nothingToDo' } };
  await takeWriterLock(database, operator);
  const before = await measureChosen(stage);
  const { timed, times } = timeBatches(database);
  const started = performance.now();
  const done = await assign(timed, plan, {
    owner: checked.owner,
    ownerModel: project.decision.owner.model.name,
    operator,
    toolVersion,
    fingerprint: project.schema.fingerprint,
    flags: {},
    signal,
    onProgress,
  });
  const elapsedMs = performance.now() - started;
  signal.throwIfAborted();
  const rows = new Map(done.models.map(({ model, assigned }) => [model, assigned]));
  const models = measureBatches(stage, { rows, times, before, after: await measureChosen(stage) });
  const state = done.status === 'completed' ? 'held' : 'failed';
  return { run: done.run, outcome: { state, models, elapsedMs, findings: describeSkipped(done.skipped) } };
}

/** Step 3 on the copy. */
export async function rehearseVerification(stage: Stage): Promise<Outcome> {
  const { findings } = await verify(stage.database, decideChosen(stage), stage.userId);
  return { state: hasErrors(findings) ? 'failed' : 'held', findings };
}

/** Undoes a run on the copy. */
export async function rehearseRollback(stage: Stage, run: string): Promise<Outcome> {
  const { database, operator, signal } = stage;
  const before = await measureChosen(stage);
  const { timed, times } = timeBatches(database);
  const started = performance.now();
  const done = await rollback(timed, await planRollback(database, run), { operator, signal });
  const elapsedMs = performance.now() - started;
  signal.throwIfAborted();
  const rows = new Map(done.models.map(({ model, reverted }) => [model, reverted]));
  const models = measureBatches(stage, { rows, times, before, after: await measureChosen(stage) });
  return { state: done.isFinished ? 'held' : 'failed', models, elapsedMs, findings: done.findings };
}

function measureChosen(stage: Stage): Promise<Map<string, Extent>> {
  return measureExtents(stage.database, decideChosen(stage).owned);
}

interface Measured {
  rows: Map<string, number>;
  times: ReturnType<typeof timeBatches>['times'];
  before: Map<string, Extent>;
  after: Map<string, Extent>;
}

function measureBatches(stage: Stage, { rows, times, before, after }: Measured): Measure[] {
  const { defaultSchema } = stage.database.url;
  return decideChosen(stage).owned.flatMap(({ model: { name }, model }) => {
    const changed = rows.get(name);
    if (changed === undefined) return [];
    const time = times.get(nameTable(tableOf(model, defaultSchema)));
    return [
      {
        model: name,
        rows: changed,
        elapsedMs: time?.elapsedMs ?? 0,
        longestLockMs: time?.longestLockMs ?? 0,
        growthBytes: (after.get(name)?.bytes ?? 0) - (before.get(name)?.bytes ?? 0),
      },
    ];
  });
}
