import type { Run } from '../ownership/journal.ts';
import { stepCommand } from '../typed-flags.ts';

export { countOf } from '../ownership/findings.ts';

/** How many names are told before "and 5 more". */
const MOST_NAMES = 4;

/** "A, B, C, D and 5 more". */
export function listNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return rest > 1 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ');
}

/** The command of a step for a run's user and every model: the checklist is about all, and the run may have been about some. */
export function stepForAll(
  step: Parameters<typeof stepCommand>[0],
  { ownerId, flags }: Pick<Run, 'ownerId' | 'flags'>,
): string {
  return stepCommand(step, ownerId, { ...flags, models: undefined });
}
