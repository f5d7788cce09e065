import { formatCount } from '../report/text.ts';
import { type Html, html } from './html.ts';
import { renderBadge, renderHead, renderTable, renderTime, wrapTable } from './parts.ts';
import { renderPlots } from './render-plots.ts';
import type { BatchSummary, ReportRun } from './report-data.ts';

/** How each run went: its plots, its batches in numbers, and its waits. */
export function renderProgress(runs: readonly ReportRun[]): Html {
  const begun = runs.filter(({ summaries }) => summaries.length > 0);
  if (begun.length === 0) return html`<p>No batch was committed yet.</p>`;
  return html`<p class="note">A batch is one short transaction. Its time goes from the commit before it, or from the start of the process, to its own
commit: pauses after a batch (--pause-ms, --rate) and tries that failed are in it, waits that the log tells of are not.</p>
${begun.map(
  (run) => html`<article class="run"><h3>Run ${run.id} ${renderBadge(run.status)}</h3>
${renderPlots(run)}
${renderSummaries(run)}
${run.waits.length > 0 && renderWaits(run)}</article>
`,
)}`;
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
  return wrapTable(
    `Batches of run ${id}`,
    html`<thead><tr><td colspan="4"></td><th scope="colgroup" colspan="3" class="number">seconds a batch</th>
<th scope="colgroup" colspan="3" class="number">rows a batch</th></tr>
<tr>${renderHead({ title: 'work' })}${['batches', 'rows', 'rows a second', 'median', '95 % below', 'longest', 'least', 'median', 'most'].map(number)}</tr></thead>
<tbody>${summaries.map(row)}</tbody>`,
  );
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
