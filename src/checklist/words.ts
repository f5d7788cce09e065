export { countOf } from '../ownership/findings.ts';

/** How many names are told before "and 5 more". */
const MOST_NAMES = 4;

/** "A, B, C, D and 5 more". */
export function listNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return rest > 1 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ');
}
