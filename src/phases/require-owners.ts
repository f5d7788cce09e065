import type { Database, Session } from '../database/dialect.ts';
import { columnMissing, type Finding, hasErrors, orphaned, rowsHidden } from '../ownership/findings.ts';
import { listGuards } from '../ownership/guard.ts';
import { listRuns } from '../ownership/journal.ts';
import { selectModels } from '../ownership/plan.ts';
import { describeClass } from '../ownership/schema-findings.ts';
import { listHidden, type SurveyedModel, surveyModels } from '../ownership/survey.ts';
import { tableLabel } from '../ownership/target.ts';
import { decideOwnership, type OwnedModel } from '../schema/decide.ts';
import { requireOwners } from '../schema/edit/require.ts';
import { findRelationMode } from '../schema/normalise.ts';
import { parseSchema } from '../schema/parse.ts';
import {
  guardInTheWay,
  onDeleteByDefault,
  onDeleteSetsNull,
  ownersNotComparable,
  unownedBeforePhase3,
} from './findings.ts';
import { planPhaseMigrations } from './migrations.ts';
import { findOwnerRelation, toOwnerColumn } from './owner-columns.ts';
import { type PhasePlan, type PhaseProject, planSchemaChanges } from './plan.ts';

/**
 * Plans phase 3: counts all owned models anew, and plans nothing while any row of any of them has no owner, or one that is no
 * user's. Otherwise the owner columns of the chosen models, or of all, become required in the schema; with `withSql` in
 * migrations as well. Writes nothing. Throws MODEL_NOT_OWNED, and as `planPhaseMigrations`.
 */
export async function planPhase3(
  project: PhaseProject,
  database: Database,
  { models, withSql }: { models: readonly string[] | undefined; withSql: boolean },
): Promise<PhasePlan> {
  const { located, settings, decision } = project;
  const chosen = selectModels(decision, models).owned;
  const { surveyed, findings } = await database.read((session) => survey(session, database, project));
  const optional = chosen.filter(({ owner }) => !owner.isRequired);
  const all = [...findings, ...optional.flatMap((each) => describeOnDelete(each, project))];
  if (hasErrors(all)) return { models: surveyed, schemaChanges: [], migrationChanges: [], findings: all };
  const files = requireOwners(located.files, optional);
  const after = decideOwnership(parseSchema(files), settings);
  const isOptionalInDatabase = ({ model }: OwnedModel) =>
    surveyed.some((each) => each.model === model.name && each.phase === 'optional');
  const columns = after.owned
    .filter(({ model }) => chosen.some((each) => each.model.name === model.name))
    .filter(isOptionalInDatabase)
    .map((each) =>
      toOwnerColumn(each, {
        decision,
        files,
        defaultSchema: database.url.defaultSchema,
        isRequired: true,
      }),
    );
  const migrationChanges = await planPhaseMigrations(project, database, {
    columns: withSql ? columns : [],
    write: (ddl, ...of) => ddl.requireOwners(...of),
  });
  return {
    models: surveyed,
    schemaChanges: planSchemaChanges(located.files, files),
    migrationChanges,
    findings: all,
  };
}

/** One moment of the database: its rows, its guards, and whose the last run was. */
async function survey(session: Session, database: Database, { decision }: PhaseProject) {
  const surveyed = await surveyModels(session, database, decision);
  const guards = await listGuards(session, database);
  const [run] = await listRuns(session, database.dialect, database.url.defaultSchema);
  const ambiguous = decision.classified.filter((each) => each.class === 'ambiguous').flatMap(describeClass);
  const hidden = await listHidden(session, database, decision.owned);
  const findings = [
    ...ambiguous,
    ...hidden.map(({ model }) => rowsHidden(model.name, tableLabel(model))),
    ...surveyed.flatMap((model) => describeRows(model, run?.ownerId ?? null)),
    ...(guards.length > 0 ? [guardInTheWay(guards.map(({ model }) => model))] : []),
  ];
  return { surveyed, findings };
}

function describeRows(
  { model, phase, ownerColumn, ...rows }: SurveyedModel,
  userId: string | null,
): Finding[] {
  if (phase === 'missing') return [columnMissing(model, ownerColumn)];
  return [
    ...(rows.unowned > 0 ? [unownedBeforePhase3(model, rows.unowned, userId)] : []),
    ...(rows.orphaned === null ? [ownersNotComparable(model, ownerColumn)] : []),
    ...(rows.orphaned !== null && rows.orphaned > 0 ? [orphaned(model, ownerColumn, rows.orphaned)] : []),
  ];
}

function describeOnDelete(owned: OwnedModel, { decision, located }: PhaseProject): Finding[] {
  const relation = findOwnerRelation(owned, decision);
  if (relation?.onDelete === 'SetNull') return [onDeleteSetsNull(owned.model.name, relation.field)];
  const isKept = findRelationMode(located.files) === 'foreignKeys';
  return relation?.onDelete === null && isKept ? [onDeleteByDefault(owned.model.name, relation.field)] : [];
}
