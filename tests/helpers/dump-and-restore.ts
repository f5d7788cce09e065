import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { TestDatabase } from './database.ts';

/** Copies a database into an empty one by the database's own tools. */
interface Restorer {
  /** Why it cannot be done here, or false. */
  missing: () => string | false;
  copy: (from: TestDatabase, to: TestDatabase) => void;
}

export const RESTORERS: Record<TestDatabase['provider'], Restorer> = {
  sqlite: {
    missing: () => false,
    copy: ({ folder: from }, { folder: to }) => {
      rmSync(`${to}/test.db`, { force: true });
      const db = new BetterSqlite3(`${from}/test.db`);
      db.prepare('VACUUM INTO ?').run(`${to}/test.db`);
      db.close();
    },
  },
  postgresql: {
    missing: () => findPgDumpObstacle(process.env.TEST_POSTGRES_URL ?? ''),
    copy: (from, to) =>
      run(`pg_dump --format=custom --dbname="$FROM" | pg_restore --exit-on-error --no-owner --dbname="$TO"`, {
        FROM: from.url,
        TO: to.url,
      }),
  },
  mysql: {
    missing: () =>
      run('mariadb-dump --version', {}, { mayFail: true }) ? false : 'there is no mariadb-dump on PATH',
    copy: (from, to) => {
      const words = (url: string) => {
        const { hostname, port, username, pathname } = new URL(url);
        return `--host=${hostname} --port=${port || 3306} --user=${username} ${pathname.slice(1)}`;
      };
      run(`mariadb-dump --hex-blob ${words(from.url)} | mariadb ${words(to.url)}`, {
        MYSQL_PWD: decodeURIComponent(new URL(from.url).password),
      });
    },
  },
};

/** pg_dump refuses a server that is newer than itself. */
function findPgDumpObstacle(url: string): string | false {
  const version = run('pg_dump --version', {}, { mayFail: true });
  if (!version) return 'there is no pg_dump on PATH';
  const server = run(
    'psql --tuples-only --no-align --command="SHOW server_version" "$URL"',
    { URL: url },
    { mayFail: true },
  );
  const [tool, its] = [version, server].map((text) => Number(/(\d+)/.exec(text)?.[1] ?? 0)) as [
    number,
    number,
  ];
  return tool >= its && its > 0 ? false : `pg_dump ${tool} does not dump a server of version ${its}`;
}

function run(command: string, env: Record<string, string>, { mayFail = false } = {}): string {
  const done = spawnSync('bash', ['-c', `set -o pipefail; ${command}`], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  if (!mayFail) assert.equal(done.status, 0, done.stderr);
  return done.status === 0 ? done.stdout : '';
}
