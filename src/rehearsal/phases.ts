import type { Database } from '../database/dialect.ts';
import { compareMigrations, listAppliedMigrations } from '../migrations/applied.ts';
import { listMigrations, type StoredMigration } from '../migrations/folder.ts';
import { hasErrors } from '../ownership/findings.ts';
import { planPhase1 } from '../phases/add-owners.ts';
import type { PhasePlan } from '../phases/plan.ts';
import { planPhase3 } from '../phases/require-owners.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { type Extent, type Measure, measureExtents } from './measure.ts';
import { findModelOf, type Migrated, migrateCopy, toMigrations } from './migrate.ts';
import type { Outcome } from './part-log.ts';
import { choosePhase1, decideChosen, editProject, type Stage, withoutMigrations } from './stage.ts';

/**
 * The migrations of the project that the copy lacks, as `prisma migrate deploy` would apply them, and the names of those that
 * have failed. None where Prisma keeps no table of them.
 */
export async function listPending({
  database,
  project,
}: Stage): Promise<{ failed: string[]; pending: StoredMigration[] }> {
  const { read, dialect, url } = database;
  const applied = await read((session) => listAppliedMigrations(session, dialect, url.defaultSchema));
  if (applied === null) return { failed: [], pending: [] };
  const stored = listMigrations(project.located.migrations);
  const { failed, pending } = compareMigrations(stored, applied);
  return { failed, pending: stored.filter(({ name }) => pending.includes(name)) };
}

/** Phase 1 as it is planned for the copy, and the stage that it leads to once `applyPhase` has applied it. */
export interface PlannedPhase {
  plan: PhasePlan;
  next: Stage;
}

/** Plans phase 1 for the models that have no owner column; a plan without migrations where all have one. */
export async function planFirst(stage: Stage): Promise<PlannedPhase> {
  const project = withoutMigrations(stage.project);
  const plan = await planPhase1(project, { models: choosePhase1(stage), database: stage.database });
  return { plan, next: { ...stage, project: editProject(project, plan) } };
}

/** Plans phase 3, as production would after step 3. */
export async function planThird(stage: Stage): Promise<PlannedPhase> {
  const project = withoutMigrations(stage.project);
  const plan = await planPhase3(project, stage.database, { models: stage.models, withSql: true });
  return { plan, next: { ...stage, project: editProject(project, plan) } };
}

/** Applies the migrations of a phase to the copy, and measures them. A plan that is refused is a part that failed. */
export async function applyPhase({ plan, next }: PlannedPhase): Promise<Outcome> {
  const { findings } = plan;
  if (hasErrors(findings)) return { state: 'failed', findings };
  if (plan.migrationChanges.length === 0) return { state: 'nothingToDo', findings };
  const { database, signal } = next;
  const owned = decideChosen(next).owned.filter(({ model }) =>
    plan.models.some((each) => each.model === model.name),
  );
  const before = await measureExtents(database, owned);
  const migrated = await migrateCopy(database, toMigrations(plan.migrationChanges), signal);
  const models = await measureMigrated(database, { owned, before, migrated });
  const all = [...findings, ...migrated.findings];
  return { state: hasErrors(all) ? 'failed' : 'held', models, findings: all };
}

async function measureMigrated(
  database: Database,
  {
    owned,
    before,
    migrated,
  }: { owned: readonly OwnedModel[]; before: Map<string, Extent>; migrated: Migrated },
): Promise<Measure[]> {
  const after = await measureExtents(database, owned);
  const names = owned.map(({ model }) => model.name);
  const groups = new Map<string | null, Measure>();
  for (const { name, elapsedMs, longestLockMs } of migrated.applied) {
    const model = findModelOf(name, names);
    const known = groups.get(model) ?? { model, ...sumExtents(model, before, after), ...NO_TIME };
    groups.set(model, {
      ...known,
      elapsedMs: known.elapsedMs + elapsedMs,
      longestLockMs: Math.max(known.longestLockMs, longestLockMs),
    });
  }
  return [...groups.values()];
}

const NO_TIME = { elapsedMs: 0, longestLockMs: 0 };

/** Of one model, or where it is null of all. */
function sumExtents(model: string | null, before: Map<string, Extent>, after: Map<string, Extent>) {
  const names = model === null ? [...after.keys()] : [model];
  const sum = (extents: Map<string, Extent>, what: keyof Extent) =>
    names.reduce((total, name) => total + (extents.get(name)?.[what] ?? 0), 0);
  return { rows: sum(after, 'rows'), growthBytes: sum(after, 'bytes') - sum(before, 'bytes') };
}
