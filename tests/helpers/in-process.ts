import { main } from '../../src/main.ts';
import type { Context } from '../../src/context.ts';
import type { Finished, RunOptions } from './command-line.ts';

/** As `RunOptions`, plus what only a caller in the same process can do. */
export interface InProcessOptions extends Omit<RunOptions, 'onStart'> {
  /** Stands in for Ctrl-C; nobody presses it when it is left out. */
  onInterrupt?: Context['onInterrupt'];
}

/** Runs the command line inside this process: quicker than `runCli`, for all that is not about the process itself. */
export async function runInProcess(
  args: readonly string[],
  { cwd = process.cwd(), env = {}, onInterrupt = () => () => undefined }: InProcessOptions = {},
): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  const code = await main({
    argv: args,
    env,
    cwd,
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    process: { host: 'test-host', pid: process.pid, isAlive },
    onInterrupt,
  });
  return { code, stdout, stderr };
}

/** Asks the system: other test files run at the same time, and their scratch databases are not leftovers. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
