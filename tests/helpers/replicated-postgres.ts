import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { findFreePort } from './postgres-server.ts';

const PROGRAMS = ['initdb', 'postgres', 'pg_basebackup'];
const BIN = findPrograms();

/** Why no primary and standby can be started here, or false. */
export const NO_STANDBY = BIN
  ? false
  : `the programs ${PROGRAMS.join(', ')} of one PostgreSQL are not on this machine`;

/** A primary of the machine's own PostgreSQL with a standby that follows it through the slot "standby". */
export interface ReplicatedPostgres {
  url: string;
  onPrimary: (sql: string) => Promise<Record<string, unknown>[]>;
  /** The standby's database of the same name as that of `url`. */
  onStandby: (url: string, sql: string) => Promise<Record<string, unknown>[]>;
  killStandby: () => Promise<void>;
  startStandby: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts both. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-replicated-'));
  chmodSync(folder, 0o777);
  const [primary, standby] = [join(folder, 'primary'), join(folder, 'standby')];
  const [port, standbyPort] = [await findFreePort(), await findFreePort()];
  const children = new Map<string, ChildProcess>();
  const start = async (data: string, on: number) => {
    const flags = ['-D', data, '-p', String(on), '-k', folder, '-c', 'fsync=off'];
    children.set(data, spawn(join(String(BIN), 'postgres'), flags, { ...asPostgres(), stdio: 'ignore' }));
    await untilItAnswers(urlOf(on));
  };
  const kill = async (data: string) => {
    const child = children.get(data);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    // An immediate shutdown: the whole server is gone when its first process is.
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGQUIT');
    await gone;
  };
  process.once('exit', () => {
    for (const child of children.values()) child.kill('SIGQUIT');
  });
  runProgram('initdb', ['-D', primary, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']);
  await start(primary, port);
  const copy = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-c', 'fast', '-X', 'stream'];
  runProgram('pg_basebackup', [...copy, '-D', standby, '-R', '-C', '-S', 'standby']);
  await start(standby, standbyPort);
  return {
    url: urlOf(port),
    onPrimary: (sql) => query(urlOf(port), sql),
    onStandby: (url, sql) => {
      const own = new URL(url);
      own.port = String(standbyPort);
      return query(own.href, sql);
    },
    killStandby: () => kill(standby),
    startStandby: () => start(standby, standbyPort),
    stop: async () => {
      await kill(standby);
      await kill(primary);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function urlOf(port: number): string {
  return `postgresql://postgres@127.0.0.1:${port}/postgres`;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 600; ; tries -= 1) {
    try {
      await query(url, 'SELECT 1');
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await pause(50);
    }
  }
}

function runProgram(name: string, args: readonly string[]): void {
  execFileSync(join(String(BIN), name), args, { ...asPostgres(), stdio: 'pipe' });
}

/** The server does not run as root. */
function asPostgres(): { cwd: string; uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return { cwd: tmpdir() };
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
  );
  return { cwd: tmpdir(), uid: Number(uid), gid: Number(gid) };
}

/** The folder that has all of them: Debian puts the server's beside each other, outside PATH. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((name) => join(debian, name, 'bin')) : [];
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  return folders.find((folder) => PROGRAMS.every((name) => existsSync(join(folder, name))));
}
