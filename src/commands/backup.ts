import type { Context } from '../context.ts';
import type { CommonOptions } from './database-command.ts';

export interface BackupOptions extends CommonOptions {
  out: string;
  verify?: boolean;
  jobs: number;
  dryRun?: boolean;
}

/** TO BE BUILT. Returns the exit code. */
export async function backupCommand(options: BackupOptions, context: Context): Promise<number> {
  void [options, context];
  throw new Error('not built yet');
}
