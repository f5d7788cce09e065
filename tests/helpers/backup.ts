import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseUrl, parseDatabaseUrl } from '../../src/database/database-url.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { runCommand } from './processes.ts';
import { listScratch } from './scratch.ts';

const NOTES = `
  CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY, title TEXT NOT NULL);
  INSERT INTO "Note" VALUES (1, 'first'), (2, 'second');`;

/** The URL of a test database, taken apart. */
export function openUrl({ url, folder }: Pick<TestDatabase, 'url' | 'folder'>): DatabaseUrl {
  const parsed = parseDatabaseUrl(url, [folder]);
  assert.ok(typeof parsed !== 'string', String(parsed));
  return parsed;
}

/** Where the backups of a test database go. */
export function outOf({ folder }: Pick<TestDatabase, 'folder'>): string {
  return join(folder, 'backups');
}

/** What is in a folder of backups: whole ones, and what was left of others. */
export function listBackups(out: string): { whole: string[]; partial: string[] } {
  const names = existsSync(out) ? readdirSync(out).sort() : [];
  return {
    whole: names.filter((name) => !name.startsWith('.')),
    partial: names.filter((name) => name.startsWith('.partial-')),
  };
}

/** A database with two notes, and the folder of its backups. */
export async function withNotes(
  provider: TestDatabase['provider'],
  work: (database: TestDatabase, out: string) => Promise<void>,
): Promise<void> {
  const database = await createDatabase(provider, { ddl: NOTES, models: '' });
  try {
    await work(database, outOf(database));
  } finally {
    await database.drop();
  }
}

/** The command is refused, or fails, says why, and leaves nothing. */
export async function assertFails(
  database: TestDatabase,
  expected: { code: string; says: RegExp; env?: Record<string, string>; flags?: string[] },
): Promise<void> {
  const out = outOf(database);
  const words = ['backup', '--json', `--out=${out}`, ...(expected.flags ?? [])];
  const done = await runCommand({ ...database, env: { ...database.env, ...expected.env } }, ...words);
  assert.equal(done.code, 2, done.stderr + done.stdout);
  const { ok, error } = JSON.parse(done.stdout);
  assert.deepEqual([ok, error.code], [false, expected.code], done.stderr);
  assert.match(error.message, expected.says);
  assert.deepEqual(listBackups(out), { whole: [], partial: [] });
  assert.deepEqual(await listScratch(database), []);
}
