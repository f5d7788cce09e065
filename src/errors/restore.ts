import { refusal, ToolkitError } from './toolkit-error.ts';

export function targetNotEmpty(database: string, tables: number): ToolkitError {
  return refusal(
    'TARGET_NOT_EMPTY',
    `a backup is loaded into an empty database only, and "${database}" has ${tables} table${tables === 1 ? '' : 's'}.`,
    'Create an empty database and name that one; or leave --to out, to put the backup in the place of the database of DATABASE_URL.',
  );
}

export function backupUnreadable(path: string, words: string, cause: unknown): ToolkitError {
  return new ToolkitError('BACKUP_UNREADABLE', {
    message: `the file ${path} cannot be unpacked: ${words}.\nNothing was put in the place of the database.`,
    remedy: 'Take another backup, or another copy of this one.',
    cause,
  });
}
