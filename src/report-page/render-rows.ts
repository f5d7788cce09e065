import type { OwnerCounts } from '../ownership/count.ts';
import { formatCount } from '../report/text.ts';
import { type Html, html } from './html.ts';
import { renderHead, wrapTable } from './parts.ts';
import type { RowsByOwner, RowsNow } from './report-data.ts';

const KINDS = [
  { key: 'unowned', word: 'without owner', colour: 'unowned' },
  { key: 'ownedByUser', word: 'of the user', colour: 'mine' },
  { key: 'ownedByOthers', word: 'of others', colour: 'others' },
  { key: 'orphaned', word: 'of no user', colour: 'orphaned' },
] as const;

/** The rows of each model by owner, before and now, one under the other. */
export function renderRows(rows: readonly RowsByOwner[]): Html {
  if (rows.length === 0) return html`<p>No run has counted anything yet.</p>`;
  const columns = ['rows', ...KINDS.map(({ word }) => word)];
  const users = [...new Set(rows.map(({ ownerId }) => ownerId))].join(', ');
  return html`<p class="note">“The user” is ${users}. “Before” is what the first run of a model that was not rolled back counted before its
first change; “now” was counted for this report. “Of no user” are rows whose owner is not among the users.</p>
<ul class="key">${KINDS.map(({ word, colour }) => html`<li><span class="${colour}"></span>${word}</li>`)}</ul>
${wrapTable(
  'Rows by owner, before and now',
  html`<thead><tr>${renderHead({ title: 'model' })}${renderHead({ title: 'when' })}
${columns.map((title) => renderHead({ title, kind: 'number' }))}${renderHead({ title: 'share' })}</tr></thead>
${rows.map(({ model, before, now }) => renderPair(model, before, now))}
${rows.length > 1 ? renderPair('All', sum(rows.map(({ before }) => before)), sumNow(rows), 'total') : null}`,
)}`;
}

function renderPair(model: string, before: OwnerCounts, now: RowsNow | null, look: 'total' | '' = ''): Html {
  return html`<tbody class="pair ${look}"><tr><th scope="rowgroup" rowspan="2">${model}</th>
<th scope="row" class="when cell">before</th>${renderCounts(before)}</tr>
<tr><th scope="row" class="when cell">now</th>${now ? renderCounts(now) : html`<td colspan="6" class="cell">not counted</td>`}</tr></tbody>
`;
}

function renderCounts(counts: RowsNow): Html {
  const numbers = [counts.rows, ...KINDS.map(({ key }) => counts[key])];
  return html`${numbers.map((count) => html`<td class="number cell">${count === null ? '–' : formatCount(count)}</td>`)}
<td class="cell">${renderShare(counts)}</td>`;
}

/** The counts as one bar. It says nothing that the numbers beside it do not. */
function renderShare(counts: RowsNow): Html {
  const parts = KINDS.map(({ key, colour }) => ({ colour, count: counts[key] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
  return html`<div class="share" aria-hidden="true">${parts.map(
    ({ colour, count }) => html`<span class="${colour}" style="flex: ${count}"></span>`,
  )}</div>`;
}

function sum(counts: readonly OwnerCounts[]): OwnerCounts {
  const total = (key: keyof OwnerCounts) => counts.reduce((all, each) => all + each[key], 0);
  return {
    rows: total('rows'),
    unowned: total('unowned'),
    ownedByUser: total('ownedByUser'),
    ownedByOthers: total('ownedByOthers'),
    orphaned: total('orphaned'),
  };
}

/** Null where one of them was not counted. */
function sumNow(rows: readonly RowsByOwner[]): RowsNow | null {
  const counted = rows.flatMap(({ now }) => (now ? [now] : []));
  if (counted.length < rows.length) return null;
  const isKnown = counted.every(({ orphaned }) => orphaned !== null);
  const total = sum(counted.map((each) => ({ ...each, orphaned: each.orphaned ?? 0 })));
  return isKnown ? total : { ...total, orphaned: null };
}
