import * as errors from '../../src/errors/isolation.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said where the list of models cannot be put. */
export const ISOLATION_ERRORS: ExpectedTexts<typeof errors> = {
  listNotReplaced: {
    error: errors.listNotReplaced('src/db.ts'),
    code: 'LIST_NOT_REPLACED',
    message: `src/db.ts was not written by this command, and is not replaced.${NOTHING}`,
    remedy: `To write the list elsewhere:
  npm run migration:isolation -- --generate=src/for-user.ts`,
  },
  listNotCode: {
    error: errors.listNotCode('src/db'),
    code: 'LIST_NOT_CODE',
    message: `src/db is no name of a TypeScript or JavaScript file.${NOTHING}`,
    remedy: `To write the list:
  npm run migration:isolation -- --generate=src/for-user.ts`,
  },
  isolationModeMissing: {
    error: errors.isolationModeMissing(),
    code: 'ISOLATION_MODE_MISSING',
    message: `migration:isolation has to be told what to do.${NOTHING}`,
    remedy: `To write the list of models for the application:
  npm run migration:isolation -- --generate=src/for-user.ts`,
  },
};
