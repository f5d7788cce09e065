import { formatCount, formatDuration } from '../../../src/report/text.ts';
import { STEP_2, PLAIN_UPDATE } from '../ways.ts';
import { formatBytes, isComplete } from './cells.ts';
import type { DatabaseResult, Measured } from './report.ts';
import type { BudgetLine } from './table.ts';

const BUDGET = { timeRatio: 1.25, stallRatio: 1 / 20, memoryBytes: 200_000_000 };

/** Holds PostgreSQL's largest table, and the worst of all for memory and failed statements, against what is allowed. */
export function judge(results: readonly DatabaseResult[]): BudgetLine[] {
  const all = results.flatMap((result) => ('measured' in result ? result.measured : []));
  const postgresql = results.find(({ provider }) => provider === 'postgresql');
  const largest = postgresql && 'measured' in postgresql ? postgresql.measured.at(-1) : undefined;
  return [...(largest ? judgeLargest(largest) : []), ...(all.length > 0 ? judgeAll(all) : [])];
}

function judgeLargest(measured: Measured): BudgetLine[] {
  const step2 = find(measured, STEP_2.name);
  const plain = find(measured, PLAIN_UPDATE.name);
  const time = step2.ran.elapsedMs / plain.ran.elapsedMs;
  const stall = step2.noticed.longestMs / plain.noticed.longestMs;
  const where = `PostgreSQL, ${formatCount(measured.rows)} rows`;
  return [
    {
      what: `step 2, ${where}`,
      budget: `at most ${BUDGET.timeRatio} times one \`UPDATE\``,
      measured: isComplete(step2) ? `${time.toFixed(2)} times` : 'it did not finish',
      isHeld: isComplete(step2) && time <= BUDGET.timeRatio,
    },
    {
      what: `longest stall of the app, ${where}`,
      budget: `at most 1/${1 / BUDGET.stallRatio} of that of one \`UPDATE\``,
      measured: `${formatDuration(step2.noticed.longestMs)} of ${formatDuration(plain.noticed.longestMs)}: 1/${(1 / stall).toFixed(1)}`,
      isHeld: stall <= BUDGET.stallRatio,
    },
  ];
}

function judgeAll(all: readonly Measured[]): BudgetLine[] {
  const runs = all.map((measured) => find(measured, STEP_2.name));
  const memory = runs.map(({ ran }) => ran.peakMemory ?? Number.POSITIVE_INFINITY);
  const failed = runs.reduce((sum, { noticed }) => sum + noticed.failed, 0);
  return [
    {
      what: 'peak memory of step 2, all databases and sizes',
      budget: `under ${formatBytes(BUDGET.memoryBytes)}`,
      measured: formatBytes(Math.max(...memory)),
      isHeld: Math.max(...memory) < BUDGET.memoryBytes,
    },
    {
      what: 'statements of the app that failed during step 2, all databases and sizes',
      budget: 'none',
      measured: formatCount(failed),
      isHeld: failed === 0,
    },
  ];
}

function find({ ways }: Measured, name: string) {
  const found = ways.find(({ way }) => way === name);
  if (!found) throw new Error(`${name} was not measured`);
  return found;
}
