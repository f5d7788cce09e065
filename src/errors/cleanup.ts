import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

export function cleanupUnconfirmed(losses: readonly string[], withJournal: boolean): ToolkitError {
  const flag = withJournal ? ' --journal' : '';
  return refusal(
    'CLEANUP_UNCONFIRMED',
    `cleanup cannot be undone, so it must be confirmed. It would remove:\n${losses.map((loss) => `  ${loss}`).join('\n')}.`,
    commands(
      'To see what it would do, and to do it:',
      `npm run migration:cleanup -- --dry-run${flag}`,
      `npm run migration:cleanup -- --confirm${flag}`,
    ),
  );
}

export function journalInUse({
  run,
  status,
  assign,
}: {
  run: string;
  status: string;
  assign: string;
}): ToolkitError {
  return refusal(
    'JOURNAL_IN_USE',
    `the journal cannot be removed: run ${run} is ${status}, and needs it to be carried on or undone.`,
    commands(
      'Finish the run, or roll it back:',
      assign,
      `npm run migration:rollback -- --confirm --run ${run}`,
    ),
  );
}

export function journalShared(scopes: readonly string[]): ToolkitError {
  const named = scopes.map((scope) => `"${scope}"`).join(', ');
  return refusal(
    'JOURNAL_SHARED',
    `the journal cannot be removed: in the same database, ${scopes.length === 1 ? `the schema ${named} has` : `the schemas ${named} have`} runs, guards or ticks that need it.`,
    commands('To remove only the guards of this one:', 'npm run migration:cleanup -- --confirm'),
  );
}
