import { formatCount, formatDuration, toLine } from '../../../src/report/text.ts';
import { formatBytes, isComplete, listErrors } from '../report/cells.ts';
import { describeMachine } from '../report/machine.ts';
import type { DatabaseResult, Measured } from '../report/report.ts';
import { renderTable } from '../report/table.ts';
import { STEP_2 } from '../ways.ts';
import { findMedian, PROVED } from './rounds.ts';

/** Where the third part of the report begins. */
export const PROOF_HEADING = '## What --proof costs';

const INTRODUCTION = `Written by \`npm run bench -- --proof\`: step 2 without \`--proof\` and with it, in turn, three rounds of each, while another process
updates 200 random rows a second. The table is the one above. Of the three rounds, the one with the median time is shown.`;

const NOTES = `- The proof digests all columns of each row but the owner's before the change and after it, and on PostgreSQL and MariaDB takes the row's
  lock first: rows with long values cost more. A table with triggers costs more on PostgreSQL ([proof.md](proof.md)).
- Batches are steered to 0.4 s with the digests in it. Before they are that long, as on a table of this size, a batch with the proof takes longer,
  and so the app waits longer for it.`;

/** When it was measured, and how busy the machine was. */
export interface ProofRun {
  started: Date;
  /** How many processes wanted to run, on average, in the minute before. */
  load: number;
}

/** The third part of docs/benchmarks.md. */
export function renderProofCost(results: readonly DatabaseResult[], { started, load }: ProofRun): string {
  const measured = results.flatMap((result) =>
    'measured' in result ? result.measured.map((each) => ({ name: result.name, ...each })) : [],
  );
  const missing = results.flatMap((result) =>
    'missing' in result ? [`- ${result.provider} was not measured: ${toLine(result.missing)}`] : [],
  );
  const errors = measured.flatMap(({ ways }) => ways.flatMap(listErrors)).map((line) => `- ${toLine(line)}`);
  const machine = describeMachine().map((line) => `- ${line}`);
  return [
    PROOF_HEADING,
    INTRODUCTION,
    `Measured on ${started.toISOString().slice(0, 10)}; the load average was ${load.toFixed(1)} when it began.\n\n${machine.join('\n')}`,
    renderTable(
      [
        'database',
        'rows',
        'step 2',
        'with `--proof`',
        'times step 2',
        'longest stall',
        'longest stall with `--proof`',
        'peak memory with `--proof`',
      ],
      measured.map(renderLine),
    ),
    ...[missing, errors].filter((lines) => lines.length > 0).map((lines) => lines.join('\n')),
    NOTES,
  ].join('\n\n');
}

function renderLine({ name, ...measured }: Measured & { name: string }): string[] {
  const [plain, proved] = [findMedian(measured, STEP_2), findMedian(measured, PROVED)];
  const where = [name, formatCount(measured.rows)];
  if (!plain || !proved || !isComplete(plain) || !isComplete(proved)) return [...where, 'it did not finish'];
  return [
    ...where,
    formatDuration(plain.ran.elapsedMs),
    formatDuration(proved.ran.elapsedMs),
    (proved.ran.elapsedMs / plain.ran.elapsedMs).toFixed(2),
    formatDuration(plain.noticed.longestMs),
    formatDuration(proved.noticed.longestMs),
    proved.ran.peakMemory === null ? '' : formatBytes(proved.ran.peakMemory),
  ];
}
