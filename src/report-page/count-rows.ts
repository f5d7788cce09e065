import type { StatusAnswer } from '../commands/results.ts';
import type { Database, Session } from '../database/dialect.ts';
import { countByOwner, type CountOptions, countOwned } from '../ownership/count.ts';
import { listRunModels, type RunModel } from '../ownership/journal.ts';
import { tableOf } from '../ownership/target.ts';
import { sql } from '../database/sql.ts';
import type { Decision } from '../schema/decide.ts';
import type { RowsByOwner, RowsNow } from './report-data.ts';

type RunAnswer = StatusAnswer['runs'][number];

/**
 * The rows of every journaled model by owner, before and now: before is what the first run counted that was not rolled back, or the last one
 * where all were. Nothing is counted while a process works on a run, so that looking costs it nothing. Without a `decision` it is not known
 * whose owners are users. It reads only.
 */
export async function countRowsByOwner(
  session: Session,
  database: Database,
  { runs, decision }: { runs: readonly RunAnswer[]; decision: Decision | null },
): Promise<RowsByOwner[]> {
  const isLive = runs.some(({ process }) => process !== null);
  const rows: RowsByOwner[] = [];
  for (const { run, entry } of await listFirst(session, database, runs)) {
    const now = isLive ? null : await countNow(session, database, { entry, decision });
    rows.push({ model: entry.model, run: run.id, ownerId: run.ownerId, before: entry.before, now });
  }
  return rows;
}

/** Of each model, its part in the run that says how it was before. `runs` are the newest first. */
async function listFirst(
  session: Session,
  { dialect }: Database,
  runs: readonly RunAnswer[],
): Promise<{ run: RunAnswer; entry: RunModel }[]> {
  const first = new Map<string, { run: RunAnswer; entry: RunModel }>();
  for (const run of [...runs].reverse()) {
    for (const entry of await listRunModels(session, dialect, run.id)) {
      const earlier = first.get(entry.model);
      if (!earlier || earlier.run.status === 'rolledBack') first.set(entry.model, { run, entry });
    }
  }
  return [...first.values()];
}

async function countNow(
  session: Session,
  { dialect, url }: Database,
  { entry, decision }: { entry: RunModel; decision: Decision | null },
): Promise<RowsNow | null> {
  const { table, owner, ownerValue } = entry;
  const info = await dialect.inspectTable(session, table, owner.name);
  const column = info?.columns.find(({ name }) => name === owner.name);
  if (!column) return null;
  const owned = decision?.owned.find(({ model }) => model.name === entry.model);
  if (decision && owned) {
    const users = tableOf(decision.owner.model, url.defaultSchema);
    const references: CountOptions['references'] = { table: users, column: owned.references.column };
    return countByOwner(session, dialect, { table, owner: column, ownerValue, references });
  }
  const { rows, unowned } = await countOwned(session, dialect, table, column);
  const ownedByUser = await countOf(session, dialect, { table, owner: column, ownerValue });
  return { rows, unowned, ownedByUser, ownedByOthers: rows - unowned - ownedByUser, orphaned: null };
}

async function countOf(
  session: Session,
  dialect: Database['dialect'],
  { table, owner, ownerValue }: Pick<CountOptions, 'table' | 'owner' | 'ownerValue'>,
): Promise<number> {
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM ${dialect.table(table)}
     WHERE ${dialect.quote(owner.name)} = ${dialect.fromText(ownerValue, owner.type)}`);
  return Number(rows[0]?.n ?? 0);
}
