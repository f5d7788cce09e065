import type { Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import type { RunOptions } from './journal.ts';

/** One line of a run's log; the time is ISO 8601 text by the database's clock. */
export interface RunEvent {
  time: string;
  what: string;
}

/** A batch as it is reviewed, without its keys: those stay in the journal. */
export interface BatchRecord {
  model: string;
  rows: number;
  committed: string;
  rolledBack: string | null;
  /** Rows from which the rollback took the owner; others had been changed or deleted since. 0 where there was none. */
  reverted: number;
}

/** How a run was started, or last carried on, and by which release. */
export interface RunSettings {
  toolVersion: string;
  schemaFingerprint: string;
  options: RunOptions;
}

/** All that a run noted, the oldest first. */
export async function listEvents(session: Session, dialect: Dialect, run: string): Promise<RunEvent[]> {
  return session.query<RunEvent>(
    sql`SELECT time, what FROM ${dialect.journal('event')} WHERE run = ${run} ORDER BY id`,
  );
}

/** Every batch of a run that was committed, also those that were rolled back and voided since, in the order of their commits. */
export async function listBatchRecords(
  session: Session,
  dialect: Dialect,
  run: string,
): Promise<BatchRecord[]> {
  const rows = await session.query<
    Omit<BatchRecord, 'rows' | 'reverted'> & { n: bigint; back: bigint | null }
  >(sql`
    SELECT model, changed_rows AS n, committed, rolled_back AS ${dialect.quote('rolledBack')}, reverted AS back
      FROM ${dialect.journal('batch')} WHERE run = ${run} AND committed IS NOT NULL ORDER BY committed, model, sequence`);
  return rows.map(({ n, back, ...batch }) => ({ ...batch, rows: Number(n), reverted: Number(back ?? 0) }));
}

/** The run must be in the journal. */
export async function getRunSettings(session: Session, dialect: Dialect, run: string): Promise<RunSettings> {
  const [row] = await session.query<Record<'options' | 'tool_version' | 'schema_fingerprint', string>>(
    sql`SELECT options, tool_version, schema_fingerprint FROM ${dialect.journal('run')} WHERE id = ${run}`,
  );
  if (!row) throw new Error(`run ${run} is not in the journal`);
  const options = JSON.parse(row.options) as RunOptions;
  return { toolVersion: row.tool_version, schemaFingerprint: row.schema_fingerprint, options };
}
