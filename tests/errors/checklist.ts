import * as errors from '../../src/errors/checklist.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said before a line of the checklist is ticked. */
export const CHECKLIST_ERRORS: ExpectedTexts<typeof errors> = {
  noteMissing: {
    error: errors.noteMissing('app', 'npm run migration:status -- --tick=app --note="what was tried"'),
    code: 'NOTE_MISSING',
    message: `--tick=app has no note: a tick says that a person has seen to it, and the note is what proves it.${NOTHING}`,
    remedy: `With a note in words of your own:
  npm run migration:status -- --tick=app --note="what was tried"`,
  },
  tickNotWritable: {
    error: errors.tickNotWritable('the server is read-only'),
    code: 'TICK_NOT_WRITABLE',
    message: `a tick is kept in the journal, which cannot be written: the server is read-only.${NOTHING}`,
    remedy: 'Use a role and a server in DATABASE_URL that can write, and can keep the journal.',
  },
};
