import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileChange } from '../files.ts';

const CONTEXT_LINES = 3;

/** A change as `git apply` reads it, without a line end after it. */
export function renderDiff({ path, before, after }: FileChange): string {
  const patch = createTwoFilesPatch(
    before === null ? '/dev/null' : `a/${path}`,
    after === null ? '/dev/null' : `b/${path}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: CONTEXT_LINES, headerOptions: FILE_HEADERS_ONLY },
  );
  return patch.replace(/\n$/, '');
}
