import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { digestDatabase } from '../../src/backup/digest-database.ts';
import type { BackupFile, BackupTable } from '../../src/backup/manifest.ts';
import { type Backup, hashFile, readBackup } from '../../src/backup/read-backup.ts';
import { writeManifest } from '../../src/backup/write-manifest.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { type DatabaseUrl, parseDatabaseUrl } from '../../src/database/database-url.ts';
import { withDatabaseName } from '../../src/database/scratch.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { runInProcess } from './in-process.ts';
import { queryServer } from './query-server.ts';
import { listScratch } from './scratch.ts';

/** What commands need to find the database's own tools. */
const TOOLS = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

/** Taken apart as the command line does it. */
export function urlOf({ url, folder }: Pick<TestDatabase, 'url' | 'folder'>): DatabaseUrl {
  const parsed = parseDatabaseUrl(url, [folder]);
  assert.ok(typeof parsed !== 'string', String(parsed));
  return parsed;
}

/** The name that --confirm wants. */
export function nameOf(database: Pick<TestDatabase, 'url' | 'folder'>): string {
  return urlOf(database).name;
}

/** Types a command in the database's folder. */
export function type(
  { folder, url }: Pick<TestDatabase, 'url' | 'folder'>,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  return runInProcess(args, { cwd: folder, env: { ...TOOLS, DATABASE_URL: url, ...env } });
}

/** The same with --json: the exit code, and the document. */
export async function ask(
  database: Pick<TestDatabase, 'url' | 'folder'>,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const { code, stdout, stderr } = await type(
    database,
    [...args.slice(0, 1), '--json', ...args.slice(1)],
    env,
  );
  // biome-ignore lint/suspicious/noExplicitAny: the answers of several commands; each test reads the keys it is about
  return { code, stderr, answer: JSON.parse(stdout || 'null') as any };
}

/** The same, and Ctrl-C as soon as the command listens for it. */
export function interrupt({ url, folder }: TestDatabase, args: readonly string[]) {
  return runInProcess([...args, '--json'], {
    cwd: folder,
    env: { ...TOOLS, DATABASE_URL: url },
    onInterrupt: (stop) => {
      setImmediate(stop);
      return () => undefined;
    },
  });
}

/** Makes a backup by the command, and reads it. */
export async function backUp(database: TestDatabase): Promise<Backup> {
  const { code, answer, stderr } = await ask(database, ['backup']);
  assert.equal(code, 0, stderr);
  return readBackup(join(database.folder, answer.path));
}

/** The command that puts a backup back, confirmed. */
export function restoreArgs(database: TestDatabase, { folder }: Backup): string[] {
  return ['restore', folder, `--confirm=${nameOf(database)}`];
}

/** The library's own restore, with what only a caller in the same process can set besides. */
export function settingsOf(database: TestDatabase, backup: Backup) {
  return {
    backup,
    url: urlOf(database),
    isOther: false,
    kept: null,
    stamp: '20261126-010203',
    note: () => undefined,
    env: process.env,
    operator: { command: 'restore', host: 'test-host', pid: process.pid, isAlive: () => true },
    signal: new AbortController().signal,
  };
}

/** Rows and digests of all tables as they are now. On MySQL the schema is as in `database`, wherever they are. */
export async function digest(url: DatabaseUrl, like: DatabaseUrl = url): Promise<BackupTable[]> {
  const tables = await withDatabase(url, (database) => digestDatabase(database));
  if (url.provider !== 'mysql') return tables;
  return tables.map((each) => ({ ...each, table: { ...each.table, schema: like.name } }));
}

/** The URL of the database that a restore has kept. */
export function keptUrl(database: TestDatabase, kept: string): DatabaseUrl {
  const url = urlOf(database);
  return url.provider === 'sqlite' ? { ...url, name: kept, url: kept } : withDatabaseName(url, kept);
}

/**
 * Other databases, or files, that begin with the name of this one, which may be cut: those that a restore keeps, and their
 * journals.
 */
export async function listOthers(database: TestDatabase): Promise<string[]> {
  const { provider, url, name } = urlOf(database);
  if (provider === 'sqlite') {
    const found = readdirSync(dirname(url)).filter((each) => each.startsWith(basename(url)));
    return found.filter((each) => each !== basename(url) && !/-(wal|shm|journal)$/.test(each));
  }
  return (await listDatabases(database, `${name.slice(0, 30)}%`)).filter((each) => each !== name);
}

async function listDatabases(database: TestDatabase, like: string): Promise<string[]> {
  const names =
    database.provider === 'mysql'
      ? `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '${like}' ORDER BY 1`
      : `SELECT datname AS name FROM pg_database WHERE datname LIKE '${like}' ORDER BY 1`;
  return (await queryServer(database, names)).map(({ name }) => String(name));
}

/** Databases that restores have kept, without their journals. */
export async function listKept(database: TestDatabase): Promise<string[]> {
  const found = (await listOthers(database)).filter((name) => /before.restore/.test(name));
  return found.filter((name) => !/ownership.migration$/.test(name));
}

/** Removes the database after the test, with all that is beside it. */
export function dropAfter<T extends TestDatabase>(t: TestContext, database: T): T {
  t.after(async () => {
    const isGone = database.provider === 'sqlite' && !existsSync(database.folder);
    for (const name of isGone ? [] : await listOthers(database)) {
      if (database.provider === 'sqlite')
        rmSync(join(dirname(urlOf(database).url), name), { recursive: true, force: true });
      else await queryServer(database, `DROP DATABASE IF EXISTS "${name.replaceAll('"', '""')}"`);
    }
    await database.drop();
  });
  return database;
}

/** A small database with a table of words, and a backup of it. */
export async function createWords(t: TestContext, provider: TestDatabase['provider'], ddl = '') {
  const source = {
    ddl: `CREATE TABLE "Word" ("id" INTEGER NOT NULL PRIMARY KEY, "text" VARCHAR(40) NOT NULL);
      INSERT INTO "Word" VALUES (1, 'one'), (2, 'two'), (3, 'three');${ddl}`,
    models: `model Word {\n  id Int @id\n  text String\n}`,
  };
  return dropAfter(t, await createDatabase(provider, source));
}

/** Gives a backup other contents with a manifest that fits them but for the rows: as if it had been written wrongly. */
export async function forge(backup: Backup, change: (path: string) => void): Promise<void> {
  const files: BackupFile[] = [];
  for (const file of backup.manifest.files) {
    const path = join(backup.folder, file.name);
    if (file.role === 'data') change(path);
    files.push({ ...file, bytes: statSync(path).size, sha256: await hashFile(path) });
  }
  await writeManifest(backup.folder, { ...backup.manifest, files });
}

/** Asserts that nothing is changed while `work` runs: the database, what is beside it, and no copy is left. */
export async function assertAsItWas(database: TestDatabase, work: () => Promise<unknown>): Promise<void> {
  const look = async () => [await database.dump(), await listOthers(database)];
  const before = await look();
  await work();
  assert.deepEqual(await look(), before);
  assert.deepEqual(await listScratch(database), []);
}

/** Asserts that a command is refused, or fails, with this code, and that its texts are on stderr; returns the message. */
export async function assertFails(
  database: TestDatabase,
  args: readonly string[],
  code: string,
  env: Record<string, string> = {},
): Promise<{ message: string; remedy: string }> {
  const done = await ask(database, args, env);
  assert.equal(done.code, 2, done.stderr + JSON.stringify(done.answer));
  assert.equal(done.answer.error.code, code, done.stderr);
  assert.ok(done.stderr.includes(`error: ${done.answer.error.message}\n`), done.stderr);
  return done.answer.error;
}
