import type { Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';

/** A line of the checklist that a person said is done. The time is ISO 8601 text by the database's clock. */
export interface Tick {
  line: string;
  note: string;
  by: string;
  time: string;
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
