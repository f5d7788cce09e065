import * as errors from '../../src/errors/backup.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

const FOUND = {
  names: ['mariadb-dump', 'mysqldump'],
  packages: 'mariadb-client (Debian, Ubuntu) or mariadb (Homebrew)',
  name: 'mysqldump',
  version: 'mysqldump Ver 8.0.36',
  server: '10.11.6-MariaDB',
};
const INSTALL =
  'Install the package mariadb-client (Debian, Ubuntu) or mariadb (Homebrew), and put it first on PATH.';
const ANOTHER_FOLDER = 'npm run migration:backup -- --out=/var/backups';
const REMOVED = 'The partial backup was removed; nothing else was changed.';

/** What is said when a backup cannot be made, or not be used. */
export const BACKUP_ERRORS: ExpectedTexts<typeof errors> = {
  scratchRefused: {
    error: errors.scratchRefused('app', 'permission denied to create database', CAUSE),
    code: 'SCRATCH_REFUSED',
    message: `a scratch database cannot be made beside "app": permission denied to create database.${NOTHING}`,
    remedy:
      'Give the role in DATABASE_URL the right to create databases (CREATEDB on PostgreSQL, CREATE and DROP on MySQL), or name a server where it has it: --to=URL',
    hasCause: true,
  },
  backupRequired: {
    error: errors.backupRequired('no backup of this database is known', 'ana'),
    code: 'BACKUP_REQUIRED',
    message: `no backup of this database is known, and --require-backup asks for a verified one that is less than a day old.${NOTHING}`,
    remedy: `Make one, then type this again:
  npm run migration:backup -- --verify
  npm run migration:assign -- ana --require-backup`,
  },
  toolMissing: {
    error: errors.toolMissing(FOUND),
    code: 'TOOL_MISSING',
    message: `no program "mariadb-dump" or "mysqldump" is on PATH.${NOTHING}`,
    remedy:
      'Install the package mariadb-client (Debian, Ubuntu) or mariadb (Homebrew), or put the folder of the program on PATH.',
  },
  toolUnusable: {
    error: errors.toolUnusable('/usr/bin/pg_dump', 'it says that its version is ""', CAUSE),
    code: 'TOOL_UNUSABLE',
    message: `/usr/bin/pg_dump does not tell its version: it says that its version is "".${NOTHING}`,
    remedy: 'See what /usr/bin/pg_dump --version says, and repair it, or put another one before it on PATH.',
    hasCause: true,
  },
  toolOlder: {
    error: errors.toolOlder(FOUND),
    code: 'TOOL_OLDER',
    message: `mysqldump is older than the server, and cannot read all that it has: it is "mysqldump Ver 8.0.36", the server is 10.11.6-MariaDB.${NOTHING}`,
    remedy: INSTALL,
  },
  toolOfAnother: {
    error: errors.toolOfAnother(FOUND),
    code: 'TOOL_OF_ANOTHER',
    message: `mysqldump is of another database system than the server: it is "mysqldump Ver 8.0.36", the server is 10.11.6-MariaDB.${NOTHING}`,
    remedy: INSTALL,
  },
  toolFailed: {
    error: errors.toolFailed('pg_dump', 'a\nb', { ending: 'exit code 1', cause: CAUSE }),
    code: 'TOOL_FAILED',
    message: `pg_dump ended with exit code 1. Its last words:
  a
  b
What was not finished was removed.`,
    remedy: 'Do what its words ask for, then type the command again.',
    hasCause: true,
  },
  backupIncomplete: {
    error: errors.backupIncomplete('app', 'this role may not read "public.secret"'),
    code: 'BACKUP_INCOMPLETE',
    message: `a backup of "app" would not be whole: this role may not read "public.secret".${NOTHING}`,
    remedy:
      'Use a role in DATABASE_URL that may read everything; on PostgreSQL one with BYPASSRLS, or the owner of the tables.',
  },
  backupPooled: {
    error: errors.backupPooled('it says pgbouncer=true'),
    code: 'BACKUP_POOLED',
    message: `a backup needs a connection of its own, and the URL leads through a transaction pooler: it says pgbouncer=true.${NOTHING}`,
    remedy:
      'Set DATABASE_URL to the direct URL of the server, which Prisma calls DIRECT_URL, for this command.',
  },
  backupFolderRefused: {
    error: errors.backupFolderRefused('/srv/backups', 'EACCES', CAUSE),
    code: 'BACKUP_FOLDER',
    message: `no backup can be written to /srv/backups: EACCES.${NOTHING}`,
    remedy: `Allow it, or name another folder:
  ${ANOTHER_FOLDER}`,
    hasCause: true,
  },
  spaceShort: {
    error: errors.spaceShort('/srv/backups', { needed: '3.0 GB', free: '2.1 GB' }),
    code: 'SPACE_SHORT',
    message: `the backup does not fit: the disk of /srv/backups has 2.1 GB left, and it takes 3.0 GB at the least.${NOTHING}`,
    remedy: `Make room, or name a folder on another disk:
  ${ANOTHER_FOLDER}`,
  },
  diskFull: {
    error: errors.diskFull('/srv/backups', '2.1 GB', CAUSE),
    code: 'DISK_FULL',
    message: `the disk of /srv/backups is full after 2.1 GB of the backup. ${REMOVED}`,
    remedy: `Make room, or name a folder on another disk:
  ${ANOTHER_FOLDER}`,
    hasCause: true,
  },
  backupInterrupted: {
    error: errors.backupInterrupted('/srv/backups/app-20261126-024500'),
    code: 'BACKUP_INTERRUPTED',
    message:
      'the backup was stopped by Ctrl-C. The backup /srv/backups/app-20261126-024500 is whole and stays, but it was not verified.',
    remedy: `To make one:
  npm run migration:backup -- --verify`,
  },
  momentMissed: {
    error: errors.momentMissed(10, 'transactions that write were open', [
      { id: '7', user: 'app', state: 'Sleep', seconds: 9, statement: '' },
    ]),
    code: 'MOMENT_MISSED',
    message: `the dump could not begin at one moment with the digests, 10 times: transactions that write were open. The app waited at most 0.4 s each time.
Locks are held by process 7 of app (Sleep) for 9 seconds
${REMOVED}`,
    remedy: `Type the command again when less is written:
  npm run migration:backup -- --verify`,
  },
  copyDamaged: {
    error: errors.copyDamaged('app.db', 'row 7 missing from index Note_title'),
    code: 'COPY_DAMAGED',
    message: `the copy of "app.db" fails SQLite's integrity check: row 7 missing from index Note_title. The database itself is probably damaged too. ${REMOVED}`,
    remedy: 'Repair the database first: sqlite3 FILE "PRAGMA integrity_check" says what is wrong with it.',
  },
  backupMissing: {
    error: errors.backupMissing('backups/app', true),
    code: 'BACKUP_MISSING',
    message: `backups/app has no manifest.json, so it is no backup, or one that was never finished.${NOTHING}`,
    remedy: `To make a backup:
  npm run migration:backup -- --verify`,
  },
  backupEdited: {
    error: errors.backupEdited('backups/app'),
    code: 'BACKUP_EDITED',
    message: `the manifest of backups/app is not as it was written: its own checksum does not fit.${NOTHING}`,
    remedy: 'Use another backup, or fetch this one again from where it was copied to.',
  },
  backupOfNewer: {
    error: errors.backupOfNewer('backups/app', 2),
    code: 'BACKUP_OF_NEWER',
    message: `the manifest of backups/app has format 2, which a newer release wrote.${NOTHING}`,
    remedy: 'Install the newest release: npm install prisma-ownership@latest',
  },
  backupDamaged: {
    error: errors.backupDamaged('backups/app', ['data.dump is missing']),
    code: 'BACKUP_DAMAGED',
    message: `the backup backups/app is damaged:
  data.dump is missing
It was not used.${NOTHING}`,
    remedy: 'Use another backup, or fetch this one again from where it was copied to.',
  },
};
