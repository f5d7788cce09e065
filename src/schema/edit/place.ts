import { readBlockAttribute, readField } from './field-line.ts';
import type { ModelLine } from './lines.ts';

/** Lines to be put before and after a line. */
export interface Insertion {
  line: ModelLine;
  before: string[];
  after: string[];
}

/** The line after which fields go: the last field's, or where the comment behind it ends; null where that is outside. */
export function findFieldPlace(lines: readonly ModelLine[]): ModelLine | null {
  const last = lines.findLastIndex((line) => readField(line) !== null);
  return last < 0 ? null : findCommentEnd(lines, last);
}

/** The lines up to the last field from the last empty one: Prisma's formatter aligns them. */
export function listLastGroup(lines: readonly ModelLine[]): ModelLine[] {
  const last = lines.findLastIndex((line) => readField(line) !== null);
  const from = lines.slice(0, last).findLastIndex(({ text }) => text.trim() === '');
  return lines.slice(from + 1, last + 1);
}

/**
 * Where an index goes: behind the other keys and indexes, else ahead of the other block attributes and the comments above
 * them, else behind an empty line at the end.
 */
export function placeIndex(lines: readonly ModelLine[], index: string): Insertion | null {
  const attributes = lines.filter((line) => readBlockAttribute(line) !== null);
  const indent = ({ text }: ModelLine) => /^\s*/.exec(text)?.[0] ?? '';
  const isKey = (line: ModelLine) => /^(id|unique|index|fulltext)$/.test(readBlockAttribute(line) ?? '');
  const key = attributes.findLast(isKey);
  if (key) {
    const line = findCommentEnd(lines, lines.indexOf(key));
    return line && { line, before: [], after: [indent(key) + index] };
  }
  const [first] = attributes;
  if (first) {
    let at = lines.indexOf(first);
    while (at > 0 && (lines[at - 1]?.runsOn || isComment(lines[at - 1]))) at--;
    const line = lines[at] ?? first;
    return { line, before: [indent(first) + index], after: [] };
  }
  const last = lines.findLast(({ text }) => text.trim() !== '');
  const field = lines.findLast((line) => readField(line) !== null);
  if (!last || !field || last.runsOn) return null;
  return { line: last, before: [], after: ['', indent(field) + index] };
}

function findCommentEnd(lines: readonly ModelLine[], from: number): ModelLine | null {
  return lines.slice(from).find(({ runsOn }) => !runsOn) ?? null;
}

/** Whether a line holds comments and nothing else. */
function isComment(line: ModelLine | undefined): boolean {
  return line !== undefined && line.code.trim() === '' && line.text.trim() !== '';
}
