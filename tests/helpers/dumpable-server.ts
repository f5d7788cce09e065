import { spawnSync } from 'node:child_process';
import { isMissing, type TestDatabase } from './database.ts';

/** A PostgreSQL of the machine, for where the one that `npm test` starts is too new for the pg_dump on PATH. */
const SYSTEM_SERVER = 'postgresql://postgres@127.0.0.1:5432/postgres';

/** The server that `npm test` started, whatever this file made of the variable. */
export const TEST_SERVER = process.env.TEST_POSTGRES_URL;

/**
 * Has the databases of this test file's process made on a server that the pg_dump on PATH can dump. Why there is none, or
 * false.
 */
const DUMP_MISSING: string | false = useDumpableServer();

function useDumpableServer(): string | false {
  const tool = Number(/\(PostgreSQL\) (\d+)/.exec(read('pg_dump', ['--version']))?.[1] ?? 0);
  if (tool === 0) return 'no pg_dump is on PATH';
  for (const url of [TEST_SERVER, SYSTEM_SERVER]) {
    if (!url) continue;
    const server = Number.parseInt(read('psql', [url, '-At', '-c', 'SHOW server_version']), 10);
    if (!(server <= tool)) continue;
    process.env.TEST_POSTGRES_URL = url;
    return false;
  }
  return `no PostgreSQL answers that pg_dump ${tool} can dump (looked at TEST_POSTGRES_URL and ${SYSTEM_SERVER})`;
}

/** What a program prints; nothing where it is missing or fails. */
function read(program: string, args: readonly string[]): string {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  return stdout ?? '';
}

/** Why a provider's databases cannot be backed up here, or false; needs this module to be imported before a database is made. */
export function cannotDump(provider: TestDatabase['provider']): string | false {
  if (provider === 'postgresql') return DUMP_MISSING;
  if (provider === 'sqlite') return false;
  const hasTool = ['mariadb-dump', 'mysqldump'].some((name) => read(name, ['--version']) !== '');
  return isMissing(provider) || (hasTool ? false : 'neither mariadb-dump nor mysqldump is on PATH');
}
