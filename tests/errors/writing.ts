import * as errors from '../../src/errors/writing.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

const HOLDER = 'rollback of run 7f3a (process 12 on web-1, last seen 2024-01-01T00:00:00.000Z)';
const TO_USERS = 'To see the users:\n  npm run migration:list-users';
const TO_RUNS = 'To see the runs:\n  npm run migration:status';

/** What is said before, while and after rows are written. */
export const WRITING_ERRORS: ExpectedTexts<typeof errors> = {
  ownerTableMissing: {
    error: errors.ownerTableMissing('User', 'users', 'id'),
    code: 'OWNER_TABLE_MISSING',
    message: `the database has no table "users" with a column "id" for the model User.${NOTHING}`,
    remedy: 'Apply the migrations that create it:\n  npx prisma migrate deploy',
  },
  userNotFound: {
    error: errors.userNotFound('cm3', 'User', [
      { id: 'cm1', label: 'ana@example.com' },
      { id: 'cm2', label: 'ben@example.com' },
    ]),
    code: 'USER_NOT_FOUND',
    message: `no User has the id "cm3".
The closest are:
  cm1  ana@example.com
  cm2  ben@example.com${NOTHING}`,
    remedy: TO_USERS,
  },
  userIdMalformed: {
    error: errors.userIdMalformed('abc', 'User', 'a whole number (Int)'),
    code: 'USER_ID_MALFORMED',
    message: `"abc" cannot be an id of User: an id there is a whole number (Int).${NOTHING}`,
    remedy: TO_USERS,
  },
  usersHidden: {
    error: errors.usersHidden('ana', 'User'),
    code: 'USERS_HIDDEN',
    message: `no user "ana" is visible: row-level security on the table "User" applies to this role, so users may be there that it cannot see.${NOTHING}`,
    remedy: 'Use a role with BYPASSRLS in DATABASE_URL for the migration.',
  },
  userGone: {
    error: errors.userGone('ana', '7f3a'),
    code: 'USER_GONE',
    message:
      'the user "ana" was deleted while run 7f3a was working. The batch was rolled back; batches before it are committed.',
    remedy: 'To undo them:\n  npm run migration:rollback -- --confirm --run 7f3a',
  },
  checkRefused: {
    error: errors.checkRefused('ana', [
      { model: 'Note', message: 'there is no table "Note" in the database' },
      { model: null, message: 'this server is a standby, which is read-only' },
    ]),
    code: 'CHECK_FAILED',
    message: `step 1 finds 2 errors, so step 2 does not begin.
  Note: there is no table "Note" in the database
  this server is a standby, which is read-only${NOTHING}`,
    remedy: 'To see them with their remedies:\n  npm run migration:check ana',
  },
  anotherWriter: {
    error: errors.anotherWriter(HOLDER),
    code: 'ANOTHER_WRITER',
    message: `only one process may write at a time, and ${HOLDER} does.${NOTHING}`,
    remedy: 'Wait for it, or see how far it is:\n  npm run migration:status',
  },
  writerLockLost: {
    error: errors.writerLockLost(),
    code: 'WRITER_LOCK_LOST',
    message:
      'the connection was lost, and another process writes now. The batch was rolled back; batches before it are committed.',
    remedy: 'To see how far the other one is:\n  npm run migration:status',
  },
  runTakenOver: {
    error: errors.runTakenOver('7f3a'),
    code: 'RUN_TAKEN_OVER',
    message:
      'another process carries run 7f3a on now. The batch was rolled back; batches before it are committed.',
    remedy: 'To see how far the other one is:\n  npm run migration:status',
  },
  batchChanged: {
    error: errors.batchChanged('Note', 100, 96),
    code: 'BATCH_CHANGED',
    message: '4 of 100 rows of Note got an owner or were deleted between journal and table.',
    remedy: 'The batch is tried again.',
  },
  batchFailed: {
    error: errors.batchFailed({
      run: '7f3a',
      model: 'Note',
      sequence: 3,
      tries: 6,
      words: 'deadlock detected',
      holders: [
        { id: '71', user: 'app', state: 'idle in transaction', seconds: 12, statement: 'UPDATE x' },
        { id: '72', user: 'root', state: 'Sleep', seconds: 1, statement: '' },
      ],
      userId: 'ana',
      cause: CAUSE,
    }),
    code: 'BATCH_FAILED',
    message: `batch 3 of Note was rolled back 6 times: deadlock detected.
Locks are held by process 71 of app (idle in transaction) for 12 seconds; its last statement: UPDATE x
Locks are held by process 72 of root (Sleep) for 1 second
All batches before it are committed as run 7f3a; nothing of this one is changed.`,
    remedy: `To carry on:
  npm run migration:assign ana
To undo what was done:
  npm run migration:rollback -- --confirm --run 7f3a`,
    hasCause: true,
  },
  confirmMissing: {
    error: errors.confirmMissing(),
    code: 'CONFIRM_MISSING',
    message: `rollback sets owners back to NULL, so it must be confirmed.${NOTHING}`,
    remedy: `To see what it would do, and to do it:
  npm run migration:rollback -- --dry-run
  npm run migration:rollback -- --confirm`,
  },
  nothingToRollBack: {
    error: errors.nothingToRollBack(),
    code: 'NOTHING_TO_ROLL_BACK',
    message: `the journal has no run that is not rolled back already.${NOTHING}`,
    remedy: TO_RUNS,
  },
  runUnknown: {
    error: errors.runUnknown('7f3b', ['7f3a', '9c1d']),
    code: 'RUN_UNKNOWN',
    message: `the journal has no run "7f3b"; it has 7f3a, 9c1d.${NOTHING}`,
    remedy: TO_RUNS,
  },
  runAlreadyRolledBack: {
    error: errors.runAlreadyRolledBack('7f3a', '2024-01-01T00:00:00.000Z'),
    code: 'RUN_ROLLED_BACK',
    message: `run 7f3a was rolled back already, at 2024-01-01T00:00:00.000Z.${NOTHING}`,
    remedy: TO_RUNS,
  },
  alreadyRequired: {
    error: errors.alreadyRequired('7f3a', ['Note', 'Tag']),
    code: 'ALREADY_REQUIRED',
    message: `run 7f3a cannot be rolled back: phase 3 is applied, so the owner column of Note, Tag does not allow NULL.${NOTHING}`,
    remedy: `Take phase 3 back first, apply that, and then roll back:
  npm run migration:rollback -- --confirm --phase=3
  npx prisma migrate deploy
  npm run migration:rollback -- --confirm --run 7f3a`,
  },
  triggerUndidRollback: {
    error: errors.triggerUndidRollback('7f3a', 'Note', 3),
    code: 'ROLLBACK_UNDONE',
    message:
      'rows of batch 3 of Note kept their owner although it was set to NULL: a trigger sets it again. This batch was not rolled back; batches after it are.',
    remedy: `Disable the trigger, then roll back the rest:
  npm run migration:rollback -- --confirm --run 7f3a`,
  },
};
