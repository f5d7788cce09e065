import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { restoreBackup } from '../src/backup/restore-backup.ts';
import { journalFileOf } from './helpers/journal.ts';
import { queryPostgres, type TestDatabase } from './helpers/database.ts';
import {
  ask,
  assertFails,
  backUp,
  createWords,
  digest,
  dropAfter,
  interrupt,
  nameOf,
  restoreArgs,
  settingsOf,
  urlOf,
} from './helpers/restore.ts';
import { queryServer } from './helpers/query-server.ts';

/** An empty database beside this one. */
async function createEmpty(t: TestContext, database: TestDatabase): Promise<TestDatabase> {
  const name = `${nameOf(database).slice(0, 34)}_empty`;
  await queryServer(database, `CREATE DATABASE "${name}"`);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  return dropAfter(t, { ...database, url: url.href, drop: async () => undefined });
}

for (const provider of ['postgresql', 'mysql'] as const)
  describe(`a restore into an empty database on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('that Ctrl-C stops says that a part may be there, and exits with 130', async (t) => {
      const database = await createWords(t, provider);
      await backUp(database);
      const backup = await backUp(database);
      const target = await createEmpty(t, database);
      const words = ['restore', backup.folder, `--to=${target.url}`, `--confirm=${nameOf(target)}`];
      const done = await interrupt(database, words);
      assert.equal(done.code, 130, done.stderr);
      assert.match(
        done.stderr,
        /Stopping: what is loaded by now stays in the database that --to names\.\nerror: /,
      );
      const { error } = JSON.parse(done.stdout);
      assert.equal(error.code, 'LOAD_INTERRUPTED');
      const names =
        provider === 'mysql' ? [nameOf(target), `${nameOf(target)}_ownership_migration`] : [nameOf(target)];
      for (const name of names) assert.match(error.remedy, new RegExp(`rop "${name}"`));
    });

    it('leaves there what was loaded when it is stopped', async (t) => {
      const database = await createWords(t, provider);
      const backup = await backUp(database);
      const target = await createEmpty(t, database);
      const controller = new AbortController();
      const settings = {
        ...settingsOf(database, backup),
        url: urlOf(target),
        isOther: true,
        signal: controller.signal,
        onProgress: (progress: object | string) => {
          // Of PostgreSQL the definitions are there by then, of MySQL all rows.
          const by = provider === 'postgresql' ? 'loaded' : 'digested';
          if (typeof progress === 'object' && by in progress) controller.abort();
        },
      };
      await assert.rejects(restoreBackup(settings), { name: 'AbortError' });
      assert.equal((await digest(urlOf(target))).length, 1);
      await assert.rejects(restoreBackup({ ...settings, signal: new AbortController().signal }), {
        code: 'TARGET_NOT_EMPTY',
      });
    });

    it('is refused where only a journal is there', async (t) => {
      const database = await createWords(t, provider);
      const backup = await backUp(database);
      const target = await createEmpty(t, database);
      const { url } = urlOf(target);
      const into = ['restore', backup.folder, '--to=TARGET', `--confirm=${nameOf(target)}`];
      if (provider === 'mysql')
        await queryServer(
          database,
          `CREATE DATABASE "${nameOf(target)}_ownership_migration"; CREATE TABLE "${nameOf(target)}_ownership_migration".batch (id INT)`,
        );
      else
        await queryPostgres(
          target.url,
          'CREATE SCHEMA ownership_migration; CREATE TABLE ownership_migration.event (id INT)',
        );
      const { message } = await assertFails(database, into, 'TARGET_NOT_EMPTY', { TARGET: url });
      assert.match(
        message,
        /the journal of "\w+_empty" is there already: the (database|schema) "\w*ownership_migration"/,
      );
    });
  });

describe('a restore of a file that stops between rows and journal', () => {
  async function createJournaled(t: TestContext) {
    const database = await createWords(t, 'sqlite');
    await backUp(database);
    const backup = await backUp(database);
    assert.equal(backup.manifest.files.length, 2);
    await database.run(`INSERT INTO "Word" VALUES (4, 'four')`);
    const settings = settingsOf(database, backup);
    return { database, backup, settings, kept: `${settings.url.url}.before-restore-${settings.stamp}` };
  }

  it('says that the rows are replaced, and why the journal is not', async (t) => {
    const { database, backup, settings, kept } = await createJournaled(t);
    const inTheWay = journalFileOf({ ...database, url: `file:${kept}` });
    mkdirSync(inTheWay);
    await assert.rejects(restoreBackup(settings), {
      code: 'JOURNAL_STAYS',
      message: new RegExp(
        `was replaced, and its journal was not: .*EEXIST.* The old database is ${kept}\\.$`,
      ),
    });
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    rmdirSync(inTheWay);
    assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
  });

  it('says the same where others use the journal', async (t) => {
    const { database, backup, settings, kept } = await createJournaled(t);
    const reader = new BetterSqlite3(journalFileOf(database));
    t.after(() => reader.close());
    const onProgress = (progress: object | string) => {
      if (progress === 'swapping') reader.exec('BEGIN IMMEDIATE');
    };
    await assert.rejects(restoreBackup({ ...settings, onProgress, waitMs: 0 }), {
      code: 'JOURNAL_STAYS',
      message: new RegExp(
        `its journal was not: others use the journal's file\\..* The old database is ${kept}\\.$`,
      ),
    });
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    reader.exec('ROLLBACK');
    assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
  });
});
