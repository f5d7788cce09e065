import { quoteWord } from '../shell.ts';
import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function noCandidate(ownerModel: string, others: readonly string[]): ToolkitError {
  return refusal(
    'NO_CANDIDATE',
    `no model leads to ${ownerModel} by a foreign key, so none is chosen for phase 1.`,
    others.length === 0
      ? 'Add a model to the schema first.'
      : commands(
          'The toolkit does not guess. Choose among all that there are:',
          `npm run migration:schema -- --phase=1 --models=${others.join(',')}`,
        ),
  );
}

export function migrationFailed(name: string): ToolkitError {
  return refusal(
    'MIGRATION_FAILED',
    `the migration ${name} failed in this database, and Prisma applies no other one before that is resolved.`,
    commands('Once its cause is gone:', `npx prisma migrate resolve --rolled-back ${name}`),
  );
}

/** Migrations are made from the database as it is: what is written and not applied would come before them. */
export function migrationsPending(names: readonly string[]): ToolkitError {
  const [first = ''] = names;
  const what = names.length === 1 ? `the migration ${first} is` : `${names.length} migrations are`;
  const rest = names.length === 1 ? '' : `, ${first} the first`;
  return refusal(
    'MIGRATIONS_PENDING',
    `${what} in the project and not applied to this database${rest}; a new one is made from the database as it is.`,
    commands(
      'Apply what is there, or delete its folder if it is not meant any more:',
      'npx prisma migrate deploy',
    ),
  );
}

export function phaseNotDone(phase: 1 | 3): ToolkitError {
  const what =
    phase === 1
      ? 'no migration of this project added an owner column to a table that was there before'
      : 'no migration of this project made an owner column required that was optional before';
  return refusal(
    'PHASE_NOT_DONE',
    `${what}, so there is nothing to take back.`,
    commands(
      'Name the models if that is not so:',
      `npm run migration:rollback -- --confirm --phase=${phase} --models=NAME`,
    ),
  );
}

export function backupNotFound(path: string): ToolkitError {
  return refusal(
    'BACKUP_NOT_FOUND',
    `there is no backup at ${path}, or it is empty.`,
    commands(
      'Name the file or the folder that holds it:',
      `npm run migration:rollback -- --confirm --phase=1 --backup=${quoteWord('path/to/backup')}`,
    ),
  );
}
