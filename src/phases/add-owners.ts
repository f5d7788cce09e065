import type { Database } from '../database/dialect.ts';
import { modelUnknown, noCandidate } from '../errors.ts';
import { findClosest } from '../closest.ts';
import { type Finding, tableMissing } from '../ownership/findings.ts';
import { tableLabel } from '../ownership/target.ts';
import { decideOwnership, type OwnedModel } from '../schema/decide.ts';
import { planAddOwners } from '../schema/edit/add.ts';
import { parseSchema } from '../schema/parse.ts';
import { ownerNotAdded } from './findings.ts';
import { planPhaseMigrations } from './migrations.ts';
import { readColumnPhases, toOwnerColumn } from './owner-columns.ts';
import {
  namePhaseModel,
  type PhasePlan,
  type PhaseProject,
  planMigrationChanges,
  planSchemaChanges,
} from './plan.ts';

/**
 * Plans phase 1: an optional owner column in the schema for the chosen models, or for all whose foreign keys lead to the users;
 * with a database also the migrations for every owned model whose column it lacks. Writes nothing. Throws NO_CANDIDATE or
 * MODEL_UNKNOWN, and as `planPhaseMigrations`.
 */
export async function planPhase1(
  project: PhaseProject,
  { models, database }: { models: readonly string[] | undefined; database: Database | null },
): Promise<PhasePlan> {
  const { located, schema, settings, decision } = project;
  const { owner, owned } = decision;
  // A column of another role is taken for the owner's only as long as there is no better one.
  const isOwned = (name: string) =>
    decision.classified.some(
      (each) => each.model.name === name && each.owner !== null && each.otherRole === null,
    );
  const chosen = models ?? listCandidates(project);
  refuseUnknown(project, chosen);
  const edit = planAddOwners(located.files, schema, {
    owner,
    models: chosen.filter((name) => !isOwned(name)),
    owned: owned.filter(({ model }) => isOwned(model.name) || !chosen.includes(model.name)),
  });
  const schemaChanges = planSchemaChanges(located.files, edit.files);
  const obstacles = [...edit.obstacles, ...listLeftOut(project, chosen)];
  const findings = obstacles.map(({ model, reason }) => ownerNotAdded(model, reason));
  const models1 = edit.added.map(({ model, column }) => ({
    model,
    table: tableLabel(schema.models.find(({ name }) => name === model) as OwnedModel['model']),
    ownerColumn: column,
  }));
  if (!database || findings.length > 0)
    return { models: models1, schemaChanges, migrationChanges: [], findings };
  const after = decideOwnership(parseSchema(edit.files), settings);
  const asked = after.owned.filter(({ model }) => models === undefined || models.includes(model.name));
  const { missing, tablesMissing } = await findMissing(database, asked);
  if (tablesMissing.length > 0 || missing.length === 0)
    return { models: models1, schemaChanges, migrationChanges: [], findings: tablesMissing };
  const columns = missing.map((each) =>
    toOwnerColumn(each, {
      decision: after,
      files: edit.files,
      defaultSchema: database.url.defaultSchema,
      isRequired: false,
    }),
  );
  const files = await planPhaseMigrations(database, located.migrations, (ddl, session) =>
    ddl.addOwners(session, columns),
  );
  return {
    models: missing.map(namePhaseModel),
    schemaChanges,
    migrationChanges: planMigrationChanges(project, files),
    findings,
  };
}

/** All that lead to the users by foreign keys. Where nothing is owned and nothing leads there, a person has to choose. */
function listCandidates({ decision }: PhaseProject): string[] {
  const { classified, owner, owned, others } = decision;
  const candidates = classified.filter(({ class: each }) => each === 'throughParent');
  if (candidates.length === 0 && owned.length === 0)
    throw noCandidate(
      owner.model.name,
      others.map(({ name }) => name),
    );
  return candidates.map(({ model }) => model.name);
}

function refuseUnknown({ schema }: PhaseProject, chosen: readonly string[]): void {
  const names = schema.models.map(({ name }) => name);
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined) throw modelUnknown('--models', unknown, names, findClosest(unknown, names));
}

/** Chosen by the flag, and left out by the settings: which is meant is for people to say. */
function listLeftOut({ decision }: PhaseProject, chosen: readonly string[]) {
  return decision.classified
    .filter((each) => each.class === 'excluded' && chosen.includes(each.model.name))
    .map(({ model, reason }) => ({ model: model.name, reason }));
}

/** The owned models whose column the database lacks, and a finding for each whose table it lacks. */
async function findMissing(
  database: Database,
  owned: readonly OwnedModel[],
): Promise<{ missing: OwnedModel[]; tablesMissing: Finding[] }> {
  const phases = await database.read((session) => readColumnPhases(session, database, owned));
  const isAt = (at: string | null) => (each: OwnedModel) => phases.get(each.model.name) === at;
  return {
    missing: owned.filter(isAt('missing')),
    tablesMissing: owned.filter(isAt(null)).map(({ model }) => tableMissing(model.name, tableLabel(model))),
  };
}
