import type { Column, Database, Session, TableName } from '../database/dialect.ts';
import { empty, join, raw, type Sql, sql } from '../database/sql.ts';
import { countJournaled, countOwned } from '../ownership/count.ts';
import { type Finding, rowsHidden } from '../ownership/findings.ts';
import { listGuards } from '../ownership/guard.ts';
import { listRunModels, listRuns, type RunModel } from '../ownership/journal.ts';
import { findOwnerColumn, phaseOf, tableLabel, tableOf } from '../ownership/target.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { guardInTheWay, ownersUnknown, runNotRolledBack, stillRequired } from './findings.ts';
import { namePhaseModel, type PhaseModel } from './plan.ts';

/** A model with its rows that have an owner, and how many of them a run wrote. */
export type CountedModel = PhaseModel & { owners: number; journaled: number };

/**
 * Counts what is lost when owner columns go, and finds what stands in the way. Rows that guards gave an owner count as
 * unknown: on SQLite nobody has their keys.
 */
export async function countOwners(
  session: Session,
  database: Database,
  { chosen, hasBackup }: { chosen: readonly OwnedModel[]; hasBackup: boolean },
): Promise<{ counted: CountedModel[]; findings: Finding[] }> {
  const { dialect, url } = database;
  const findings: Finding[] = [];
  const counted: CountedModel[] = [];
  const written = await listWritten(session, database);
  for (const each of chosen) {
    const { model, owner } = each;
    const table = tableOf(model, url.defaultSchema);
    const info = await dialect.inspectTable(session, table, owner.column);
    const column = info && findOwnerColumn(each, info);
    const entries = written.filter(
      (entry) => entry.model === model.name && entry.owner.name === owner.column,
    );
    const owners = column ? (await countOwned(session, dialect, table, column)).ownedByOthers : 0;
    const unknown = column ? await countUnknown(session, database, { table, column, entries }) : 0;
    counted.push({ ...namePhaseModel(each), owners, journaled: owners - unknown });
    if (owner.isRequired || phaseOf(column) === 'required')
      findings.push(stillRequired(model.name, owner.column));
    if (info?.hidesRows) findings.push(rowsHidden(model.name, tableLabel(model)));
    if (unknown > 0 && !hasBackup) findings.push(ownersUnknown(model.name, owner.column, unknown));
  }
  const isCounted = ({ model }: { model: string }) => counted.some((each) => each.model === model);
  const guards = (await listGuards(session, database)).filter(isCounted);
  if (guards.length > 0) findings.push(guardInTheWay(guards.map(({ model }) => model)));
  findings.push(...(await describeRuns(session, database, written.filter(isCounted))));
  return { counted, findings };
}

/** What runs that are not rolled back have written, model by model, where the column is still there. */
async function listWritten(session: Session, { dialect, url }: Database): Promise<RunModel[]> {
  const written: RunModel[] = [];
  for (const { id, status } of await listRuns(session, dialect, url.defaultSchema)) {
    if (status === 'rolledBack') continue;
    for (const entry of await listRunModels(session, dialect, id)) {
      const info = await dialect.inspectTable(session, entry.table, entry.owner.name);
      if (info?.columns.some(({ name }) => name === entry.owner.name)) written.push(entry);
    }
  }
  return written;
}

/** Counts the rows with an owner that none of these runs gave them. */
async function countUnknown(
  session: Session,
  { dialect }: Database,
  { table, column, entries }: { table: TableName; column: Column; entries: readonly RunModel[] },
): Promise<number> {
  const owner = sql`t.${dialect.quote(column.name)}`;
  const joins = entries.map(({ run, model, key, ownerValue }, i) => {
    const keys = raw(`j${i}`);
    const isSame = key.map(({ name }, at) => sql`t.${dialect.quote(name)} = ${keys}.k${raw(String(at))}`);
    return sql`LEFT JOIN ${dialect.journaledKeys({ run, model }, key)} ${keys}
      ON ${join(isSame, ' AND ')} AND ${owner} = ${dialect.fromText(ownerValue, column.type)}`;
  });
  const isUnknown = entries.map((_, i) => sql` AND ${raw(`j${i}`)}.k0 IS NULL`);
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM ${dialect.table(table)} t ${joinAll(joins)}
     WHERE ${owner} IS NOT NULL ${joinAll(isUnknown)}`);
  return Number(rows[0]?.n ?? 0);
}

function joinAll(parts: readonly Sql[]): Sql {
  return parts.length > 0 ? join(parts, ' ') : empty;
}

/** A warning for each run whose owners go with the column. */
async function describeRuns(
  session: Session,
  { dialect }: Database,
  written: readonly RunModel[],
): Promise<Finding[]> {
  const rows = new Map<string, number>();
  for (const entry of written) {
    const { kept } = await countJournaled(session, dialect, entry);
    rows.set(entry.run, (rows.get(entry.run) ?? 0) + kept);
  }
  return [...rows].filter(([, kept]) => kept > 0).map(([run, kept]) => runNotRolledBack(run, kept));
}
