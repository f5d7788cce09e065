import * as errors from '../../src/errors/cleanup.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said before guards and the journal are removed. */
export const CLEANUP_ERRORS: ExpectedTexts<typeof errors> = {
  cleanupUnconfirmed: {
    error: errors.cleanupUnconfirmed(['the guard of Note', 'the journal'], true),
    code: 'CLEANUP_UNCONFIRMED',
    message: `cleanup cannot be undone, so it must be confirmed. It would remove:
  the guard of Note
  the journal.${NOTHING}`,
    remedy: `To see what it would do, and to do it:
  npm run migration:cleanup -- --dry-run --journal
  npm run migration:cleanup -- --confirm --journal`,
  },
  journalInUse: {
    error: errors.journalInUse({ run: '7f3a', status: 'paused', assign: 'npm run migration:assign ana' }),
    code: 'JOURNAL_IN_USE',
    message: `the journal cannot be removed: run 7f3a is paused, and needs it to be carried on or undone.${NOTHING}`,
    remedy: `Finish the run, or roll it back:
  npm run migration:assign ana
  npm run migration:rollback -- --confirm --run 7f3a`,
  },
  journalShared: {
    error: errors.journalShared(['app', 'shop']),
    code: 'JOURNAL_SHARED',
    message: `the journal cannot be removed: in the same database, the schemas "app", "shop" have runs, guards or ticks that need it.${NOTHING}`,
    remedy: `To remove only the guards of this one:
  npm run migration:cleanup -- --confirm`,
  },
};
