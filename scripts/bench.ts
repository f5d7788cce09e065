import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '../src/database/database-url.ts';
import { formatCount, formatDuration } from '../src/report/text.ts';
import type { Arena } from './bench/arenas/arena.ts';
import { openMysql } from './bench/arenas/mysql.ts';
import { openPostgresql } from './bench/arenas/postgresql.ts';
import { openSqlite } from './bench/arenas/sqlite.ts';
import { compile } from './bench/compile.ts';
import { measure } from './bench/measure.ts';
import { type Options, readOptions, USAGE } from './bench/options.ts';
import { benchPhases } from './bench/phases/run.ts';
import { renderProofCost } from './bench/proof/report.ts';
import { runProofRounds } from './bench/proof/rounds.ts';
import { generateClient } from './bench/prisma-client.ts';
import { describeEnd } from './bench/report/cells.ts';
import { joinParts, splitParts } from './bench/report/parts.ts';
import { type DatabaseResult, type Measured, renderReport } from './bench/report/report.ts';
import type { WayOptions } from './bench/run-way.ts';
import { NOTHING, PLAIN_UPDATE, WAYS } from './bench/ways.ts';

const DEFAULT_MYSQL_URL = 'mysql://root@127.0.0.1:3306';
/** A way may take so many times what the plain UPDATE took, within these bounds. */
const LIMIT = { times: 20, minMs: 60_000, maxMs: 600_000 };
/** The app alone is watched for as long as the plain UPDATE took, and at least so long. */
const ALONE_MS = 3000;

const { env, stderr } = process;
const ARENAS: Record<Provider, (folder: string) => Promise<Arena>> = {
  postgresql: () => openPostgresql(env.BENCH_POSTGRES_URL),
  mysql: () => openMysql(env.BENCH_MYSQL_URL ?? DEFAULT_MYSQL_URL),
  sqlite: openSqlite,
};

/** Measures what was asked for, and writes its part of the report when all of it has ended. */
async function bench({ rows, databases, phases, proof, out }: Options, signal: AbortSignal): Promise<void> {
  const started = new Date();
  const load = loadavg()[0] ?? 0;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prisma-ownership-bench-')));
  try {
    const run = { rows, folder, scripts: compile(folder), signal };
    const part = phases
      ? { phases: await benchPhases({ url: env.BENCH_POSTGRES_URL, ...run }) }
      : proof
        ? {
            proof: renderProofCost(await runArenas(databases, { ...run, runAll: runProofRounds }), {
              started,
              load,
            }),
          }
        : { ways: renderReport(await runArenas(databases, { ...run, runAll: runWays }), started) };
    const parts = splitParts(existsSync(out) ? readFileSync(out, 'utf8') : '');
    writeFileSync(out, joinParts({ ...parts, ...part }));
    stderr.write(`Written to ${out}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Run = { rows: number[]; folder: string; runAll: typeof runWays } & Pick<
  WayOptions,
  'scripts' | 'signal'
>;

/** Runs every way on every database. */
async function runArenas(databases: readonly Provider[], run: Run): Promise<DatabaseResult[]> {
  const results: DatabaseResult[] = [];
  for (const provider of databases) {
    const arena = await ARENAS[provider](run.folder).catch((error: Error) => error);
    // Ctrl-C reaches a server of ours, too, which then does not start.
    if (arena instanceof Error) {
      await letSignalsArrive();
      run.signal.throwIfAborted();
      stderr.write(`${provider} is left out: ${arena.message}\n`);
      results.push({ provider, missing: arena.message });
    } else {
      results.push(await runArena(arena, run));
    }
  }
  return results;
}

async function runArena(arena: Arena, { rows, folder, runAll, ...run }: Run): Promise<DatabaseResult> {
  try {
    const schema = generateClient(folder, arena.provider);
    const measured: Measured[] = [];
    for (const count of rows) {
      stderr.write(`${arena.name}, ${formatCount(count)} rows\n`);
      await arena.createTemplate(count);
      measured.push(await runAll(arena, count, { schema, ...run }));
    }
    return { provider: arena.provider, name: arena.name, log: arena.log, measured };
  } finally {
    await arena.close();
  }
}

async function runWays(
  arena: Arena,
  rows: number,
  run: Omit<WayOptions, 'url' | 'limitMs'>,
): Promise<Measured> {
  const { times, minMs, maxMs } = LIMIT;
  const first = await measure(arena, PLAIN_UPDATE, { rows, limitMs: maxMs, ...run });
  const plainMs = first.ran.elapsedMs;
  const limitMs = Math.min(maxMs, Math.max(minMs, times * plainMs));
  const ways = [];
  for (const way of WAYS) {
    const options = { rows, limitMs: way === NOTHING ? Math.max(ALONE_MS, plainMs) : limitMs, ...run };
    const measurement = way === PLAIN_UPDATE ? first : await measure(arena, way, options);
    stderr.write(
      `  ${way.name}: ${describeEnd(measurement, rows)}, longest stall ${formatDuration(measurement.noticed.longestMs)}\n`,
    );
    ways.push(measurement);
  }
  return { rows, ways };
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Whatever is running is ended, and what was created is dropped, before the process ends. */
function listenForStop(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(name));
  return stop.signal;
}

/** What Ctrl-C does to another process may be known before the signal is. */
async function letSignalsArrive(): Promise<void> {
  await sleep(50);
}

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    stderr.write(`error: ${(error as Error).message}\n${USAGE}\n`);
    return 2;
  }
  const signal = listenForStop();
  try {
    await bench(options, signal);
    return 0;
  } catch (error) {
    await letSignalsArrive();
    if (!signal.aborted) throw error;
    stderr.write('\nStopped. What was created is dropped again; no report was written.\n');
    return EXIT_CODES[signal.reason as keyof typeof EXIT_CODES];
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    stderr.write(`error: ${(error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
