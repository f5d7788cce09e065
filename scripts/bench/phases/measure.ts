import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationFile } from '../../../src/migrations/plan.ts';
import type { Arena, Copy } from '../arenas/arena.ts';
import { connect } from '../connection.ts';
import { type Noticed, type Sample, startLoad, summarise } from '../load-process.ts';
import { OWNER } from '../sample.ts';
import { PHASES, type Phase, type PhaseWay } from './ways.ts';

/** The app is under way before anything else begins, and is watched so long with nobody in its way. */
const LEAD_MS = 1000;
const ALONE_MS = 5000;

/** What the name of a folder begins with. */
const TIME = /^\d{14}_/;

/** Some time, and what the app noticed in it. */
export interface Watched {
  elapsedMs: number;
  noticed: Noticed;
}

/** What one phase took and cost, as a whole and file by file. */
export interface PhaseMeasurement extends Watched {
  way: string;
  phase: Phase;
  files: (Watched & { name: string })[];
}

interface AppOptions {
  rows: number;
  /** The folder of the compiled scripts. */
  scripts: string;
  signal: AbortSignal;
}

/** Takes a fresh copy through phases 1 and 3 while the app writes to it; the rows get their owner in between, unmeasured. */
export async function measurePhases(
  arena: Arena,
  { name, plan }: PhaseWay,
  options: AppOptions,
): Promise<PhaseMeasurement[]> {
  const copy = await arena.createCopy();
  try {
    const measurements: PhaseMeasurement[] = [];
    for (const phase of PHASES) {
      if (phase === 3) await assignAll(copy.url);
      const files = await plan(phase, copy.url);
      measurements.push({ way: name, phase, ...(await apply(copy, files, options)) });
    }
    await checkEnd(copy.url, name);
    return measurements;
  } finally {
    await copy.drop();
  }
}

/** Says how long statements take with nobody in their way. */
export async function watchAlone(arena: Arena, options: AppOptions): Promise<Watched> {
  const copy = await arena.createCopy();
  try {
    const { from, to, samples } = await withLoad(copy, options, () =>
      sleep(ALONE_MS, undefined, { signal: options.signal }),
    );
    return watch(samples, from, to);
  } finally {
    await copy.drop();
  }
}

/** As Prisma does: one connection, and each file is sent whole, which makes it one transaction. */
async function apply(
  copy: Copy,
  files: readonly MigrationFile[],
  options: AppOptions,
): Promise<Omit<PhaseMeasurement, 'way' | 'phase'>> {
  const connection = connect(copy.url);
  try {
    await connection.query('SELECT 1');
    const { from, to, samples, done } = await withLoad(copy, options, async () => {
      const times = [];
      for (const { folder, sql } of files) {
        const start = Date.now();
        await connection.query(sql);
        times.push({ name: folder.replace(TIME, ''), start, end: Date.now() });
      }
      return times;
    });
    return {
      ...watch(samples, from, to),
      files: done.map(({ name, start, end }) => ({ name, ...watch(samples, start, end) })),
    };
  } finally {
    await connection.close();
  }
}

async function withLoad<T>(
  { url }: Copy,
  { rows, scripts, signal }: AppOptions,
  work: () => Promise<T>,
): Promise<{ from: number; to: number; done: T; samples: Sample[] }> {
  const load = await startLoad({ url, scripts, rows, signal });
  await sleep(LEAD_MS, undefined, { signal });
  const from = Date.now();
  const done = await work();
  const to = Date.now();
  return { from, to, done, samples: await load.stop() };
}

function watch(samples: readonly Sample[], from: number, to: number): Watched {
  return { elapsedMs: to - from, noticed: summarise(samples, from, to) };
}

/** Afterwards the table is as autovacuum and a checkpoint leave it, some time after step 2. */
async function assignAll(url: string): Promise<void> {
  const connection = connect(url);
  try {
    await connection.execute('UPDATE "Note" SET "userId" = ?', [OWNER]);
    await connection.query('VACUUM ANALYZE');
    await connection.query('CHECKPOINT');
  } finally {
    await connection.close();
  }
}

/** A way that leaves something out has no figures. */
async function checkEnd(url: string, way: string): Promise<void> {
  const connection = connect(url);
  try {
    const [row] = await connection.query(`
      SELECT a.attnotnull
         AND EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = a.attrelid AND contype = 'f' AND convalidated AND confdeltype = 'r')
         AND EXISTS (SELECT 1 FROM pg_index WHERE indrelid = a.attrelid AND indisvalid AND indkey[0] = a.attnum) AS done
        FROM pg_attribute a WHERE a.attrelid = '"Note"'::regclass AND a.attname = 'userId'`);
    if (row?.done !== true)
      throw new Error(`${way} did not make the column required, with its foreign key and index`);
  } finally {
    await connection.close();
  }
}
