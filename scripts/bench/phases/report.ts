import { formatCount, formatDuration, toLine } from '../../../src/report/text.ts';
import { describeMachine } from '../report/machine.ts';
import { type BudgetLine, renderBudgets, renderTable } from '../report/table.ts';
import type { PhaseMeasurement, Watched } from './measure.ts';
import { OURS, PHASES, type Phase, PRISMA } from './ways.ts';
import { PHASES_HEADING, PHASES_INTRODUCTION, PHASES_NOTES } from './words.ts';

const STALL_RATIO = 1 / 10;

/** Both ways on a table of one size, the rounds put together. */
export interface PhasesMeasured {
  rows: number;
  alone: Watched;
  phases: PhaseMeasurement[];
}

/** Where and when it was measured. */
export interface PhasesRun {
  /** The server, with its version and settings. */
  server: string;
  started: Date;
  /** How many processes wanted to run, on average, in the minute before. */
  load: number;
}

/** The second part of docs/benchmarks.md. */
export function renderPhases(
  measured: readonly PhasesMeasured[],
  { server, started, load }: PhasesRun,
): string {
  const largest = measured.at(-1);
  return [
    PHASES_HEADING,
    PHASES_INTRODUCTION,
    `Measured on ${started.toISOString().slice(0, 10)}; the load average was ${load.toFixed(1)} when it began.\n\n${[
      server,
      ...describeMachine(),
    ]
      .map((line) => `- ${line}`)
      .join('\n')}`,
    ...(largest ? [renderBudgets(judgePhases(largest))] : []),
    ...measured.flatMap(renderSize),
    ...(largest ? [renderFiles(largest)] : []),
    '### How phases 1 and 3 are measured',
    PHASES_NOTES,
  ].join('\n\n');
}

/** Holds our stalls against Prisma's: in each phase, and the longest of both. */
export function judgePhases({ rows, phases }: PhasesMeasured): BudgetLine[] {
  const where = `PostgreSQL, ${formatCount(rows)} rows`;
  const judge = (what: string, among: readonly Phase[]): BudgetLine => {
    const longest = (name: string) =>
      Math.max(
        ...phases
          .filter(({ way, phase }) => way === name && among.includes(phase))
          .map(({ noticed }) => noticed.longestMs),
      );
    const [ours, prisma] = [longest(OURS), longest(PRISMA)];
    return {
      what: `longest stall of the app, ${what}, ${where}`,
      budget: `at most 1/${1 / STALL_RATIO} of that of ${PRISMA}`,
      measured: `${formatDuration(ours)} of ${formatDuration(prisma)}: 1/${(prisma / ours).toFixed(1)}`,
      isHeld: ours <= prisma * STALL_RATIO,
    };
  };
  return [judge('phases 1 and 3', PHASES), ...PHASES.map((phase) => judge(`phase ${phase} alone`, [phase]))];
}

function renderSize({ rows, alone, phases }: PhasesMeasured): string[] {
  const lines = phases.map((measurement) => [
    String(measurement.phase),
    measurement.way,
    ...renderWatched(measurement),
  ]);
  const errors = phases.flatMap(({ way, phase, noticed }) =>
    Object.entries(noticed.words).map(
      ([words, times]) =>
        `- the app's statements in phase ${phase} by ${way}: ${toLine(words)} (${formatCount(times)})`,
    ),
  );
  return [
    `### ${formatCount(rows)} rows, phases 1 and 3`,
    renderTable(
      ['phase', 'way', ...WATCHED],
      [...lines, ['', 'nothing but the app', ...renderWatched(alone)]],
    ),
    ...(errors.length > 0 ? [errors.join('\n')] : []),
  ];
}

function renderFiles({ rows, phases }: PhasesMeasured): string {
  const files = phases.filter(({ way }) => way === OURS).flatMap((measurement) => measurement.files);
  const lines = files.map((file) => [`\`${file.name}\``, ...renderWatched(file)]);
  return `### ${formatCount(rows)} rows, the files of ${OURS}\n\n${renderTable(['file', ...WATCHED], lines)}`;
}

const WATCHED = ['time', 'longest stall', 'p99 stall', 'app statements failed'];

function renderWatched({ elapsedMs, noticed }: Watched): string[] {
  return [
    formatDuration(elapsedMs),
    formatDuration(noticed.longestMs),
    formatDuration(noticed.p99Ms),
    `${formatCount(noticed.failed)} of ${formatCount(noticed.statements)}`,
  ];
}
