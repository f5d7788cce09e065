import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { ALL_PROVIDERS, isMissing, type TestDatabase } from './helpers/database.ts';
import { ASSIGN_GUARDED, ask, createGuardable, ownersOf } from './helpers/guard.ts';
import { runInProcess } from './helpers/in-process.ts';
import { queryJournal, runInJournal } from './helpers/journal.ts';
import { hasJournal } from './helpers/snapshot.ts';

const NOTHING = { command: 'cleanup', ok: true, guards: [], leftovers: [], journal: null, findings: [] };

/** The text of a command that ends with this code, from stdout and what it says on stderr after the database's name. */
async function textOf(database: TestDatabase, code: number, ...args: string[]): Promise<string> {
  const done = await runInProcess(args, { cwd: database.folder, env: { DATABASE_URL: database.url } });
  assert.equal(done.code, code, done.stdout + done.stderr);
  return done.stdout + done.stderr.replace(/^Database: .*\n/, '');
}

for (const provider of ALL_PROVIDERS) {
  describe(`cleanup on ${provider}`, { skip: isMissing(provider) }, () => {
    it('has nothing to do where there is nothing of ours', async (t) => {
      const database = await createGuardable(t, provider);
      for (const more of [[], ['--confirm'], ['--dry-run'], ['--confirm', '--journal']]) {
        const { code, answer } = await ask(database, 'cleanup', ...more);
        assert.deepEqual([code, answer], [0, { ...NOTHING, dryRun: more.includes('--dry-run') }]);
      }
      assert.equal(
        await textOf(database, 0, 'cleanup', '--confirm'),
        'Nothing to remove: there is no guard and no journal.\n',
      );
      assert.equal(await hasJournal(database), false);
    });

    it('removes the guards, after it has said what is lost, and leaves the journal', async (t) => {
      const database = await createGuardable(t, provider);
      const { run } = (await ask(database, 'production-safe', 'ana', '--step=2')).answer;
      const before = await database.dump();
      await ask(database, ...ASSIGN_GUARDED);
      assert.equal((await ask(database, 'status')).answer.guards.length, 1);
      const text = await textOf(database, 2, 'cleanup');
      assert.equal(
        text,
        `error: cleanup cannot be undone, so it must be confirmed. It would remove:
  the guard of Note: an old version of the app can write rows without an owner again; it had no hit.
Nothing was changed.
To see what it would do, and to do it:
  npm run migration:cleanup -- --dry-run
  npm run migration:cleanup -- --confirm
`,
      );
      const tried = await ask(database, 'cleanup', '--dry-run');
      assert.equal((await ask(database, 'status')).answer.guards.length, 1);
      const done = await ask(database, 'cleanup', '--confirm');
      assert.deepEqual([done.code, done.answer], [0, { ...tried.answer, dryRun: false }]);
      assert.deepEqual([done.answer.guards.length, done.answer.journal], [1, null]);
      assert.equal(await database.dump(), before);
      assert.deepEqual((await ask(database, 'status')).answer.guards, []);
      await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
      assert.equal((await ownersOf(database))[10], null);
      assert.equal((await ask(database, 'rollback', '--confirm')).answer.run, run);
      assert.equal(
        await textOf(database, 0, 'cleanup'),
        `Nothing to remove: there is no guard.
The journal stays: rollback still works.
To remove it too:  npm run migration:cleanup -- --confirm --journal
`,
      );
    });

    it('removes the journal too when it is told to, and nothing of ours is left', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, ...ASSIGN_GUARDED);
      await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
      for (const note of ['nightly', 'restored it, to be sure'])
        await ask(database, 'status', '--tick=backup', `--note=${note}`);
      const refused = await ask(database, 'cleanup', '--journal');
      assert.deepEqual([refused.code, refused.answer.error.code], [2, 'CLEANUP_UNCONFIRMED']);
      assert.match(refused.answer.error.message, /: 1 run, so 2 assigned rows can be rolled back no more/);
      assert.match(
        refused.answer.error.message,
        /\n {2}with it, 2 ticks of the checklist, with who said so\./,
      );
      assert.match(refused.answer.error.remedy, /--confirm --journal$/);
      const tried = await ask(database, 'cleanup', '--journal', '--dry-run');
      assert.equal(await hasJournal(database), true);
      const done = await ask(database, 'cleanup', '--journal', '--confirm');
      assert.deepEqual([done.code, done.answer], [0, { ...tried.answer, dryRun: false }]);
      const { place, ...lost } = done.answer.journal;
      assert.match(place, /ownership.migration"$/);
      const hits = provider === 'sqlite' ? 0 : 1;
      assert.deepEqual(lost, { runs: 1, rows: 2, hits, ticks: 2, remains: false });
      assert.equal(await hasJournal(database), false);
      assert.deepEqual(await ownersOf(database), { 1: 'ana', 2: 'ana', 3: 'ana', 10: 'ana' });
      assert.equal((await ask(database, ...ASSIGN_GUARDED)).code, 0);
    });

    it('removes a journal that has ticks alone, and one from before there were ticks', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, 'status', '--tick=team', '--note=told');
      const { journal } = (await ask(database, 'cleanup', '--journal', '--confirm')).answer;
      assert.deepEqual([journal.runs, journal.ticks], [0, 1]);
      assert.equal(await hasJournal(database), false);
      await ask(database, 'production-safe', 'ana', '--step=2');
      await runInJournal(database, 'DROP TABLE tick');
      const old = await ask(database, 'cleanup', '--journal', '--confirm');
      assert.deepEqual([old.code, old.answer.journal.runs, old.answer.journal.ticks], [0, 1, 0]);
      assert.equal(await hasJournal(database), false);
    });

    it('keeps the journal while a run is not finished, and says how to finish it', async (t) => {
      const database = await createGuardable(t, provider);
      const { run } = (await ask(database, ...ASSIGN_GUARDED)).answer;
      for (const status of ['running', 'paused', 'failed']) {
        await runInJournal(database, `UPDATE run SET status = '${status}'`);
        for (const more of [['--confirm'], ['--dry-run'], []]) {
          const refused = await ask(database, 'cleanup', '--journal', ...more);
          assert.deepEqual([refused.code, refused.answer.error.code], [2, 'JOURNAL_IN_USE']);
          assert.ok(refused.answer.error.message.includes(`run ${run} is ${status}`));
        }
      }
      assert.equal((await ask(database, 'status')).answer.guards.length, 1);
      assert.equal((await queryJournal(database, 'run')).length, 1);
      assert.equal((await ask(database, 'rollback', '--confirm')).code, 0);
      assert.equal((await ask(database, 'cleanup', '--journal', '--confirm')).code, 0);
      assert.equal(await hasJournal(database), false);
    });

    it('removes what a migration has left of a guard by making its table anew', async (t) => {
      const database = await createGuardable(t, provider);
      const [{ trigger }] = (await ask(database, ...ASSIGN_GUARDED)).answer.guards;
      await database.run(`DROP TABLE "Note"; CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY);`);
      const status = (await ask(database, 'status')).answer;
      assert.deepEqual([status.guards, status.findings], [[], []]);
      const done = await ask(database, 'cleanup', '--confirm');
      // On MySQL nothing is left of it.
      const left = provider === 'mysql' ? [] : [/ownership_guard_Note_[0-9a-f]{8}/.exec(trigger)?.[0]];
      assert.deepEqual([done.code, done.answer.leftovers], [0, left]);
      assert.deepEqual((await ask(database, 'cleanup', '--dry-run')).answer.leftovers, []);
    });

    it('keeps what is not ours in the journal’s place', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, 'production-safe', 'ana', '--step=2');
      await runInJournal(database, 'CREATE TABLE somebodys (id INTEGER)');
      const done = await ask(database, 'cleanup', '--journal', '--confirm');
      assert.deepEqual([done.code, done.answer.journal.remains], [0, true]);
      assert.equal(await hasJournal(database), true);
      assert.deepEqual((await ask(database, 'status')).answer.runs, []);
      await runInJournal(database, 'DROP TABLE somebodys');
    });
  });
}

describe('cleanup in one of two databases of a server', { skip: isMissing('mysql') }, () => {
  it('removes the journal, though the other one has a guard', async (t) => {
    const [first, second] = [await createGuardable(t, 'mysql'), await createGuardable(t, 'mysql')];
    for (const database of [first, second]) await ask(database, ...ASSIGN_GUARDED);
    const { code, answer } = await ask(first, 'cleanup', '--confirm', '--journal');
    assert.equal(code, 0, JSON.stringify(answer));
    assert.equal(await hasJournal(first), false);
    assert.equal((await ask(second, 'status')).answer.guards.length, 1);
  });
});

describe('cleanup in one of two schemas', () => {
  it('keeps the journal that the other one has ticks in', async (t) => {
    const database = await createGuardable(t, 'postgresql');
    await database.run('CREATE SCHEMA app');
    const other = { ...database, url: `${database.url}?schema=app` };
    assert.equal((await ask(other, 'status', '--tick=team', '--note=told')).code, 0);
    const { code, answer } = await ask(database, 'cleanup', '--journal', '--confirm');
    assert.deepEqual([code, answer.error.code], [2, 'JOURNAL_SHARED']);
    assert.match(answer.error.message, /the schema "app" has runs, guards or ticks that need it/);
    assert.equal((await ask(other, 'cleanup', '--journal', '--confirm')).code, 0);
    assert.equal(await hasJournal(database), false);
  });
});
