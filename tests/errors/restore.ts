import * as errors from '../../src/errors/restore.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said before, and instead of, a restore. */
export const RESTORE_ERRORS: ExpectedTexts<typeof errors> = {
  restoreUnconfirmed: {
    error: errors.restoreUnconfirmed('backups/app-20261126-024500', 'my app', ' --to=TARGET_URL'),
    code: 'RESTORE_UNCONFIRMED',
    message: `restore puts a backup in the place of the database "my app", so it must be confirmed by that name.${NOTHING}`,
    remedy: `To see what it would do, and to do it:
  npm run migration:restore -- backups/app-20261126-024500 --to=TARGET_URL --dry-run
  npm run migration:restore -- backups/app-20261126-024500 --to=TARGET_URL --confirm='my app'`,
  },
  confirmedAnother: {
    error: errors.confirmedAnother('app', 'app_staging'),
    code: 'CONFIRMED_ANOTHER',
    message: `--confirm names "app", but the database that would be replaced is "app_staging".${NOTHING}`,
    remedy: 'Set DATABASE_URL to the database that is meant, or confirm that one: --confirm=app_staging',
  },
  backupOfAnother: {
    error: errors.backupOfAnother('shop', 'app'),
    code: 'BACKUP_OF_ANOTHER',
    message: `the backup is of the database "shop", and the database is "app".${NOTHING}`,
    remedy: 'Take a backup of this database. A restore into another one names that with --to as well.',
  },
  backupOfAnotherProvider: {
    error: errors.backupOfAnotherProvider('mysql', 'sqlite'),
    code: 'BACKUP_OF_ANOTHER_PROVIDER',
    message: `the backup is of mysql, and the database is sqlite: neither can read the other's.${NOTHING}`,
    remedy: 'Take a backup of this database, or point DATABASE_URL or --to at one of the same kind.',
  },
  targetNotEmpty: {
    error: errors.targetNotEmpty('"app_copy" has 3 tables'),
    code: 'TARGET_NOT_EMPTY',
    message: `a backup is loaded into an empty database only, and "app_copy" has 3 tables.${NOTHING}`,
    remedy:
      'Create an empty database and name that one; or leave --to out, to put the backup in the place of the database of DATABASE_URL.',
  },
  targetVariableUnset: {
    error: errors.targetVariableUnset('STAGING'),
    code: 'TARGET_UNSET',
    message: `--to is "STAGING", which is no URL, and no variable of the environment or of .env has that name.${NOTHING}`,
    remedy:
      'Write a URL like postgresql://user@host:5432/database, or the name of a variable that holds one.',
  },
  backupUnreadable: {
    error: errors.backupUnreadable('/b/data.sql.gz', 'unexpected end of file', CAUSE),
    code: 'BACKUP_UNREADABLE',
    message:
      'the file /b/data.sql.gz cannot be unpacked: unexpected end of file.\nNothing was put in the place of the database.',
    remedy: 'Take another backup, or another copy of this one.',
    hasCause: true,
  },
  guardInTheWay: {
    error: errors.guardInTheWay(['Note', 'Task']),
    code: 'GUARD_IN_THE_WAY',
    message: `the database has guards on Note, Task, which a restore would take away while an old version of the app may rely on it.${NOTHING}`,
    remedy: `Stop the app, and remove the guards:
  npm run migration:cleanup -- --confirm`,
  },
  databaseInUse: {
    error: errors.databaseInUse('app', [
      { id: '12', user: 'web', application: 'puma', address: '10.0.0.7' },
      { id: '13', user: '', application: '', address: '' },
    ]),
    code: 'DATABASE_IN_USE',
    message: `the database "app" is in use by
  session 12 of web (puma, 10.0.0.7)
  session 13 of an unknown user
and a database that others use is not replaced.${NOTHING}`,
    remedy: 'Stop the app and all else that uses the database, then type the command again.',
  },
  otherDatabaseClosed: {
    error: errors.otherDatabaseClosed('app', ['postgres', 'template1'], CAUSE),
    code: 'OTHER_DATABASE_CLOSED',
    message: `to give "app" another name, the role has to connect to another database, and it may not connect to postgres or template1.${NOTHING}`,
    remedy:
      'Allow it to connect to one of them; or create an empty database, and restore into that one with --to.',
    hasCause: true,
  },
  replaceRefused: {
    error: errors.replaceRefused('app', 'the role "web" is not its owner'),
    code: 'REPLACE_REFUSED',
    message: `the database "app" cannot be replaced: the role "web" is not its owner.${NOTHING}`,
    remedy:
      'Use a role in DATABASE_URL that may; or create an empty database, and restore into that one with --to.',
  },
  copyRefused: {
    error: errors.copyRefused('app', 'permission denied to create database', CAUSE),
    code: 'RESTORE_COPY_REFUSED',
    message: `a backup is loaded into a new database first, and none can be made beside "app": permission denied to create database.${NOTHING}`,
    remedy:
      'Give the role in DATABASE_URL the right to create databases (CREATEDB on PostgreSQL, CREATE and DROP on MySQL); or have an empty database made, and restore into that one with --to.',
    hasCause: true,
  },
  restoreDiffers: {
    error: errors.restoreDiffers(['public.note has 2 rows instead of 3'], { target: null }),
    code: 'RESTORE_DIFFERS',
    message: `what was restored is not what the manifest says:
  public.note has 2 rows instead of 3
The database is as it was, and the copy was removed.`,
    remedy: 'Use another backup, or fetch this one again from where it was copied to.',
  },
  restoreDiskFull: {
    error: errors.restoreDiskFull('app.db', CAUSE),
    code: 'RESTORE_DISK_FULL',
    message: 'the disk of app.db is full. The database is as it was, and the copy was removed.',
    remedy: 'Make room for the database twice: the old one is kept. Then type the command again.',
    hasCause: true,
  },
  targetHoldsPart: {
    error: errors.targetHoldsPart(
      ['app_copy'],
      'psql ended with exit code 3. Its last words:\n  no\nWhat was not finished was removed.',
      CAUSE,
    ),
    code: 'TARGET_HOLDS_PART',
    message:
      'the backup could not be loaded into "app_copy": psql ended with exit code 3. Its last words:\n  no\nA part of the backup may be there now; the database was empty before.',
    remedy:
      'Do what is said of the cause. Before another try the database has to be empty: drop "app_copy", and create it anew.',
    hasCause: true,
  },
  journalStays: {
    error: errors.journalStays('app.db', {
      kept: '/app.db.before-restore-20261126-024500',
      words: "others use the journal's file",
    }),
    code: 'JOURNAL_STAYS',
    message:
      'the database "app.db" was replaced, and its journal was not: others use the journal\'s file. It tells of the rows that were there before. The old database is /app.db.before-restore-20261126-024500.',
    remedy: 'Remove the cause, and type the command again: it replaces both.',
  },
  loadInterrupted: {
    error: errors.loadInterrupted(['app_copy', 'app_copy_ownership_migration']),
    code: 'LOAD_INTERRUPTED',
    message:
      'the restore was stopped while it loaded into "app_copy". A part of the backup may be there now; the database was empty before.',
    remedy:
      'Before another try the database has to be empty: drop "app_copy", and create it anew. Drop "app_copy_ownership_migration", too. Then type the command again.',
  },
  objectsRefused: {
    error: errors.objectsRefused('app', CAUSE),
    code: 'OBJECTS_REFUSED',
    message: `the triggers, views, routines or events of the backup could not be made in "app": what the driver said
The old tables, with all that belongs to them, were put back.`,
    remedy:
      'Do what its words ask for, then type the command again; a user with SUPER or SET USER may make them for others.',
    hasCause: true,
  },
  swapUnfinished: {
    error: errors.swapUnfinished('app', { kept: 'app_before_restore', hasMoved: false, cause: CAUSE }),
    code: 'SWAP_UNFINISHED',
    message: `the restore failed in the middle, and so did taking it back: what the driver said
All rows are in their place in "app"; its triggers may be missing, and are recorded beside "app_before_restore".`,
    remedy: 'Type the command again once the cause is gone: it puts back what is missing, and begins anew.',
    hasCause: true,
  },
  restoreInterrupted: {
    error: errors.restoreInterrupted('app'),
    code: 'RESTORE_INTERRUPTED',
    message:
      'the restore was stopped before anything was put in the place of "app". The database is as it was, and the copy was removed.',
    remedy: 'Type the command again to restore it.',
  },
};
