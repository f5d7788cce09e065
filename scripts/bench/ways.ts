import { OWNER } from './sample.ts';

/** What a way says of itself at its end, as one line of JSON. */
export interface WayEnd {
  /** Of the work alone, without the start of the process. */
  elapsedMs: number;
  /** Why it ended before its end, in the words of the error. */
  failed?: string;
  /** It took longer than it may. */
  isLimited?: boolean;
}

/** One way to fill the column, in a process of its own. */
export interface Way {
  name: string;
  /** The compiled script, and its arguments, that is started for it; none to leave the app alone. */
  command: readonly string[] | null;
}

const OWN = 'bench/way.js';

/** The others are compared with it, and it runs first. */
export const PLAIN_UPDATE: Way = { name: 'one `UPDATE`', command: [OWN, 'plain-update'] };
/** It says how long statements take with nobody in their way. */
export const NOTHING: Way = { name: 'nothing but the app', command: null };
export const STEP_2: Way = {
  name: 'step 2',
  command: ['migration.js', 'production-safe', OWNER, '--step=2', '--json'],
};

/** In the order of the report. */
export const WAYS: readonly Way[] = [
  STEP_2,
  PLAIN_UPDATE,
  { name: '`updateMany`', command: [OWN, 'update-many'] },
  { name: "the script of Prisma's guide", command: [OWN, 'per-row'] },
  { name: '`LIMIT 1000` in a loop', command: [OWN, 'limit-loop'] },
  NOTHING,
];
