import { formatCount } from '../report/text.ts';
import { type Html, html } from './html.ts';
import { countBatches, renderTable, renderTime } from './parts.ts';
import { planPlots, type RunPlots } from './plot-data.ts';
import type { ReportRun, Series } from './report-data.ts';

/** The two plots of a run, each with its numbers as a table, for those who see no plot; nothing where there is no batch. */
export function renderPlots(run: ReportRun): Html | null {
  const plots = planPlots(run);
  if (!plots) return null;
  const { batches, waits, id } = run;
  const shaded = waits.of > 0 ? ' Shaded: waits.' : '';
  return html`${renderPlot({
    kind: 'progress',
    run: id,
    caption: `Progress of run ${id}: rows changed and not rolled back.${shaded}`,
    what: `A curve from 0 to ${formatCount(Math.max(...plots.progress.rows))} rows.`,
    table: renderProgressTable(run, plots),
  })}${renderPlot({
    kind: 'batches',
    run: id,
    caption: `Batch times of run ${id}: from one commit to the next, waits left out.${describeExtremes(batches)}${shaded}`,
    what: `${countBatches(batches.of)}, each a dot at its commit.`,
    table: renderBatchTable(run, plots),
  })}`;
}

function renderProgressTable({ id, progress }: ReportRun, plots: RunPlots): Html {
  return renderTable(
    `Progress of run ${id}${describeThinning(progress)}`,
    [
      { title: 'time', kind: 'time' },
      { title: `${plots.unit} since the start`, kind: 'number' },
      { title: 'rows', kind: 'number' },
    ],
    progress.points.map(({ time, rows }, i) => [
      renderTime(time, { isExact: true }),
      plots.progress.x[i] ?? null,
      rows,
    ]),
  );
}

function renderBatchTable({ id, batches }: ReportRun, plots: RunPlots): Html {
  return renderTable(
    `Batch times of run ${id}${describeThinning(batches)}`,
    [
      { title: 'commit', kind: 'time' },
      { title: `${plots.unit} since the start`, kind: 'number' },
      { title: 'work' },
      { title: 'model' },
      { title: 'rows', kind: 'number' },
      { title: 'seconds', kind: 'number' },
    ],
    batches.points.map(({ time, work, model, rows, seconds }, i) => [
      renderTime(time, { isExact: true }),
      plots.batches.x[i] ?? null,
      work === 'assign' ? 'step 2' : 'rollback',
      model,
      rows,
      seconds.toFixed(3),
    ]),
  );
}

interface PlotFigure {
  kind: 'progress' | 'batches';
  run: string;
  caption: string;
  /** For those who hear it. */
  what: string;
  table: Html;
}

function renderPlot({ kind, run, caption, what, table }: PlotFigure): Html {
  return html`<figure class="plot"><figcaption>${caption}</figcaption>
<div class="canvas" data-plot="${kind}" data-run="${run}" role="img" aria-label="${caption} ${what} The table below has the numbers."></div>
<details><summary>These numbers as a table</summary>${table}</details></figure>
`;
}

/** A cloud of dots is thinned to its upper and its lower edge. */
function describeExtremes({ of, points }: Series<unknown>): string {
  if (points.length === of) return '';
  return ` Of ${formatCount(of)} batches the quickest and the slowest of each stretch are drawn.`;
}

function describeThinning({ of, points }: Series<unknown>): string {
  if (points.length === of) return '';
  return ` (${formatCount(points.length)} of ${formatCount(of)} points, with every extreme of its stretch)`;
}
