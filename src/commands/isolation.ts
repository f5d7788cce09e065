import type { Context } from '../context.ts';
import type { CommonOptions } from './database-command.ts';

export interface IsolationOptions extends CommonOptions {
  generate?: string;
  dryRun?: boolean;
}

/** One of the four things that have to do with isolation; commander has seen to it that it is one. Returns the exit code. */
export async function isolationCommand(options: IsolationOptions, context: Context): Promise<number> {
  const { generateCommand } = await import('./isolation-generate.ts');
  return generateCommand({ ...options, generate: options.generate ?? '' }, context);
}
