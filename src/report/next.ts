import type { StatusAnswer } from '../commands/results.ts';
import { stepCommand } from '../typed-flags.ts';
import { plural } from './text.ts';

type RunAnswer = StatusAnswer['runs'][number];

/** The run that is worked on now, else the latest one. */
export function findCurrent(runs: StatusAnswer['runs']): RunAnswer | undefined {
  return runs.find(({ process }) => process !== null) ?? runs[0];
}

/** What is next as far as the journal alone tells. */
export function findNextOfRun(run: RunAnswer | undefined): string {
  if (!run) return 'npm run migration:list-users';
  if (run.process) return isPaused(run) ? 'npm run migration:resume' : 'npm run migration:status';
  const isCompleted = run.status === 'completed';
  return stepCommand(isCompleted ? 'verify' : 'assign', run.ownerId, run.flags);
}

/** Why the next command is the next one, as the line before it; nothing is left to do where there is none. */
export function explainNext({ runs, checklist, next }: StatusAnswer): string {
  const current = findCurrent(runs);
  if (current?.process)
    return isPaused(current)
      ? 'It is paused. To end it:  npm run migration:cancel\nTo have it go on:'
      : 'It is being worked on. To look again:';
  if (next === '') return 'Nothing is left to do.';
  const line = checklist?.find(({ remedy }) => remedy === next);
  if (line) return `Next, ${line.part}: ${line.title}`;
  if (!current) return 'To begin:';
  const { id, status, models } = current;
  if (status === 'rolledBack') return 'To assign again:';
  if (status === 'completed') return 'To verify:';
  const open = models.filter((each) => each.status !== 'completed').length;
  return `Run ${id} is not finished (${plural(open, 'model')} left). To carry it on:`;
}

function isPaused({ live }: RunAnswer): boolean {
  return live?.request?.what === 'pause';
}
