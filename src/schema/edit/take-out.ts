import { readBlockAttribute } from './field-line.ts';
import type { ModelLine } from './lines.ts';

/** The empty line ahead of the index, where nothing is left behind it. */
export function findEmptyLine(lines: readonly ModelLine[], taken: readonly ModelLine[]): ModelLine[] {
  const isGone = (line: ModelLine) => taken.includes(line) && listComments(line).length === 0;
  const index = lines.findLastIndex((line) => isGone(line) && readBlockAttribute(line) === 'index');
  const isEmpty = (line: ModelLine | undefined) => line?.text.trim() === '';
  const before = lines.slice(0, Math.max(index, 0)).findLast((line) => !isGone(line));
  const isLast = lines.slice(index + 1).every((line) => isGone(line) || isEmpty(line));
  return before && isLast && isEmpty(before) ? [before] : [];
}

/** What is left of a line without its code: its comments, or no line at all. */
export function listComments({ text, code }: ModelLine): string[] {
  const comments: string[] = [];
  let from = 0;
  for (const { 0: word, index } of code.matchAll(/\S+/g)) {
    comments.push(text.slice(from, index).trim());
    from = index + word.length;
  }
  const left = [...comments, text.slice(from).trim()].filter((each) => each !== '').join(' ');
  return left === '' ? [] : [(/^\s*/.exec(text)?.[0] ?? '') + left];
}
