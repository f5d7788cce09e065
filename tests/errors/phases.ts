import * as errors from '../../src/errors/phases.ts';
import { type ExpectedTexts, NOTHING } from './expected.ts';

/** What is said of phases 1 and 3, and of taking them back. */
export const PHASES_ERRORS: ExpectedTexts<typeof errors> = {
  noCandidate: {
    error: errors.noCandidate('User', ['Note', 'Tag']),
    code: 'NO_CANDIDATE',
    message: `no model leads to User by a foreign key, so none is chosen for phase 1.${NOTHING}`,
    remedy: `The toolkit does not guess. Choose among all that there are:
  npm run migration:schema -- --phase=1 --models=Note,Tag`,
  },
  migrationFailed: {
    error: errors.migrationFailed('20260101000000_init'),
    code: 'MIGRATION_FAILED',
    message: `the migration 20260101000000_init failed in this database, and Prisma applies no other one before that is resolved.${NOTHING}`,
    remedy: `Once its cause is gone:
  npx prisma migrate resolve --rolled-back 20260101000000_init`,
  },
  migrationsPending: {
    error: errors.migrationsPending(['20260101000000_init', '20260102000000_more']),
    code: 'MIGRATIONS_PENDING',
    message: `2 migrations are in the project and not applied to this database, 20260101000000_init the first; a new one is made from the database as it is.${NOTHING}`,
    remedy: `Apply what is there, or delete its folder if it is not meant any more:
  npx prisma migrate deploy`,
  },
  phaseNotDone: {
    error: errors.phaseNotDone(3),
    code: 'PHASE_NOT_DONE',
    message: `no migration of this project made an owner column required that was optional before, so there is nothing to take back.${NOTHING}`,
    remedy: `Name the models if that is not so:
  npm run migration:rollback -- --confirm --phase=3 --models=NAME`,
  },
  backupNotFound: {
    error: errors.backupNotFound('nowhere'),
    code: 'BACKUP_NOT_FOUND',
    message: `there is no backup at nowhere, or it is empty.${NOTHING}`,
    remedy: `Name the file or the folder that holds it:
  npm run migration:rollback -- --confirm --phase=1 --backup=path/to/backup`,
  },
};
