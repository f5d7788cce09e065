import type { Output } from '../context.ts';
import { formatCount } from './text.ts';

const INTERVAL_MS = { terminal: 250, log: 10_000 };

/** Progress on stderr: one line that is written over on a terminal, one line every ten seconds elsewhere. */
export function createProgress(stderr: Output) {
  const interval = stderr.isTTY ? INTERVAL_MS.terminal : INTERVAL_MS.log;
  let last = performance.now();
  return ({ model, assigned, total }: { model: string; assigned: number; total: number }): void => {
    const now = performance.now();
    const isLast = assigned >= total && stderr.isTTY;
    if (now - last < interval && !isLast) return;
    last = now;
    const percent = total === 0 ? 100 : Math.min(100, Math.floor((assigned / total) * 100));
    const line = `${model}: ${formatCount(assigned)} of ${formatCount(total)} rows (${percent} %)`;
    // Carriage return and "erase in line" of ECMA-48: the next line is written over this one.
    stderr.write(stderr.isTTY ? `\r\u001b[K${line}${isLast ? '\n' : ''}` : `${line}\n`);
  };
}
