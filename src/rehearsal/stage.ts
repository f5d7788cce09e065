import { join } from 'node:path';
import type { Database } from '../database/dialect.ts';
import { selectModels } from '../ownership/plan.ts';
import type { Operator } from '../ownership/writer.ts';
import type { PhasePlan, PhaseProject } from '../phases/plan.ts';
import { decideOwnership, type Decision } from '../schema/decide.ts';
import { type PrismaSchema, parseSchema } from '../schema/parse.ts';
import type { OwnershipSettings } from '../settings.ts';

/** A copy on its way through the phases, with the project's files as they would be by now: in memory alone. */
export interface Stage {
  database: Database;
  project: PhaseProject;
  /** As `--models` chose them. */
  models: readonly string[] | undefined;
  userId: string;
  operator: Operator;
  toolVersion: string;
  signal: AbortSignal;
  onProgress: (progress: { model: string; assigned: number; total: number }) => void;
}

/** The models that this rehearsal is about, as the project decides now. Throws as `selectModels`. */
export function decideChosen({ project, models }: Pick<Stage, 'project' | 'models'>): Decision {
  return selectModels(project.decision, models);
}

/**
 * The models that phase 1 is asked for: those that somebody named, or those that are owned. A column of another role counts as
 * the owner's as long as nobody names its model. Undefined where nothing is owned yet, which leaves the choice to phase 1.
 */
export function choosePhase1({
  project,
  models,
}: Pick<Stage, 'project' | 'models'>): readonly string[] | undefined {
  const { classified, owned, ambiguous } = project.decision;
  if (models !== undefined) return models;
  if (owned.length + ambiguous.length === 0) return undefined;
  return classified
    .filter(({ owner, otherRole }) => owner !== null && otherRole === null)
    .map(({ model }) => model.name);
}

/** The project as a phase reads it: what waits to be applied is applied to the copy, so there is nothing to wait for. */
export function withoutMigrations(project: PhaseProject): PhaseProject {
  const migrations = join(project.located.migrations, 'none-for-a-rehearsal');
  return { ...project, located: { ...project.located, migrations } };
}

/** The project with what a phase would write into its schema. */
export function editProject(project: PhaseProject, plan: PhasePlan): PhaseProject {
  if (plan.schemaChanges.length === 0) return project;
  const texts = new Map(plan.schemaChanges.map(({ path, after }) => [path, after ?? '']));
  const files = project.located.files.map(([path, text]): [string, string] => [
    path,
    texts.get(path) ?? text,
  ]);
  const schema = parseSchema(files);
  const settings = chooseAdded(project.settings, plan, schema);
  return {
    ...project,
    located: { ...project.located, files },
    schema,
    settings,
    decision: decideOwnership(schema, settings),
  };
}

/** What phase 1 asks people to write into the settings: of two columns the new one is the owner's. */
function chooseAdded(
  settings: OwnershipSettings,
  { findings, models }: PhasePlan,
  schema: PrismaSchema,
): OwnershipSettings {
  const added = findings
    .filter(({ code }) => code === 'OWNER_TO_CHOOSE')
    .flatMap(({ model }) => {
      const column = models.find((each) => each.model === model)?.ownerColumn;
      const fields = schema.models.find(({ name }) => name === model)?.fields;
      const field = fields?.find((each) => each.column === column);
      return model !== null && field ? [[model, field.name] as const] : [];
    });
  return { ...settings, ownerColumns: { ...settings.ownerColumns, ...Object.fromEntries(added) } };
}
