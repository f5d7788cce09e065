import type { LockHolder } from '../database/dialect.ts';
import { quoteWord } from '../shell.ts';
import { describeHolders } from './holders.ts';
import { commands, refusal, ToolkitError } from './toolkit-error.ts';

const TO_REMOVE = 'npm run migration:cleanup -- --confirm';

export function guardWouldGuess(models: readonly { model: string; ownedByOthers: number }[]): ToolkitError {
  const lines = models.map(
    ({ model, ownedByOthers }) => `  ${model}: ${ownedByOthers.toLocaleString('en-US')} of others`,
  );
  return refusal(
    'GUARD_WOULD_GUESS',
    `a guard gives every row that comes without an owner to one user, and others own rows already:\n${lines.join('\n')}`,
    'Assign without --guard, or leave these models out with --exclude or --models.',
  );
}

/** Some databases let only certain users create triggers, and say so in words that name no remedy. */
function explainRefusal(words: string): string {
  if (/log_bin_trust_function_creators/.test(words))
    return 'An administrator can allow it for the time of the migration: SET GLOBAL log_bin_trust_function_creators = 1;';
  if (/denied|permission|must be owner/i.test(words))
    return 'Use a role in DATABASE_URL that owns the table, as PostgreSQL lets nobody else remove a trigger, or on MySQL grant TRIGGER on it.';
  return 'Remove the cause, or assign without --guard.';
}

export function guardFailed(guard: {
  model: string;
  table: string;
  words: string;
  created: readonly string[];
  holders: readonly LockHolder[];
  tries: number;
  userId: string;
  cause: unknown;
}): ToolkitError {
  const { model, table, words, created, holders, tries, userId, cause } = guard;
  const there =
    created.length > 0 ? `The guards of ${created.join(', ')} are there and stay.` : 'No guard was created.';
  return new ToolkitError('GUARD_FAILED', {
    message: `the guard of ${model} could not be created on the table "${table}"${tries > 1 ? `, in ${tries} tries` : ''}: ${words}.\n${describeHolders(holders)}${there} No row was assigned.`,
    remedy: `${explainRefusal(words)}\n${commands('Then type it again, or remove the guards that are there:', `npm run migration:assign -- ${quoteWord(userId)} --guard`, TO_REMOVE)}`,
    cause,
  });
}

export function guardStays(guard: {
  model: string;
  table: string;
  words: string;
  removed: readonly string[];
  holders: readonly LockHolder[];
  tries: number;
  cause: unknown;
}): ToolkitError {
  const { model, table, words, removed, holders, tries, cause } = guard;
  const before = removed.length > 0 ? `The guards of ${removed.join(', ')} are removed. ` : '';
  return new ToolkitError('GUARD_STAYS', {
    message: `the guard of ${model} could not be removed from the table "${table}"${tries > 1 ? `, in ${tries} tries` : ''}: ${words}.\n${describeHolders(holders)}${before}This one stays and works; no row was changed since.`,
    remedy: `Type the command again once nothing is in the way. ${commands('To see the guards:', 'npm run migration:status')}`,
    cause,
  });
}
