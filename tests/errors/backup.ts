import * as errors from '../../src/errors/backup.ts';
import { CAUSE, type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of backups, and of copies that are thrown away. */
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
};
