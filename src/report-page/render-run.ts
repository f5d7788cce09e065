import { formatCount, formatDuration, plural } from '../report/text.ts';
import type { TypedFlags } from '../typed-flags.ts';
import { type Content, type Html, html } from './html.ts';
import { renderBadge, renderFacts, renderTable, renderTime } from './parts.ts';
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

function listFacts(run: ReportRun): [string, Content][] {
  const {
    ownerModel,
    ownerId,
    started,
    finished,
    process,
    batchSize,
    flags,
    toolVersion,
    schemaFingerprint,
    live,
  } = run;
  const stale = run.status === 'running' && !process ? 'its process is gone; step 2 carries it on' : null;
  return [
    ['Rows go to', `${ownerModel} ${ownerId}`],
    ['Started', renderTime(started)],
    ['Ended', finished ? renderTime(finished) : 'not yet'],
    ...(finished
      ? [['Took', formatDuration(Date.parse(finished) - Date.parse(started))] as [string, Content]]
      : []),
    ...(process
      ? [
          ['Worked on by', `process ${process.pid} on ${process.host}: ${process.command}`] as [
            string,
            Content,
          ],
        ]
      : []),
    ...(live?.waiting
      ? [
          ['Waiting', html`since ${renderTime(live.waiting.since)}: ${live.waiting.cause}`] as [
            string,
            Content,
          ],
        ]
      : []),
    ...(stale ? [['Worked on by', stale] as [string, Content]] : []),
    ['First batch', plural(batchSize, 'row')],
    ['Flags', describeFlags(flags)],
    ['Tool', `prisma-ownership ${toolVersion}`],
    ['Schema', html`<code>${schemaFingerprint.slice(0, 16)}</code>`],
  ];
}

/** The flags as they are typed; "none" where none was. */
export function describeFlags(flags: TypedFlags): Content {
  const typed = Object.entries(flags).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    const text =
      typeof value === 'object' && !Array.isArray(value)
        ? Object.entries(value)
            .map(([model, column]) => `${model}=${column}`)
            .join(',')
        : String(value);
    return [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${text}`];
  });
  return typed.length > 0 ? html`<code>${typed.join(' ')}</code>` : 'none';
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
