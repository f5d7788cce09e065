import { COMMITTED_STAY, commands, refusal, ToolkitError } from './toolkit-error.ts';

/** Package managers leave install scripts out: pnpm from 10 on and npm from 12 on, unless they are allowed. */
export function driverNotBuilt(cause: unknown): ToolkitError {
  return refusal(
    'DRIVER_NOT_BUILT',
    'better-sqlite3, the driver for SQLite, is installed but not built for this version of Node.',
    'Run its install script: npm rebuild better-sqlite3 (npm 12 first wants it under "allowScripts" in package.json), or pnpm approve-builds.',
    cause,
  );
}

export function databaseUnreachable(place: string, words: string, cause: unknown): ToolkitError {
  const remedy = 'Check DATABASE_URL, and that the server runs and can be reached from here.';
  return refusal('DATABASE_UNREACHABLE', `the database ${place} cannot be opened: ${words}.`, remedy, cause);
}

export function authenticationFailed(place: string, words: string, cause: unknown): ToolkitError {
  const remedy = 'Check the user and the password in DATABASE_URL.';
  return refusal(
    'AUTHENTICATION_FAILED',
    `the database ${place} refuses the login: ${words}.`,
    remedy,
    cause,
  );
}

export function connectionLost(place: string, words: string, cause: unknown): ToolkitError {
  return new ToolkitError('CONNECTION_LOST', {
    message: `the connection to the database ${place} was lost: ${words}.\n${COMMITTED_STAY}`,
    remedy: commands(
      'Type the command again: it carries on. To see how far it came:',
      'npm run migration:status',
    ),
    cause,
  });
}

export function permissionDenied(place: string, words: string, cause: unknown): ToolkitError {
  return new ToolkitError('PERMISSION_DENIED', {
    message: `the database ${place} does not allow it: ${words}.\n${COMMITTED_STAY}`,
    remedy: 'Grant it, or use another role in DATABASE_URL.',
    cause,
  });
}

export function readOnlyDatabase(place: string, words: string, cause: unknown): ToolkitError {
  return new ToolkitError('READ_ONLY', {
    message: `the database ${place} cannot be written: ${words}.\n${COMMITTED_STAY}`,
    remedy: 'Use a server and a role in DATABASE_URL that can write.',
    cause,
  });
}

export function databaseLocked(place: string, words: string, cause: unknown): ToolkitError {
  return new ToolkitError('DATABASE_LOCKED', {
    message: `the database ${place} is locked by another process: ${words}.\n${COMMITTED_STAY}`,
    remedy: 'Wait until the other one is done, then type the command again.',
    cause,
  });
}

export function databaseError(place: string, words: string, cause: unknown): ToolkitError {
  return new ToolkitError('DATABASE_ERROR', {
    message: `the database ${place} answers with an error: ${words}.\n${COMMITTED_STAY}`,
    remedy: commands('To see where things stand:', 'npm run migration:status'),
    cause,
  });
}
