import type { ToolkitError } from '../errors.ts';
import { NOTHING_CHANGED } from '../errors/toolkit-error.ts';
import { type Finding, warning } from '../ownership/findings.ts';

/** Why there is no checklist. `run` is the run whose flags were taken, where they were. */
export const checklistUnread = (
  { message, remedy }: Pick<ToolkitError, 'message' | 'remedy'>,
  run: string | null,
): Finding => {
  const [fact = ''] = message.split(`\n${NOTHING_CHANGED}`);
  const words = fact.replace(/\s*\n(- )?/g, ' ').replace(/\.$/, '');
  const flags = run === null ? '' : ` with the flags of run ${run}`;
  return warning('CHECKLIST_UNREAD', null, `the checklist cannot be shown${flags}: ${words}`, remedy);
};
