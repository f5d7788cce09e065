import { setTimeout } from 'node:timers/promises';
import type { Database, Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import { anotherWriter, runTakenOver } from '../errors.ts';
import { addEvent, listRuns, type Run, type RunStatus } from './journal.ts';

/** The process that is about to write, and how it can tell whether another one on its host is alive. */
export interface Operator {
  command: string;
  host: string;
  pid: number;
  isAlive: (pid: number) => boolean;
}

/** A heartbeat older than this belongs to a process that is gone, or to one that will find itself replaced. */
const STALE_MS = 60_000;

/** How often the lock is asked for while no run says who has it. */
const LOCK_TRIES = { most: 10, pauseMs: 100 };

/**
 * Takes the lock of the one writer. Throws ANOTHER_WRITER, with who holds it, when another process writes;
 * nothing is changed then. The lock ends with this connection; on SQLite with this process.
 */
export async function takeWriterLock(database: Database, operator: Operator): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { locked, holder } = await tryWriterLock(database, operator);
    if (locked && !holder) return;
    // A process that has just ended keeps its lock until the server has noticed.
    const isJustEnded = !locked && !holder && tries < LOCK_TRIES.most;
    if (!isJustEnded) throw anotherWriter(describeHolder(holder));
    await setTimeout(LOCK_TRIES.pauseMs);
  }
}

function tryWriterLock({ read, dialect, url }: Database, operator: Operator) {
  return read(async (session) => {
    const locked = await dialect.lockWriter(session);
    const runs = await listRuns(session, dialect, url.defaultSchema);
    const now = await readClock(session, dialect);
    const holders = runs.filter(({ pid }) => pid !== null);
    const alive = holders.find((run) => dialect.hasServerLock || isHeldByAnother(run, operator, now));
    return { locked, holder: locked && dialect.hasServerLock ? null : (alive ?? null) };
  });
}

/**
 * Makes this process the one that works on a run, in the transaction of `session`. Throws ANOTHER_WRITER when, on
 * SQLite, another process was quicker.
 */
export async function claimRun(
  session: Session,
  dialect: Dialect,
  options: { run: string; scope: string; operator: Operator; status: RunStatus },
): Promise<void> {
  const { run, operator, status } = options;
  const now = await readClock(session, dialect);
  if (!dialect.hasServerLock) {
    const runs = await listRuns(session, dialect, options.scope);
    const holder = runs.find((each) => isHeldByAnother(each, operator, now));
    if (holder) throw anotherWriter(describeHolder(holder));
  }
  await session.execute(sql`
    UPDATE ${dialect.journal('run')} SET status = ${status}, command = ${operator.command}, host = ${operator.host},
           pid = ${operator.pid}, heartbeat = ${dialect.now}, finished = NULL
     WHERE id = ${run}`);
}

/** Shows that this process still works on the run. Throws RUN_TAKEN_OVER, so that the transaction ends, when it does not. */
export async function keepClaim(
  session: Session,
  dialect: Dialect,
  run: string,
  operator: Operator,
): Promise<void> {
  const changed = await session.execute(sql`
    UPDATE ${dialect.journal('run')} SET heartbeat = ${dialect.now}
     WHERE id = ${run} AND host = ${operator.host} AND pid = ${operator.pid}`);
  if (changed !== 1) throw runTakenOver(run);
}

/** Ends this process's work on a run and says in which state it leaves it. */
export async function releaseRun(
  session: Session,
  dialect: Dialect,
  options: { run: string; operator: Operator; status: RunStatus; what: string },
): Promise<void> {
  const { run, operator, status, what } = options;
  const isOver = status === 'completed' || status === 'rolledBack';
  await session.execute(sql`
    UPDATE ${dialect.journal('run')} SET status = ${status}, command = NULL, host = NULL, pid = NULL,
           finished = ${isOver ? dialect.now : sql`NULL`}
     WHERE id = ${run} AND host = ${operator.host} AND pid = ${operator.pid}`);
  await addEvent(session, dialect, run, what);
}

/** Whether a process works on the run now, as far as can be told from this host. */
export function isHeldByAnother(run: Run, operator: Operator, now: string): boolean {
  if (run.pid === null || (run.host === operator.host && run.pid === operator.pid)) return false;
  const ageMs = Date.parse(now) - Date.parse(run.heartbeat ?? '');
  // From the future, it is from before the clock was set back: on this host the process itself tells whether it lives.
  const isFresh = ageMs < STALE_MS && (ageMs > -STALE_MS || run.host === operator.host);
  return isFresh && (run.host !== operator.host || operator.isAlive(run.pid));
}

/** The time by the database's clock. */
export async function readClock(session: Session, dialect: Dialect): Promise<string> {
  const rows = await session.query<{ now: string }>(sql`SELECT ${dialect.now} AS now`);
  return rows[0]?.now ?? '';
}

function describeHolder(run: Run | null): string {
  if (!run) return 'another process';
  return `${run.command ?? 'another process'} of run ${run.id} (process ${run.pid} on ${run.host}, last seen ${run.heartbeat})`;
}
