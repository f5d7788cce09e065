import { quoteWord } from '../shell.ts';
import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function scratchRefused(database: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'SCRATCH_REFUSED',
    `a scratch database cannot be made beside "${database}": ${words}.`,
    'Give the role in DATABASE_URL the right to create databases (CREATEDB on PostgreSQL, CREATE and DROP on MySQL), or name a server where it has it: --to=URL',
    cause,
  );
}

export function backupRequired(fact: string, userId: string): ToolkitError {
  return refusal(
    'BACKUP_REQUIRED',
    `${fact}, and --require-backup asks for a verified one that is less than a day old.`,
    commands(
      'Make one, then type this again:',
      'npm run migration:backup -- --verify',
      `npm run migration:assign -- ${quoteWord(userId)} --require-backup`,
    ),
  );
}
