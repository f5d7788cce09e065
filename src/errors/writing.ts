import type { LockHolder } from '../database/dialect.ts';
import { quoteWord } from '../shell.ts';
import { describeHolders } from './holders.ts';
import { commands, refusal, ToolkitError } from './toolkit-error.ts';

export function ownerTableMissing(model: string, table: string, column: string): ToolkitError {
  return refusal(
    'OWNER_TABLE_MISSING',
    `the database has no table "${table}" with a column "${column}" for the model ${model}.`,
    commands('Apply the migrations that create it:', 'npx prisma migrate deploy'),
  );
}

export function userNotFound(
  id: string,
  ownerModel: string,
  closest: readonly { id: string; label: string }[],
): ToolkitError {
  const lines = closest.map((user) => `  ${user.id}  ${user.label}`);
  const near = lines.length > 0 ? `\nThe closest are:\n${lines.join('\n')}` : '';
  return refusal(
    'USER_NOT_FOUND',
    `no ${ownerModel} has the id "${id}".${near}`,
    commands('To see the users:', 'npm run migration:list-users'),
  );
}

export function userIdMalformed(id: string, ownerModel: string, type: string): ToolkitError {
  return refusal(
    'USER_ID_MALFORMED',
    `"${id}" cannot be an id of ${ownerModel}: an id there is ${type}.`,
    commands('To see the users:', 'npm run migration:list-users'),
  );
}

export function usersHidden(id: string, table: string): ToolkitError {
  return refusal(
    'USERS_HIDDEN',
    `no user "${id}" is visible: row-level security on the table "${table}" applies to this role, so users may be there that it cannot see.`,
    'Use a role with BYPASSRLS in DATABASE_URL for the migration.',
  );
}

export function userGone(id: string, run: string): ToolkitError {
  return new ToolkitError('USER_GONE', {
    message: `the user "${id}" was deleted while run ${run} was working. The batch was rolled back; batches before it are committed.`,
    remedy: commands('To undo them:', `npm run migration:rollback -- --confirm --run ${run}`),
  });
}

export function checkRefused(
  userId: string,
  errors: readonly { model: string | null; message: string }[],
): ToolkitError {
  const lines = errors.map(({ model, message }) => `  ${model ? `${model}: ` : ''}${message}`);
  return refusal(
    'CHECK_FAILED',
    `step 1 finds ${errors.length === 1 ? 'an error' : `${errors.length} errors`}, so step 2 does not begin.\n${lines.join('\n')}`,
    commands('To see them with their remedies:', `npm run migration:check ${quoteWord(userId)}`),
  );
}

export function anotherWriter(holder: string): ToolkitError {
  return refusal(
    'ANOTHER_WRITER',
    `only one process may write at a time, and ${holder} does.`,
    commands('Wait for it, or see how far it is:', 'npm run migration:status'),
  );
}

export function writerLockLost(): ToolkitError {
  return new ToolkitError('WRITER_LOCK_LOST', {
    message:
      'the connection was lost, and another process writes now. The batch was rolled back; batches before it are committed.',
    remedy: commands('To see how far the other one is:', 'npm run migration:status'),
  });
}

export function runTakenOver(run: string): ToolkitError {
  return new ToolkitError('RUN_TAKEN_OVER', {
    message: `another process carries run ${run} on now. The batch was rolled back; batches before it are committed.`,
    remedy: commands('To see how far the other one is:', 'npm run migration:status'),
  });
}

/** Not shown: the batch is tried again. */
export function batchChanged(model: string, planned: number, changed: number): ToolkitError {
  const fact =
    changed > planned
      ? `${changed - planned} rows of ${model} came or lost their owner while the batch was proved.`
      : `${planned - changed} of ${planned} rows of ${model} got an owner or were deleted between journal and table.`;
  return new ToolkitError('BATCH_CHANGED', {
    message: fact,
    remedy: 'The batch is tried again.',
  });
}

export function batchFailed(batch: {
  run: string;
  model: string;
  sequence: number;
  tries: number;
  words: string;
  holders: readonly LockHolder[];
  userId: string;
  cause: unknown;
}): ToolkitError {
  return new ToolkitError('BATCH_FAILED', {
    message: `batch ${batch.sequence} of ${batch.model} was rolled back${batch.tries > 1 ? ` ${batch.tries} times` : ''}: ${batch.words}.\n${describeHolders(batch.holders)}All batches before it are committed as run ${batch.run}; nothing of this one is changed.`,
    remedy: commands(
      'To carry on:',
      `npm run migration:assign ${quoteWord(batch.userId)}`,
      'To undo what was done:',
      `npm run migration:rollback -- --confirm --run ${batch.run}`,
    ).replace('  To undo', 'To undo'),
    cause: batch.cause,
  });
}

/** `phase`: the one that is to be taken back, instead of a run. */
export function confirmMissing(phase?: '1' | '3'): ToolkitError {
  const [fact, flag] = phase
    ? [`taking phase ${phase} back changes the schema and writes migrations`, ` --phase=${phase}`]
    : ['rollback sets owners back to NULL', ''];
  return refusal(
    'CONFIRM_MISSING',
    `${fact}, so it must be confirmed.`,
    commands(
      'To see what it would do, and to do it:',
      `npm run migration:rollback -- --dry-run${flag}`,
      `npm run migration:rollback -- --confirm${flag}`,
    ),
  );
}

export function nothingToRollBack(): ToolkitError {
  return refusal(
    'NOTHING_TO_ROLL_BACK',
    'the journal has no run that is not rolled back already.',
    commands('To see the runs:', 'npm run migration:status'),
  );
}

export function runUnknown(run: string, known: readonly string[]): ToolkitError {
  const list = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none';
  return refusal(
    'RUN_UNKNOWN',
    `the journal has no run "${run}"; ${list}.`,
    commands('To see the runs:', 'npm run migration:status'),
  );
}

export function runAlreadyRolledBack(run: string, when: string): ToolkitError {
  return refusal(
    'RUN_ROLLED_BACK',
    `run ${run} was rolled back already, at ${when}.`,
    commands('To see the runs:', 'npm run migration:status'),
  );
}

export function alreadyRequired(run: string, models: readonly string[]): ToolkitError {
  return refusal(
    'ALREADY_REQUIRED',
    `run ${run} cannot be rolled back: phase 3 is applied, so the owner column of ${models.join(', ')} does not allow NULL.`,
    commands(
      'Take phase 3 back first, apply that, and then roll back:',
      'npm run migration:rollback -- --confirm --phase=3',
      'npx prisma migrate deploy',
      `npm run migration:rollback -- --confirm --run ${run}`,
    ),
  );
}

export function triggerUndidRollback(run: string, model: string, sequence: number): ToolkitError {
  return new ToolkitError('ROLLBACK_UNDONE', {
    message: `rows of batch ${sequence} of ${model} kept their owner although it was set to NULL: a trigger sets it again. This batch was not rolled back; batches after it are.`,
    remedy: commands(
      'Disable the trigger, then roll back the rest:',
      `npm run migration:rollback -- --confirm --run ${run}`,
    ),
  });
}
