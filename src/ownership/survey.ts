import type { Database, Session } from '../database/dialect.ts';
import type { Decision, OwnedModel } from '../schema/decide.ts';
import { countOrphans, countOwned, countRows } from './count.ts';
import { findOwnerColumn, type Phase, phaseOf, tableLabel, tableOf } from './target.ts';
import { getOwnerTable, type OwnerTable } from './users.ts';

/** The rows of an owned model, with no user in mind. */
export interface SurveyedModel {
  model: string;
  table: string;
  ownerColumn: string;
  phase: Phase;
  rows: number;
  unowned: number;
  /** Null where the column and the users' key have types that cannot be compared. */
  orphaned: number | null;
}

/**
 * Counts the rows of every owned model: how many there are, without an owner, and with one that is no user's. It reads only.
 * A model whose table is not there counts as empty, and `phase` says that the column is missing. Throws OWNER_TABLE_MISSING.
 */
export async function surveyModels(
  session: Session,
  database: Database,
  decision: Decision,
): Promise<SurveyedModel[]> {
  const owner = await getOwnerTable(session, database.dialect, decision, database.url.defaultSchema);
  const surveyed: SurveyedModel[] = [];
  for (const owned of decision.owned) surveyed.push(await surveyModel(session, database, { owned, owner }));
  return surveyed;
}

/** The same without a look at any row: how far each owner column is. */
export async function inspectModels(
  session: Session,
  database: Database,
  { owned }: Decision,
): Promise<SurveyedModel[]> {
  const phases = await readColumnPhases(session, database, owned);
  return owned.map(({ model, owner }) => ({
    model: model.name,
    table: tableLabel(model),
    ownerColumn: owner.column,
    phase: phases.get(model.name) ?? 'missing',
    rows: 0,
    unowned: 0,
    orphaned: 0,
  }));
}

/** How far the owner column of each model is in the database; null where there is no table. */
export async function readColumnPhases(
  session: Session,
  { dialect, url }: Database,
  owned: readonly OwnedModel[],
): Promise<Map<string, Phase | null>> {
  const phases = new Map<string, Phase | null>();
  for (const each of owned) {
    const info = await dialect.inspectTable(
      session,
      tableOf(each.model, url.defaultSchema),
      each.owner.column,
    );
    phases.set(each.model.name, info && phaseOf(findOwnerColumn(each, info)));
  }
  return phases;
}

/** The models whose rows this role may not all see: what is counted of them is not all that there is. */
export async function listHidden(
  session: Session,
  { dialect, url }: Database,
  owned: readonly OwnedModel[],
): Promise<OwnedModel[]> {
  const hidden: OwnedModel[] = [];
  for (const each of owned) {
    const table = tableOf(each.model, url.defaultSchema);
    if ((await dialect.inspectTable(session, table, each.owner.column))?.hidesRows) hidden.push(each);
  }
  return hidden;
}

async function surveyModel(
  session: Session,
  { dialect, url }: Database,
  { owned, owner }: { owned: OwnedModel; owner: OwnerTable },
): Promise<SurveyedModel> {
  const { model } = owned;
  const table = tableOf(model, url.defaultSchema);
  const name = { model: model.name, table: tableLabel(model), ownerColumn: owned.owner.column };
  const info = await dialect.inspectTable(session, table, owned.owner.column);
  const column = info && findOwnerColumn(owned, info);
  if (!column) {
    const rows = info ? await countRows(session, dialect, table) : 0;
    return { ...name, phase: 'missing', rows, unowned: rows, orphaned: 0 };
  }
  const { rows, unowned } = await countOwned(session, dialect, table, column);
  const keyType = owner.columns.find((each) => each.name === owned.references.column)?.type ?? owner.key.type;
  const isComparable = dialect.compareTypes(column.type, keyType) !== 'different';
  const references = { table: owner.table, column: owned.references.column };
  const orphaned = isComparable
    ? await countOrphans(session, dialect, { table, owner: column, references })
    : null;
  return { ...name, phase: phaseOf(column), rows, unowned, orphaned };
}
