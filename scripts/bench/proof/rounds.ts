import type { Arena } from '../arenas/arena.ts';
import { type Measurement, measure } from '../measure.ts';
import type { Measured } from '../report/report.ts';
import type { WayOptions } from '../run-way.ts';
import { STEP_2, type Way } from '../ways.ts';

const ROUNDS = 3;
const LIMIT_MS = 600_000;

/** The same step 2, with the proof. */
export const PROVED: Way = { name: 'step 2 with `--proof`', command: [...(STEP_2.command ?? []), '--proof'] };

/** Runs step 2 without the proof and with it, in turn. */
export async function runProofRounds(
  arena: Arena,
  rows: number,
  run: Omit<WayOptions, 'url' | 'limitMs'>,
): Promise<Measured> {
  const ways: Measurement[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const way of [STEP_2, PROVED])
      ways.push(await measure(arena, way, { rows, limitMs: LIMIT_MS, ...run }));
  return { rows, ways };
}

/** The round of a way that took neither the shortest nor the longest time. */
export function findMedian({ ways }: Measured, { name }: Way): Measurement | undefined {
  const rounds = ways.filter(({ way }) => way === name).sort((a, b) => a.ran.elapsedMs - b.ran.elapsedMs);
  return rounds[rounds.length >> 1];
}
