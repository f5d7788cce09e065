import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/dialect.ts';
import { loadUnknown } from '../errors.ts';
import { findControl, noteWaiting } from './control.ts';
import { addEvent } from './journal.ts';
import type { ReadLag } from './lag.ts';
import { withRetry } from './retry.ts';
import { describeWait } from './waits.ts';
import { keepClaim, type Operator } from './writer.ts';

/** What a run yields to. What is left out is no limit. */
export interface Limits {
  /** Seconds that a replica may be behind; a run that waits for it goes on at half of it (gh-ost does so). */
  maxLag?: number | undefined;
  /** Sessions of others that the server may be working for. */
  maxLoad?: number | undefined;
  /** Milliseconds to stay away after each batch. */
  pauseMs?: number | undefined;
  /** Rows a second. */
  rate?: number | undefined;
}

/** Where a run stands between two batches. */
export interface Throttle {
  /** Waits until the next batch may begin. `last` is the batch before it. Returns false when the run is to stop. */
  waitForTurn: (last: { rows: number; elapsedMs: number } | null) => Promise<boolean>;
  /** Who cancelled it. */
  cancelledBy: () => string | null;
}

/** What a throttle works with. */
export interface ThrottleOptions {
  run: string;
  operator: Operator;
  limits: Limits;
  /** Null where no lag is to be waited for. */
  readLag: ReadLag | null;
  signal: AbortSignal;
  /** Told what stands in the way when that begins or becomes another thing, and null when it is over. */
  onWait: (cause: string | null) => void;
}

/** What stands in the way, as it was told first; `since` is in milliseconds by `performance`. */
interface Obstacle {
  cause: string;
  since: number;
}

const POLL_MS = 500;
/** Batches may take a few milliseconds; to ask more often would slow them down. */
const ASK_EVERY_MS = 250;
/** A rate is a pause after every batch: it is not told to who asked for it, and a shorter one not noted. */
const NOTED_PAUSE_MS = 1000;
/** A run that waits shows that it lives; it counts as dead after 60 s. */
const HEARTBEAT_MS = 5000;

/** Holds a run back between its batches, for the operator, its replicas and its server; and shows that it lives. */
export function createThrottle(database: Database, options: ThrottleOptions): Throttle {
  const { run, operator, limits, readLag, signal, onWait } = options;
  const { dialect } = database;
  let cancelledBy: string | null = null;
  let isBehind = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  /** Why the next batch may not begin now; null when it may, or when the run is to stop. */
  const findCause = async (): Promise<string | null> => {
    const { control, load } = await database.read(async (session) => ({
      control: await findControl(session, dialect, run),
      load: limits.maxLoad === undefined ? null : await dialect.readLoad(session),
    }));
    if (control?.request === 'cancel') cancelledBy = control.requestedBy ?? 'somebody';
    if (cancelledBy !== null) return null;
    if (control?.request === 'pause') return `paused by ${control.requestedBy}`;
    if (limits.maxLoad !== undefined && load && load.active > limits.maxLoad)
      return `the server works for ${load.active} other sessions (--max-load ${limits.maxLoad})`;
    return findLag();
  };

  const findLag = async (): Promise<string | null> => {
    if (!readLag || limits.maxLag === undefined) return null;
    const lag = await readLag();
    isBehind = isTooFar(lag?.seconds ?? 0, limits.maxLag, isBehind);
    if (!isBehind || !lag) return null;
    const behind = Number.isFinite(lag.seconds)
      ? `is ${lag.seconds.toFixed(1)} s behind`
      : 'does not replicate';
    return `the replica ${lag.replica} ${behind} (--max-lag ${limits.maxLag})`;
  };

  /** `over` is the obstacle that went away or became another one. A pause after every batch is none, and not logged. */
  const note = (cause: string | null, over: Obstacle | null) =>
    withRetry(() =>
      database.write(async (session) => {
        await keepClaim(session, dialect, run, operator);
        await noteWaiting(session, dialect, run, cause);
        if (!over) return;
        const what = describeWait(performance.now() - over.since, over.cause);
        await addEvent(session, dialect, run, what);
      }),
    );

  const waitForTurn: Throttle['waitForTurn'] = async (last) => {
    const begun = performance.now();
    const due = begun + (last ? planPause(limits, last) : 0);
    let told = null as Obstacle | null;
    let [noted, notedAt] = [null, 0] as [string | null, number];
    while (!signal.aborted) {
      const now = performance.now();
      const isDue: boolean = told !== null || noted !== null || now - askedAt >= ASK_EVERY_MS;
      if (isDue) askedAt = now;
      const obstacle: string | null = isDue ? await findCause() : null;
      const cause = obstacle ?? (now < due ? describePause(limits) : null);
      if (cause === null || cancelledBy !== null) break;
      const isOther: boolean = kindOf(obstacle) !== kindOf(told?.cause ?? null);
      const over: Obstacle | null = isOther ? told : null;
      if (isOther) {
        onWait(obstacle);
        told = obstacle === null ? null : { cause: obstacle, since: now };
      }
      const isNews = kindOf(cause) !== kindOf(noted) || now - notedAt >= HEARTBEAT_MS;
      if (over !== null || (isNews && (obstacle !== null || due - begun >= NOTED_PAUSE_MS))) {
        await note(cause, over);
        [noted, notedAt] = [cause, now];
      }
      await pause(now < due ? Math.min(POLL_MS, due - now) : POLL_MS, signal);
    }
    if (noted !== null) await note(null, told);
    const goesOn = cancelledBy === null && !signal.aborted;
    if (told !== null && goesOn) onWait(null);
    return goesOn;
  };
  return { waitForTurn, cancelledBy: () => cancelledBy };
}

/** Whether a replica is too far behind: beyond the limit, and then until it is no further than half of it. In seconds. */
export function isTooFar(seconds: number, limit: number, wasTooFar: boolean): boolean {
  return seconds > (wasTooFar ? limit / 2 : limit);
}

/** How long to stay away after a batch, in milliseconds: for `--pause-ms`, and until the batch is no faster than `--rate`. */
export function planPause(limits: Limits, last: { rows: number; elapsedMs: number }): number {
  const forRate = limits.rate === undefined ? 0 : (last.rows / limits.rate) * 1000 - last.elapsedMs;
  return Math.max(limits.pauseMs ?? 0, forRate, 0);
}

function describePause({ pauseMs, rate }: Limits): string {
  return rate === undefined ? `--pause-ms ${pauseMs}` : `--rate ${rate} rows a second`;
}

/** Numbers change all the time; a cause is the same without them. */
function kindOf(cause: string | null): string | null {
  return cause?.replace(/[\d.]+/g, '#') ?? null;
}

/** Throws LOAD_UNKNOWN where this role may not see what the others do; before anything is written. */
export async function assertLoadIsVisible({ read, dialect }: Database): Promise<void> {
  const load = await read((session) => dialect.readLoad(session));
  if (!load || load.hidden > 0) throw loadUnknown();
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // It throws when it is aborted, and then there is nothing to wait for.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
