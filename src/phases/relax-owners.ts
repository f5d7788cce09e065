import type { Database } from '../database/dialect.ts';
import { phaseNotDone } from '../errors.ts';
import { listMigrations } from '../migrations/folder.ts';
import { findOwnerHistory } from '../migrations/owner-history.ts';
import { selectModels } from '../ownership/plan.ts';
import { readColumnPhases } from '../ownership/survey.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { relaxOwners } from '../schema/edit/require.ts';
import { parseSchema } from '../schema/parse.ts';
import { planPhaseMigrations } from './migrations.ts';
import { toOwnerColumn } from './owner-columns.ts';
import { namePhaseModel, type PhasePlan, type PhaseProject, planSchemaChanges } from './plan.ts';

/**
 * Plans to take phase 3 back: the owner columns of the chosen models, or of all that a migration made required, allow NULL
 * again, in the schema and in migrations. Writes nothing. Throws PHASE_NOT_DONE, MODEL_NOT_OWNED, and as
 * `planPhaseMigrations`.
 */
export async function planUndoPhase3(
  project: PhaseProject,
  database: Database,
  { models }: { models: readonly string[] | undefined },
): Promise<PhasePlan> {
  const { located, decision } = project;
  const { owned } = selectModels(decision, models);
  const stored = listMigrations(located.migrations);
  const phases = await database.read((session) => readColumnPhases(session, database, owned));
  const isRequiredThere = ({ model }: OwnedModel) => phases.get(model.name) === 'required';
  const wasMade = (each: OwnedModel) => findOwnerHistory(stored, each).requiredBy !== null;
  const isPhase3 = (each: OwnedModel) =>
    isRequiredThere(each) ? models !== undefined || wasMade(each) : each.owner.isRequired;
  const chosen = owned.filter(isPhase3);
  if (chosen.length === 0) throw phaseNotDone(3);
  const files = relaxOwners(located.files, chosen);
  // Prisma's own check of what is written.
  parseSchema(files);
  const columns = chosen
    .filter(isRequiredThere)
    .map((each) =>
      toOwnerColumn(each, { decision, files, defaultSchema: database.url.defaultSchema, isRequired: false }),
    );
  const migrationChanges = await planPhaseMigrations(project, database, {
    columns,
    write: (ddl, ...of) => ddl.relaxOwners(...of),
  });
  return {
    models: chosen.map(namePhaseModel),
    schemaChanges: planSchemaChanges(located.files, files),
    migrationChanges,
    findings: [],
  };
}
