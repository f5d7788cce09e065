import type { Verdict } from '../report-page/report-data.ts';
import { formatCount, type Painter, toLine } from './text.ts';

const KIB = 1024;

/** Where the report is, and what it says. */
export function renderWrittenReport(
  { path, bytes, isReplaced }: { path: string; bytes: number; isReplaced: boolean },
  { state, text }: Verdict,
  paint: Painter,
): string {
  const colour = { done: paint.green, open: paint.yellow, failed: paint.red, unknown: paint.yellow }[state];
  const where = `${toLine(path)} (${formatCount(Math.ceil(bytes / KIB))} KiB)`;
  return [
    `Wrote ${where}${isReplaced ? ', in place of an earlier report' : ''}.`,
    `${colour(`${state}:`)} ${toLine(text)}`,
  ].join('\n');
}
