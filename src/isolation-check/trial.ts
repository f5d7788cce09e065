import type { ModelClient } from '../database/model-client.ts';
import { classifyFailure } from '../database/driver-errors.ts';
import type { Plan } from './plan.ts';
import { type Bare, openBare, request, type Way } from './way.ts';
import type { Step, World } from './world.ts';

/** What came of one transaction, which was rolled back. */
export type Trial =
  | { state: 'tried'; happened: boolean; threw: string | null; isRefusal: boolean; isSeen: boolean }
  /** It did not come to the attempt, or the database had no time for it. Row-level security may refuse the link that it needs. */
  | { state: 'failed'; reason: string; isLinkRefused: boolean; isLate: boolean };

const MAX_WAIT_MS = 10_000;
const TIMEOUT_MS = 60_000;

/** Thrown at the end of each attempt, so that nothing of it stays. */
class RolledBack extends Error {}

/** Carries out one attempt in a transaction of its own, reads what came of it in there, and rolls it back, whatever happens. */
export async function tryOut(
  way: Way,
  { plan, world }: { plan: Plan; world: World },
  timeout = TIMEOUT_MS,
): Promise<Trial> {
  const users = { a: world.userId('a'), b: world.userId('b') };
  let trial: Trial | null = null;
  const carryOut = async (): Promise<Trial> => {
    const client = await way.scopeTo(users.a);
    await client.$transaction(
      async (tx) => {
        const bare = openBare(way, tx, users);
        // What is not known to be a transaction is not known to be rolled back.
        if (!bare) throw new Error('its $transaction() begins none that is known');
        trial = (await setUp(bare, { plan, world, way })) ?? (await tryInside(tx, bare, plan));
        throw new RolledBack();
      },
      { maxWait: MAX_WAIT_MS, timeout },
    );
    return fail('the client took the error that ends the transaction');
  };
  try {
    return await inTime(carryOut(), timeout);
  } catch (error) {
    return trial ?? fail(describeError(error));
  }
}

/** Prisma's own timeout does not end a query that waits for the very transaction that it is in. */
async function inTime(work: Promise<Trial>, timeout: number): Promise<Trial> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Trial>((done) => {
    timer = setTimeout(
      () => done(fail(`it was not done within ${timeout / 1000} seconds`, { isLate: true })),
      timeout,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function fail(reason: string, more: { isLinkRefused?: boolean; isLate?: boolean } = {}): Trial {
  return { state: 'failed', reason, isLinkRefused: false, isLate: false, ...more };
}

/** Makes the rows, then what else has to be. Null where all is as it has to be. */
async function setUp(
  bare: Bare,
  { plan, world, way }: { plan: Plan; world: World; way: Way },
): Promise<Trial | null> {
  const links = plan.setup ?? [];
  const run = async (steps: readonly Step[]) => {
    for (const step of steps) await bare.run(step);
  };
  try {
    await bare.begin();
    await run(world.steps);
  } catch (error) {
    return fail(describeError(error));
  }
  try {
    await run(links);
    await bare.become('a');
  } catch (error) {
    return fail(describeError(error), { isLinkRefused: way.isUnderRls && isRefusal(error) });
  }
  return null;
}

async function tryInside(tx: ModelClient, bare: Bare, plan: Plan): Promise<Trial> {
  let answer: unknown;
  let threw: unknown = null;
  try {
    answer = await call(tx, plan);
  } catch (error) {
    threw = error;
    if (isPassing(error)) return fail(describeError(error));
  }
  const seen = await look(bare, plan);
  const happened = plan.happened(answer, seen ?? []);
  const isSeen = plan.look === undefined || seen !== null || happened || threw !== null;
  const said = threw === null ? null : describeError(threw);
  return { state: 'tried', happened, threw: said, isRefusal: threw !== null && isRefusal(threw), isSeen };
}

async function call(tx: ModelClient, { call: asked }: Plan): Promise<unknown> {
  if ('raw' in asked) return tx[asked.raw](asked.sql, ...asked.values);
  return request(tx, asked);
}

/** Null where nothing can be read: the transaction failed, and so left nothing. */
async function look(bare: Bare, { look: steps = [] }: Plan): Promise<unknown[] | null> {
  const seen: unknown[] = [];
  try {
    for (const step of steps) seen.push(await bare.run(step));
  } catch {
    return null;
  }
  return seen;
}

/** Codes of Prisma for a row that is not there, or not for this user. */
const NOT_THERE = ['P2001', 'P2015', 'P2016', 'P2017', 'P2018', 'P2025'];

/** Whether an error says that the row is kept from this user, and not that the attempt is malformed. */
function isRefusal(error: unknown): boolean {
  const { code = '', name, message = '' } = error as { code?: string; name?: string; message?: string };
  if (name === 'IsolationError' || NOT_THERE.includes(code)) return true;
  return /row-level security|permission denied|Inconsistent query result/.test(
    `${message} ${classifyFailure(error).words}`,
  );
}

/** Whether it is the database's state of the moment that an error is about. */
function isPassing(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  const { failure, words } = classifyFailure(error);
  return (
    ['P2028', 'P2034'].includes(code) ||
    failure === 'lost' ||
    failure === 'retryable' ||
    /lock timeout|statement timeout/.test(words)
  );
}

/** The database's own words, or the client's, on one line. */
function describeError(error: unknown): string {
  if ((error as { name?: string }).name === 'IsolationError')
    return (error as Error).message.split('\n')[0] ?? '';
  const { words } = classifyFailure(error);
  return words.replace(/\s+/g, ' ').trim().slice(0, 300);
}
