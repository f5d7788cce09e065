import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { toolMissing, toolOlder, toolOfAnother, toolUnusable } from '../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a tool is for; each has the names that it goes by, the best one first. */
export type ToolKind = 'pg_dump' | 'pg_restore' | 'psql' | 'mysql-dump' | 'mysql-client';
type Family = 'postgresql' | 'mariadb' | 'mysql';

/** A program of the database's makers, found on PATH. */
export interface Tool {
  /** As it is called: "mariadb-dump". */
  name: string;
  path: string;
  /** What it says of itself, on one line. */
  version: string;
  major: number;
  family: Family;
}

/** What a server says its version is: "15.4 (Debian 15.4-1)", "10.11.6-MariaDB-1", "8.0.36". */
export interface Server {
  provider: 'postgresql' | 'mysql';
  version: string;
}

const NAMES: Record<ToolKind, Partial<Record<Family, string[]>>> = {
  pg_dump: { postgresql: ['pg_dump'] },
  pg_restore: { postgresql: ['pg_restore'] },
  psql: { postgresql: ['psql'] },
  // Distributions give MariaDB's tools MySQL's names as well.
  'mysql-dump': { mariadb: ['mariadb-dump', 'mysqldump'], mysql: ['mysqldump', 'mariadb-dump'] },
  'mysql-client': { mariadb: ['mariadb', 'mysql'], mysql: ['mysql', 'mariadb'] },
};

const VERSION_TIMEOUT_MS = 10_000;
/** What child processes get of the environment; all that says where a database is, or how to log in, comes from the URL alone. */
const KEPT = /^(PATH|HOME|USER|LOGNAME|LANG|TMPDIR|TEMP|TMP|TZ|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_\w+)$/i;

/**
 * Finds the tool that fits the server, on PATH. `env` is the environment that it will be run with: on Debian that decides
 * which version is run. Throws TOOL_MISSING, TOOL_UNUSABLE, TOOL_OLDER or TOOL_OF_ANOTHER; nothing was run on the database.
 */
export async function getTool(kind: ToolKind, server: Server, env: Environment): Promise<Tool> {
  const family = familyOf(server);
  const names = NAMES[kind][family] ?? [];
  const wanted = { names, family, packages: describePackages(server) };
  const found = names.flatMap((name) => findOnPath(name, env) ?? []);
  if (found.length === 0) throw toolMissing(wanted);
  const tools: Tool[] = [];
  for (const { name, path } of found) tools.push(await readTool(name, path, env));
  const tool = tools.find((each) => each.family === family) ?? (tools[0] as Tool);
  const asked = { ...wanted, name: tool.name, version: tool.version, server: server.version };
  // mysqldump asks for what MariaDB does not have, and leaves out what MySQL does not have, like sequences.
  if (tool.family !== family && tool.family !== 'mariadb') throw toolOfAnother(asked);
  // pg_dump refuses a newer server (https://www.postgresql.org/docs/current/app-pgdump.html), and so does mysqldump in effect.
  if (tool.family === family && family !== 'mariadb' && tool.major < majorOf(server)) throw toolOlder(asked);
  return tool;
}

/** The environment of a tool: nothing of ours is in it but where programs and the home are, and `more`. Messages are in English. */
export function toolEnvironment(env: Environment, more: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => KEPT.test(name) && value !== undefined);
  return { ...(Object.fromEntries(kept) as Record<string, string>), LC_ALL: 'C', ...more };
}

/** The first number of a version: 15 of "15.4 (Debian)". */
export function majorOf({ version }: { version: string }): number {
  return Number(/\d+/.exec(version)?.[0] ?? 0);
}

function familyOf({ provider, version }: Server): Family {
  if (provider === 'postgresql') return 'postgresql';
  return /mariadb/i.test(version) ? 'mariadb' : 'mysql';
}

/** The packages of Debian and Homebrew that have it. */
function describePackages(server: Server): string {
  const major = majorOf(server);
  return {
    postgresql: `postgresql-client-${major} (Debian, Ubuntu) or postgresql@${major} (Homebrew)`,
    mariadb: 'mariadb-client (Debian, Ubuntu) or mariadb (Homebrew)',
    mysql: 'mysql-client (Ubuntu, repo.mysql.com) or mysql-client (Homebrew)',
  }[familyOf(server)];
}

function findOnPath(name: string, { PATH = '' }: Environment): { name: string; path: string } | null {
  for (const folder of PATH.split(delimiter).filter((each) => each !== '')) {
    const path = join(folder, name);
    if (isProgram(path)) return { name, path };
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function readTool(name: string, path: string, env: Environment): Promise<Tool> {
  const { stdout } = await promisify(execFile)(path, ['--version'], {
    env: toolEnvironment(env),
    timeout: VERSION_TIMEOUT_MS,
  }).catch((error: Error) => {
    throw toolUnusable(path, (error.message.split('\n')[0] ?? '').trim(), error);
  });
  const version = (stdout.split('\n')[0] ?? '').trim();
  const family = /mariadb/i.test(version) ? 'mariadb' : /postgresql/i.test(version) ? 'postgresql' : 'mysql';
  // "Ver 10.19 Distrib 10.11.6-MariaDB", "from 11.4.2-MariaDB", "Ver 8.0.36", "(PostgreSQL) 15.4": the last one counts.
  const numbers = [...version.matchAll(/(?:Distrib|from|Ver|\(PostgreSQL\)) +(\d+)\./gi)];
  const major = Number(numbers.at(-1)?.[1] ?? /\(PostgreSQL\) (\d+)/.exec(version)?.[1] ?? Number.NaN);
  if (Number.isNaN(major)) throw toolUnusable(path, `it says that its version is "${version}"`, undefined);
  return { name, path, version: version.replace(/^\S*\//, '').replace(/ +/g, ' '), major, family };
}
