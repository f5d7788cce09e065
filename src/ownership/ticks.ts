import type { Database, Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import { tickNotWritable } from '../errors.ts';
import { withRetry } from './retry.ts';

/** A line of the checklist that a person said is done. The time is ISO 8601 text by the database's clock. */
export interface Tick {
  line: string;
  note: string;
  by: string;
  time: string;
}

/** A URL's user and password, which are never journaled. */
const CREDENTIALS = /(\w:\/\/)\S*@/g;

/**
 * Journals a tick with its note on one line, in a journal that is created where it is missing. It takes no writer's lock, so that a line can be ticked
 * while a run goes on. Throws TICK_NOT_WRITABLE.
 */
export async function tickLine(database: Database, tick: Omit<Tick, 'time'>): Promise<void> {
  const { dialect, url, read, signal } = database;
  const { obstacle, isThere } = await read(async (session) => ({
    obstacle: await dialect.findWriteObstacle(session),
    isThere: await dialect.journalExists(session, 'tick'),
  }));
  if (obstacle !== null) throw tickNotWritable(obstacle);
  if (!isThere) await withRetry(() => dialect.createJournal(signal));
  const note = tick.note.trim().replace(/\s+/g, ' ').replace(CREDENTIALS, '$1');
  await withRetry(() =>
    signal((session) => insertTick(session, dialect, { ...tick, note, scope: url.defaultSchema })),
  );
}

/** Journals a tick. A line can be ticked again: the last tick counts, and the ones before stay in the journal. */
export async function insertTick(
  session: Session,
  dialect: Dialect,
  { scope, line, note, by }: Omit<Tick, 'time'> & { scope: string },
): Promise<void> {
  await session.execute(sql`
    INSERT INTO ${dialect.journal('tick')} (scope, line, note, ticked_by, time)
    VALUES (${scope}, ${line}, ${note}, ${by}, ${dialect.now})`);
}

/** The last tick of each line; none where there is no journal. */
export async function listTicks(session: Session, dialect: Dialect, scope: string): Promise<Tick[]> {
  if (!(await dialect.journalExists(session, 'tick'))) return [];
  return session.query<Tick>(sql`
    SELECT line, note, ticked_by AS ${dialect.quote('by')}, time FROM ${dialect.journal('tick')} t
     WHERE scope = ${scope} AND id = (SELECT max(l.id) FROM ${dialect.journal('tick')} l
                                       WHERE l.scope = t.scope AND l.line = t.line)
     ORDER BY id`);
}
