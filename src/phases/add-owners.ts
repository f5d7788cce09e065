import type { Database } from '../database/dialect.ts';
import { modelUnknown, noCandidate } from '../errors.ts';
import { findClosest } from '../closest.ts';
import { type Finding, hasErrors, tableMissing } from '../ownership/findings.ts';
import { readColumnPhases } from '../ownership/survey.ts';
import { tableLabel } from '../ownership/target.ts';
import type { ClassifiedModel } from '../schema/classify.ts';
import { decideOwnership, type OwnedModel } from '../schema/decide.ts';
import { type AddedOwner, type AddPlan, planAddOwners } from '../schema/edit/add.ts';
import { type Model, parseSchema } from '../schema/parse.ts';
import type { OwnershipSettings } from '../settings.ts';
import { ownerNotAdded, ownerToChoose } from './findings.ts';
import { planPhaseMigrations } from './migrations.ts';
import { toOwnerColumn } from './owner-columns.ts';
import { namePhaseModel, type PhasePlan, type PhaseProject, planSchemaChanges } from './plan.ts';

/**
 * Plans phase 1: an optional owner column in the schema for the chosen models, or for all whose foreign keys lead to the users;
 * with a database also the migrations for every owned model whose column it lacks. Writes nothing. Throws NO_CANDIDATE or
 * MODEL_UNKNOWN, and as `planPhaseMigrations`.
 */
export async function planPhase1(
  project: PhaseProject,
  { models, database }: { models: readonly string[] | undefined; database: Database | null },
): Promise<PhasePlan> {
  const { located, schema } = project;
  const chosen = models ?? listCandidates(project);
  refuseUnknown(project, chosen);
  const edit = editSchema(project, chosen);
  const plan: PhasePlan = {
    models: edit.added.map(({ model, column }) => ({
      model,
      table: tableLabel(schema.models.find(({ name }) => name === model) as Model),
      ownerColumn: column,
    })),
    schemaChanges: planSchemaChanges(located.files, edit.files),
    migrationChanges: [],
    findings: describeEdit(project, chosen, edit),
  };
  if (!database || hasErrors(plan.findings)) return plan;
  const after = decideOwnership(parseSchema(edit.files), chooseAdded(project, edit.added));
  const asked = after.owned.filter(({ model }) => models === undefined || models.includes(model.name));
  const { missing, tablesMissing } = await findMissing(database, asked);
  if (tablesMissing.length > 0) return { ...plan, findings: [...plan.findings, ...tablesMissing] };
  if (missing.length === 0) return plan;
  const { defaultSchema } = database.url;
  const columns = missing.map((each) =>
    toOwnerColumn(each, { decision: after, files: edit.files, defaultSchema, isRequired: false }),
  );
  const migrationChanges = await planPhaseMigrations(project, database, {
    columns,
    write: (ddl, ...of) => ddl.addOwners(...of),
  });
  return { ...plan, models: missing.map(namePhaseModel), migrationChanges };
}

/** A column of another role counts as the owner's only as long as nobody asks for a better one. */
function editSchema({ located, schema, decision }: PhaseProject, chosen: readonly string[]): AddPlan {
  const isOwned = ({ model, owner, otherRole }: ClassifiedModel) =>
    owner !== null && (otherRole === null || !chosen.includes(model.name));
  const owned = decision.classified.filter(isOwned).map(({ model }) => model.name);
  return planAddOwners(located.files, schema, {
    owner: decision.owner,
    models: chosen.filter((name) => !owned.includes(name)),
    owned: decision.owned.filter(({ model }) => owned.includes(model.name)),
  });
}

function describeEdit(project: PhaseProject, chosen: readonly string[], edit: AddPlan): Finding[] {
  const obstacles = [...edit.obstacles, ...listLeftOut(project, chosen)];
  return [
    ...obstacles.map(({ model, reason }) => ownerNotAdded(model, reason)),
    ...findDoubtful(project, edit.added).map(({ model, field }) => ownerToChoose(model, field)),
  ];
}

/** Models that have a column of another role, too. */
function findDoubtful({ schema, decision }: PhaseProject, added: readonly AddedOwner[]): AddedOwner[] {
  const pointing = schema.models.filter(({ relations }) =>
    relations.some(({ to }) => to === decision.owner.model.name),
  );
  return added.filter(({ model }) => pointing.some(({ name }) => name === model));
}

/** Of two columns the new one is the owner's. */
function chooseAdded(project: PhaseProject, added: readonly AddedOwner[]): OwnershipSettings {
  const { settings } = project;
  const chosen = findDoubtful(project, added).map(({ model, field }) => [model, field]);
  return { ...settings, ownerColumns: { ...settings.ownerColumns, ...Object.fromEntries(chosen) } };
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
