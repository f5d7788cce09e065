import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabase } from '../database/connect.ts';
import type { Database, LockHolder, Session } from '../database/dialect.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import {
  killQuery,
  listBaseTables,
  lockTables,
  readConnectionId,
  unlockTables,
} from '../database/mysql-snapshot.ts';
import { momentMissed } from '../errors.ts';

/**
 * The app's writes wait so long at the most (promise 6 of the design), and so often. Some of it may be spent in waiting for
 * the lock, as tables that come first are locked already then.
 */
const HOLD_MS = 400;
const LOCK_WAIT_MS = 200;
const TRIES = 10;
const PAUSE_MS = 200;

/** What begins at one moment: each of `count` snapshots besides our own is told of once it is made. */
export interface Beginning {
  session: Session;
  tell: () => void;
  /** Once all are told of, and so the lock can go. */
  all: Promise<void>;
  signal: AbortSignal;
}

interface Moment {
  databases: readonly string[];
  count: number;
  signal: AbortSignal;
}

/**
 * Keeps everybody from writing until a snapshot of ours and `count` others have begun, so that all are of one moment;
 * `work` goes on when the lock is gone already. It is called again when it took too long to begin. Throws MOMENT_MISSED
 * when it never was quick enough.
 */
export function atOneMoment<T>(
  database: Database,
  moment: Moment,
  work: (beginning: Beginning) => Promise<T>,
): Promise<T> {
  return withDatabase(database.url, async (other) => {
    let why = '';
    for (let tries = 1; tries <= TRIES; tries++) {
      moment.signal.throwIfAborted();
      const attempt = await tryMoment({ database, other }, moment, work);
      if ('working' in attempt) return attempt.working;
      why = attempt.missed;
      await sleep(PAUSE_MS * tries * (0.5 + Math.random()));
    }
    throw momentMissed(TRIES, why, await listHolders(other));
  });
}

/** Nobody where this role may not see them. */
function listHolders({ url, read, dialect }: Database): Promise<LockHolder[]> {
  const anyTable = { schema: url.name, name: '' };
  return read((session) => dialect.listLockHolders(session, anyTable)).catch(() => []);
}

/** The promise is in an object, so that the lock's transaction does not wait for it. */
type Attempt<T> = { working: Promise<T> } | { missed: string };

function tryMoment<T>(
  { database, other }: { database: Database; other: Database },
  { databases, count, signal }: Moment,
  work: (beginning: Beginning) => Promise<T>,
): Promise<Attempt<T>> {
  return other
    .signal(async (lock): Promise<Attempt<T>> => {
      const tables = await listBaseTables(lock, databases);
      const started = performance.now();
      if (!(await lockInTime(database, lock, tables)))
        return { missed: 'transactions that write were open when the tables were to be locked' };
      const stop = new AbortController();
      const latch = createLatch(count);
      const working = database.read((session) =>
        work({ session, ...latch, signal: AbortSignal.any([signal, stop.signal]) }),
      );
      const ended = working.then(
        () => true,
        () => true,
      );
      const left = Math.max(0, HOLD_MS - (performance.now() - started));
      const isInTime = await Promise.race([ended, latch.all.then(() => true), sleep(left, false)]);
      await unlockTables(lock);
      if (isInTime) return { working };
      stop.abort();
      await ended;
      return { missed: `the dump took more than ${HOLD_MS} ms to begin` };
    })
    .catch((error: unknown): Attempt<T> => {
      const { failure, words } = classifyFailure(error);
      if (failure !== 'retryable') throw error;
      return { missed: words };
    });
}

/** Returns false where others have written in tables and are not done yet. */
async function lockInTime(
  database: Database,
  lock: Session,
  tables: Awaited<ReturnType<typeof listBaseTables>>,
): Promise<boolean> {
  const id = await readConnectionId(lock);
  let killed: Promise<unknown> | undefined;
  const timer = setTimeout(() => {
    killed = database.signal((session) => killQuery(session, id)).catch(() => undefined);
  }, LOCK_WAIT_MS);
  try {
    await lockTables(lock, tables);
    return true;
  } catch (error) {
    if (killed) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    // It must not meet the statement that comes next.
    await killed;
  }
}

/** Opens when it was told so often. */
function createLatch(count: number): Pick<Beginning, 'tell' | 'all'> {
  let left = count;
  let open: (() => void) | undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    tell: () => {
      left -= 1;
      if (left === 0) open?.();
    },
    all,
  };
}
