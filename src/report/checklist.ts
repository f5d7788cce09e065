import type { StatusAnswer } from '../commands/results.ts';
import { formatCount, type Painter, toLine } from './text.ts';

type Line = NonNullable<StatusAnswer['checklist']>[number];

/** The states as people read them; meaning never depends on a colour. */
export const STATES: Record<Line['state'], string> = {
  done: 'done',
  open: 'open',
  failed: 'failed',
  notApplicable: 'n/a',
};
/** As wide as most terminals, so that nothing is folded in the middle of a word. */
const COLUMNS = 100;

/** The lines by their parts, with what proves each beside it. */
export function renderChecklist(lines: readonly Line[], time: string, paint: Painter): string[] {
  const title = Math.max(...lines.map((line) => line.title.length));
  const indent = 4 + 'failed'.length + 2 + title + 2;
  const colours = { done: paint.green, open: paint.yellow, failed: paint.red, notApplicable: paint.dim };
  return [
    `${paint.bold('Checklist')}, ${countStates(lines)}, read at ${time}`,
    ...groupByPart(lines).flatMap(([part, group]) => [
      `  ${part}`,
      ...group.flatMap((line) => {
        const [first = '', ...more] = fold(toLine(line.proof), COLUMNS - indent);
        const state = colours[line.state](STATES[line.state].padEnd('failed'.length));
        return [
          `    ${state}  ${line.title.padEnd(title)}  ${first}`,
          ...more.map((words) => ' '.repeat(indent) + words),
        ];
      }),
    ]),
  ];
}

/** "9 done, 12 open, 1 failed, 1 n/a": those that there are. */
export function countStates(lines: readonly Line[]): string {
  return Object.entries(STATES)
    .map(([state, word]) => [lines.filter((line) => line.state === state).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`)
    .join(', ');
}

/** The parts with their lines, in the checklist's order. */
export function groupByPart(lines: readonly Line[]): [part: string, lines: Line[]][] {
  const parts = [...new Set(lines.map(({ part }) => part))];
  return parts.map((part) => [part, lines.filter((line) => line.part === part)]);
}

/** Breaks a text between words; a word that is longer than a line stays whole. */
function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = lines.at(-1);
    const isFitting = last !== undefined && last.length + 1 + word.length <= width;
    if (isFitting) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
