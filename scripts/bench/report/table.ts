import { toLine } from '../../../src/report/text.ts';

/** As the formatter of this repository wants it: the columns are set. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => toLine(cell).replaceAll('|', '\\|')));
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}

/** What is allowed, what it was, and whether that is within it. */
export interface BudgetLine {
  what: string;
  budget: string;
  measured: string;
  isHeld: boolean;
}

export function renderBudgets(lines: readonly BudgetLine[]): string {
  const rows = lines.map(({ what, budget, measured, isHeld }) => [
    what,
    budget,
    measured,
    isHeld ? 'yes' : '**no**',
  ]);
  return renderTable(['what', 'budget', 'measured', 'budget held'], rows);
}
