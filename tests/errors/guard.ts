import * as errors from '../../src/errors/guard.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

const HOLDER = { id: '71', user: 'app', state: 'idle in transaction', seconds: 12, statement: 'UPDATE x' };
const FAILED = { model: 'Note', table: 'notes', holders: [], tries: 1, userId: 'ana', cause: CAUSE };
const THEN = `Then type it again, or remove the guards that are there:
  npm run migration:assign -- ana --guard
  npm run migration:cleanup -- --confirm`;

/** What is said where a guard cannot be created or removed. */
export const GUARD_ERRORS: ExpectedTexts<typeof errors> = {
  guardWouldGuess: {
    error: errors.guardWouldGuess([
      { model: 'Note', ownedByOthers: 1200 },
      { model: 'Tag', ownedByOthers: 1 },
    ]),
    code: 'GUARD_WOULD_GUESS',
    message: `a guard gives every row that comes without an owner to one user, and others own rows already:
  Note: 1,200 of others
  Tag: 1 of others${NOTHING}`,
    remedy: 'Assign without --guard, or leave these models out with --exclude or --models.',
  },
  guardFailed: {
    error: errors.guardFailed({
      ...FAILED,
      words: 'canceling',
      created: ['Tag'],
      holders: [HOLDER],
      tries: 6,
    }),
    code: 'GUARD_FAILED',
    message: `the guard of Note could not be created on the table "notes", in 6 tries: canceling.
Locks are held by process 71 of app (idle in transaction) for 12 seconds; its last statement: UPDATE x
The guards of Tag are there and stay. No row was assigned.`,
    remedy: `Remove the cause, or assign without --guard.\n${THEN}`,
    hasCause: true,
  },
  guardStays: {
    error: errors.guardStays({
      ...FAILED,
      words: 'canceling',
      removed: ['Tag'],
      holders: [HOLDER],
      tries: 6,
    }),
    code: 'GUARD_STAYS',
    message: `the guard of Note could not be removed from the table "notes", in 6 tries: canceling.
Locks are held by process 71 of app (idle in transaction) for 12 seconds; its last statement: UPDATE x
The guards of Tag are removed. This one stays and works; no row was changed since.`,
    remedy: `Type the command again once nothing is in the way. To see the guards:
  npm run migration:status`,
    hasCause: true,
  },
};
