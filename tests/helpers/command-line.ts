import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The repository's root. */
export const ROOT = resolve(__dirname, '../..');
/** The compiled command line, which `npm test` builds first. */
export const BIN = resolve(ROOT, 'dist/scripts/migration.js');

/** What a finished process left. */
export interface Finished {
  /** The exit code, or null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Where and with what a command runs; the environment has nothing else than PATH in it. */
export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Called with the process as soon as it runs, to kill or interrupt it. */
  onStart?: (child: ChildProcess) => void;
}

/** Runs the compiled command line as a process of its own: `runCli(['list-users', '--json'], { env })`. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return runProcess(process.execPath, [BIN, ...args], options);
}

/** Runs a program and waits for its end. */
export function runProcess(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return new Promise((done, reject) => {
    const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NO_COLOR: '1', ...options.env };
    const child = spawn(program, args, { cwd: options.cwd ?? ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => done({ code, stdout, stderr }));
    options.onStart?.(child);
  });
}
