import { plural } from '../report/text.ts';
import type { Finding } from '../ownership/findings.ts';
import { type Html, html } from './html.ts';
import {
  type Fact,
  renderBadge,
  renderFacts,
  renderHead,
  renderTable,
  renderTime,
  toWords,
  wrapTable,
} from './parts.ts';
import { renderFindings } from './render-findings.ts';
import { type Fields, isFields, isListOfFields, renderUnknown } from './render-unknown.ts';
import type { ReportAnswer } from './report-data.ts';

type Rehearsal = ReportAnswer['rehearsals'][number];

const MIB = 1024 * 1024;
const MOST_DIFFERENCES = 100;
const HELD = { done: 'every part held', failed: 'a part did not hold' };

/** Rehearsals, the newest first. Their answers are those of whichever release made them: what is not known of them is shown as it is. */
export function renderRehearsals(rehearsals: readonly Rehearsal[]): Html {
  if (rehearsals.length === 0)
    return html`<p>Nothing was rehearsed with <code>migration:rehearse</code>.</p>`;
  return html`${rehearsals.map(renderRehearsal)}`;
}

function renderRehearsal({ time, ok, userId, host, answer }: Rehearsal): Html {
  const state = ok ? 'done' : 'failed';
  const isKnown = isFields(answer) && isListOfFields(answer.parts);
  return html`<article class="run">
<h3>Rehearsal of ${renderTime(time)} ${renderBadge(state, HELD[state])}</h3>
${renderFacts([['Rows went to', userId], ['On', host], ...(isKnown ? listFacts(answer) : [])])}
${isKnown ? renderKnown(answer) : renderUnknown(answer)}
</article>
`;
}

function listFacts({ copied, elapsedMs }: Fields): Fact[] {
  const { backup, taken, tables, rows } = isFields(copied) ? copied : ({} as Fields);
  const isCounted = typeof tables === 'number' && typeof rows === 'number';
  return [
    ['Copied', typeof backup === 'string' ? `the backup ${backup}` : 'the database itself'],
    typeof taken === 'string' && ['As it was at', renderTime(taken)],
    isCounted && ['Was', `${plural(tables, 'table')} with ${plural(rows, 'row')}`],
    typeof elapsedMs === 'number' && ['Took', `${toSeconds(elapsedMs)} s`],
  ];
}

function renderKnown({ parts, proof, findings }: Fields): Html {
  const listed = isListOfFields(parts) ? parts : [];
  return html`${renderTable(
    'Parts of the rehearsal',
    [{ title: 'part' }, { title: 'result' }, { title: 'seconds', kind: 'number' }],
    listed.map(({ part, state, elapsedMs }) => [toTitle(part), toWords(String(state)), toSeconds(elapsedMs)]),
  )}
${renderMeasures(listed)}
${isFields(proof) && renderConservation(proof)}
${Array.isArray(findings) && findings.length > 0 && html`<h4>Findings</h4>${renderFindings(findings.filter(isFinding))}`}`;
}

/** What each part took for each model, and what that makes for production. */
function renderMeasures(parts: readonly Fields[]): Html | null {
  const measures = parts.flatMap(({ part, models }) =>
    isListOfFields(models) ? models.map((measure) => ({ part, measure })) : [],
  );
  if (measures.length === 0) return null;
  const number = (title: string) => renderHead({ title, kind: 'number' });
  const titles = ['rows', 'seconds', 'longest lock s', 'growth MiB'];
  const cells = (measure: unknown) => {
    const { rows, elapsedMs, longestLockMs, growthBytes } = isFields(measure) ? measure : ({} as Fields);
    const growth = typeof growthBytes === 'number' ? (growthBytes / MIB).toFixed(2) : '–';
    const texts = [toCount(rows), toSeconds(elapsedMs), toSeconds(longestLockMs), growth];
    return texts.map((text, i) => html`<td class="number${i === 0 && ' group'}">${text}</td>`);
  };
  return html`${wrapTable(
    'What it took, and what it may take in production',
    html`<thead><tr><td colspan="2"></td><th scope="colgroup" colspan="4" class="number">on the copy</th>
<th scope="colgroup" colspan="4" class="number">in production (an estimate)</th></tr>
<tr>${renderHead({ title: 'part' })}${renderHead({ title: 'model' })}${[...titles, ...titles].map(number)}</tr></thead>
<tbody>${measures.map(
      ({ part, measure }) => html`<tr><th scope="row">${toTitle(part)}</th>
<td>${typeof measure.model === 'string' ? measure.model : 'all at once'}</td>${cells(measure)}${cells(measure.production)}</tr>
`,
    )}</tbody>`,
  )}
<p class="note">Estimates are scaled by the rows that production had then; production may be busier. The longest lock is that of the longest statement or
batch that writers have to wait for.</p>`;
}

/** The proof over every table: that no column but the owner's changed. */
function renderConservation({ tables, differences }: Fields): Html | null {
  if (!isListOfFields(tables) || tables.length === 0)
    return html`<p>Nothing was proved: the rehearsal did not come so far.</p>`;
  const differing = isListOfFields(differences) ? differences.slice(0, MOST_DIFFERENCES) : [];
  return html`${renderTable(
    'Every table, without the owner columns, before and after each part',
    [
      { title: 'table' },
      { title: 'rows', kind: 'number' },
      { title: 'is as it was' },
      { title: 'digest', kind: 'long' },
    ],
    tables.map(({ table, rows, same, digest }) => [
      String(table),
      toCount(rows),
      same === true ? 'yes' : 'no',
      html`<code>${String(digest)}</code>`,
    ]),
  )}${
    differing.length > 0 &&
    renderTable(
      'What changed beside owners',
      [{ title: 'table' }, { title: 'after' }, { title: 'rows, by their keys', kind: 'long' }],
      differing.map(({ table, after, keys }) => [String(table), toTitle(after), JSON.stringify(keys ?? [])]),
    )
  }`;
}

function isFinding(value: unknown): value is Finding {
  return (
    isFields(value) &&
    ['severity', 'code', 'message', 'remedy'].every((key) => typeof value[key] === 'string') &&
    (value.model === null || typeof value.model === 'string')
  );
}

/** "step3Again" as "step 3 again". */
function toTitle(part: unknown): string {
  return toWords(String(part)).replace(/([a-z])(\d)/g, '$1 $2');
}

function toCount(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : '–';
}

function toSeconds(milliseconds: unknown): string {
  return typeof milliseconds === 'number' ? (milliseconds / 1000).toFixed(3) : '–';
}
