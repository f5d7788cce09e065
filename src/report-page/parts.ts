import { formatCount } from '../report/text.ts';
import { type Content, type Html, html } from './html.ts';

/** A column of a table: its title, and what is in its cells. */
export interface Column {
  title: string;
  kind?: 'number' | 'time' | 'long';
}

/** A cell: a number gets its separators; what is not known is said so by a dash. */
export type Cell = Content;

/** A table that scrolls by itself where the screen is too narrow for it. The first cell of each row is its header. */
export function renderTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Html {
  return wrapTable(
    caption,
    html`<thead><tr>${columns.map(renderHead)}</tr></thead>
<tbody>${rows.map(
      (row) => html`<tr>${row.map((cell, i) => renderCell(cell, columns[i] ?? { title: '' }, i === 0))}</tr>
`,
    )}</tbody>`,
  );
}

/** The frame of a table whose rows are made elsewhere. */
export function wrapTable(caption: string, content: Html): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption>
${content}</table></div>`;
}

export function renderHead({ title, kind = 'long' }: Column): Html {
  return html`<th scope="col" class="${kind}">${title}</th>`;
}

function renderCell(cell: Cell, { kind }: Column, isHead: boolean): Html {
  const content = withSeparators(cell);
  if (isHead) return html`<th scope="row"${kind ? html` class="${kind}"` : null}>${content}</th>`;
  return html`<td${kind ? html` class="${kind}"` : null}>${content}</td>`;
}

/** "2026-11-26 02:36:10 UTC", to the second; `isExact` to the millisecond, as it was given. */
export function renderTime(time: string, { isExact = false } = {}): Html {
  const [, day, clock = '', rest = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(.*)Z$/.exec(time) ?? [];
  const text = day ? `${day} ${clock}${isExact ? rest : ''} UTC` : time;
  return html`<time datetime="${time}">${text}</time>`;
}

/** A sentence in which times are set as everywhere else. */
export function renderProse(text: string): Html {
  const parts = text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/);
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : renderTime(part)))}`;
}

/** A word that says how something is; its colour says it once more. */
export function renderBadge(state: string, word = toWords(state)): Html {
  return html`<span class="badge ${state}">${word}</span>`;
}

/** A remedy: what to do, with the lines that are commands or SQL set off as in a terminal. */
export function renderRemedy(remedy: string): Html | null {
  if (remedy === '') return null;
  const [first = '', ...more] = remedy.split('\n');
  if (more.length === 0) return html`<p class="note">${first}</p>`;
  return html`<p class="note">${first}</p><pre>${more.map((line) => line.replace(/^ {2}/, '')).join('\n')}</pre>`;
}

/** A fact with its name; null or false where there is none to tell. */
export type Fact = readonly [name: string, value: Content] | null | false;

/** Facts by their names. */
export function renderFacts(facts: readonly Fact[]): Html {
  return html`<dl class="facts">${facts.map(
    (fact) => fact && html`<div><dt>${fact[0]}</dt><dd>${withSeparators(fact[1])}</dd></div>`,
  )}</dl>`;
}

/** A section with an id, to be linked to. */
export function renderSection(id: string, title: string, content: Content): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

function withSeparators(content: Content): Content {
  return typeof content === 'number' ? formatCount(content) : content;
}

/** "longestLockMs" as "longest lock ms". */
export function toWords(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
}

/** "1 batch", "15,569 batches". */
export function countBatches(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'batch' : 'batches'}`;
}
