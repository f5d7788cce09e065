import { setImmediate as nextTurn } from 'node:timers/promises';
import { CannotMake, type Seed } from './make-row.ts';
import type { Attempt, Plan } from './plan.ts';
import type { Shape } from './shape.ts';
import { type Trial, tryOut } from './trial.ts';
import { judge, type Judged, type On, type Result } from './verdict.ts';
import type { Way } from './way.ts';
import { createWorld, type Samples, type Side, type World } from './world.ts';

/** What attempts are made with. */
export interface CheckRun {
  shape: Shape;
  seed: Seed;
  /** The rows to try, by the model that an attempt is about. */
  samples: ReadonlyMap<string, Samples>;
  /** The client that nothing scopes: only what it can do tells anything where it is denied. Null where there is none. */
  plain: Way | null;
  ways: readonly Way[];
  signal: AbortSignal;
}

/** An attempt with its rows, as it can be carried out. */
interface Ready {
  plan: Plan;
  world: World;
}

/** Carries out attempts by every way, each on a row of the other user and on the user's own. Changes nothing. */
export async function runAttempts(run: CheckRun, attempts: readonly Attempt[]): Promise<Judged[][]> {
  const judged: Judged[][] = run.ways.map(() => []);
  for (const attempt of attempts)
    for (const side of ['b', 'a'] as const) {
      // SQLite never waits, so Ctrl-C is given a turn.
      await nextTurn();
      run.signal.throwIfAborted();
      const { ready, reason } = await prepare(run, attempt, side);
      for (const [index, way] of run.ways.entries()) {
        // A client may refuse all of it, whosever the rows are; the database's policies may not.
        if (side === 'a' && attempt.isAll && way.name !== 'rls') continue;
        const outcome = ready.length > 0 ? await tryBy(way, ready, side) : reason;
        if (outcome) judged[index]?.push(toJudged(attempt, side, outcome));
      }
    }
  return judged;
}

interface Outcome {
  result: Result;
  detail?: string | undefined;
}

/**
 * The rows that an attempt is made with: those in the database, or made ones where those will not do. Neither where it does not
 * apply to such rows; the reason where no client could do it.
 */
async function prepare(
  run: CheckRun,
  attempt: Attempt,
  side: Side,
): Promise<{ ready: Ready[]; reason: Outcome | null }> {
  const samples = run.samples.get(attempt.model);
  const ready: Ready[] = [];
  let reason: Outcome | null = null;
  for (const isMade of [false, true]) {
    if (!samples) continue;
    const made = makeReady(run, { attempt, side, samples, isMade });
    if (made === null) continue;
    if (typeof made === 'string') {
      reason ??= { result: 'notTried', detail: made };
      continue;
    }
    if (!run.plain) {
      ready.push(made);
      continue;
    }
    const trial = await tryOut(run.plain, made);
    if (trial.state === 'tried' && trial.happened) return { ready: [made], reason: null };
    reason ??= { result: 'notTried', detail: `no client can do it here: ${describeTrial(trial)}` };
  }
  return { ready, reason };
}

function makeReady(
  { shape, seed }: CheckRun,
  { attempt, side, samples, isMade }: { attempt: Attempt; side: Side; samples: Samples; isMade: boolean },
): Ready | string | null {
  const world = createWorld(shape, samples, { seed, isMade });
  try {
    const plan = attempt.plan(world, side);
    if (!plan) return null;
    world.userId('a');
    world.userId('b');
    return { plan, world };
  } catch (error) {
    if (error instanceof CannotMake) return error.message;
    throw error;
  }
}

function describeTrial(trial: Trial): string {
  if (trial.state === 'failed') return trial.reason;
  return trial.threw ?? 'it has no effect';
}

/**
 * With the rows that an unscoped client can do it with; where there is no such client, with the first rows that tell something:
 * an error about other things than whose the row is tells nothing, and own rows are not refused before all are tried.
 */
async function tryBy(way: Way, ready: readonly Ready[], side: Side): Promise<Outcome> {
  let kept: Outcome | null = null;
  for (const each of ready) {
    const trial = await tryOut(way, each);
    const outcome = toOutcome(trial, side);
    if (outcome.result === 'allowed' || !way.isUnderRls) return outcome;
    const isVague = trial.state === 'tried' && trial.threw !== null && !trial.isRefusal;
    if (isVague) kept ??= { result: 'notTried', detail: trial.threw ?? undefined };
    else if (side === 'b' && outcome.result === 'denied') return outcome;
    else if (kept === null || kept.result === 'notTried') kept = outcome;
  }
  return kept ?? { result: 'notTried' };
}

function toOutcome(trial: Trial, side: Side): Outcome {
  if (trial.state === 'failed') {
    // Where the database itself keeps rows of two users from being linked, nothing is got at by that link.
    const isKept = trial.isLinkRefused && side === 'b';
    return { result: isKept ? 'denied' : 'notTried', detail: trial.reason };
  }
  if (trial.happened) return { result: 'allowed' };
  if (!trial.isSeen) return { result: 'notSeen', detail: 'what it wrote cannot be read past this client' };
  return { result: 'denied', detail: trial.threw ?? undefined };
}

function toJudged({ model, operation, kind }: Attempt, side: Side, { result, detail }: Outcome): Judged {
  const on: On = side === 'a' ? 'own' : 'foreign';
  return judge({ model, operation, kind, on, result, ...(detail === undefined ? {} : { detail }) });
}
