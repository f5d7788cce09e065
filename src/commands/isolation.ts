import type { Context } from '../context.ts';
import { isolationModeMissing } from '../errors.ts';
import type { CommonOptions } from './database-command.ts';

export interface IsolationOptions extends CommonOptions {
  generate?: string;
  rls?: boolean;
  role?: string;
  undo?: boolean;
  scan?: string;
  check?: boolean;
  client?: string;
  copy?: boolean;
  dryRun?: boolean;
}

type Handler = (options: IsolationOptions, context: Context) => Promise<number>;

/** What the command does, by the flag that says so. */
const MODES: Partial<Record<keyof IsolationOptions, () => Promise<Handler>>> = {
  generate: async () => (await import('./isolation-generate.ts')).generateCommand,
  rls: async () => (await import('./isolation-rls.ts')).rlsCommand,
  scan: async () => (await import('./isolation-scan.ts')).scanCommand,
  check: async () => (await import('./isolation-check.ts')).checkCommand,
};

/** Does the one of its things that a flag names; commander has seen to it that no two do. Returns the exit code. */
export async function isolationCommand(options: IsolationOptions, context: Context): Promise<number> {
  const modes = Object.entries(MODES) as [keyof IsolationOptions, () => Promise<Handler>][];
  const load = modes.find(([flag]) => options[flag] !== undefined)?.[1];
  if (!load) throw isolationModeMissing();
  return (await load())(options, context);
}
