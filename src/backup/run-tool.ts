import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { toolFailed } from '../errors.ts';
import type { Tool } from './tools.ts';

/** Of what a tool writes to stderr, this much is kept for the message. */
const KEPT_LINES = 5;

export interface RunOptions {
  env: Record<string, string>;
  /** Ends the tool. */
  signal?: AbortSignal | undefined;
  /** A file that the tool has open as /dev/fd/3. */
  optionFile?: number | undefined;
  /** Each line of stderr, as it comes. */
  onLine?: ((line: string) => void) | undefined;
  /** Lines of stderr that are news, and no part of a failure's message. */
  isNews?: (line: string) => boolean;
}

/** A tool that runs. Its stdout has to be read to the end, and its stdin ended. */
export interface RunningTool {
  stdin: Writable;
  stdout: Readable;
  /** Settles when it has ended: rejects with TOOL_FAILED and its last words where it did not end well. */
  done: Promise<void>;
}

/** Starts a tool without a shell. Nothing secret may be in `args`: everybody on the machine can read them. */
export function startTool(tool: Tool, args: readonly string[], options: RunOptions): RunningTool {
  const { env, signal, optionFile, onLine, isNews = () => false } = options;
  const child = spawn(tool.path, args, {
    env,
    signal,
    stdio: ['pipe', 'pipe', 'pipe', ...(optionFile === undefined ? [] : [optionFile])],
  });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error(`${tool.name} was started without its streams`);
  const last: string[] = [];
  let rest = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine?.(line);
      if (isNews(line) || line.trim() === '') continue;
      last.push(line.trim());
      if (last.length > KEPT_LINES) last.shift();
    }
  });
  // A tool that ends early closes its stdin; why it ended is what matters.
  stdin.on('error', () => undefined);
  const done = new Promise<void>((resolve, reject) => {
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    child.once('close', (code, killed) => {
      if (code === 0 && !failure) return resolve();
      const words = [...last, ...(rest.trim() === '' ? [] : [rest.trim()])].join('\n');
      const ending = killed === null ? `exit code ${code}` : `signal ${killed}`;
      reject(toolFailed(tool.name, words || (failure?.message ?? ''), { ending, cause: failure }));
    });
  });
  // Whoever waits for it learns of it; until then it must not end this process.
  done.catch(() => undefined);
  return { stdin, stdout, done };
}
