import type { Provider } from '../../../src/database/database-url.ts';
import { formatCount, formatDuration, toLine } from '../../../src/report/text.ts';
import type { Measurement } from '../measure.ts';
import { NOTHING, PLAIN_UPDATE } from '../ways.ts';
import { judge } from './budgets.ts';
import { describeEnd, formatBytes, isComplete, listErrors } from './cells.ts';
import { INTRODUCTION, NOTES } from './words.ts';
import { describeMachine } from './machine.ts';
import { renderBudgets, renderTable } from './table.ts';

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

/** The first part of docs/benchmarks.md. */
export function renderReport(results: readonly DatabaseResult[], started: Date): string {
  const budgets = judge(results);
  return [
    INTRODUCTION,
    `## Machine\n\nMeasured on ${started.toISOString().slice(0, 10)}.\n\n${describeMachine()
      .map((line) => `- ${line}`)
      .join('\n')}`,
    ...(budgets.length > 0 ? [`## Budgets\n\n${renderBudgets(budgets)}`] : []),
    ...results.map(renderDatabase),
    NOTES,
  ].join('\n\n');
}

function renderDatabase(result: DatabaseResult): string {
  if ('missing' in result) return `## ${result.provider}\n\nNot measured: ${toLine(result.missing)}.`;
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
      `${formatCount(noticed.failed)} of ${formatCount(noticed.statements)}`,
      formatBytes(measurement.log),
      formatBytes(growth),
      journal > 0 ? formatBytes(journal) : '',
      ran.peakMemory === null ? '' : formatBytes(ran.peakMemory),
    ];
  });
  const errors = ways.flatMap(listErrors).map((line) => `- ${toLine(line)}`);
  return [renderTable(head, lines), ...(errors.length > 0 ? [errors.join('\n')] : [])].join('\n\n');
}
