import type { Provider } from '../../../src/database/database-url.ts';
import { formatCount, formatDuration } from '../../../src/report/text.ts';
import type { Measurement } from '../measure.ts';
import { NOTHING, PLAIN_UPDATE } from '../ways.ts';
import { judge } from './budgets.ts';
import { describeEnd, describeFailures, formatBytes, isComplete } from './cells.ts';
import { INTRODUCTION, NOTES } from './words.ts';
import { describeMachine } from './machine.ts';

/** All ways on a table of one size. */
export interface Measured {
  rows: number;
  ways: Measurement[];
}

/** What one database gave, or why it gave nothing. */
export type DatabaseResult = { provider: Provider } & (
  | { name: string; log: string; measured: Measured[] }
  | { missing: string }
);

/** The whole of docs/benchmarks.md. */
export function renderReport(results: readonly DatabaseResult[], started: Date): string {
  const budgets = judge(results).map(({ what, budget, measured, isHeld }) => [
    what,
    budget,
    measured,
    isHeld ? 'held' : '**not held**',
  ]);
  return `${[
    INTRODUCTION,
    `## Machine\n\nMeasured on ${started.toISOString().slice(0, 10)}.\n\n${describeMachine()
      .map((line) => `- ${line}`)
      .join('\n')}`,
    ...(budgets.length > 0
      ? [`## Budgets\n\n${renderTable(['what', 'budget', 'measured', ''], budgets)}`]
      : []),
    ...results.map(renderDatabase),
    NOTES,
  ].join('\n\n')}\n`;
}

function renderDatabase(result: DatabaseResult): string {
  if ('missing' in result) return `## ${result.provider}\n\nNot measured: ${toCell(result.missing)}.`;
  const tables = result.measured.map(
    (measured) => `### ${formatCount(measured.rows)} rows\n\n${renderMeasured(measured, result.log)}`,
  );
  return [`## ${result.name}`, ...tables].join('\n\n');
}

function renderMeasured({ rows, ways }: Measured, log: string): string {
  const plainMs = ways.find(({ way }) => way === PLAIN_UPDATE.name)?.ran.elapsedMs ?? Number.NaN;
  const head = [
    'way',
    'times one `UPDATE`',
    'time',
    'whole process',
    'longest stall',
    'p99 stall',
    'app statements failed',
    log,
    'table growth',
    'journal',
    'peak memory',
  ];
  const lines = ways.map((measurement) => {
    const { way, ran, noticed, growth, journal } = measurement;
    return [
      way,
      isComplete(measurement) ? (ran.elapsedMs / plainMs).toFixed(2) : '',
      describeEnd(measurement, rows),
      way === NOTHING.name ? '' : formatDuration(ran.to - ran.from),
      formatDuration(noticed.longestMs),
      formatDuration(noticed.p99Ms),
      describeFailures(measurement),
      formatBytes(measurement.log),
      formatBytes(growth),
      journal > 0 ? formatBytes(journal) : '',
      ran.peakMemory === null ? '' : formatBytes(ran.peakMemory),
    ];
  });
  return renderTable(head, lines);
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(toCell).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

function toCell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
