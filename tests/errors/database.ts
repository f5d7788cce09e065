import * as errors from '../../src/errors/database.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

const PLACE = 'app on db.example.com';
const STAYS = '\nWhat was committed before stays, and is in the journal.';

/** What is said when the database does not do what it should. */
export const DATABASE_ERRORS: ExpectedTexts<typeof errors> = {
  databaseUnreachable: {
    error: errors.databaseUnreachable(PLACE, 'connection refused', CAUSE),
    code: 'DATABASE_UNREACHABLE',
    message: `the database ${PLACE} cannot be opened: connection refused.${NOTHING}`,
    remedy: 'Check DATABASE_URL, and that the server runs and can be reached from here.',
    hasCause: true,
  },
  authenticationFailed: {
    error: errors.authenticationFailed(PLACE, 'password authentication failed for user "app"', CAUSE),
    code: 'AUTHENTICATION_FAILED',
    message: `the database ${PLACE} refuses the login: password authentication failed for user "app".${NOTHING}`,
    remedy: 'Check the user and the password in DATABASE_URL.',
    hasCause: true,
  },
  connectionLost: {
    error: errors.connectionLost(PLACE, 'Connection terminated', CAUSE),
    code: 'CONNECTION_LOST',
    message: `the connection to the database ${PLACE} was lost: Connection terminated.${STAYS}`,
    remedy: 'Type the command again: it carries on. To see how far it came:\n  npm run migration:status',
    hasCause: true,
  },
  permissionDenied: {
    error: errors.permissionDenied(PLACE, 'permission denied for table Note', CAUSE),
    code: 'PERMISSION_DENIED',
    message: `the database ${PLACE} does not allow it: permission denied for table Note.${STAYS}`,
    remedy: 'Grant it, or use another role in DATABASE_URL.',
    hasCause: true,
  },
  readOnlyDatabase: {
    error: errors.readOnlyDatabase(PLACE, 'cannot execute UPDATE in a read-only transaction', CAUSE),
    code: 'READ_ONLY',
    message: `the database ${PLACE} cannot be written: cannot execute UPDATE in a read-only transaction.${STAYS}`,
    remedy: 'Use a server and a role in DATABASE_URL that can write.',
    hasCause: true,
  },
  databaseLocked: {
    error: errors.databaseLocked('app.db', 'database is locked', CAUSE),
    code: 'DATABASE_LOCKED',
    message: `the database app.db is locked by another process: database is locked.${STAYS}`,
    remedy: 'Wait until the other one is done, then type the command again.',
    hasCause: true,
  },
  databaseError: {
    error: errors.databaseError('app.db', 'disk I/O error', CAUSE),
    code: 'DATABASE_ERROR',
    message: `the database app.db answers with an error: disk I/O error.${STAYS}`,
    remedy: 'To see where things stand:\n  npm run migration:status',
    hasCause: true,
  },
  driverNotBuilt: {
    error: errors.driverNotBuilt(CAUSE),
    code: 'DRIVER_NOT_BUILT',
    message: `better-sqlite3, the driver for SQLite, is installed but not built for this version of Node.${NOTHING}`,
    remedy:
      'Run its install script: npm rebuild better-sqlite3 (npm 12 first wants it under "allowScripts" in package.json), or pnpm approve-builds.',
    hasCause: true,
  },
};
