import { commands, refusal, ToolkitError } from './toolkit-error.ts';

const CHECK = 'npm run migration:isolation -- --check';
const WITH_CLIENT = `${CHECK} --client=src/for-user.ts`;

export function clientFileNotFound(file: string): ToolkitError {
  return refusal(
    'CLIENT_FILE_NOT_FOUND',
    `there is no file ${file}, which --client names.`,
    commands("Name the module that makes the application's clients:", WITH_CLIENT),
  );
}

export function clientFileFailed(file: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'CLIENT_FILE_FAILED',
    `${file}, which --client names, cannot be run: ${words}`,
    commands('Correct it; or check without it:', CHECK),
    cause,
  );
}

export function clientExportMissing(file: string, hasFunction: boolean): ToolkitError {
  const what = hasFunction
    ? 'a forUser() that takes nothing'
    : 'no function forUser, and none as its default';
  return refusal(
    'CLIENT_EXPORT_MISSING',
    `${file}, which --client names, exports ${what}.`,
    'Export forUser(prisma, userId), which scopes the client that it is given, or forUser(userId), which has its own.',
  );
}

export function clientUnusable(file: string, what: string): ToolkitError {
  return refusal(
    'CLIENT_UNUSABLE',
    `${file}, which --client names, gives no client to work with: ${what}.`,
    'Return a Prisma client from it, extended or not.',
  );
}

export function clientNotCopied(file: string): ToolkitError {
  return refusal(
    'CLIENT_NOT_COPIED',
    `${file} has a client of its own, which connects to where it was told to, and not to a copy.`,
    'Leave --copy out: every attempt is rolled back. Or export forUser(prisma, userId), which is given the client of the copy.',
  );
}

export function clientElsewhere(file: string, database: string): ToolkitError {
  return refusal(
    'CLIENT_ELSEWHERE',
    `${file} has a client of its own, and it does not find the users of ${database}: it is connected to another database.`,
    'Set the variables that it reads to the database of DATABASE_URL, or export forUser(prisma, userId).',
  );
}

export function clientNotTransacted(file: string): ToolkitError {
  return refusal(
    'CLIENT_NOT_TRANSACTED',
    `the client of ${file} does not find a row that was written in the transaction that it began, so what is tried with it might not be rolled back.`,
    'Have it send its operations in the transaction that they are in: a query that is put into a batch of its own is in none. A client that refuses all reads and writes cannot be checked either.',
  );
}

export function checkReadOnly(database: string): ToolkitError {
  return refusal(
    'CHECK_READ_ONLY',
    `the database ${database} takes no writes, as a replica does not; attempts at writing would say nothing.`,
    'Set DATABASE_URL to the primary.',
  );
}

export function checkUnprepared(database: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'CHECK_UNPREPARED',
    `the rows to try cannot be read from ${database}: ${words}`,
    commands('The tables have to be as the schema says. To see what is not:', 'npm run migration:status'),
    cause,
  );
}

export function nothingToCheck(): ToolkitError {
  return refusal(
    'NOTHING_TO_CHECK',
    "no model has rows that are one user's, so there is nothing to try.",
    commands('To see what each model is taken for, and why:', 'npm run migration:models'),
  );
}

export function checkInterrupted(): ToolkitError {
  return new ToolkitError('CHECK_INTERRUPTED', {
    message: 'the check was stopped by Ctrl-C. What it tried is rolled back, and nothing was changed.',
    remedy: commands('To check:', CHECK),
  });
}
