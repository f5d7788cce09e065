import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena } from './arenas/arena.ts';
import { type Noticed, startLoad, summarise } from './load-process.ts';
import { type Ran, runWay, type WayOptions } from './run-way.ts';
import type { Way } from './ways.ts';

/** The app is under way before anything else begins. */
const LEAD_MS = 1000;

/** What one way did, took and cost. */
export interface Measurement {
  way: string;
  ran: Ran;
  noticed: Noticed;
  /** Rows that still have no owner. */
  unowned: number;
  /** Bytes, the app's own part included. */
  log: number;
  growth: number;
  journal: number;
}

/** Runs one way on a fresh copy while the app writes to it. */
export async function measure(
  arena: Arena,
  { name, command }: Way,
  { rows, ...options }: Omit<WayOptions, 'url'> & { rows: number },
): Promise<Measurement> {
  const copy = await arena.createCopy();
  try {
    const { scripts, signal } = options;
    const load = await startLoad({ url: copy.url, scripts, rows, signal });
    await sleep(LEAD_MS, undefined, { signal });
    const before = await copy.measure();
    const ran = await (command
      ? runWay(command, { ...options, url: copy.url })
      : wait(options.limitMs, signal));
    const after = await copy.measure();
    const samples = await load.stop();
    return {
      way: name,
      ran,
      noticed: summarise(samples, ran.from, ran.to),
      unowned: await copy.countUnowned(),
      log: after.log - before.log,
      growth: after.table - before.table,
      journal: after.journal,
    };
  } finally {
    await copy.drop();
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<Ran> {
  const from = Date.now();
  await sleep(ms, undefined, { signal });
  return { elapsedMs: ms, from, to: Date.now(), peakMemory: null };
}
