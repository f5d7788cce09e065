import { refusal, type ToolkitError } from './toolkit-error.ts';

export function scratchRefused(database: string, words: string, cause: unknown): ToolkitError {
  return refusal(
    'SCRATCH_REFUSED',
    `a scratch database cannot be made beside "${database}": ${words}.`,
    'Give the role in DATABASE_URL the right to create databases (CREATEDB on PostgreSQL, CREATE and DROP on MySQL), or name a server where it has it: --to=URL',
    cause,
  );
}
