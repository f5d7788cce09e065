import { strict as assert } from 'node:assert';
import type { Finding } from '../../src/ownership/findings.ts';
import type { Finished } from './command-line.ts';
import type { TestDatabase } from './database.ts';
import { runInProcess } from './in-process.ts';
import { hasJournal, takeSnapshot } from './snapshot.ts';

/** What a command says when it refuses to do, or cannot do, what it was asked. */
export interface Refusal {
  code: string;
  message: string;
  remedy: string;
}

/** Where a command runs; the database's folder and URL are the default. */
export interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
  /** The remedy when asked for JSON, where it repeats the command line. */
  jsonRemedy?: string;
  /** What stderr has before the error: by default which database is meant, when it came that far. */
  before?: string;
}

/** Which database is meant, as every command says first. */
export function announcement(database: TestDatabase, more = ', schema schema.prisma'): string {
  const { provider, url } = database;
  const { hostname, pathname } = new URL(url);
  const named =
    provider === 'sqlite' ? `${pathname} (sqlite)` : `${pathname.slice(1)} (postgresql) on ${hostname}`;
  return `Database: ${named}, DATABASE_URL from the environment${more}\n`;
}

/**
 * Asserts that a command exits with 2, explains itself on stderr and, asked for JSON, in one document on stdout, and
 * that the database is as it was and has no journal.
 */
export async function assertRefused(
  database: TestDatabase,
  args: readonly string[],
  { code, message, remedy, ...where }: Refusal & Surroundings,
): Promise<void> {
  const print = (lastLines: string) => `${where.before ?? ''}error: ${message}\n${lastLines}\n`;
  await assertUntouched(database, async () => {
    const inText = await runThere(database, args, where);
    assert.deepEqual(inText, { code: 2, stdout: '', stderr: print(remedy) });
    const inJson = await runThere(database, [...args.slice(0, 1), '--json', ...args.slice(1)], where);
    const error = { code, message, remedy: where.jsonRemedy ?? remedy };
    assert.deepEqual(JSON.parse(inJson.stdout), { command: args[0], ok: false, error });
    assert.deepEqual([inJson.code, inJson.stderr], [2, print(error.remedy)]);
  });
}

/** Asserts that step 1 has these findings and says no, and that step 2 refuses, for their errors, and changes nothing. */
export async function assertFindings(
  database: TestDatabase,
  expected: readonly Finding[],
  where: Surroundings = {},
): Promise<void> {
  const errors = expected.filter(({ severity }) => severity === 'error');
  const before = where.before ?? announcement(database);
  await assertUntouched(database, async () => {
    const args = ['production-safe', 'ana', '--step=1', '--json'];
    const { stdout, ...rest } = await runThere(database, args, where);
    const { ok, findings } = JSON.parse(stdout);
    assert.deepEqual(findings, expected);
    assert.deepEqual({ ok, ...rest }, { ok: false, code: 1, stderr: before });
  });
  const lines = errors.map(({ model, message }) => `  ${model ? `${model}: ` : ''}${message}\n`).join('');
  await assertRefused(database, ['production-safe', 'ana', '--step=2'], {
    ...where,
    before,
    code: 'CHECK_FAILED',
    message: `step 1 finds ${errors.length === 1 ? 'an error' : `${errors.length} errors`}, so step 2 does not begin.
${lines}Nothing was changed.`,
    remedy: 'To see them with their remedies:\n  npm run migration:check ana',
  });
}

/** Asserts that `work` leaves every row as it was, and no journal. */
export async function assertUntouched(database: TestDatabase, work: () => Promise<void>): Promise<void> {
  const before = await takeSnapshot(database);
  await work();
  assert.deepEqual(await takeSnapshot(database), before);
  assert.equal(await hasJournal(database), false);
}

function runThere(
  { folder, url }: TestDatabase,
  args: readonly string[],
  where: Surroundings,
): Promise<Finished> {
  return runInProcess(args, { cwd: where.cwd ?? folder, env: where.env ?? { DATABASE_URL: url } });
}
