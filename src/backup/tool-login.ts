import { randomBytes } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseUrl } from '../database/database-url.ts';
import { type Environment, type Tool, toolEnvironment } from './tools.ts';

/** What libpq calls the parameters of a URL (https://www.postgresql.org/docs/current/libpq-envars.html); all others are Prisma's. */
const LIBPQ: Record<string, string> = {
  sslmode: 'PGSSLMODE',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslrootcert: 'PGSSLROOTCERT',
  options: 'PGOPTIONS',
};
/** The file that a tool finds open; it has no name any more. */
const OPTION_FILE = '/dev/fd/3';

/**
 * The environment in which PostgreSQL's tools find the database: the password is in it, which on Linux and macOS only
 * the same user can read, and on no disk. What is Prisma's own in the URL (schema, connection_limit, pgbouncer ...) is left out.
 */
export function postgresqlEnvironment({ url: text, name }: DatabaseUrl, env: Environment) {
  const url = new URL(text);
  const { searchParams } = url;
  const ofUrl = Object.entries(LIBPQ).flatMap(([parameter, variable]) => {
    const value = searchParams.get(parameter);
    // node-postgres knows one more word.
    return value === null || value === 'no-verify' ? [] : [[variable, value] as const];
  });
  return toolEnvironment(env, {
    PGHOST: searchParams.get('host') ?? (url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost'),
    PGPORT: searchParams.get('port') ?? (url.port || '5432'),
    PGUSER: decodeURIComponent(url.username) || (env.USER ?? ''),
    PGDATABASE: name,
    PGAPPNAME: 'prisma-ownership',
    ...findPassword(decodeURIComponent(url.password), env),
    ...Object.fromEntries(ofUrl),
    ...(searchParams.get('sslmode') === 'no-verify' ? { PGSSLMODE: 'require' } : {}),
  });
}

/** The URL's; else from where node-postgres takes it as well, so that the tool can log in where the app can. */
function findPassword(ofUrl: string, { PGPASSWORD, PGPASSFILE }: Environment): Record<string, string> {
  const password = ofUrl || PGPASSWORD;
  return { ...(password ? { PGPASSWORD: password } : {}), ...(PGPASSFILE ? { PGPASSFILE } : {}) };
}

/** An option file for the tools of MySQL and MariaDB (https://dev.mysql.com/doc/refman/8.4/en/option-files.html). Pure. */
export function mysqlOptions({ url: text }: DatabaseUrl, { family }: Pick<Tool, 'family'>): string {
  const url = new URL(text);
  const { searchParams } = url;
  const [socket, accept, ca] = ['socket', 'sslaccept', 'sslcert'].map((name) => searchParams.get(name));
  const lines: [string, string | null][] = [
    ['host', url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost'],
    ['port', url.port || '3306'],
    ['user', decodeURIComponent(url.username)],
    ['password', decodeURIComponent(url.password)],
    // On "localhost" the tools would take a socket, where the app takes TCP.
    ['protocol', socket ? 'socket' : 'tcp'],
    ['socket', socket ?? null],
    ['ssl-ca', ca ?? null],
    ...(family === 'mariadb' ? verifyOfMariaDb(accept) : verifyOfMysql(accept)),
  ];
  const given = lines.filter(([, value]) => value !== null);
  return `[client]\n${given.map(([name, value]) => `${name}=${quoteOption(value ?? '')}`).join('\n')}\n`;
}

/** From 11.4 on MariaDB's tools want a certificate that they can verify, unless told otherwise. */
function verifyOfMariaDb(accept: string | null | undefined): [string, string][] {
  const verify = accept === 'strict' ? '1' : '0';
  return [...(accept ? [['ssl', '1'] as [string, string]] : []), ['ssl-verify-server-cert', verify]];
}

function verifyOfMysql(accept: string | null | undefined): [string, string][] {
  return [['ssl-mode', accept === 'strict' ? 'VERIFY_IDENTITY' : accept ? 'REQUIRED' : 'PREFERRED']];
}

/** In quotes, so that # begins no comment. */
function quoteOption(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** How a tool is started with an option file, and only with that one. */
export interface MysqlLogin {
  /** The first arguments. */
  args: string[];
  env: Record<string, string>;
  optionFile: number;
}

/**
 * Gives the tools of MySQL and MariaDB their login in a file that has no name: it is unlinked while it is empty, and the
 * tools find it as the open file 3. So no kill, at any instant, leaves a password on the disk.
 */
export async function withMysqlLogin<T>(
  { url, tool, env }: { url: DatabaseUrl; tool: Pick<Tool, 'family'>; env: Environment },
  work: (login: MysqlLogin) => Promise<T>,
): Promise<T> {
  const path = join(tmpdir(), `prisma-ownership-${randomBytes(12).toString('hex')}`);
  const optionFile = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    // At a position, so that the tool reads from the beginning also where it shares the position, as on macOS.
    const bytes = Buffer.from(mysqlOptions(url, tool));
    writeSync(optionFile, bytes, 0, bytes.length, 0);
    return await work({
      args: [`--defaults-file=${OPTION_FILE}`],
      // The operator's own login file would go before it.
      env: toolEnvironment(env, { MYSQL_TEST_LOGIN_FILE: '/dev/null' }),
      optionFile,
    });
  } finally {
    closeSync(optionFile);
  }
}
