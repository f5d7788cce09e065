import type { BackupProgress } from '../backup/create-backup.ts';
import type { Output } from '../context.ts';
import { PART_TITLES } from '../rehearsal/findings.ts';
import type { Part, PartName } from '../rehearsal/part-log.ts';
import { describeBackupProgress } from './backup.ts';
import { describeProgress, type ModelProgress } from './progress.ts';
import { formatDuration } from './text.ts';
import { createTicker } from './ticker.ts';

/** What became of a part, in words. */
export const PART_RESULTS: Record<Part['state'], string> = {
  held: 'held',
  nothingToDo: 'nothing to do',
  failed: 'failed',
  notRun: 'not run',
};

/** How long a count of rows is what is under way. */
const FRESH_MS = 2000;

/** Shows on stderr how far a rehearsal is, until it is stopped. */
export interface RehearsalProgress {
  onCopy: (what: 'backup' | 'copies') => void;
  onBackup: (progress: BackupProgress) => void;
  onStart: (part: PartName) => void;
  onRows: (progress: ModelProgress) => void;
  /** Called often: whatever is under way is still so. */
  onTurn: () => void;
  onEnd: (part: Part) => void;
  note: (text: string) => void;
  stop: () => void;
}

/** A line for each part as it ends, and now and then one for what is under way. `now` is in milliseconds. */
export function createRehearsalProgress(
  stderr: Output,
  now: () => number = () => performance.now(),
): RehearsalProgress {
  const ticker = createTicker(stderr, now);
  const started = now();
  let current = '';
  let rows = { model: '', since: started, text: '', at: Number.NEGATIVE_INFINITY };
  const note = (text: string) => {
    ticker.stop();
    stderr.write(`${text}\n`);
  };
  return {
    note,
    onCopy: (what) => {
      current = what === 'backup' ? 'Making a backup to copy' : 'Copying it into two scratch databases';
      note(`${current}.`);
    },
    onBackup: (progress) => ticker.show(describeBackupProgress(progress)),
    onStart: (part) => {
      current = PART_TITLES[part];
      rows = { ...rows, model: '' };
    },
    onRows: (progress) => {
      const since = rows.model === progress.model ? rows.since : now();
      const text = `${current}: ${progress.model}: ${describeProgress(progress, now() - since)}`;
      rows = { model: progress.model, since, text, at: now() };
      ticker.show(text);
    },
    onTurn: () => ticker.show(now() - rows.at < FRESH_MS ? rows.text : current),
    onEnd: ({ part, state, elapsedMs }) => {
      const time = state === 'nothingToDo' ? '' : ` in ${formatDuration(elapsedMs)}`;
      note(
        `${PART_TITLES[part]}: ${PART_RESULTS[state]}${time}, ${formatDuration(now() - started)} since the start`,
      );
    },
    stop: ticker.stop,
  };
}
