import type { Context } from '../context.ts';
import type { CommonOptions } from './database-command.ts';

export interface RehearseOptions extends CommonOptions {
  from?: string;
  to?: string;
  models?: string[];
}

/** TO BE BUILT. Returns the exit code. */
export async function rehearseCommand(
  userId: string,
  options: RehearseOptions,
  context: Context,
): Promise<number> {
  void [userId, options, context];
  throw new Error('not built yet');
}
