import type { Database, Session, TableName } from '../database/dialect.ts';
import { classifyFailure, isDriverError } from '../database/driver-errors.ts';
import { type Guard, guardNameOf } from '../database/guard.ts';
import { sql } from '../database/sql.ts';
import { guardFailed, guardStays, guardWouldGuess } from '../errors.ts';
import type { CheckResult } from './check.ts';
import type { Finding } from './findings.ts';
import * as findings from './guard-findings.ts';
import { isRetryable, MAX_TRIES, withRetry } from './retry.ts';
import type { Target, User } from './target.ts';
import { readClock } from './writer.ts';

/** A guard as results name it. */
export interface GuardReport {
  model: string;
  table: string;
  trigger: string;
  hits: number;
  lastHit: string | null;
}

/** The models that get a guard, and those that have theirs already. */
export interface GuardsPlan {
  create: Target[];
  kept: Guard[];
}

/** The guards of this app, from the database's catalogue: the journal need not know them. */
export async function listGuards(session: Session, { dialect, url }: Database): Promise<Guard[]> {
  const guards = await dialect.guards.list(session);
  return guards.filter(({ scope }) => scope === url.defaultSchema);
}

/**
 * Plans a guard for every model whose owner column allows NULL, also for those where every row has an owner. Throws
 * GUARD_WOULD_GUESS where rows of such a model are another user's.
 */
export function planGuards({ models, targets, guards }: CheckResult): GuardsPlan {
  const guarded = models.filter(({ phase }) => phase === 'optional');
  const ofOthers = guarded.filter(({ ownedByOthers }) => ownedByOthers > 0);
  if (ofOthers.length > 0) throw guardWouldGuess(ofOthers);
  const plan: GuardsPlan = { create: [], kept: [] };
  for (const target of targets.filter(({ model }) => guarded.some((each) => each.model === model))) {
    const found = guards.find((guard) => guard.name === guardNameOf(target.table));
    if (found && isAsPlanned(found, target)) plan.kept.push(found);
    else plan.create.push(target);
  }
  return plan;
}

/** A guard whose creation was cut off, or whose table has changed since, is made again. */
function isAsPlanned(guard: Guard, target: Target): boolean {
  const describe = ({
    table,
    key,
    owner,
    ownerValue,
  }: Pick<Target, 'table' | 'key' | 'owner' | 'ownerValue'>) =>
    JSON.stringify([
      [table.schema, table.name],
      key.map(({ name, type }) => [name, type]),
      [owner.name, owner.type],
      ownerValue,
    ]);
  return guard.isWhole && describe(guard) === describe(target);
}

/**
 * Creates the planned guards, one table at a time, each tried again while its table is locked. The caller holds the
 * writer's lock. Throws GUARD_FAILED, with what is there then; no row is changed by it.
 */
export async function createGuards(database: Database, plan: GuardsPlan, user: User): Promise<void> {
  if (plan.create.length === 0) return;
  const { dialect, url, read, write } = database;
  await dialect.createJournal(write);
  const created: string[] = [];
  for (const target of plan.create) {
    const { model, table, key, owner, ownerValue } = target;
    const since = await read((session) => readClock(session, dialect));
    const name = guardNameOf(table);
    const note = {
      name,
      since,
      model,
      scope: url.defaultSchema,
      ownerId: user.id,
      ownerValue,
      table,
      key,
      owner,
    };
    try {
      await withRetry(() => dialect.guards.create(write, note));
    } catch (error) {
      if (!isDriverError(error)) throw error;
      await removeParts(database, name);
      throw guardFailed({ model, ...(await explain(database, table, error)), created, userId: user.id });
    }
    created.push(model);
  }
}

/** On MySQL, triggers of a guard that could not be finished; where that fails too, they give nothing and are listed. */
async function removeParts({ dialect, read, write }: Database, name: string): Promise<void> {
  try {
    const parts = (await read((session) => dialect.guards.list(session))).find(
      (guard) => guard.name === name,
    );
    if (parts) await write((session) => dialect.guards.drop(session, parts));
  } catch {
    return;
  }
}

/** Removes guards, one table at a time, each tried again while its table is locked. Throws GUARD_STAYS, with what is there then. */
export async function removeGuards(database: Database, guards: readonly Guard[]): Promise<void> {
  const removed: string[] = [];
  for (const guard of guards) {
    try {
      await withRetry(() => database.write((session) => database.dialect.guards.drop(session, guard)));
    } catch (error) {
      if (!isDriverError(error)) throw error;
      throw guardStays({ ...guard, ...(await explain(database, guard.table, error)), removed });
    }
    removed.push(guard.model);
  }
}

/** Why a table's guard could not be created or removed, and who is in the way where that is a lock. */
async function explain(database: Database, table: TableName, error: Error) {
  const isLocked = isRetryable(error);
  // A role may not be allowed to ask; it failed all the same.
  const holders = isLocked
    ? await database.read((session) => database.dialect.listLockHolders(session, table)).catch(() => [])
    : [];
  const { words } = classifyFailure(error);
  return { table: table.name, words, holders, tries: isLocked ? MAX_TRIES.transaction : 1, cause: error };
}

/** What is to be said of active guards; `user` is the one whom a step is about. */
export async function describeGuards(
  session: Session,
  database: Database,
  { guards, user }: { guards: readonly Guard[]; user?: User },
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const guard of guards) {
    const { model, ownerId } = guard;
    found.push(findings.guardActive(model, guard));
    if (user && user.id !== ownerId) found.push(findings.guardOfAnother(model, ownerId));
    const others = await countOfOthers(session, database, guard);
    if (others > 0) found.push(findings.guardWithOthers(model, ownerId, others));
  }
  return found;
}

/** Counts the rows of a guarded table that belong to anybody but the guard's user. */
async function countOfOthers(session: Session, { dialect }: Database, guard: Guard): Promise<number> {
  const info = await dialect.inspectTable(session, guard.table, guard.owner.name);
  if (!info?.canRead || !info.columns.some(({ name }) => name === guard.owner.name)) return 0;
  const owner = dialect.quote(guard.owner.name);
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM ${dialect.table(guard.table)}
     WHERE ${owner} <> ${dialect.fromText(guard.ownerValue, guard.owner.type)}`);
  return Number(rows[0]?.n ?? 0);
}

/** Guards as results have them. */
export function reportGuards(guards: readonly Guard[]): GuardReport[] {
  return guards.map(({ model, table, scope, triggers, hits, lastHit }) => {
    return { model, table: labelOf(table, scope), trigger: triggers[0] ?? '', hits, lastHit };
  });
}

/** The guards that would be there once a plan were carried out. */
export function reportPlan(
  { dialect, url }: Database,
  active: readonly Guard[],
  plan: GuardsPlan | null,
): GuardReport[] {
  const planned = (plan?.create ?? []).map(({ model, table }) => {
    const name = guardNameOf(table);
    const trigger = dialect.guards.triggerOf(name);
    return {
      name,
      report: { model, table: labelOf(table, url.defaultSchema), trigger, hits: 0, lastHit: null },
    };
  });
  const kept = active.filter(({ name }) => !planned.some((each) => each.name === name));
  return [...reportGuards(kept), ...planned.map(({ report }) => report)];
}

function labelOf({ schema, name }: TableName, scope: string): string {
  return schema === scope ? name : `${schema}.${name}`;
}
