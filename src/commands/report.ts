import type { Context } from '../context.ts';
import type { CommonOptions } from './database-command.ts';

export interface ReportOptions extends CommonOptions {
  out: string;
}

/** TO BE BUILT. Returns the exit code. */
export async function reportCommand(options: ReportOptions, context: Context): Promise<number> {
  void [options, context];
  throw new Error('not built yet');
}
