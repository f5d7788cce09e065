import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { ensureDatabase } from '../database/mysql-exchange.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import { ToolkitError } from '../errors.ts';
import { aimDump } from './dump-statements.ts';
import type { Loaded, LoadOptions } from './load-backup.ts';
import type { BackupFile } from './manifest.ts';
import type { Backup } from './read-backup.ts';
import { readServer } from './read-server.ts';
import { readZipped } from './read-zipped.ts';
import { startTool } from './run-tool.ts';
import { withMysqlLogin } from './tool-login.ts';
import { getTool } from './tools.ts';

/** Without what the client itself would understand in the data, like NUL bytes and line ends, and for rows of any size. */
const ARGUMENTS = ['--binary-mode', '--max-allowed-packet=1G', '--default-character-set=utf8mb4'];

/** The client repeats a statement that fails, which may be rows. */
const WRONG = /^(ERROR|WARNING|mysql|mariadb)/i;

/** Streams the dumps through the database's own client: the data, then the journal, then what acts by itself. */
export async function loadMysql(
  { folder, manifest }: Backup,
  target: DatabaseUrl,
  { env, signal, withJournal = false, withObjects = false, onProgress }: LoadOptions,
): Promise<Loaded> {
  const roles: BackupFile['role'][] = [
    'data',
    ...(withJournal ? (['journal'] as const) : []),
    ...(withObjects ? (['objects'] as const) : []),
  ];
  const files = roles.flatMap((role) => manifest.files.filter((file) => file.role === role));
  if (files.some(({ role }) => role === 'journal'))
    await withDatabase(target, ({ signal: transact }) =>
      transact((session) => ensureDatabase(session, journalDatabaseOf(target.name), 'journal')),
    );
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const { name, role, bytes } of files) {
    const onBytes = (done: number) => onProgress?.({ done: before + done, total, unit: 'bytes' });
    const database = role === 'journal' ? journalDatabaseOf(target.name) : target.name;
    const run = role === 'objects' ? runObjects : runDump;
    await run(join(folder, name), target, { database, env, signal, onBytes });
    before += bytes;
  }
  return { hasOwners: true };
}

interface DumpRun extends Pick<LoadOptions, 'env' | 'signal'> {
  database: string;
  onBytes?: (done: number) => void;
}

/** Carries out a packed dump in a database of the target's server. What was carried out before an error stays. */
function runDump(path: string, target: DatabaseUrl, run: DumpRun): Promise<void> {
  const { signal, onBytes } = run;
  return runClient(target, run, (stdin) => readZipped(path, stdin, { signal, ...(onBytes && { onBytes }) }));
}

/**
 * The same for views, triggers, routines and events, which are few: what they set for their database is set for the one that they
 * are loaded into, and not for the one that they are from.
 */
export async function runObjects(path: string, target: DatabaseUrl, run: DumpRun): Promise<void> {
  const chunks: Buffer[] = [];
  const keep = new Writable({
    write(chunk: Buffer, _, next) {
      chunks.push(chunk);
      next();
    },
  });
  await readZipped(path, keep, { signal: run.signal });
  // By its bytes, whatever they are the letters of.
  const text = aimDump(Buffer.concat(chunks).toString('latin1'));
  await runClient(target, run, (stdin) => pipeline([Buffer.from(text, 'latin1')], stdin));
}

async function runClient(
  target: DatabaseUrl,
  { database, env, signal }: DumpRun,
  feed: (stdin: Writable) => Promise<void>,
): Promise<void> {
  const tool = await getTool('mysql-client', await readServer(target), env);
  await withMysqlLogin({ url: target, tool, env }, async (login) => {
    const { stdin, stdout, done } = startTool(tool, [...login.args, ...ARGUMENTS, `--database=${database}`], {
      ...login,
      signal,
      isNews: (line) => !WRONG.test(line),
    });
    stdout.resume();
    const [fed, ended] = await Promise.allSettled([feed(stdin), done]);
    signal?.throwIfAborted();
    // A file that ends early ends in the middle of a statement; a client that ends early breaks the pipe.
    if (fed.status === 'rejected' && fed.reason instanceof ToolkitError) throw fed.reason;
    if (ended.status === 'rejected') throw ended.reason;
    if (fed.status === 'rejected') throw fed.reason;
  });
}
