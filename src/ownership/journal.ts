import { randomBytes } from 'node:crypto';
import type { Column, Dialect, Key, KeyedTable, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import type { TypedFlags } from '../typed-flags.ts';
import type { OwnerCounts } from './count.ts';
import type { Target } from './target.ts';

/**
 * What is true of a run. running: a process works on it, or was killed while it did. paused: stopped between two
 * batches, by Ctrl-C or because rows were left; step 2 carries it on. failed: stopped by an error; step 2 carries it on.
 * completed: every chosen model had no unowned row. rolledBack: no row holds what the run wrote.
 */
export type RunStatus = 'running' | 'paused' | 'failed' | 'completed' | 'rolledBack';

/** A run as the journal has it; times are ISO 8601 text by the database's clock. */
export interface Run {
  id: string;
  scope: string;
  ownerModel: string;
  ownerId: string;
  status: RunStatus;
  started: string;
  finished: string | null;
  /** Who works on it now, if anybody does. */
  command: string | null;
  host: string | null;
  pid: number | null;
  heartbeat: string | null;
  /** The flags that it was started with, or last carried on: they say which models it is about. */
  flags: TypedFlags;
}

/** One model of a run. */
export interface RunModel extends KeyedTable {
  run: string;
  model: string;
  ownerValue: string;
  before: OwnerCounts;
  lastKey: Key | null;
  status: 'running' | 'completed' | 'rolledBack';
}

/** What the batches of one model of a run add up to. */
export interface BatchTotals {
  model: string;
  batches: number;
  /** Rows changed, whether rolled back since or not. */
  rows: number;
  rolledBackRows: number;
  reverted: number;
}

type RunRow = Omit<Run, 'ownerModel' | 'ownerId' | 'pid' | 'flags'> & {
  options: string;
  owner_model: string;
  owner_id: string;
  pid: bigint | null;
};

/**
 * The runs of this app, newest first; none where there is no journal. By their first event, whose number only grows: the
 * clock may be set back.
 */
export async function listRuns(session: Session, dialect: Dialect, scope: string): Promise<Run[]> {
  if (!(await dialect.journalExists(session))) return [];
  const rows = await session.query<RunRow>(sql`
    SELECT id, scope, owner_model, owner_id, status, options, started, finished, command, host, pid, heartbeat
      FROM ${dialect.journal('run')} r WHERE scope = ${scope}
     ORDER BY (SELECT min(e.id) FROM ${dialect.journal('event')} e WHERE e.run = r.id) DESC`);
  return rows.map(({ owner_model, owner_id, pid, options, ...run }) => ({
    ...run,
    ownerModel: owner_model,
    ownerId: owner_id,
    pid: pid === null ? null : Number(pid),
    flags: (JSON.parse(options) as RunOptions).flags ?? {},
  }));
}

/** What the journal keeps of how a run was started. */
export interface RunOptions {
  batchSize: number;
  models: string[];
  flags?: TypedFlags;
}

/** Whether step 2 would carry this run on. */
export function isUnfinished({ status }: Run): boolean {
  return status === 'running' || status === 'paused' || status === 'failed';
}

/** Begins a run and returns its id. */
export async function insertRun(
  session: Session,
  dialect: Dialect,
  run: {
    scope: string;
    ownerModel: string;
    ownerId: string;
    options: RunOptions;
    toolVersion: string;
    fingerprint: string;
  },
): Promise<string> {
  const id = randomBytes(4).toString('hex');
  await session.execute(sql`
    INSERT INTO ${dialect.journal('run')} (id, scope, owner_model, owner_id, status, options, tool_version, schema_fingerprint, started)
    VALUES (${id}, ${run.scope}, ${run.ownerModel}, ${run.ownerId}, 'running',
            ${JSON.stringify(run.options)}, ${run.toolVersion}, ${run.fingerprint}, ${dialect.now})`);
  return id;
}

/** A run that is carried on with other flags is about other models. */
export async function updateRunOptions(
  session: Session,
  dialect: Dialect,
  run: string,
  options: RunOptions,
): Promise<void> {
  await session.execute(
    sql`UPDATE ${dialect.journal('run')} SET options = ${JSON.stringify(options)} WHERE id = ${run}`,
  );
}

/** Ends every run of a copy, whoever worked on it in the database that was copied. */
export async function closeRuns(session: Session, dialect: Dialect): Promise<void> {
  await session.execute(sql`
    UPDATE ${dialect.journal('run')} SET status = 'completed', command = NULL, host = NULL, pid = NULL
     WHERE status NOT IN ('completed', 'rolledBack')`);
}

/** Notes what happened, for the operator who reviews the log. */
export async function addEvent(session: Session, dialect: Dialect, run: string, what: string): Promise<void> {
  await session.execute(
    sql`INSERT INTO ${dialect.journal('event')} (run, time, what) VALUES (${run}, ${dialect.now}, ${what})`,
  );
}

/** The models of a run in the order in which they are assigned. */
export async function listRunModels(session: Session, dialect: Dialect, run: string): Promise<RunModel[]> {
  const rows = await session.query<Record<string, string | null>>(sql`
    SELECT model, table_schema, table_name, owner_value, status, key_columns, owner_column, before_counts, last_key
      FROM ${dialect.journal('model')} WHERE run = ${run} ORDER BY position`);
  return rows.map((row) => ({
    run,
    model: row.model as string,
    table: { schema: row.table_schema as string, name: row.table_name as string },
    key: JSON.parse(row.key_columns as string) as Column[],
    owner: JSON.parse(row.owner_column as string) as Column,
    ownerValue: row.owner_value as string,
    before: JSON.parse(row.before_counts as string) as OwnerCounts,
    lastKey: row.last_key ? (JSON.parse(row.last_key) as Key) : null,
    status: row.status as RunModel['status'],
  }));
}

/** Puts a model into a run, with what was counted before its first change. A model that is there already stays as it is. */
export async function insertRunModel(
  session: Session,
  dialect: Dialect,
  entry: { run: string; position: number; target: Target; before: OwnerCounts },
): Promise<void> {
  const { run, position, target, before } = entry;
  const found = sql`SELECT 1 AS found FROM ${dialect.journal('model')} WHERE run = ${run} AND model = ${target.model}`;
  if ((await session.query(found)).length > 0) return;
  await session.execute(sql`
    INSERT INTO ${dialect.journal('model')} (run, model, position, table_schema, table_name, key_columns, owner_column,
                                             owner_value, before_counts, status)
    VALUES (${run}, ${target.model}, ${position}, ${target.table.schema}, ${target.table.name},
            ${JSON.stringify(target.key)}, ${JSON.stringify(target.owner)}, ${target.ownerValue},
            ${JSON.stringify(before)}, 'running')`);
}

/** Notes how far a model is: `lastKey` is where the walk is, and stays as it was when it is left out. */
export async function updateRunModel(
  session: Session,
  dialect: Dialect,
  entry: { run: string; model: string; lastKey?: Key | null; status: RunModel['status'] },
): Promise<void> {
  const lastKey =
    entry.lastKey === undefined ? sql`` : sql`last_key = ${entry.lastKey && JSON.stringify(entry.lastKey)},`;
  await session.execute(sql`
    UPDATE ${dialect.journal('model')} SET ${lastKey} status = ${entry.status}
     WHERE run = ${entry.run} AND model = ${entry.model}`);
}

/** What the committed batches of a run add up to, model by model. */
export async function listBatchTotals(
  session: Session,
  dialect: Dialect,
  run: string,
): Promise<BatchTotals[]> {
  const rows = await session.query<
    Record<'batches' | 'total' | 'back' | 'reverted', bigint> & { model: string }
  >(sql`
    SELECT model, count(*) AS batches, sum(changed_rows) AS total, sum(coalesce(reverted, 0)) AS reverted,
           sum(CASE WHEN rolled_back IS NULL THEN 0 ELSE changed_rows END) AS back
      FROM ${dialect.journal('batch')}
     WHERE run = ${run} AND committed IS NOT NULL AND voided IS NULL GROUP BY model`);
  return rows.map(({ model, batches, total, back, reverted }) => ({
    model,
    batches: Number(batches),
    rows: Number(total),
    rolledBackRows: Number(back),
    reverted: Number(reverted),
  }));
}

/** Takes the batches that were rolled back out of a run that is carried on: their rows are assigned again. */
export async function voidRolledBackBatches(session: Session, dialect: Dialect, run: string): Promise<void> {
  await session.execute(sql`
    UPDATE ${dialect.journal('batch')} SET voided = ${dialect.now}
     WHERE run = ${run} AND rolled_back IS NOT NULL AND voided IS NULL`);
}

/** The run's last batches, newest first: when they were committed, and how many rows they changed. */
export async function listLastBatches(
  session: Session,
  dialect: Dialect,
  run: string,
): Promise<{ committed: string; rows: number }[]> {
  const rows = await session.query<{ committed: string; n: bigint }>(sql`
    SELECT committed, changed_rows AS n FROM ${dialect.journal('batch')}
     WHERE run = ${run} AND committed IS NOT NULL ORDER BY committed DESC LIMIT 20`);
  return rows.map(({ committed, n }) => ({ committed, rows: Number(n) }));
}
