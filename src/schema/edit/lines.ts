import type { SchemaFile } from '../normalise.ts';
import { BLOCK_END, BLOCK_START, blankComments, findComments } from '../scan.ts';

/** A line inside of a model's braces. */
export interface ModelLine {
  model: string;
  /** Its place: the file's number, and its own in the file. */
  file: number;
  number: number;
  /** As it stands in the file, without its end. */
  text: string;
  /** The same with comments blanked: every sign keeps its place. */
  code: string;
  /** Whether a comment of the line before goes on in it, and one of its own in the next: nothing can be put between. */
  startsWithin: boolean;
  runsOn: boolean;
}

/**
 * Changes lines inside of models; all else stays byte for byte: line ends, a byte order mark, comments between blocks.
 * Several lines for one end as it did, and none takes its end away with it.
 */
export function changeModelLines(
  files: readonly SchemaFile[],
  change: (line: ModelLine) => string | readonly string[],
): SchemaFile[] {
  return files.map(([path, text], file) => {
    // With its ends captured, every other part is a line.
    const parts = text.split(/(\r\n|\r|\n)/);
    const changed = [...parts];
    for (const line of readModelLines(text, file)) {
      const at = line.number * 2;
      const lines = [change(line)].flat();
      changed[at] = lines.join(parts[at + 1]);
      if (lines.length === 0) changed[at + 1] = '';
    }
    return [path, changed.join('')];
  });
}

/** Every line inside of a model, in order. */
export function listModelLines(files: readonly SchemaFile[]): ModelLine[] {
  return files.flatMap(([, text], file) => readModelLines(text, file));
}

function readModelLines(text: string, file: number): ModelLine[] {
  const texts = text.split(/\r\n|\r|\n/);
  const codes = blankComments(text).split(/\r\n|\r|\n/);
  const running = listRunningOn(text);
  let model: string | null = null;
  return codes.flatMap((code, number) => {
    if (model !== null && BLOCK_END.test(code)) model = null;
    if (model !== null) {
      const comments = { startsWithin: running.has(number - 1), runsOn: running.has(number) };
      return [{ model, file, number, text: texts[number] ?? '', code, ...comments }];
    }
    const [, kind, name] = BLOCK_START.exec(code) ?? [];
    if (kind === 'model' && name !== undefined) model = name;
    return [];
  });
}

/** The numbers of the lines that end within a comment. */
function listRunningOn(text: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  let [number, from] = [0, 0];
  for (const [start, end] of findComments(text)) {
    number += countEnds(text.slice(from, start));
    for (const last = number + countEnds(text.slice(start, end)); number < last; number++)
      numbers.add(number);
    from = end;
  }
  return numbers;
}

function countEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
