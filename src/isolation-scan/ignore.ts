import type { Comment } from '@babel/types';
import type { Finding } from '../ownership/findings.ts';
import type { FoundCall } from './calls.ts';
import { ignoreUnused, ignoreWithoutReason } from './findings.ts';

/** A comment that says why a call is not scoped. */
interface Ignore {
  line: number;
  /** Empty where none is given. */
  reason: string;
  /** The lines whose calls it is about: its own, or the first one below it that is no comment. */
  lines: readonly number[];
}

const WORD = /^[\s*]*ownership-ignore(?![\w-])\s*:?\s*([\s\S]*?)\s*$/;

/** Lists the comments of a file that begin with `ownership-ignore`. */
function listIgnores(comments: readonly Comment[], text: string): Ignore[] {
  const found = comments.filter(({ value }) => WORD.test(value));
  if (found.length === 0) return [];
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const commented = listCommentLines(comments, lines);
  return found.flatMap(({ value, loc }) => {
    if (!loc) return [];
    const reason = (WORD.exec(value)?.[1] ?? '').replace(/\s*\n[\s*]*/g, ' ');
    const { line } = loc.start;
    if (!commented.has(line)) return [{ line, reason, lines: [line] }];
    let below = loc.end.line + 1;
    while (commented.has(below)) below++;
    return [{ line, reason, lines: [below] }];
  });
}

/** Lines on which there is nothing but comments. */
function listCommentLines(comments: readonly Comment[], lines: readonly string[]): Set<number> {
  const found = new Set<number>();
  for (const { loc } of comments) {
    if (!loc) continue;
    const { start, end } = loc;
    // In JSX a comment stands in braces.
    const before = (lines[start.line - 1] ?? '').slice(0, start.column);
    const after = (lines[end.line - 1] ?? '').slice(end.column);
    if (!/^[\s{]*$/.test(before) || !/^[\s}]*$/.test(after)) continue;
    for (let line = start.line; line <= end.line; line++) found.add(line);
  }
  return found;
}

/** A call, with the reason that it is let pass for. */
export type IgnoredCall = Omit<FoundCall, 'operationLine'> & { ignored?: string };

/** Takes comments and calls of a file together. A comment without a reason, or at no call, is a finding. */
export function applyIgnores(
  calls: readonly FoundCall[],
  { comments, text, file }: { comments: readonly Comment[]; text: string; file: string },
): { calls: IgnoredCall[]; findings: Finding[] } {
  const ignores = listIgnores(comments, text);
  const used = new Set<Ignore>();
  const applied = calls.map(({ operationLine, ...call }): IgnoredCall => {
    const found = ignores.filter(({ lines }) => lines.includes(call.line) || lines.includes(operationLine));
    for (const each of found) used.add(each);
    const reason = found.find((each) => each.reason !== '')?.reason;
    return reason === undefined ? call : { ...call, ignored: reason };
  });
  const findings = ignores.flatMap((each) => {
    const place = `${file}:${each.line}`;
    if (each.reason === '') return [ignoreWithoutReason(place)];
    return used.has(each) ? [] : [ignoreUnused(place)];
  });
  return { calls: applied, findings };
}
