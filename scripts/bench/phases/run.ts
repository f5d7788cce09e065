import { loadavg } from 'node:os';
import { formatCount, formatDuration } from '../../../src/report/text.ts';
import type { Arena } from '../arenas/arena.ts';
import { openPostgresql } from '../arenas/postgresql.ts';
import { USERS } from '../sample.ts';
import { measurePhases, type PhaseMeasurement, watchAlone } from './measure.ts';
import { type PhasesMeasured, renderPhases } from './report.ts';
import { combineRounds } from './rounds.ts';
import { type PrismaSql, readPrismaSql } from './sample.ts';
import { listPhaseWays, PHASES } from './ways.ts';

const ROUNDS = 3;

interface PhasesOptions {
  /** Of PostgreSQL; one is started where there is none. */
  url: string | undefined;
  rows: number[];
  folder: string;
  /** The folder of the compiled ones. */
  scripts: string;
  signal: AbortSignal;
}

/** Measures phases 1 and 3 on PostgreSQL, and returns their part of the report. */
export async function benchPhases({ url, rows, folder, ...run }: PhasesOptions): Promise<string> {
  const started = new Date();
  const [load = 0] = loadavg();
  const prisma = readPrismaSql(folder);
  const arena = await openPostgresql(url, [prisma.tables, USERS]);
  try {
    const measured: PhasesMeasured[] = [];
    for (const count of rows) {
      process.stderr.write(`${arena.name}, ${formatCount(count)} rows, phases 1 and 3\n`);
      await arena.createTemplate(count);
      measured.push(await measureSize(arena, prisma, { rows: count, ...run }));
    }
    return renderPhases(measured, { server: arena.name, started, load });
  } finally {
    await arena.close();
  }
}

async function measureSize(
  arena: Arena,
  prisma: PrismaSql,
  options: { rows: number; scripts: string; signal: AbortSignal },
): Promise<PhasesMeasured> {
  const ways = listPhaseWays(prisma);
  const alone = await watchAlone(arena, options);
  const rounds: PhaseMeasurement[] = [];
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const way of ways) {
      const measured = await measurePhases(arena, way, options);
      for (const { phase, noticed } of measured)
        process.stderr.write(
          `  round ${round}, phase ${phase}, ${way.name}: longest stall ${formatDuration(noticed.longestMs)}\n`,
        );
      rounds.push(...measured);
    }
  const phases = PHASES.flatMap((phase) =>
    ways.map(({ name }) => combineRounds(rounds, { way: name, phase })),
  );
  return { rows: options.rows, alone, phases };
}
