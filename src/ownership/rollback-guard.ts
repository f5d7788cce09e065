import type { Database, Session } from '../database/dialect.ts';
import { type Guard, guardNameOf, type HitRange } from '../database/guard.ts';
import { join, raw, type Sql, sql } from '../database/sql.ts';
import type { Finding } from './findings.ts';
import * as findings from './guard-findings.ts';
import { listGuards } from './guard.ts';
import type { Run, RunModel } from './journal.ts';
import { pauseAfter, withRetry } from './retry.ts';
import { keepClaim, type Operator } from './writer.ts';

/** How many hits one transaction undoes. */
const HITS_A_BATCH = 1000;

/** The guards that a rollback removes, and from when on their hits belong to its run; null is from the beginning. */
export interface GuardRollback {
  guards: Guard[];
  since: string | null;
}

/** Finds the guards on the tables of a run. Hits before its start are an earlier run's, where the user has one; `runs` are newest first. */
export async function planGuardRollback(
  session: Session,
  database: Database,
  { run, runs, models }: { run: Run; runs: readonly Run[]; models: readonly RunModel[] },
): Promise<GuardRollback> {
  const names = models.map(({ table }) => guardNameOf(table));
  const guards = (await listGuards(session, database)).filter(({ name }) => names.includes(name));
  const earlier = runs.slice(runs.findIndex(({ id }) => id === run.id) + 1);
  const hasEarlier = earlier.some(
    ({ ownerId, status }) => ownerId === run.ownerId && status !== 'rolledBack',
  );
  return { guards, since: hasEarlier ? run.started : null };
}

/** What a rollback says of the guards that it removes. */
export function describeGuardRollback({ dialect }: Database, { guards }: GuardRollback): Finding[] {
  return guards.flatMap(({ model, hits }) => [
    findings.guardRemoved(model, hits),
    ...(dialect.guards.knowsRows || hits === 0 ? [] : [findings.guardRowsStay(model, hits)]),
  ]);
}

function hitsOf({ table, ownerValue }: RunModel, { since }: GuardRollback): HitRange {
  return { guard: guardNameOf(table), ownerValue, since };
}

/** Counts the rows that a guard gave the run's owner and that still have it, without those that the run journaled itself. */
export async function countGuardRows(
  session: Session,
  { dialect }: Database,
  { entry, plan }: { entry: RunModel; plan: GuardRollback },
): Promise<number> {
  if (!(await dialect.guards.hasHits(session))) return 0;
  const { key, owner, run, model, ownerValue } = entry;
  const columns = key.map((_, i) => raw(`k${i}`));
  const sameKey = key.map(({ name }, i) => sql`t.${dialect.quote(name)} = h.${columns[i] as Sql}`);
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM ${dialect.guards.hitKeys(hitsOf(entry, plan), key)} h
      JOIN ${dialect.table(entry.table)} t ON ${join(sameKey, ' AND ')}
     WHERE t.${dialect.quote(owner.name)} = ${dialect.fromText(ownerValue, owner.type)}
       AND (${join(columns.map((column) => sql`h.${column}`))}) NOT IN (SELECT * FROM ${dialect.journaledKeys({ run, model }, key)} k)`);
  return Number(rows[0]?.n ?? 0);
}

/**
 * Sets NULL where a guard gave the run's owner and the row still has it, lot by lot: in the application's eyes these rows
 * have none. What was undone stays undone when it throws or `mayGoOn` says no; calling it again does the rest.
 */
export async function rollBackHits(
  database: Database,
  options: { entry: RunModel; plan: GuardRollback; operator: Operator; mayGoOn: () => Promise<boolean> },
): Promise<void> {
  const { dialect, read, write } = database;
  if (!(await read((session) => dialect.guards.hasHits(session)))) return;
  while (await options.mayGoOn()) {
    const started = performance.now();
    const isDone = await withRetry(() => write((session) => rollBackLot(session, database, options)));
    if (isDone) return;
    await pauseAfter(performance.now() - started, dialect.pauseMs);
  }
}

/** Returns true where there is nothing left. */
async function rollBackLot(
  session: Session,
  { dialect }: Database,
  { entry, plan, operator }: { entry: RunModel; plan: GuardRollback; operator: Operator },
): Promise<boolean> {
  await keepClaim(session, dialect, entry.run, operator);
  const hits = hitsOf(entry, plan);
  const isOpen = sql`guard = ${hits.guard} AND owner_value = ${hits.ownerValue} AND given IS NOT NULL AND run IS NULL
    ${plan.since === null ? sql`` : sql`AND given >= ${plan.since}`}`;
  const lot = await session.query<{ id: bigint }>(
    sql`SELECT id FROM ${dialect.journal('hit')} WHERE ${isOpen} ORDER BY id LIMIT ${HITS_A_BATCH}`,
  );
  const [from, upTo] = [Number(lot[0]?.id), Number(lot.at(-1)?.id)];
  if (lot.length === 0) return true;
  const keys = dialect.guards.hitKeys({ ...hits, ids: { from, upTo } }, entry.key);
  const reverted = await dialect.changeOwner(session, { ...entry, keys, from: entry.ownerValue, to: null });
  await session.execute(sql`
    UPDATE ${dialect.journal('hit')} SET run = ${entry.run}, reverted = CASE WHEN id = ${from} THEN ${reverted} ELSE 0 END
     WHERE ${isOpen} AND id BETWEEN ${from} AND ${upTo}`);
  return false;
}

/** How many rows of a model a run's rollback took from what a guard gave. */
export async function countRevertedHits(
  session: Session,
  { dialect }: Database,
  { run, table }: RunModel,
): Promise<number> {
  if (!(await dialect.guards.hasHits(session))) return 0;
  const rows = await session.query<{ n: bigint | null }>(
    sql`SELECT sum(reverted) AS n FROM ${dialect.journal('hit')} WHERE run = ${run} AND guard = ${guardNameOf(table)}`,
  );
  return Number(rows[0]?.n ?? 0);
}
