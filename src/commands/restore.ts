import type { Context } from '../context.ts';
import type { CommonOptions } from './database-command.ts';

export interface RestoreOptions extends CommonOptions {
  confirm?: string;
  to?: string;
  dryRun?: boolean;
}

/** TO BE BUILT. Returns the exit code. */
export async function restoreCommand(
  backup: string,
  options: RestoreOptions,
  context: Context,
): Promise<number> {
  void [backup, options, context];
  throw new Error('not built yet');
}
