import type { Output } from '../context.ts';
import { formatCount } from './text.ts';

const INTERVAL_MS = { terminal: 250, log: 10_000 };

/** Progress on stderr: one line that is written over on a terminal, one line every ten seconds elsewhere. */
export function createProgress(stderr: Output) {
  let last = performance.now();
  let shown = '';
  const clear = () => (stderr.isTTY && shown ? `\r${' '.repeat(shown.length)}\r` : '');
  return {
    show: ({ model, assigned, total }: { model: string; assigned: number; total: number }) => {
      const now = performance.now();
      const isDone = assigned >= total;
      if (now - last < (stderr.isTTY ? INTERVAL_MS.terminal : INTERVAL_MS.log) && !(isDone && stderr.isTTY))
        return;
      last = now;
      const percent = total === 0 ? 100 : Math.min(100, Math.floor((assigned / total) * 100));
      const line = `${model}: ${formatCount(assigned)} of ${formatCount(total)} rows (${percent} %)`;
      stderr.write(stderr.isTTY ? `${clear()}${line}` : `${line}\n`);
      shown = line;
      if (isDone && stderr.isTTY) {
        stderr.write('\n');
        shown = '';
      }
    },
    note: (text: string) => {
      stderr.write(`${clear()}${text}\n`);
      shown = '';
    },
  };
}
