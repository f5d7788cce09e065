import * as errors from '../../src/errors/rehearsal.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of rehearsals. */
export const REHEARSAL_ERRORS: ExpectedTexts<typeof errors> = {
  copyProviderDiffers: {
    error: errors.copyProviderDiffers('--to', 'mysql', 'sqlite'),
    code: 'COPY_PROVIDER_DIFFERS',
    message: `--to is of mysql, and the database of DATABASE_URL is of sqlite: a copy has to be of the same kind.${NOTHING}`,
    remedy: 'Name a server of sqlite, or leave --to out.',
  },
  rehearsalInterrupted: {
    error: errors.rehearsalInterrupted('ana'),
    code: 'REHEARSAL_INTERRUPTED',
    message: 'the rehearsal was stopped by Ctrl-C. Its copies are removed, and nothing else was changed.',
    remedy: `To rehearse:
  npm run migration:rehearse -- ana`,
  },
  rehearsalSpaceShort: {
    error: errors.rehearsalSpaceShort('database or disk is full', CAUSE),
    code: 'REHEARSAL_SPACE',
    message:
      'there is not enough room for a rehearsal, which takes that of a backup and of two copies: database or disk is full.\nIts copies are removed, and nothing else was changed.',
    remedy: 'Make room; or rehearse a backup that is there (--from=FOLDER), or on another server (--to=URL).',
    hasCause: true,
  },
};
