import * as errors from '../../src/errors/isolation-check.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said where it cannot be checked what one user can do to another's rows. */
export const ISOLATION_CHECK_ERRORS: ExpectedTexts<typeof errors> = {
  clientFileNotFound: {
    error: errors.clientFileNotFound('src/db.ts'),
    code: 'CLIENT_FILE_NOT_FOUND',
    message: `there is no file src/db.ts, which --client names.${NOTHING}`,
    remedy: `Name the module that makes the application's clients:
  npm run migration:isolation -- --check --client=src/for-user.ts`,
  },
  clientFileFailed: {
    error: errors.clientFileFailed('src/db.ts', 'no such setting', CAUSE),
    code: 'CLIENT_FILE_FAILED',
    message: `src/db.ts, which --client names, cannot be run: no such setting${NOTHING}`,
    remedy: `Correct it; or check without it:
  npm run migration:isolation -- --check`,
    hasCause: true,
  },
  clientExportMissing: {
    error: errors.clientExportMissing('src/db.ts', false),
    code: 'CLIENT_EXPORT_MISSING',
    message: `src/db.ts, which --client names, exports no function forUser, and none as its default.${NOTHING}`,
    remedy:
      'Export forUser(prisma, userId), which scopes the client that it is given, or forUser(userId), which has its own.',
  },
  clientUnusable: {
    error: errors.clientUnusable('src/db.ts', 'its forUser() throws: no session'),
    code: 'CLIENT_UNUSABLE',
    message: `src/db.ts, which --client names, gives no client to work with: its forUser() throws: no session.${NOTHING}`,
    remedy: 'Return a Prisma client from it, extended or not.',
  },
  clientNotCopied: {
    error: errors.clientNotCopied('src/db.ts'),
    code: 'CLIENT_NOT_COPIED',
    message: `src/db.ts has a client of its own, which connects to where it was told to, and not to a copy.${NOTHING}`,
    remedy:
      'Leave --copy out: every attempt is rolled back. Or export forUser(prisma, userId), which is given the client of the copy.',
  },
  clientElsewhere: {
    error: errors.clientElsewhere('src/db.ts', 'app'),
    code: 'CLIENT_ELSEWHERE',
    message: `src/db.ts has a client of its own, and it does not find the users of app: it is connected to another database.${NOTHING}`,
    remedy:
      'Set the variables that it reads to the database of DATABASE_URL, or export forUser(prisma, userId).',
  },
  clientNotTransacted: {
    error: errors.clientNotTransacted('src/db.ts'),
    code: 'CLIENT_NOT_TRANSACTED',
    message: `the client of src/db.ts does not find a row that was written in the transaction that it began, so what is tried with it might not be rolled back.${NOTHING}`,
    remedy:
      'Have it send its operations in the transaction that they are in: a query that is put into a batch of its own is in none. A client that refuses all reads and writes cannot be checked either.',
  },
  checkReadOnly: {
    error: errors.checkReadOnly('app'),
    code: 'CHECK_READ_ONLY',
    message: `the database app takes no writes, as a replica does not; attempts at writing would say nothing.${NOTHING}`,
    remedy: 'Set DATABASE_URL to the primary.',
  },
  checkUnprepared: {
    error: errors.checkUnprepared('app', 'The table `Note` does not exist in the current database.', CAUSE),
    code: 'CHECK_UNPREPARED',
    message: `the rows to try cannot be read from app: The table \`Note\` does not exist in the current database.${NOTHING}`,
    remedy: `The tables have to be as the schema says. To see what is not:
  npm run migration:status`,
    hasCause: true,
  },
  nothingToCheck: {
    error: errors.nothingToCheck(),
    code: 'NOTHING_TO_CHECK',
    message: `no model has rows that are one user's, so there is nothing to try.${NOTHING}`,
    remedy: `To see what each model is taken for, and why:
  npm run migration:models`,
  },
  checkInterrupted: {
    error: errors.checkInterrupted(),
    code: 'CHECK_INTERRUPTED',
    message: 'the check was stopped by Ctrl-C. What it tried is rolled back, and nothing was changed.',
    remedy: `To check:
  npm run migration:isolation -- --check`,
  },
};
