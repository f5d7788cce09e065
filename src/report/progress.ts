import { SingleBar } from 'cli-progress';
import type { Output } from '../context.ts';
import { formatCount, formatDuration, toLine } from './text.ts';

const INTERVAL_MS = 10_000;
const FRAMES_PER_SECOND = 4;
const FORMAT = '{model} [{bar}] {percentage} % | {text}';

/** How far one model is, as counted by its batches; `total` are its unowned rows when the run began. */
export interface ModelProgress {
  model: string;
  assigned: number;
  total: number;
}

/** Shows progress until it is stopped. */
export interface Progress {
  show: (progress: ModelProgress) => void;
  /** Says why the run waits, and with null that it goes on. */
  wait: (cause: string | null) => void;
  stop: () => void;
}

/** Progress on stderr: a bar on a terminal, one plain line every ten seconds elsewhere. `now` is in milliseconds. */
export function createProgress(stderr: Output, now: () => number = () => performance.now()): Progress {
  return stderr.isTTY ? createBar(stderr, now) : createLog(stderr, now);
}

/** "1,234 of 5,678 rows, 400 rows a second, about 12 s left (an estimate)": as fast as so far. */
export function describeProgress({ assigned, total }: ModelProgress, elapsedMs: number): string {
  const done = `${formatCount(assigned)} of ${formatCount(total)} rows`;
  const rate = (assigned * 1000) / Math.max(1, elapsedMs);
  if (assigned === 0 || elapsedMs < 1000) return done;
  const left = Math.max(0, total - assigned) / rate;
  const estimate = left > 0 ? `, about ${formatDuration(left * 1000)} left (an estimate)` : '';
  return `${done}, ${formatCount(Math.round(rate))} rows a second${estimate}`;
}

function createBar(stderr: Output, now: () => number): Progress {
  let current: { model: string; bar: SingleBar; started: number } | null = null;
  const stop = () => {
    current?.bar.stop();
    current = null;
  };
  const show = (progress: ModelProgress) => {
    const { model, assigned, total } = progress;
    // Rows arrive meanwhile; a bar cannot be fuller than full.
    const all = Math.max(1, total, assigned);
    if (current?.model !== model) {
      stop();
      // Typed as any stream; a bar is drawn only where our output is a terminal's (see createProgress).
      const stream = stderr as unknown as NodeJS.WriteStream;
      // Ctrl-C is ours: it finishes the batch.
      const bar = new SingleBar({
        stream,
        format: FORMAT,
        fps: FRAMES_PER_SECOND,
        barsize: 24,
        gracefulExit: false,
      });
      current = { model, bar, started: now() };
      bar.start(all, 0, { model, text: '' });
    }
    current.bar.setTotal(all);
    current.bar.update(assigned, { model, text: describeProgress(progress, now() - current.started) });
  };
  const wait = (cause: string | null) => {
    if (!current) return writeWait(stderr, cause);
    current.bar.update({ text: cause === null ? 'going on' : `waiting: ${toLine(cause)}` });
  };
  return { show, wait, stop };
}

function createLog(stderr: Output, now: () => number): Progress {
  let last = now();
  let current = { model: '', started: last };
  const show = (progress: ModelProgress) => {
    if (current.model !== progress.model) current = { model: progress.model, started: now() };
    if (now() - last < INTERVAL_MS) return;
    last = now();
    stderr.write(`${progress.model}: ${describeProgress(progress, now() - current.started)}\n`);
  };
  return { show, wait: (cause) => writeWait(stderr, cause), stop: () => undefined };
}

function writeWait(stderr: Output, cause: string | null): void {
  stderr.write(cause === null ? 'Going on.\n' : `Waiting: ${toLine(cause)}.\n`);
}
