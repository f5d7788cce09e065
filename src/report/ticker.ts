import type { Output } from '../context.ts';
import { formatDuration, toLine } from './text.ts';

const INTERVAL_MS = 10_000;
const FRAME_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

/** Shows what a command is at, where it is not known how much there is left. */
export interface Ticker {
  show: (text: string) => void;
  /** Takes it off the terminal. */
  stop: () => void;
}

/** On stderr: one line that changes on a terminal, a plain line every ten seconds elsewhere. `now` is in milliseconds. */
export function createTicker(stderr: Output, now: () => number = () => performance.now()): Ticker {
  const started = now();
  let last = stderr.isTTY ? Number.NEGATIVE_INFINITY : started;
  let isShown = false;
  const show = (text: string) => {
    if (now() - last < (stderr.isTTY ? FRAME_MS : INTERVAL_MS)) return;
    last = now();
    const line = `${toLine(text)}, after ${formatDuration(last - started)}`;
    stderr.write(stderr.isTTY ? `${CLEAR_LINE}${line}` : `${line}\n`);
    isShown = true;
  };
  const stop = () => {
    if (isShown && stderr.isTTY) stderr.write(CLEAR_LINE);
    isShown = false;
  };
  return { show, stop };
}
