import type { Output } from '../context.ts';
import { PART_TITLES } from '../rehearsal/findings.ts';
import type { Part, PartName } from '../rehearsal/part-log.ts';
import { createProgress, type ModelProgress } from './progress.ts';
import { formatDuration } from './text.ts';

const INTERVAL_MS = 10_000;
const STATES: Record<Part['state'], string> = {
  held: 'held',
  nothingToDo: 'nothing to do',
  failed: 'failed',
  notRun: 'not run',
};

/** Shows on stderr how far a rehearsal is, until it is stopped. */
export interface RehearsalProgress {
  onCopy: (what: 'backup' | 'copies') => void;
  onStart: (part: PartName) => void;
  onRows: (progress: ModelProgress) => void;
  onEnd: (part: Part) => void;
  stop: () => void;
}

/** A line for each part as it ends, and one every ten seconds while it lasts. `now` is in milliseconds. */
export function createRehearsalProgress(
  stderr: Output,
  now: () => number = () => performance.now(),
): RehearsalProgress {
  const rows = createProgress(stderr);
  const started = now();
  let current: { what: string; since: number } | null = null;
  const say = (text: string) => {
    rows.stop();
    stderr.write(`${text} (${formatDuration(now() - started)} so far)\n`);
  };
  const timer = setInterval(() => {
    if (current) say(`${current.what}: for ${formatDuration(now() - current.since)} by now`);
  }, INTERVAL_MS);
  timer.unref();
  const begin = (what: string) => {
    current = { what, since: now() };
  };
  return {
    onCopy: (what) => {
      const text = what === 'backup' ? 'Making a backup to copy' : 'Copying into two scratch databases';
      begin(text);
      say(text);
    },
    onStart: (part) => begin(PART_TITLES[part]),
    onRows: rows.show,
    onEnd: ({ part, state, elapsedMs }) => {
      const time = state === 'nothingToDo' ? '' : ` in ${formatDuration(elapsedMs)}`;
      say(`${PART_TITLES[part]}: ${STATES[state]}${time}`);
      current = null;
    },
    stop: () => {
      clearInterval(timer);
      rows.stop();
    },
  };
}
