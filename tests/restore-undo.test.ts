import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { undoOnMysql, undoOnPostgresql, undoOnSqlite } from '../src/backup/describe-undo.ts';
import { ALL_PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import { createChanged, listObjects } from './helpers/mysql-objects.ts';
import { ask, backUp, createWords, digest, restoreArgs, urlOf } from './helpers/restore.ts';
import { queryServer } from './helpers/query-server.ts';

/** Types what the answer says, where clients find their login as they do by themselves. */
async function goBack(t: TestContext, database: TestDatabase, undo: string): Promise<void> {
  if (database.provider === 'postgresql') {
    const client = new Client({ connectionString: new URL('/postgres', database.url).href });
    await client.connect();
    return client.query(undo).then(() => client.end());
  }
  const home = mkdtempSync(join(tmpdir(), 'prisma-ownership-home-'));
  t.after(() => rmSync(home, { recursive: true }));
  if (database.provider === 'mysql') {
    const password = decodeURIComponent(new URL(database.url).password);
    writeFileSync(join(home, '.my.cnf'), `[client]\npassword="${password}"\n`, { mode: 0o600 });
  }
  execFileSync('sh', ['-ec', undo], { cwd: database.folder, env: { PATH: process.env.PATH, HOME: home } });
}

for (const provider of ALL_PROVIDERS)
  describe(`the way back after a restore on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('is what the answer says: the old rows are in their place, with their journal', async (t) => {
      const database = await createWords(t, provider);
      await backUp(database);
      const backup = await backUp(database);
      await database.run(`INSERT INTO "Word" VALUES (4, 'it''s four')`);
      const before = [await digest(urlOf(database)), await queryJournal(database, 'evidence', 'ORDER BY id')];
      const done = await ask(database, restoreArgs(database, backup));
      assert.equal(done.code, 0, done.stderr);
      assert.notDeepEqual(await digest(urlOf(database)), before[0]);
      await goBack(t, database, done.answer.kept.undo);
      assert.deepEqual(
        [await digest(urlOf(database)), await queryJournal(database, 'evidence', 'ORDER BY id')],
        before,
      );
      // And it can be gone again.
      const again = await ask(database, restoreArgs(database, backup));
      assert.equal(again.code, 0, again.stderr);
    });
  });

describe('the way back on MySQL', { skip: cannotDump('mysql') }, () => {
  it('has the triggers, views, routines and events of before, and is for a backup without a journal, too', async (t) => {
    const { database, backup } = await createChanged(t);
    assert.deepEqual(
      backup.manifest.files.map(({ role }) => role),
      ['data', 'objects'],
    );
    const before = [await digest(urlOf(database)), await listObjects(database)];
    const { answer, code, stderr } = await ask(database, restoreArgs(database, backup));
    assert.equal(code, 0, stderr);
    await goBack(t, database, answer.kept.undo);
    assert.deepEqual([await digest(urlOf(database)), await listObjects(database)], before);
    // The restored tables are in a database of their own, and what kept the old ones can go.
    const restored = String(answer.kept.name).replace('_before_restore_', '_restored_');
    const tables = await queryServer(
      database,
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${restored}' ORDER BY 1`,
    );
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['Line', 'Log', 'Word'],
    );
    await queryServer(database, answer.kept.removal.replaceAll('`', '"'));
  });
});

describe('the way back of a file', () => {
  it('keeps it in WAL mode, and leaves no log of the restored one', async (t) => {
    const database = await createWords(t, 'sqlite');
    const { url } = urlOf(database);
    const app = new BetterSqlite3(url);
    app.pragma('journal_mode = WAL');
    app.close();
    const backup = await backUp(database);
    const { answer } = await ask(database, restoreArgs(database, backup));
    // As a process that was killed leaves it.
    writeFileSync(`${url}-wal`, 'of the restored one');
    await goBack(t, database, answer.kept.undo);
    assert.ok(!existsSync(`${url}-wal`));
    const again = new BetterSqlite3(url);
    assert.equal(again.pragma('journal_mode', { simple: true }), 'wal');
    again.close();
  });
});

describe('the way back in words', () => {
  const url = (text: string, name: string) => ({
    provider: 'mysql' as const,
    name,
    url: text,
    defaultSchema: name,
  });

  it('has names that are quoted, and no password', () => {
    assert.equal(
      undoOnPostgresql(url('', 'the "app"'), 'the "app"_before_restore_20261126_030000'),
      'ALTER DATABASE "the ""app""" RENAME TO "the ""app""_restored_20261126_030000"; ALTER DATABASE "the ""app""_before_restore_20261126_030000" RENAME TO "the ""app""";',
    );
    assert.equal(
      undoOnMysql(
        url('mysql://ana:secret@db:3307/app', 'app'),
        'app_before_restore_20261126_030000',
        'mariadb',
      ),
      "mariadb --host=db --port=3307 --user=ana --default-character-set=utf8mb4 --batch --raw --skip-column-names --execute='SELECT way_back FROM `app_before_restore_20261126_030000_ownership_migration`.ownership_restore' | mariadb --host=db --port=3307 --user=ana --default-character-set=utf8mb4 --database=app",
    );
    assert.match(
      undoOnSqlite(url("/srv/it's.db", ''), "/srv/it's.db.before-restore-20261126-030000"),
      /mv '\/srv\/it'\\''s\.db'"\$s" '\/srv\/it'\\''s\.db\.restored-20261126-030000'"\$s"/,
    );
  });
});
