import type { StatusAnswer } from '../commands/results.ts';
import { stepCommand } from '../typed-flags.ts';
import { renderGuards } from './guards.ts';
import { type Painter, plural, renderFindings, renderTable } from './text.ts';

type RunAnswer = StatusAnswer['runs'][number];

/** The runs as text, newest first; the next command is the last line. */
export function renderStatus({ runs, guards, findings }: StatusAnswer, paint: Painter): string {
  const [latest] = runs;
  const aboutGuards = [...renderGuards(guards), ...renderFindings(findings, paint)];
  const rest = aboutGuards.length > 0 ? [...aboutGuards, ''] : [];
  if (!latest) return [...rest, 'No run yet.', 'To begin:  npm run migration:list-users'].join('\n');
  return [...runs.flatMap((run) => [...renderRun(run, paint), '']), ...rest, suggestNext(latest)].join('\n');
}

function renderRun(run: RunAnswer, paint: Painter): string[] {
  const { id, status, ownerId, started, finished, models } = run;
  const title = `${paint.bold(`Run ${id}`)}: ${status}, for ${ownerId}, started ${started}${finished ? `, ended ${finished}` : ''}`;
  const work = run.process
    ? `${run.process.command} by process ${run.process.pid} on ${run.process.host}, seen ${run.process.heartbeat}`
    : null;
  const stale = status === 'running' && !run.process ? 'its process is gone; step 2 carries it on' : null;
  const rows = models.map((each) => [
    each.model,
    each.status,
    each.assigned,
    each.toAssign,
    formatPercent(each.assigned, each.toAssign),
    each.batches,
    each.reverted,
  ]);
  const head = ['model', 'status', 'assigned', 'of', '', 'batches', 'reverted'];
  return [
    title,
    ...[work, stale].filter((line) => line !== null).map((line) => `  ${line}`),
    renderTable(head, rows),
  ];
}

function formatPercent(part: number, whole: number): string {
  return whole === 0 ? '100 %' : `${Math.min(100, Math.floor((part / whole) * 100))} %`;
}

function suggestNext({ id, status, ownerId, process, models, flags }: RunAnswer): string {
  if (process) return `It is being worked on. To look again:  npm run migration:status`;
  const assign = stepCommand('assign', ownerId, flags);
  if (status === 'rolledBack') return `To assign again:  ${assign}`;
  if (status === 'completed') return `To verify:  ${stepCommand('verify', ownerId, flags)}`;
  const open = models.filter((each) => each.status !== 'completed').length;
  return `Run ${id} is not finished (${plural(open, 'model')} left). To carry it on:  ${assign}`;
}
