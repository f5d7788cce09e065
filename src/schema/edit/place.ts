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
  const [first] = attributes;
  const start = first && findCommentStart(lines, lines.indexOf(first));
  if (first && start && !attributes.some(isKey))
    return { line: start, before: [indent(first) + index], after: [] };
  const behind = attributes.findLast(isKey) ?? first;
  if (behind) {
    const line = findCommentEnd(lines, lines.indexOf(behind));
    return line && { line, before: [], after: [indent(behind) + index] };
  }
  const last = lines.findLast(({ text }) => text.trim() !== '');
  const field = lines.findLast((line) => readField(line) !== null);
  if (!last || !field || last.runsOn) return null;
  return { line: last, before: [], after: ['', indent(field) + index] };
}

/** The first of the comments directly above a line, or the line; null where that is within one that begins outside. */
function findCommentStart(lines: readonly ModelLine[], from: number): ModelLine | null {
  let at = from;
  while (at > 0 && (lines[at]?.startsWithin || isComment(lines[at - 1]))) at--;
  const line = lines[at];
  return line && !line.startsWithin ? line : null;
}

function findCommentEnd(lines: readonly ModelLine[], from: number): ModelLine | null {
  return lines.slice(from).find(({ runsOn }) => !runsOn) ?? null;
}

/** Whether a line holds comments and nothing else. */
function isComment(line: ModelLine | undefined): boolean {
  return line !== undefined && line.code.trim() === '' && line.text.trim() !== '';
}
