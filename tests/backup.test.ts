import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertIntact, readBackup } from '../src/backup/read-backup.ts';
import { withDatabase } from '../src/database/connect.ts';
import { listEvidence } from '../src/ownership/evidence.ts';
import { listBackups, openUrl, outOf } from './helpers/backup.ts';
import { listScratch } from './helpers/scratch.ts';
import { ALL_PROVIDERS, createDatabase, type TestDatabase } from './helpers/database.ts';
import { cannotDump } from './helpers/dumpable-server.ts';
import { runInProcess } from './helpers/in-process.ts';
import { runCommand } from './helpers/processes.ts';

const DDL = `
  CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY, title TEXT NOT NULL);
  CREATE TABLE "Empty" (id INTEGER NOT NULL PRIMARY KEY);
  INSERT INTO "Note" VALUES (1, 'first'), (2, 'second'), (3, 'third');`;

async function withNotes(
  provider: TestDatabase['provider'],
  work: (database: TestDatabase) => Promise<void>,
): Promise<void> {
  const database = await createDatabase(provider, { ddl: DDL, models: '' });
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

/** What the journal says of backups, the newest first. */
function readEvidence(database: TestDatabase) {
  return withDatabase(openUrl(database), (open) =>
    open.read(async (session) => {
      const found = await listEvidence(session, open, 'backup');
      return found.map(({ body }) => body);
    }),
  );
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

for (const provider of ALL_PROVIDERS) {
  describe(`migration:backup on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('writes a folder that only this user can read, and says what is in it', () =>
      withNotes(provider, async (database) => {
        const out = outOf(database);
        const done = await runCommand(database, 'backup', '--json', `--out=${out}`);
        assert.equal(done.code, 0, done.stderr);
        assert.match(done.stderr, /^Database: .*\n/);
        const answer = JSON.parse(done.stdout);
        const backup = readBackup(answer.path);
        await assertIntact(backup);
        const { manifest } = backup;
        const rowsOf = (name: string) => manifest.tables.find(({ table }) => table.name === name)?.rows;
        assert.deepEqual([rowsOf('Note'), rowsOf('Empty'), manifest.tables.length], [3, 0, 2]);
        assert.deepEqual(
          [answer.ok, answer.rows, answer.verified, answer.tables.length, answer.time],
          [true, 3, null, 2, manifest.time],
        );
        assert.deepEqual(
          answer.files,
          manifest.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
        );
        const names = [...manifest.files.map(({ name }) => name), 'manifest.json'];
        assert.deepEqual(readdirSync(answer.path).sort(), names.sort());
        for (const name of readdirSync(answer.path)) assert.equal(modeOf(join(answer.path, name)), '600');
        assert.deepEqual([modeOf(answer.path), modeOf(out)], ['700', '700']);
        assert.equal(readFileSync(join(out, '.gitignore'), 'utf8'), '*\n');
      }));

    it('journals that it was made, and what is in it', () =>
      withNotes(provider, async (database) => {
        const done = await runCommand(database, 'backup', '--json', `--out=${outOf(database)}`);
        const { path, bytes } = JSON.parse(done.stdout);
        const { manifest, sha256 } = readBackup(path);
        const [body, ...others] = await readEvidence(database);
        assert.equal(others.length, 0);
        const { host, ...rest } = body ?? {};
        assert.notEqual(host, undefined);
        assert.deepEqual(rest, {
          path,
          taken: manifest.time,
          verified: null,
          bytes,
          rows: 3,
          tables: 2,
          sha256,
        });
      }));

    it('restores it with --verify, compares every table, and leaves no copy behind', () =>
      withNotes(provider, async (database) => {
        const done = await runCommand(database, 'backup', '--verify', '--json', `--out=${outOf(database)}`);
        assert.equal(done.code, 0, done.stderr);
        const { path, verified } = JSON.parse(done.stdout);
        const { manifest, sha256 } = readBackup(path);
        assert.deepEqual(verified, manifest.verified);
        assert.ok(verified);
        assert.deepEqual([verified.tables, verified.rows], [2, 3]);
        const [newest, older] = await readEvidence(database);
        assert.deepEqual([newest?.verified, newest?.sha256], [verified.time, sha256]);
        assert.equal(older?.verified, null);
        assert.deepEqual(await listScratch(database), []);
        assert.equal(modeOf(join(path, 'manifest.json')), '600');
      }));

    it('writes nothing in a dry run', () =>
      withNotes(provider, async (database) => {
        const before = readdirSync(database.folder);
        const done = await runCommand(database, 'backup', '--dry-run', '--json', `--out=${outOf(database)}`);
        assert.equal(done.code, 0, done.stderr);
        const { dryRun, path, files, space } = JSON.parse(done.stdout);
        assert.deepEqual([dryRun, path, files], [true, outOf(database), []]);
        assert.ok(space.database > 0 && space.free > 0);
        assert.deepEqual(readdirSync(database.folder), before);
        assert.deepEqual(await readEvidence(database), []);
      }));
  });
}

describe('the answer of migration:backup', () => {
  it('is text that says where it is, how to put it back and what is next', () =>
    withNotes('sqlite', async ({ folder, url }) => {
      const done = await runInProcess(['backup', '--verify'], { cwd: folder, env: { DATABASE_URL: url } });
      assert.equal(done.code, 0, done.stderr);
      const [name] = listBackups(join(folder, 'backups')).whole;
      assert.match(
        done.stdout,
        new RegExp(
          `^Backup of .*test\\.db \\(sqlite\\), as it was at [-0-9T:.]+Z

  table  rows
  Empty     0
  Note      3

2 tables, 3 rows; 1 file, [0-9.]+ (?:kB|bytes), by SQLite online backup [0-9.]+, in [0-9.]+ m?s\\.
Verified: it was restored into a scratch database, and all 2 tables had the same rows and the same digest\\.

It is in backups/${name}\\. Nothing of ours ever deletes it\\.
To put it back: {2}npm run migration:restore -- backups/${name} --confirm=test\\.db
Next: {2}npm run migration:status
$`,
        ),
      );
    }));

  it('says after a dry run how to do it, with the flags that were typed', () =>
    withNotes('sqlite', async ({ folder, url }) => {
      const options = { cwd: folder, env: { DATABASE_URL: url } };
      const done = await runInProcess(['backup', '--dry-run', '--out=my backups'], options);
      assert.equal(done.code, 0);
      assert.match(done.stdout, /: a dry run\n\nWould be written into my backups, by SQLite online backup /);
      assert.match(
        done.stdout,
        /\nNothing was written\.\nTo do it: {2}npm run migration:backup -- --verify --out='my backups'\n$/,
      );
    }));

  it('gives two backups of one second two folders', () =>
    withNotes('sqlite', async ({ folder, url }) => {
      const options = { cwd: folder, env: { DATABASE_URL: url } };
      for (let i = 0; i < 4; i++) assert.equal((await runInProcess(['backup'], options)).code, 0);
      assert.equal(listBackups(join(folder, 'backups')).whole.length, 4);
    }));

  it('leaves a folder that is there as it is, without a .gitignore', () =>
    withNotes('sqlite', async ({ folder, url }) => {
      const out = join(folder, 'mine');
      mkdirSync(out, { mode: 0o755 });
      const options = { cwd: folder, env: { DATABASE_URL: url } };
      assert.equal((await runInProcess(['backup', '--out=mine'], options)).code, 0);
      assert.equal(existsSync(join(out, '.gitignore')), false);
      assert.equal(modeOf(out), '755');
    }));

  it('refuses --jobs where the database has no tool for it', () =>
    withNotes('sqlite', async ({ folder, url }) => {
      const done = await runInProcess(['backup', '--jobs=2'], { cwd: folder, env: { DATABASE_URL: url } });
      assert.equal(done.code, 2);
      assert.match(done.stderr, /error: --jobs is for PostgreSQL alone\./);
    }));
});
