import type { Database, Session, TableInfo } from '../database/dialect.ts';
import { type Guard, isGuardTrigger } from '../database/guard.ts';
import type { Decision, OwnedModel } from '../schema/decide.ts';
import {
  countByOwner,
  countCollisions,
  countOwned,
  countRows,
  type ModelReport,
  type OwnerCounts,
  reportModel,
} from './count.ts';
import { stepCommand } from '../typed-flags.ts';
import type { Finding } from './findings.ts';
import * as findings from './findings.ts';
import * as runFindings from './run-findings.ts';
import { describeGuards, listGuards } from './guard.ts';
import { isUnfinished, listRuns, type Run } from './journal.ts';
import { describeClass } from './schema-findings.ts';
import { findOwnerColumn, findWalkKey, type Target, tableLabel, tableOf, type User } from './target.ts';
import { getOwnerTable, getUser, type OwnerTable } from './users.ts';

/** Step 1's answer. */
export interface CheckResult {
  user: User;
  owner: OwnerTable;
  models: ModelReport[];
  findings: Finding[];
  /** The models that step 2 can write, parents first. */
  targets: Target[];
  /** The run that step 2 would carry on. */
  unfinishedRun: Run | null;
  /** Of this app, whichever models they are about. */
  guards: Guard[];
}

/** Names that say "owner" in a column that the schema does not know. */
const USUAL_OWNER_COLUMNS = ['userid', 'user_id'];
const NOTHING: OwnerCounts = { rows: 0, unowned: 0, ownedByUser: 0, ownedByOthers: 0, orphaned: 0 };

/**
 * Step 1: says what the database holds for each owned model and what stands in the way of step 2. It writes nothing:
 * all of it is one read-only transaction, so the counts are of one moment. Throws USER_NOT_FOUND, USER_ID_MALFORMED or
 * OWNER_TABLE_MISSING.
 */
export function check(database: Database, decision: Decision, userId: string): Promise<CheckResult> {
  return database.read(async (session) => {
    const { dialect, url } = database;
    const owner = await getOwnerTable(session, dialect, decision, url.defaultSchema);
    const user = await getUser(session, dialect, decision, { owner, id: userId });
    const checked = [];
    for (const owned of decision.owned)
      checked.push(await checkModel(session, database, owned, { decision, owner, user }));
    const runs = await listRuns(session, dialect, url.defaultSchema);
    const unfinished = runs.find(isUnfinished) ?? null;
    const guards = await listGuards(session, database);
    const obstacle = await dialect.findWriteObstacle(session);
    return {
      user,
      owner,
      models: checked.map(({ report }) => report),
      targets: checked.flatMap(({ target }) => (target ? [target] : [])),
      findings: [
        ...(obstacle ? [findings.writeObstacle(obstacle)] : []),
        ...(owner.hidesRows ? [findings.rowsHidden(decision.owner.model.name, owner.table.name)] : []),
        ...(unfinished ? [describeUnfinished(unfinished, user)] : []),
        ...decision.classified.flatMap(describeClass),
        ...checked.flatMap((each) => each.findings),
        ...(await findUnknownColumns(session, database, decision)),
        ...(await describeGuards(session, database, { guards, user })),
      ],
      unfinishedRun: unfinished?.ownerId === user.id ? unfinished : null,
      guards,
    };
  });
}

interface CheckedModel {
  report: ModelReport;
  findings: Finding[];
  target: Target | null;
}

interface CheckContext {
  decision: Decision;
  owner: OwnerTable;
  user: User;
}

async function checkModel(
  session: Session,
  database: Database,
  owned: OwnedModel,
  { decision, owner, user }: CheckContext,
): Promise<CheckedModel> {
  const { dialect, url } = database;
  const { model } = owned;
  const table = tableOf(model, url.defaultSchema);
  const label = tableLabel(model);
  const name = { model: model.name, table: label, ownerColumn: owned.owner.column };
  const info = await dialect.inspectTable(session, table, owned.owner.column);
  const stop = (found: Finding[], counts = NOTHING): CheckedModel => {
    const column = info && findOwnerColumn(owned, info);
    return { report: reportModel(name, column ?? null, counts), findings: found, target: null };
  };
  if (!info) return stop([findings.tableMissing(model.name, label)]);
  if (!info.canRead) return stop([findings.notReadable(model.name, label)]);
  const column = findOwnerColumn(owned, info);
  if (!column) {
    const rows = await countRows(session, dialect, table);
    return stop([findings.columnMissing(model.name, owned.owner.column)], {
      ...NOTHING,
      rows,
      unowned: rows,
    });
  }
  const keyType = owner.columns.find(({ name }) => name === owned.references.column)?.type ?? owner.key.type;
  const ownerValue = user.values[owned.references.name] ?? null;
  const isDifferent = dialect.compareTypes(column.type, keyType) === 'different';
  if (isDifferent || ownerValue === null) {
    const why = isDifferent
      ? findings.columnTypeDiffers(model.name, column.name, column.type, keyType)
      : findings.ownerValueMissing(model.name, column.name, owned.references.name);
    return stop([why], { ...NOTHING, ...(await countOwned(session, dialect, table, column)) });
  }
  const references = {
    table: tableOf(decision.owner.model, url.defaultSchema),
    column: owned.references.column,
  };
  const doesFit = dialect.canHold(column.type, ownerValue);
  const counts = await countByOwner(session, dialect, { table, owner: column, ownerValue, references });
  const key = findWalkKey(model, info);
  const target = key && {
    model: model.name,
    table,
    key,
    owner: { name: column.name, type: column.type },
    ownerValue,
  };
  const collisions =
    target && counts.unowned > 0 ? await findCollisions(session, database, target, info) : [];
  const tooLong = doesFit ? [] : [findings.ownerDoesNotFit(model.name, column.name, column.type, ownerValue)];
  const found = [
    ...tooLong,
    ...describeModel(owned, { info, counts, keyType, hasKey: key !== null }),
    ...collisions,
  ];
  return { report: reportModel(name, column, counts), findings: found, target };
}

function describeModel(
  owned: OwnedModel,
  seen: { info: TableInfo; counts: OwnerCounts; keyType: string; hasKey: boolean },
): Finding[] {
  const { info, counts, keyType } = seen;
  const { name } = owned.model;
  const label = tableLabel(owned.model);
  const column = findOwnerColumn(owned, info);
  if (!column) return [];
  const found: Finding[] = [];
  if (column.type !== keyType)
    found.push(findings.columnTypeCompatible(name, column.name, column.type, keyType));
  if (column.nullable && owned.owner.isRequired) found.push(findings.schemaAhead(name, column.name));
  if (counts.orphaned > 0) found.push(findings.orphaned(name, column.name, counts.orphaned));
  if (info.hidesRows) found.push(findings.rowsHidden(name, label));
  if (!info.isTransactional) found.push(findings.notTransactional(name, label));
  if (!seen.hasKey) found.push(findings.noKey(name, label));
  if (!info.canUpdate) found.push(findings.notUpdatable(name, label, column.name));
  const triggers = info.updateTriggers.filter((trigger) => !isGuardTrigger(trigger));
  if (counts.unowned > 0 && triggers.length > 0) found.push(findings.triggerFires(name, triggers));
  return found;
}

/** A unique key that the owner column is part of could be broken half-way through step 2; so it is counted before. */
async function findCollisions(
  session: Session,
  { dialect }: Database,
  target: Target,
  info: TableInfo,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const uniqueKey of info.uniqueKeys.filter((names) => names.includes(target.owner.name))) {
    const collisions = await countCollisions(session, dialect, { ...target, uniqueKey });
    if (collisions > 0) found.push(findings.wouldCollide(target.model, uniqueKey, collisions));
  }
  return found;
}

/** Owner columns in the database that the schema does not know: phase 1 the wrong way round. */
async function findUnknownColumns(
  session: Session,
  { dialect, url }: Database,
  decision: Decision,
): Promise<Finding[]> {
  const names = new Set([
    ...USUAL_OWNER_COLUMNS,
    ...decision.owned.map(({ owner }) => owner.column.toLowerCase()),
  ]);
  const found: Finding[] = [];
  for (const model of decision.others) {
    const info = await dialect.inspectTable(session, tableOf(model, url.defaultSchema), '');
    const known = model.fields.map(({ column }) => column);
    const unknown = info?.columns.find(({ name }) => names.has(name.toLowerCase()) && !known.includes(name));
    if (unknown) found.push(findings.columnNotInSchema(model.name, unknown.name));
  }
  return found;
}

function describeUnfinished(run: Run, user: User): Finding {
  const { id, status, ownerId } = run;
  const assign = stepCommand('assign', ownerId, run.flags);
  return ownerId === user.id
    ? runFindings.unfinishedRun(id, status, assign)
    : runFindings.unfinishedRunOfAnother(id, status, { ownerId, assign });
}
