import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** One statement of the app. */
export interface Sample {
  /** Milliseconds since 1970. */
  due: number;
  /** From then to its end. */
  ms: number;
  /** The words of its error. */
  failed: string | null;
}

/** What the app noticed. */
export interface Noticed {
  statements: number;
  longestMs: number;
  p99Ms: number;
  failed: number;
  /** Different words of errors, as often as they came. */
  words: Record<string, number>;
}

/** Starts the app's process; it has done its first statement when this returns. */
export async function startLoad({
  url,
  scripts,
  rows,
  signal,
}: {
  url: string;
  /** The folder of the compiled ones. */
  scripts: string;
  rows: number;
  signal: AbortSignal;
}): Promise<{ stop: () => Promise<Sample[]> }> {
  const child = fork(join(scripts, 'bench', 'load.js'), [String(rows)], {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: url },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    signal,
  });
  const died = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process of the app ended with ${code}`)));
  });
  // It ends at the end, when nobody waits for it.
  died.catch(() => undefined);
  const next = async () => (await Promise.race([once(child, 'message'), died]))[0];
  await next();
  return {
    stop: () => {
      const samples = next();
      child.send('stop');
      return samples;
    },
  };
}

/** Looks at the statements that were under way, or due, between two moments. */
export function summarise(samples: readonly Sample[], from: number, to: number): Noticed {
  const during = samples.filter(({ due, ms }) => due <= to && due + ms >= from);
  const sorted = during.map(({ ms }) => ms).sort((a, b) => a - b);
  const words: Record<string, number> = {};
  for (const { failed } of during) if (failed !== null) words[failed] = (words[failed] ?? 0) + 1;
  return {
    statements: during.length,
    longestMs: sorted.at(-1) ?? 0,
    p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
    failed: during.filter(({ failed }) => failed !== null).length,
    words,
  };
}
