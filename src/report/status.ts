import type { StatusAnswer } from '../commands/results.ts';
import { renderChecklist } from './checklist.ts';
import { renderGuards } from './guards.ts';
import { explainNext } from './next.ts';
import { formatCount, formatDuration, type Painter, renderFindings, renderTable, toLine } from './text.ts';

type RunAnswer = StatusAnswer['runs'][number];

/** The runs, the newest first, then the checklist. A run that is worked on comes last: it is what is looked at again and again. */
export function renderStatus(answer: StatusAnswer, paint: Painter): string {
  const { runs, time, replicas, guards, findings, checklist, next } = answer;
  const render = (run: RunAnswer) => [...renderRun(run, paint), ''];
  // Findings bring an empty line, which is there already where no guard is.
  const found = renderFindings(findings, paint).slice(guards.length > 0 ? 0 : 1);
  const aboutGuards = [...renderGuards(guards), ...found];
  return [
    ...(runs.length > 0 ? [] : ['No run yet.', '']),
    ...runs.filter(({ process }) => process === null).flatMap(render),
    ...(aboutGuards.length > 0 ? [...aboutGuards, ''] : []),
    ...(checklist ? [...renderChecklist(checklist, time, paint), ''] : []),
    ...renderReplicas(replicas),
    ...runs.filter(({ process }) => process !== null).flatMap(render),
    explainNext(answer),
    ...(next === '' ? [] : [`  ${next}`]),
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
