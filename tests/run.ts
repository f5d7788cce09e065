import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { findMysql } from './helpers/mysql-database.ts';
import { startPostgres } from './helpers/postgres-server.ts';

/**
 * `npm test`: builds the command line, starts a PostgreSQL of its own (or uses TEST_POSTGRES_URL), looks for a MariaDB, runs Node's test
 * runner over every test file, or over those named as arguments, and stops the server again.
 */
async function run(named: readonly string[]): Promise<number> {
  const root = resolve(__dirname, '..');
  const build = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], {
    cwd: root,
    encoding: 'utf8',
    shell: true,
  });
  if (build.status !== 0) {
    process.stderr.write(`the command line does not compile:\n${build.stdout}${build.stderr}`);
    return 1;
  }
  const files = named.length > 0 ? named : listTests(join(root, 'tests'));
  const postgres = await startPostgres(process.env.TEST_POSTGRES_URL);
  const mysql = await findMysql(process.env.TEST_MYSQL_URL);
  if (mysql.TEST_MYSQL_MISSING)
    process.stderr.write(`Tests on MySQL are skipped: ${mysql.TEST_MYSQL_MISSING}\n`);
  try {
    // One file for each processor, not one less, as is the default: much of the time is spent in waiting for locks.
    const concurrency = `--test-concurrency=${availableParallelism()}`;
    const args = [
      '-r',
      'ts-node/register/transpile-only',
      '--test',
      concurrency,
      '--test-reporter=spec',
      ...files,
    ];
    const env = withoutNpmFlags({ ...process.env, TEST_POSTGRES_URL: postgres.url, ...mysql });
    return await runToEnd(args, root, env);
  } finally {
    await postgres.stop();
  }
}

/** Waits without blocking: PostgreSQL stops for ever when nobody reads what it logs. */
function runToEnd(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: 'inherit', env });
    child.once('error', reject);
    child.once('close', (code) => done(code ?? 1));
  });
}

/** The tests start npm scripts of their own, which must not find the flags and names of this `npm test`. */
function withoutNpmFlags(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^npm_(config_(?!userconfig|globalconfig|cache|prefix|registry)|lifecycle|command|package)/i;
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !own.test(name) && name !== 'DATABASE_URL'),
  );
}

function listTests(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`the tests could not start: ${(error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
