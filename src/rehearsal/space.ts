import { classifyFailure } from '../database/driver-errors.ts';
import { rehearsalSpaceShort, ToolkitError } from '../errors.ts';

/** What the databases, their tools and the system say. */
const FULL = /no space left|disk (is )?full|disk quota exceeded|the table '.*' is full/i;
const CODES = ['SPACE_SHORT', 'DISK_FULL', 'REHEARSAL_SPACE'];

/** Whether an error is of a disk that is full, which says nothing of what was rehearsed. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof ToolkitError && CODES.includes(error.code)) return true;
  return FULL.test(wordsOf(error));
}

/** The same as an error that the operator can act upon; every other one comes back as it is. */
export function explainSpace(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  const [words = ''] = wordsOf(error).split('\n');
  return rehearsalSpaceShort(words.replace(/\.$/, ''), error);
}

function wordsOf(error: unknown): string {
  return error instanceof ToolkitError ? error.message : classifyFailure(error).words;
}
