import { CannotMake, type Seed } from './make-row.ts';
import { countIn, type Plan, tells } from './plan.ts';
import { listPrivate, plainWhere, type Shape } from './shape.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Way } from './way.ts';
import { createWorld, findChange, type Samples, type World } from './world.ts';

const TIMEOUT_MS = 5000;

/**
 * Whether a client stays in the transaction that it begins. One that sends its operations outside of it, as a wrapper that puts
 * each into a batch of its own does, would leave behind what is tried with it. It is tried on a row that only the transaction
 * has, so nothing is left behind by this either.
 */
export async function staysInTransaction(
  way: Way,
  { shape, samples, seed }: { shape: Shape; samples: ReadonlyMap<string, Samples>; seed: Seed },
): Promise<boolean> {
  for (const model of listPrivate(shape)) {
    const of = samples.get(model);
    if (!of) continue;
    for (const probe of [planRead, planWrite]) {
      const trial = await tryProbe(way, createWorld(shape, of, { seed, isMade: true }), { model, probe });
      if (trial?.state === 'tried' && trial.happened) return true;
      // It did not see what is there, or waited for the transaction that it is in.
      if (trial?.state === 'tried' && trial.threw === null) return false;
      if (trial?.state === 'failed' && trial.isLate) return false;
    }
  }
  // It refuses everything, or no row could be made.
  return false;
}

type Probe = (world: World, model: string) => Plan;

async function tryProbe(
  way: Way,
  world: World,
  { model, probe }: { model: string; probe: Probe },
): Promise<Trial | null> {
  try {
    return await tryOut(way, { plan: probe(world, model), world }, TIMEOUT_MS);
  } catch (error) {
    if (error instanceof CannotMake) return null;
    throw error;
  }
}

const planRead: Probe = (world, model) => {
  const row = world.row('a', model);
  const where = plainWhere(world.shape, model, row);
  return { call: { model, method: 'findFirst', args: { where } }, happened: tells(world.shape, model, row) };
};

const planWrite: Probe = (world, model) => {
  const row = world.row('a', model);
  const where = plainWhere(world.shape, model, row);
  const args = { where, data: findChange(world, model, row) ?? {} };
  return { call: { model, method: 'updateMany', args }, happened: (answer) => countIn(answer) > 0 };
};
