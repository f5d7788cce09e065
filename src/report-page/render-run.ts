import { formatCount, formatDuration, plural } from '../report/text.ts';
import type { TypedFlags } from '../typed-flags.ts';
import { type Content, type Html, html } from './html.ts';
import { type Fact, renderBadge, renderFacts, renderTable, renderTime } from './parts.ts';
import type { ReportRun } from './report-data.ts';

/** The runs, each with its settings, its rows and its log. */
export function renderRuns(runs: readonly ReportRun[]): Html {
  if (runs.length === 0) return html`<p>No run yet.</p>`;
  return html`${runs.map(renderRun)}`;
}

function renderRun(run: ReportRun): Html {
  const { id, status, models } = run;
  return html`<article class="run" id="run-${id}" aria-labelledby="run-${id}-title">
<h3 id="run-${id}-title">Run ${id} ${renderBadge(status)}</h3>
${renderFacts(listFacts(run))}
${renderTable(
  `Rows of run ${id}`,
  [
    { title: 'model' },
    { title: 'status' },
    ...['to assign', 'assigned', 'batches', 'reverted'].map((title) => ({ title, kind: 'number' as const })),
  ],
  models.map((each) => [each.model, each.status, each.toAssign, each.assigned, each.batches, each.reverted]),
)}
${renderLog(run)}
</article>
`;
}

function listFacts(run: ReportRun): Fact[] {
  const { started, finished, process, live } = run;
  const waiting = live?.waiting;
  const isStale = run.status === 'running' && !process;
  return [
    ['Rows go to', `${run.ownerModel} ${run.ownerId}`],
    ['Started', renderTime(started)],
    ['Ended', finished ? renderTime(finished) : 'not yet'],
    finished !== null && ['Took', formatDuration(Date.parse(finished) - Date.parse(started))],
    process && ['Worked on by', `process ${process.pid} on ${process.host}: ${process.command}`],
    isStale && ['Worked on by', 'a process that is gone; step 2 carries it on'],
    waiting ? ['Waiting', html`since ${renderTime(waiting.since)}: ${waiting.cause}`] : null,
    ['First batch', plural(run.batchSize, 'row')],
    ['Flags', describeFlags(run.flags)],
    ['Tool', `prisma-ownership ${run.toolVersion}`],
    ['Schema', html`<code>${run.schemaFingerprint.slice(0, 16)}</code>`],
  ];
}

/** The flags as they are typed; "none" where none was. */
export function describeFlags(flags: TypedFlags): Content {
  const typed = Object.entries(flags).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined || value === null || value === false) return [];
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [flag] : [`${flag}=${toFlagValue(value)}`];
  });
  return typed.length > 0 ? html`<code>${typed.join(' ')}</code>` : 'none';
}

/** "A,B", or "Post=authorId,Task=creatorId". */
function toFlagValue(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
  return Object.entries(value)
    .map((pair) => pair.join('='))
    .join(',');
}

function renderLog({ id, events, eventsLeftOut }: ReportRun): Html {
  return html`${renderTable(
    `Log of run ${id}`,
    [
      { title: 'time', kind: 'time' },
      { title: 'what happened', kind: 'long' },
    ],
    events.map(({ time, what }) => [renderTime(time, { isExact: true }), what]),
  )}
${eventsLeftOut > 0 && html`<p class="note">${formatCount(eventsLeftOut)} more between the first and the last ones are in the journal.</p>`}`;
}
