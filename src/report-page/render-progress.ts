import { formatCount, plural } from '../report/text.ts';
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
${renderReverted(run)}
${renderPlots(run)}
${renderSummaries(run)}
${run.waits.of > 0 && renderWaits(run)}</article>
`,
)}`;
}

/** What a rollback took back, and what it left as it was changed or deleted since. */
function renderReverted({ models, summaries }: ReportRun): Html | false {
  const back = summaries.find(({ work }) => work === 'rollback');
  if (!back) return false;
  const sum = (key: 'assigned' | 'reverted') => models.reduce((all, each) => all + each[key], 0);
  return html`<p>The rollback has taken the owner back from ${plural(sum('reverted'), 'row')} of the ${formatCount(sum('assigned'))} that step 2 had given it to.</p>`;
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
    `Waits of run ${id}${waits.points.length < waits.of ? `, the ${formatCount(waits.points.length)} longest of ${formatCount(waits.of)}` : ''}`,
    [
      { title: 'from', kind: 'time' },
      { title: 'until', kind: 'time' },
      { title: 'seconds', kind: 'number' },
      { title: 'why', kind: 'long' },
    ],
    waits.points.map(({ from, until, seconds, cause }) => [
      renderTime(from),
      renderTime(until),
      seconds.toFixed(1),
      cause,
    ]),
  );
}
