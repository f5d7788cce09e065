import { plural } from '../report/text.ts';
import { type Html, html } from './html.ts';
import { countBatches, renderTable } from './parts.ts';
import type { ReportRun } from './report-data.ts';

/** What is proved of each run: that nothing but the owner changed in the rows of its batches. */
export function renderProof(runs: readonly ReportRun[]): Html {
  const proved = runs.flatMap(({ id, proof }) => (proof ? [{ id, proof }] : []));
  if (proved.length === 0)
    return html`<p>No batch was proved: step 2 was not started with <code>--proof</code>.</p>`;
  return html`<p class="note">A digest of every column but the owner's was computed of each row before and after its batch, inside the batch's own
transaction. A batch is committed only where both are equal.</p>
${proved.map(({ id, proof }) => {
  const { rows, batches, unprovedRows, models } = proof;
  return html`<p>Run ${id}: nothing but the owner changed in ${plural(rows, 'row')} (${countBatches(batches)}).${
    unprovedRows > 0 &&
    ` ${plural(unprovedRows, 'row')} of this run ${unprovedRows === 1 ? 'is' : 'are'} not proved.`
  }</p>
${renderTable(
  `Proof of run ${id}`,
  [{ title: 'model' }, { title: 'rows', kind: 'number' }, { title: 'digest', kind: 'long' }],
  models.map(({ model, rows: each, digest }) => [model, each, html`<code>${digest}</code>`]),
)}`;
})}`;
}
