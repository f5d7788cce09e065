import { quoteWord } from '../shell.ts';
import { commands, ToolkitError } from './toolkit-error.ts';

/** `keys` are the first ones of `rows`; all of it is empty where it could not be found out. */
interface BrokenProof {
  run: string;
  userId: string;
  model: string;
  sequence: number;
  rows: number;
  keys: readonly (readonly string[])[];
  columns: readonly string[];
  triggers: readonly string[];
}

export function proofFailed(broken: BrokenProof): ToolkitError {
  const { run, userId, model, sequence, columns, triggers } = broken;
  const where =
    columns.length > 0 ? `: the column${columns.length === 1 ? '' : 's'} ${quoteNames(columns)}` : '';
  return new ToolkitError('PROOF_FAILED', {
    message: [
      `batch ${sequence} of ${model} was rolled back: with the owner something else changed in its rows${where}.`,
      ...describeRows(broken),
      ...(triggers.length > 0 ? [`The update fires ${quoteNames(triggers)}.`] : []),
      `All batches before it are committed as run ${run}; nothing of this one is changed.`,
    ].join('\n'),
    remedy: commands(
      'Disable what changes them for the time of step 2, or leave --proof out, and carry on:',
      `npm run migration:assign ${quoteWord(userId)}`,
      'To undo what was done:',
      `npm run migration:rollback -- --confirm --run ${run}`,
    ).replace('  To undo', 'To undo'),
  });
}

function quoteNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function describeRows({ rows, keys }: BrokenProof): string[] {
  if (rows === 0) return [];
  const shown = keys.map((key) => key.join(', ')).join('; ');
  if (rows === 1) return [`It is the row with the key ${shown}.`];
  const whose = rows > keys.length ? 'the first have the keys' : 'their keys are';
  return [`They are ${rows.toLocaleString('en-US')} rows; ${whose} ${shown}.`];
}
