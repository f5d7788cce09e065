import type { OtherSession } from '../database/session-list.ts';
import { quoteWord } from '../shell.ts';
import { describeSession } from './holders.ts';
import { commands, refusal, ToolkitError } from './toolkit-error.ts';

/** What is true when a restore fails before it swaps. */
const AS_IT_WAS = 'The database is as it was, and the copy was removed.';

/** `to` is the flag of that name as it is typed, with a space before it. */
export function restoreUnconfirmed(backup: string, database: string, to: string): ToolkitError {
  const command = `npm run migration:restore -- ${quoteWord(backup)}${to}`;
  return refusal(
    'RESTORE_UNCONFIRMED',
    `restore puts a backup in the place of the database "${database}", so it must be confirmed by that name.`,
    commands(
      'To see what it would do, and to do it:',
      `${command} --dry-run`,
      `${command} --confirm=${quoteWord(database)}`,
    ),
  );
}

export function confirmedAnother(confirmed: string, target: string): ToolkitError {
  return refusal(
    'CONFIRMED_ANOTHER',
    `--confirm names "${confirmed}", but the database that would be replaced is "${target}".`,
    `Set DATABASE_URL to the database that is meant, or confirm that one: --confirm=${quoteWord(target)}`,
  );
}

export function backupOfAnother(backup: string, target: string): ToolkitError {
  return refusal(
    'BACKUP_OF_ANOTHER',
    `the backup is of the database "${backup}", and the database is "${target}".`,
    'Take a backup of this database. A restore into another one names that with --to as well.',
  );
}

export function backupOfAnotherProvider(backup: string, target: string): ToolkitError {
  return refusal(
    'BACKUP_OF_ANOTHER_PROVIDER',
    `the backup is of ${backup}, and the database is ${target}: neither can read the other's.`,
    'Take a backup of this database, or point DATABASE_URL or --to at one of the same kind.',
  );
}

/** `fact` is what is in the database already, as part of a sentence. */
export function targetNotEmpty(fact: string): ToolkitError {
  return refusal(
    'TARGET_NOT_EMPTY',
    `a backup is loaded into an empty database only, and ${fact}.`,
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

export function guardInTheWay(models: readonly string[]): ToolkitError {
  return refusal(
    'GUARD_IN_THE_WAY',
    `the database has ${models.length === 1 ? 'a guard' : 'guards'} on ${models.join(', ')}, which a restore would take away while an old version of the app may rely on it.`,
    commands('Stop the app, and remove the guards:', 'npm run migration:cleanup -- --confirm'),
  );
}

export function databaseInUse(database: string, sessions: readonly OtherSession[]): ToolkitError {
  const list = sessions.slice(0, 10).map((session) => `  ${describeSession(session)}`);
  const more = sessions.length > list.length ? [`  and ${sessions.length - list.length} more`] : [];
  const who =
    sessions.length > 0
      ? `is in use by\n${[...list, ...more].join('\n')}\nand a database that others use is not replaced.`
      : 'is in use by another process, which cannot be named, and a database that others use is not replaced.';
  return refusal(
    'DATABASE_IN_USE',
    `the database "${database}" ${who}`,
    'Stop the app and all else that uses the database, then type the command again.',
  );
}

export function otherDatabaseClosed(
  database: string,
  names: readonly string[],
  cause: unknown,
): ToolkitError {
  return refusal(
    'OTHER_DATABASE_CLOSED',
    `to give "${database}" another name, the role has to connect to another database, and it may not connect to ${names.join(' or ')}.`,
    'Allow it to connect to one of them; or create an empty database, and restore into that one with --to.',
    cause,
  );
}

export function replaceRefused(database: string, reason: string): ToolkitError {
  return refusal(
    'REPLACE_REFUSED',
    `the database "${database}" cannot be replaced: ${reason}.`,
    'Use a role in DATABASE_URL that may; or create an empty database, and restore into that one with --to.',
  );
}

export function copyRefused(database: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'RESTORE_COPY_REFUSED',
    `a backup is loaded into a new database first, and none can be made beside "${database}": ${words}.`,
    'Give the role in DATABASE_URL the right to create databases (CREATEDB on PostgreSQL, CREATE and DROP on MySQL); or have an empty database made, and restore into that one with --to.',
    cause,
  );
}

export function restoreDiffers(
  tables: readonly string[],
  { target }: { target: string | null },
): ToolkitError {
  const kept = target === null ? AS_IT_WAS : `They are in the database "${target}", which was empty before.`;
  return new ToolkitError('RESTORE_DIFFERS', {
    message: `what was restored is not what the manifest says:\n${tables.map((table) => `  ${table}`).join('\n')}\n${kept}`,
    remedy: 'Use another backup, or fetch this one again from where it was copied to.',
  });
}

export function restoreDiskFull(path: string, cause: unknown): ToolkitError {
  return new ToolkitError('RESTORE_DISK_FULL', {
    message: `the disk of ${path} is full. ${AS_IT_WAS}`,
    remedy: 'Make room for the database twice: the old one is kept. Then type the command again.',
    cause,
  });
}

/** `databases` are what is loaded into: on MySQL the journal's is one of its own. */
export function targetHoldsPart(databases: readonly string[], said: string, cause: unknown): ToolkitError {
  // The cause does not know where it happened.
  const words = said.replace(/\n?(?:What was not finished was removed|Nothing was changed)\.$/, '');
  return new ToolkitError('TARGET_HOLDS_PART', {
    message: `the backup could not be loaded into "${databases[0]}": ${words}\n${PART_IS_THERE}`,
    remedy: `Do what is said of the cause. ${emptyAgain(databases)}`,
    cause,
  });
}

export function loadInterrupted(databases: readonly string[]): ToolkitError {
  return new ToolkitError('LOAD_INTERRUPTED', {
    message: `the restore was stopped while it loaded into "${databases[0]}". ${PART_IS_THERE}`,
    remedy: `${emptyAgain(databases)} Then type the command again.`,
  });
}

const PART_IS_THERE = 'A part of the backup may be there now; the database was empty before.';

function emptyAgain([database, ...others]: readonly string[]): string {
  const more = others.map((name) => ` Drop "${name}", too.`).join('');
  return `Before another try the database has to be empty: drop "${database}", and create it anew.${more}`;
}

/** The rows are in their place, and the journal's file is as it was. `kept` is null where there was nothing to keep. */
export function journalStays(
  database: string,
  { kept, words, cause }: { kept: string | null; words: string; cause?: unknown },
): ToolkitError {
  const old = kept === null ? 'It was empty before.' : `The old database is ${kept}.`;
  return new ToolkitError('JOURNAL_STAYS', {
    message: `the database "${database}" was replaced, and its journal was not: ${words}. It tells of the rows that were there before. ${old}`,
    remedy: 'Remove the cause, and type the command again: it replaces both.',
    cause,
  });
}

export function objectsRefused(database: string, cause: unknown): ToolkitError {
  return new ToolkitError('OBJECTS_REFUSED', {
    message: `the triggers, views, routines or events of the backup could not be made in "${database}": ${(cause as Error).message}\nThe old tables, with all that belongs to them, were put back.`,
    remedy:
      'Do what its words ask for, then type the command again; a user with SUPER or SET USER may make them for others.',
    cause,
  });
}

export function swapUnfinished(
  database: string,
  { kept, hasMoved, cause }: { kept: string; hasMoved: boolean; cause: unknown },
): ToolkitError {
  const state = hasMoved
    ? `The restored tables may be in "${database}" without their triggers, views, routines and events; the old tables are in "${kept}".`
    : `All rows are in their place in "${database}"; its triggers may be missing, and are recorded beside "${kept}".`;
  return new ToolkitError('SWAP_UNFINISHED', {
    message: `the restore failed in the middle, and so did taking it back: ${(cause as Error).message}\n${state}`,
    remedy: 'Type the command again once the cause is gone: it puts back what is missing, and begins anew.',
    cause,
  });
}

export function restoreInterrupted(database: string): ToolkitError {
  return new ToolkitError('RESTORE_INTERRUPTED', {
    message: `the restore was stopped before anything was put in the place of "${database}". ${AS_IT_WAS}`,
    remedy: 'Type the command again to restore it.',
  });
}

/** `name` is null where what was typed may have a password in it, and is not shown. */
export function targetVariableUnset(name: string | null): ToolkitError {
  return refusal(
    'TARGET_UNSET',
    name === null
      ? '--to is neither a URL that begins with its protocol nor the name of a variable.'
      : `--to is "${name}", which is no URL, and no variable of the environment or of .env has that name.`,
    'Write a URL like postgresql://user@host:5432/database, or the name of a variable that holds one.',
  );
}
