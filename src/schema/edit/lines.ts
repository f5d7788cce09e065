import type { SchemaFile } from '../normalise.ts';
import { BLOCK_END, BLOCK_START, blankComments } from '../scan.ts';

/** A line inside of a model's braces. */
export interface ModelLine {
  model: string;
  /** As it stands in the file, without its end. */
  text: string;
  /** The same with comments blanked: every sign keeps its place. */
  code: string;
}

/** Changes lines inside of models; all else stays byte for byte: line ends, a byte order mark, comments between blocks. */
export function changeModelLines(
  files: readonly SchemaFile[],
  change: (line: ModelLine) => string,
): SchemaFile[] {
  return files.map(([path, text]) => {
    const codes = blankComments(text).split(/\r\n|\r|\n/);
    let model: string | null = null;
    // With its ends captured, every other part is a line.
    const parts = text.split(/(\r\n|\r|\n)/).map((part, i) => {
      const code = codes[i / 2];
      if (i % 2 === 1 || code === undefined) return part;
      if (model !== null && BLOCK_END.test(code)) model = null;
      if (model !== null) return change({ model, text: part, code });
      const [, kind, name] = BLOCK_START.exec(code) ?? [];
      if (kind === 'model' && name !== undefined) model = name;
      return part;
    });
    return [path, parts.join('')];
  });
}
