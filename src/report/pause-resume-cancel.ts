import type { RequestAnswer } from '../commands/results.ts';

const OUTCOMES: Record<RequestAnswer['command'], { what: string; next: string }> = {
  pause: {
    what: 'waits as soon as its current batch is done, and keeps its lock until it goes on or is cancelled.',
    next: 'To have it go on:  npm run migration:resume',
  },
  resume: { what: 'goes on.', next: 'To see how far it is:  npm run migration:status' },
  cancel: {
    what: 'ends as soon as its current batch is done. What it assigned stays, and is in the journal.',
    next: 'To see when it has ended, and what to type then:  npm run migration:status',
  },
};

/** What a run was asked for, as text. */
export function renderRequest({ command, run, ownerId, process }: RequestAnswer): string {
  const { what, next } = OUTCOMES[command];
  return `Run ${run}, which assigns to ${ownerId} (process ${process.pid} on ${process.host}), ${what}\n${next}`;
}
