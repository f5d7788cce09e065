import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Way, WayEnd } from './ways.ts';

/** What a way needs to know. */
export interface WayOptions {
  url: string;
  /** The folder of the compiled ones. */
  scripts: string;
  schema: string;
  limitMs: number;
  signal: AbortSignal;
}

/** A way after its end. */
export interface Ran extends WayEnd {
  /** When its process started and had ended, in milliseconds since 1970. */
  from: number;
  to: number;
  /** In bytes; null where the process died. */
  peakMemory: number | null;
}

/** Runs a way to its end in a process of its own, which has nothing of this one's environment that could lead it astray. */
export async function runWay(command: NonNullable<Way['command']>, options: WayOptions): Promise<Ran> {
  const { url, scripts, schema, limitMs, signal } = options;
  const [script = '', ...args] = command;
  const own = args.includes('--json') ? ['--schema', schema] : [schema, String(limitMs)];
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const from = Date.now();
  const child = spawn(
    process.execPath,
    ['-r', join(scripts, 'bench', 'peak-memory.js'), join(scripts, script), ...args, ...own],
    {
      cwd: dirname(schema),
      env: { PATH, HOME, TMPDIR, DATABASE_URL: url, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    },
  );
  const ended = new Promise<number | null>((done, reject) => {
    child.once('error', reject);
    child.once('close', done);
  });
  const [stdout, stderr, memory] = child.stdio.slice(1) as [Readable, Readable, Readable];
  const [code, answer, errors, peak] = await Promise.all([ended, text(stdout), text(stderr), text(memory)]);
  const to = Date.now();
  return {
    ...readEnd({ code, answer, errors }, to - from),
    from,
    to,
    peakMemory: peak ? Number(peak) : null,
  };
}

/** The command line's answer has the same key for the time, and an `error` with a message where it failed. */
function readEnd(
  { code, answer, errors }: { code: number | null; answer: string; errors: string },
  wallMs: number,
): WayEnd {
  const said = /^\{.*\}\s*$/s.test(answer) ? JSON.parse(answer) : {};
  const { elapsedMs = wallMs, isLimited = false } = said;
  const died = errors.match(/^.*(?:error|fatal).*$/im)?.[0] ?? `the process ended with ${code}`;
  const ours: string | undefined = said.error?.message.split('\n')[0];
  const failed = said.failed === undefined ? (ours ?? (code === 0 ? undefined : died)) : toLine(said.failed);
  return { elapsedMs, isLimited, ...(failed === undefined ? {} : { failed }) };
}

/** The last line of an error of Prisma says it, in its first sentence; the other lines show the code around it. */
function toLine(words: string): string {
  return (
    words
      .trim()
      .split('\n')
      .at(-1)
      ?.split(/(?<=\.)\s/)[0] ?? words
  );
}
