import type { Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';

/** What an operator asks of a run from another terminal. pause: hold before the next batch. cancel: stop before it. */
export type Request = 'pause' | 'cancel';

/** What is said to a run while it works, and what it says of itself. Times are ISO 8601 text by the database's clock. */
export interface Control {
  request: Request | null;
  requestedBy: string | null;
  /** Why the run does not begin its next batch; null when it works. */
  waiting: string | null;
  waitingSince: string | null;
}

/** Forgets what was said to the process that worked on the run before. */
export async function resetControl(session: Session, dialect: Dialect, run: string): Promise<void> {
  await session.execute(sql`DELETE FROM ${dialect.journal('control')} WHERE run = ${run}`);
  await session.execute(sql`INSERT INTO ${dialect.journal('control')} (run) VALUES (${run})`);
}

/** Null where nobody has begun to work on the run. */
export async function findControl(session: Session, dialect: Dialect, run: string): Promise<Control | null> {
  const rows = await session.query<Control>(sql`
    SELECT request, requested_by AS ${dialect.quote('requestedBy')}, waiting,
           waiting_since AS ${dialect.quote('waitingSince')}
      FROM ${dialect.journal('control')} WHERE run = ${run}`);
  return rows[0] ?? null;
}

/** Asks something of the process that works on a run; null takes it back. A second request replaces the first. */
export async function requestOf(
  session: Session,
  dialect: Dialect,
  { run, request, by }: { run: string; request: Request | null; by: string },
): Promise<void> {
  await session.execute(sql`
    UPDATE ${dialect.journal('control')} SET request = ${request}, requested_by = ${request && by} WHERE run = ${run}`);
}

/** Notes why a run waits, for those who look at it from elsewhere; null when it goes on. The same cause keeps its time. */
export async function noteWaiting(
  session: Session,
  dialect: Dialect,
  run: string,
  cause: string | null,
): Promise<void> {
  const since = cause === null ? sql`NULL` : sql`coalesce(waiting_since, ${dialect.now})`;
  await session.execute(sql`
    UPDATE ${dialect.journal('control')} SET waiting_since = ${since}, waiting = ${cause} WHERE run = ${run}`);
}

/** Rows a second from one batch to the last; null from fewer than two. `batches` are newest first. */
export function estimateRate(batches: readonly { committed: string; rows: number }[]): number | null {
  const [newest, oldest] = [batches[0], batches.at(-1)];
  const elapsedMs = newest && oldest ? Date.parse(newest.committed) - Date.parse(oldest.committed) : 0;
  if (elapsedMs <= 0) return null;
  const rows = batches.slice(0, -1).reduce((sum, batch) => sum + batch.rows, 0);
  return Math.round((rows * 1000) / elapsedMs);
}
