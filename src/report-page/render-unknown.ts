import { formatCount } from '../report/text.ts';
import { type Content, type Html, html } from './html.ts';
import { renderFacts, renderTable, toWords } from './parts.ts';

/** What is deeper, or longer, is left to `--json`. */
const MOST = { depth: 4, rows: 200, text: 2000 };

/** An object of unknown shape. */
export type Fields = Record<string, unknown>;

/** Any JSON as facts and tables, for answers of another release whose shape is not known here. */
export function renderUnknown(value: unknown, depth = 0): Html | null {
  if (!isFields(value)) return value === null || value === undefined ? null : html`<p>${toText(value)}</p>`;
  const entries = Object.entries(value);
  const facts = entries.filter(([, each]) => isPlain(each));
  return html`${facts.length > 0 && renderFacts(facts.map(([name, each]) => [toWords(name), toCell(each)]))}
${entries.map(([name, each]) => !isPlain(each) && renderPart(name, each, depth))}`;
}

function renderPart(name: string, value: unknown, depth: number): Html | null {
  if (Array.isArray(value) && value.length > 0 && isListOfFields(value)) return renderList(name, value);
  if (Array.isArray(value))
    return value.length > 0 ? html`<p>${toWords(name)}: ${value.map(toText).join(', ')}</p>` : null;
  if (depth >= MOST.depth) return null;
  return html`<h4>${toWords(name)}</h4>${renderUnknown(value, depth + 1)}`;
}

function renderList(name: string, list: readonly Fields[]): Html {
  const keys = [...new Set(list.flatMap((each) => Object.keys(each)))];
  const isNumber = (key: string) => list.every((each) => typeof (each[key] ?? 0) === 'number');
  const shown = list.slice(0, MOST.rows);
  return html`${renderTable(
    toWords(name),
    keys.map((key) => ({ title: toWords(key), ...(isNumber(key) ? { kind: 'number' as const } : {}) })),
    shown.map((each) => keys.map((key) => toCell(each[key]))),
  )}
${list.length > MOST.rows && html`<p class="note">${formatCount(list.length - MOST.rows)} more are in the answer of --json.</p>`}`;
}

function toCell(value: unknown): Content {
  if (typeof value === 'number') return value;
  return value === null || value === undefined ? '–' : toText(value);
}

function toText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatCount(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST.text ? `${text.slice(0, MOST.text)} ...` : text;
}

/** A list of objects, which may be empty. */
export function isListOfFields(value: unknown): value is Fields[] {
  return Array.isArray(value) && value.every(isFields);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
