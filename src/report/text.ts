// Chalk 4, because Yarn's Plug'n'Play cannot require 5, which is an ES module.
import { type Chalk, Instance } from 'chalk';
import type { DatabaseName } from '../commands/database-command.ts';
import type { Output } from '../context.ts';
import type { Finding } from '../ownership/findings.ts';

/** Colours, or their absence: meaning never depends on them. */
export type Painter = Chalk;

/** Colours only on a terminal, and not where NO_COLOR is set (https://no-color.org). */
export function createPainter(output: Output, env: Readonly<Record<string, string | undefined>>): Painter {
  return new Instance({ level: output.isTTY && !env.NO_COLOR ? 1 : 0 });
}

/** 15569 as "15,569". */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** "1 row", "15,569 rows". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** "512 bytes", "3.4 MB", "1.2 GB"; a megabyte is a million bytes. */
export function formatBytes(bytes: number): string {
  let [value, power] = [bytes, 0];
  for (; value >= 999.5 && power < UNITS.length; power++) value /= 1000;
  return power === 0 ? plural(bytes, 'byte') : `${value.toFixed(value < 99.95 ? 1 : 0)} ${UNITS[power - 1]}`;
}

/** "820 ms", "12.4 s", "3 min 20 s". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "chinook_serial (postgresql) on 127.0.0.1". */
export function describeDatabase({ provider, name, host }: DatabaseName): string {
  return host === undefined ? `${name} (${provider})` : `${name} (${provider}) on ${host}`;
}

/** Text from the database on one line, without what a terminal would obey. */
export function toLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** Columns side by side; numbers are set to the right. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? formatCount(cell) : toLine(cell))),
  );
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const isNumber = head.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ')}`.trimEnd();
  return [head, ...cells].map(line).join('\n');
}

/**
 * Findings with an empty line before them, the gravest first: what is so, and under it what to do, once for all that
 * have the same remedy. Where remedies begin with the same line, only what follows it is said for each.
 */
export function renderFindings(findings: readonly Finding[], paint: Painter): string[] {
  const order = ['error', 'warning', 'info'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  let remedies: string[] = [];
  const lines = sorted.flatMap((finding, i) => {
    const [head, ...rest] = finding.remedy.split('\n');
    remedies = [...remedies, ...rest];
    const line = renderFinding(finding, paint);
    if (sorted[i + 1]?.remedy.split('\n')[0] === head) return [line];
    const remedy = finding.remedy ? [head, ...remedies].map((each) => `  ${each}`) : [];
    remedies = [];
    return [line, ...remedy];
  });
  return lines.length > 0 ? ['', ...lines] : [];
}

function renderFinding({ severity, model, message, code }: Finding, paint: Painter): string {
  const colour = { error: paint.red, warning: paint.yellow, info: paint.dim }[severity];
  return `${colour(`${severity}:`)} ${model ? `${model}: ` : ''}${message} [${code}]`;
}
