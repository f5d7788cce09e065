import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatabaseUrl } from '../database/database-url.ts';
import { readServer } from './read-server.ts';
import { startTool } from './run-tool.ts';
import { postgresqlEnvironment } from './tool-login.ts';
import { type Environment, getTool, majorOf, type Tool } from './tools.ts';

/** What --verbose tells, as against what is wrong. */
const STEP = /^(pg_restore: (?!error|warning|detail|hint|from TOC)|WARNING: password file)/;
const TABLE = /processing data for table/;
/** The first version that has the setting, and that sets it wherever it restores to. */
const TIMEOUT_SINCE = 17;
const SET_TIMEOUT = /^SET transaction_timeout = 0;\n/m;
/** Nothing that is loaded becomes a subscriber beside the database that is one; nor could a copy be dropped that is. */
const NO_SUBSCRIBER = '--no-subscriptions';
/** The settings are the first thing in a script. */
const HEAD_BYTES = 4096;

/** What a part of an archive is restored with. */
export interface PgRestoreRun {
  args: readonly string[];
  /** All or nothing, over one connection; otherwise over so many. */
  jobs: number | 'one transaction';
}

interface Settings {
  archive: string;
  target: DatabaseUrl;
  env: Environment;
  signal?: AbortSignal | undefined;
  /** Called for each table whose rows are restored. */
  onTable: () => void;
}

/**
 * Finds pg_restore for a server, and returns how a part of an archive is restored with it; what is done before an error stays,
 * unless it is one transaction. From version 17 on the tool sets what older servers do not know, and calls that an error: there
 * it only writes the script, and psql carries that out without this line.
 */
export async function findPgRestore(settings: Settings): Promise<(run: PgRestoreRun) => Promise<void>> {
  const { target, env, signal } = settings;
  const server = await readServer(target);
  const tool = await getTool('pg_restore', server, env);
  const isTooNew = tool.major >= TIMEOUT_SINCE && majorOf(server) < TIMEOUT_SINCE;
  const psql = isTooNew ? await getTool('psql', server, env) : null;
  return async (run) => {
    try {
      await (psql ? runScript({ tool, psql }, settings, run) : runDirectly(tool, settings, run));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
}

async function runDirectly(tool: Tool, settings: Settings, { args, jobs }: PgRestoreRun): Promise<void> {
  const how = jobs === 'one transaction' ? '--single-transaction' : `--jobs=${jobs}`;
  const into = ['--exit-on-error', '--no-password', connectionOf(settings.target), how];
  const { stdin, stdout, done } = startPgRestore(tool, settings, [...into, ...args]);
  stdin.end();
  stdout.resume();
  await done;
}

async function runScript(
  { tool, psql }: { tool: Tool; psql: Tool },
  settings: Settings,
  { args, jobs }: PgRestoreRun,
): Promise<void> {
  const { target, env, signal } = settings;
  const script = startPgRestore(tool, settings, ['--file=-', ...args]);
  script.stdin.end();
  const how = ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', connectionOf(target)];
  const whole = jobs === 'one transaction' ? ['--single-transaction'] : [];
  const run = startTool(psql, [...how, ...whole], { env: postgresqlEnvironment(target, env), signal });
  run.stdout.resume();
  const [fed, written, carriedOut] = await Promise.allSettled([
    pipeline(script.stdout, withoutTimeout(), run.stdin),
    script.done,
    run.done,
  ]);
  // Where psql ends early, pg_restore cannot write any more; where that fails, psql sees only the end.
  for (const each of [carriedOut, written, fed]) if (each.status === 'rejected') throw each.reason;
}

function startPgRestore(tool: Tool, { archive, target, env, signal, onTable }: Settings, args: string[]) {
  return startTool(tool, ['--verbose', NO_SUBSCRIBER, ...args, archive], {
    env: postgresqlEnvironment(target, env),
    signal,
    isNews: (line) => STEP.test(line),
    onLine: (line) => {
      if (TABLE.test(line)) onTable();
    },
  });
}

/** Takes the one line out of the head of a script. */
function withoutTimeout(): Transform {
  let head: Buffer | null = Buffer.alloc(0);
  const cut = (text: Buffer) => Buffer.from(text.toString('latin1').replace(SET_TIMEOUT, ''), 'latin1');
  return new Transform({
    transform(chunk: Buffer, _, next) {
      if (head === null) return next(null, chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) return next();
      const begin = cut(head);
      head = null;
      next(null, begin);
    },
    flush: (next) => next(null, head === null ? undefined : cut(head)),
  });
}

/** A bare name with an equals sign, or one that begins like a URL, would be taken for a connection string. */
function connectionOf({ name }: DatabaseUrl): string {
  return `--dbname=dbname='${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
