import { formatCount, formatDuration, plural } from '../report/text.ts';
import type { TypedFlags } from '../typed-flags.ts';
import { type Content, type Html, html } from './html.ts';
import { renderBadge, renderFacts, renderHead, renderTable, renderTime, wrapTable } from './parts.ts';
import { renderPlots } from './render-plots.ts';
import type { BatchSummary, ReportRun } from './report-data.ts';

/** The runs, each with its numbers, its plots and its log. */
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
${renderPlots(run)}
${run.summaries.length > 0 && renderSummaries(run)}
${run.waits.length > 0 && renderWaits(run)}
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

function renderSummaries({ id, summaries }: ReportRun): Html {
  const number = (title: string) => renderHead({ title, kind: 'number' });
  const cell = (value: string | number) =>
    html`<td class="number">${typeof value === 'number' ? formatCount(value) : value}</td>`;
  const row = ({ work, batches, rows, rowsPerSecond, seconds, rowsPerBatch }: BatchSummary) => html`<tr>
<th scope="row">${work === 'assign' ? 'step 2' : 'rollback'}</th>${[batches, rows, rowsPerSecond ?? '–'].map(cell)}
${[seconds.median, seconds.p95, seconds.longest].map((each) => cell(each.toFixed(3)))}
${[rowsPerBatch.least, rowsPerBatch.median, rowsPerBatch.most].map(cell)}</tr>
`;
  return html`${wrapTable(
    `Batches of run ${id}`,
    html`<thead><tr><td colspan="4"></td><th scope="colgroup" colspan="3" class="number">seconds a batch</th>
<th scope="colgroup" colspan="3" class="number">rows a batch</th></tr>
<tr>${renderHead({ title: 'work' })}${['batches', 'rows', 'rows a second', 'median', '95 % below', 'longest', 'least', 'median', 'most'].map(number)}</tr></thead>
<tbody>${summaries.map(row)}</tbody>`,
  )}
<p class="note">A batch is one short transaction. Its time goes from the commit before it, or from the start of the process, to its own commit: pauses after
a batch (--pause-ms, --rate) and tries that failed are in it, waits that the log tells of are not.</p>`;
}

function renderWaits({ id, waits }: ReportRun): Html {
  return renderTable(
    `Waits of run ${id}`,
    [
      { title: 'from', kind: 'time' },
      { title: 'until', kind: 'time' },
      { title: 'seconds', kind: 'number' },
      { title: 'why', kind: 'long' },
    ],
    waits.map(({ from, until, seconds, cause }) => [
      renderTime(from),
      renderTime(until),
      seconds.toFixed(1),
      cause,
    ]),
  );
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
