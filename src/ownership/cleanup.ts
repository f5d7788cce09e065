import type { Database, Session } from '../database/dialect.ts';
import type { Guard } from '../database/guard.ts';
import { sql } from '../database/sql.ts';
import { journalInUse, journalShared } from '../errors.ts';
import { stepCommand } from '../typed-flags.ts';
import { listGuards, removeGuards } from './guard.ts';
import { isUnfinished, listBatchTotals, listRuns } from './journal.ts';
import { withRetry } from './retry.ts';

/** What is lost with a journal. */
export interface JournalLoss {
  /** Where it is, in words. */
  place: string;
  runs: number;
  /** Rows that the runs assigned and that could be rolled back until now. */
  rows: number;
  /** Rows that guards gave an owner, with their keys. */
  hits: number;
  /** What people have said of the checklist, each time that they have. */
  ticks: number;
}

/** What a cleanup removes, and so what is lost by it. */
export interface CleanupPlan {
  guards: Guard[];
  /** Guards whose table a migration made anew: their triggers are gone, something else of them is not. */
  leftovers: string[];
  /** Null where the journal stays, or where there is none. */
  journal: JournalLoss | null;
  /** There is a journal, whether it is to be removed or not. */
  hasJournal: boolean;
}

/**
 * Finds out what a cleanup would remove, from the catalogue and the journal alone. Throws JOURNAL_IN_USE or JOURNAL_SHARED
 * where the journal is to go and a run is not finished, or another app in the same database has it too.
 */
export function planCleanup(
  database: Database,
  { withJournal }: { withJournal: boolean },
): Promise<CleanupPlan> {
  const { dialect } = database;
  return database.read(async (session) => {
    const hasJournal = await dialect.journalExists(session);
    const isJournalLost = withJournal && hasJournal;
    if (isJournalLost) await refuseLoss(session, database);
    return {
      guards: await listGuards(session, database),
      leftovers: await dialect.guards.listLeftovers(session),
      journal: isJournalLost ? await countLoss(session, database) : null,
      hasJournal,
    };
  });
}

/** Whether there is anything to remove. */
export function isNothingToRemove({ guards, leftovers, journal }: CleanupPlan): boolean {
  return guards.length === 0 && leftovers.length === 0 && journal === null;
}

/**
 * Removes the guards, then the journal where that is planned. The caller holds the writer's lock. When it throws, what it
 * removed before is gone, and calling it again does the rest. Returns whether the journal's place stays, because something
 * else is in it.
 */
export async function cleanUp(database: Database, plan: CleanupPlan): Promise<boolean> {
  const { dialect, write } = database;
  await removeGuards(database, plan.guards);
  for (const name of plan.leftovers)
    await withRetry(() => write((session) => dialect.guards.dropLeftover(session, name)));
  if (!plan.journal) return false;
  return withRetry(() => dialect.dropJournal(write, (session) => refuseLoss(session, database)));
}

/** A run that is not finished needs the journal, and so do other apps. */
async function refuseLoss(session: Session, database: Database): Promise<void> {
  const { dialect, url } = database;
  const run = (await listRuns(session, dialect, url.defaultSchema)).find(isUnfinished);
  if (run) {
    const { id, status, ownerId, flags } = run;
    throw journalInUse({ run: id, status, assign: stepCommand('assign', ownerId, flags) });
  }
  const rows: { scope: string }[] = await dialect.guards.list(session);
  for (const table of ['run', 'tick'] as const)
    if (await dialect.journalExists(session, table))
      rows.push(
        ...(await session.query<{ scope: string }>(
          sql`SELECT DISTINCT scope FROM ${dialect.journal(table)} WHERE scope <> ${url.defaultSchema}`,
        )),
      );
  const scopes = new Set(rows.map(({ scope }) => scope));
  scopes.delete(url.defaultSchema);
  if (scopes.size > 0) throw journalShared([...scopes]);
}

async function countLoss(session: Session, { dialect, url }: Database): Promise<JournalLoss> {
  const runs = await listRuns(session, dialect, url.defaultSchema);
  let rows = 0;
  for (const { id } of runs)
    for (const total of await listBatchTotals(session, dialect, id))
      rows += total.rows - total.rolledBackRows;
  const counted = (await dialect.guards.hasHits(session))
    ? await session.query<{ n: bigint }>(
        sql`SELECT count(*) AS n FROM ${dialect.journal('hit')} WHERE given IS NOT NULL AND run IS NULL`,
      )
    : [];
  const ticked = (await dialect.journalExists(session, 'tick'))
    ? await session.query<{ n: bigint }>(sql`SELECT count(*) AS n FROM ${dialect.journal('tick')}`)
    : [];
  return {
    place: dialect.journalPlace,
    runs: runs.length,
    rows,
    hits: Number(counted[0]?.n ?? 0),
    ticks: Number(ticked[0]?.n ?? 0),
  };
}
