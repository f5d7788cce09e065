import type { StatusAnswer } from '../commands/results.ts';
import { stepCommand } from '../typed-flags.ts';
import { renderGuards } from './guards.ts';
import {
  formatCount,
  formatDuration,
  type Painter,
  plural,
  renderFindings,
  renderTable,
  toLine,
} from './text.ts';

type RunAnswer = StatusAnswer['runs'][number];

/** The runs as text, newest first; the next command is the last line. */
export function renderStatus({ runs, replicas, guards, findings }: StatusAnswer, paint: Painter): string {
  const [latest] = runs;
  const aboutGuards = [...renderGuards(guards), ...renderFindings(findings, paint)];
  const rest = aboutGuards.length > 0 ? [...aboutGuards, ''] : [];
  if (!latest) return [...rest, 'No run yet.', 'To begin:  npm run migration:list-users'].join('\n');
  return [
    ...runs.flatMap((run) => [...renderRun(run, paint), '']),
    ...rest,
    ...renderReplicas(replicas),
    suggestNext(latest),
  ].join('\n');
}

function renderReplicas(replicas: StatusAnswer['replicas']): string[] {
  const lines = replicas.map(({ replica, seconds }) => {
    return `Replica ${toLine(replica)}: ${seconds === null ? 'not known how far behind' : `${seconds.toFixed(1)} s behind`}`;
  });
  return lines.length > 0 ? [...lines, ''] : [];
}

function renderLive(live: RunAnswer['live']): string[] {
  if (!live) return [];
  const { rowsPerSecond, secondsLeft, waiting, request } = live;
  const rate = rowsPerSecond === null ? null : `${formatCount(rowsPerSecond)} rows a second lately`;
  const left = secondsLeft ? `, about ${formatDuration(secondsLeft * 1000)} left (an estimate)` : '';
  const asked = request && { pause: 'to pause', cancel: 'to end' }[request.what];
  return [
    ...(waiting
      ? [`waiting since ${waiting.since}: ${toLine(waiting.cause)}`]
      : rate
        ? [`${rate}${left}`]
        : []),
    ...(request && !waiting ? [`asked ${asked} after its current batch by ${toLine(request.by)}`] : []),
  ];
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
    ...[work, stale, ...renderLive(run.live)].filter((line) => line !== null).map((line) => `  ${line}`),
    renderTable(head, rows),
  ];
}

function formatPercent(part: number, whole: number): string {
  return whole === 0 ? '100 %' : `${Math.min(100, Math.floor((part / whole) * 100))} %`;
}

function suggestNext({ id, status, ownerId, process, live, models, flags }: RunAnswer): string {
  if (process && live?.request?.what === 'pause')
    return 'It is paused. To have it go on, or end:\n  npm run migration:resume\n  npm run migration:cancel';
  if (process) return `It is being worked on. To look again:  npm run migration:status`;
  const assign = stepCommand('assign', ownerId, flags);
  if (status === 'rolledBack') return `To assign again:  ${assign}`;
  if (status === 'completed') return `To verify:  ${stepCommand('verify', ownerId, flags)}`;
  const open = models.filter((each) => each.status !== 'completed').length;
  return `Run ${id} is not finished (${plural(open, 'model')} left). To carry it on:  ${assign}`;
}
