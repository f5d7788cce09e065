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
  { dialect, url }: Database,
  decision: Decision,
): Promise<SurveyedModel[]> {
  const inspected: SurveyedModel[] = [];
  for (const owned of decision.owned) {
    const { model, owner } = owned;
    const info = await dialect.inspectTable(session, tableOf(model, url.defaultSchema), owner.column);
    const phase = phaseOf(info && findOwnerColumn(owned, info));
    const name = { model: model.name, table: tableLabel(model), ownerColumn: owner.column };
    inspected.push({ ...name, phase, rows: 0, unowned: 0, orphaned: 0 });
  }
  return inspected;
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
