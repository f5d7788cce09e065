import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How long an interrupted command may take to end by itself, before it is killed. */
const GRACE_MS = 3000;
// Windows has no process groups; there Ctrl-C reaches every process of the console.
const HAS_GROUPS = process.platform !== 'win32';

/** Where a command runs, and who is told of its lines. */
export interface RunOptions {
  folder: string;
  /** Its folder for temporary files, which it may leave full. */
  temporary: string;
  print: (line: string) => void;
  /** Ends the command, with everything that it started. */
  signal: AbortSignal;
}

/** What a command left; the output is stdout and stderr in the order in which they were written. */
export interface Ended {
  code: number | null;
  output: string;
}

/**
 * Runs a command line through the shell, literally as typed, without a terminal, and prints its lines as they come.
 * npm's warnings and its banner (the two lines with `>`) are left out.
 */
export async function runCommand(
  command: string,
  { folder, temporary, print, signal }: RunOptions,
): Promise<Ended> {
  // One pipe for both streams keeps their order.
  const child = spawn(`${command} 2>&1`, {
    cwd: folder,
    env: environmentFor(temporary),
    shell: true,
    detached: HAS_GROUPS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((done, reject) => {
    child.once('error', reject);
    child.once('close', done);
  });
  const stop = () => stopGroup(child);
  signal.addEventListener('abort', stop);
  try {
    const lines: string[] = [];
    let blanks = 0;
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      const isBanner = lines.length === 0 && (line === '' || line.startsWith('> '));
      if (isBanner || signal.aborted) continue;
      // Blank lines wait for the next line, so that none is printed at the end.
      if (line === '') {
        blanks += 1;
        continue;
      }
      const shown = [...Array<string>(blanks).fill(''), line];
      blanks = 0;
      lines.push(...shown);
      for (const each of shown) print(each);
    }
    return { code: await ended, output: lines.join('\n') };
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) kill(child, 'SIGKILL');
  }
}

/**
 * The user's environment, without what would lead a command away from its copy (DATABASE_URL) or what the `npm run`
 * that started us left in it: its flags would count as typed.
 */
function environmentFor(temporary: string): NodeJS.ProcessEnv {
  const dropped =
    /^(npm_(?!config_(userconfig|globalconfig|cache|prefix|registry)$)|init_cwd$|database_url$|force_color$)/i;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !dropped.test(name))),
    // "silent" would hide npm's errors too.
    npm_config_loglevel: 'error',
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
  };
}

function stopGroup(child: ChildProcess): void {
  kill(child, 'SIGINT');
  setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS).unref();
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(HAS_GROUPS ? -pid : pid, signal);
  } catch {
    // Everything that it started has ended already.
  }
}
