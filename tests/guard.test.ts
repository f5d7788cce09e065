import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { ALL_PROVIDERS, isMissing } from './helpers/database.ts';
import { ASSIGN_GUARDED, ask, codesOf, createGuardable, ownersOf } from './helpers/guard.ts';
import { hasJournal } from './helpers/snapshot.ts';

const VERIFY = ['production-safe', 'ana', '--step=3'];
const CHECK = ['production-safe', 'ana', '--step=1'];

for (const provider of ALL_PROVIDERS) {
  describe(`a guard on ${provider}`, { skip: isMissing(provider) }, () => {
    it('gives the owner to rows that are inserted or updated without one, and counts them', async (t) => {
      const database = await createGuardable(t, provider);
      const done = await ask(database, ...ASSIGN_GUARDED);
      assert.deepEqual([done.code, done.answer.ok], [0, true], JSON.stringify(done.answer));
      const [{ trigger, ...guard }] = done.answer.guards;
      assert.deepEqual(guard, { model: 'Note', table: 'Note', hits: 0, lastHit: null });
      assert.match(trigger, /ownership_guard_Note_[0-9a-f]{8}/);
      assert.match(done.stderr, /\nCreated the guard of Note\.\n$/);

      await database.run(`INSERT INTO "Note" ("id", "text") VALUES (10, 'old'), (11, 'old');`);
      await database.run(`INSERT INTO "Note" VALUES (12, 'new', 'ana');`);
      await database.run(`UPDATE "Note" SET "userId" = NULL WHERE "id" = 1;`);
      assert.deepEqual(await ownersOf(database), {
        1: null,
        2: 'ana',
        3: 'ana',
        10: 'ana',
        11: 'ana',
        12: 'ana',
      });
      await database.run(`UPDATE "Note" SET "text" = 'touched';`);
      assert.equal((await ownersOf(database))[1], 'ana');

      const verified = await ask(database, ...VERIFY);
      assert.deepEqual([verified.code, codesOf(verified)], [0, ['GUARD_ACTIVE']]);
      assert.equal(verified.answer.guards[0].hits, 3);
      const age = Date.now() - Date.parse(verified.answer.guards[0].lastHit);
      assert.ok(Math.abs(age) < 60_000, verified.answer.guards[0].lastHit);
      assert.deepEqual(codesOf(await ask(database, ...CHECK)), ['GUARD_ACTIVE']);
      const status = await ask(database, 'status');
      assert.deepEqual(status.answer.guards, verified.answer.guards);
      assert.match(status.answer.findings[0].message, /to ana since .*: 3 hits, the last at /);
    });

    it('keeps an owner that is said, whatever else a statement does', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, ...ASSIGN_GUARDED);
      await database.run(
        `INSERT INTO "Note" VALUES (10, 'his', 'ben'); UPDATE "Note" SET "userId" = 'ben' WHERE "id" = 2;`,
      );
      await database.run(`UPDATE "Note" SET "text" = 'touched';`);
      assert.deepEqual(await ownersOf(database), { 1: 'ana', 2: 'ben', 3: 'ana', 10: 'ben' });
      assert.equal((await ask(database, 'status')).answer.guards[0].hits, 0);
    });

    it('counts no row that was not inserted because its key is taken', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, ...ASSIGN_GUARDED);
      const rows = `INTO "Note" ("id", "text") VALUES (3, 'old'), (10, 'old')`;
      await database.run(
        provider === 'mysql' ? `INSERT IGNORE ${rows}` : `INSERT ${rows} ON CONFLICT ("id") DO NOTHING`,
      );
      assert.equal((await ask(database, 'status')).answer.guards[0].hits, 1);
      await ask(database, 'rollback', '--confirm');
      const owners = await ownersOf(database);
      assert.equal(owners[3], 'ana');
      assert.equal(owners[10], provider === 'sqlite' ? 'ana' : null);
    });

    it('is an error as soon as a second user owns rows, in step 1, step 3 and status', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, ...ASSIGN_GUARDED);
      await database.run(`INSERT INTO "Note" VALUES (10, 'his', 'ben');`);
      for (const step of [CHECK, VERIFY]) {
        const found = await ask(database, ...step);
        assert.deepEqual([found.code, codesOf(found)], [1, ['GUARD_ACTIVE', 'GUARD_WITH_OTHERS']]);
      }
      assert.deepEqual(codesOf(await ask(database, 'status')), ['GUARD_ACTIVE', 'GUARD_WITH_OTHERS']);
      const refused = await ask(database, 'production-safe', 'ana', '--step=2');
      assert.deepEqual([refused.code, refused.answer.error.code], [2, 'CHECK_FAILED']);
      const forBen = await ask(database, 'production-safe', 'ben', '--step=1');
      assert.equal(forBen.code, 1);
      assert.ok(codesOf(forBen).includes('GUARD_OF_ANOTHER'));
    });

    it('is refused where rows are another user’s, and nothing is changed', async (t) => {
      const database = await createGuardable(t, provider);
      await database.run(`INSERT INTO "Note" VALUES (10, 'his', 'ben');`);
      const before = await database.dump();
      for (const more of [[], ['--dry-run']]) {
        const refused = await ask(database, ...ASSIGN_GUARDED, ...more);
        assert.deepEqual([refused.code, refused.answer.error.code], [2, 'GUARD_WOULD_GUESS']);
      }
      assert.equal(await database.dump(), before);
      assert.equal(await hasJournal(database), false);
    });

    it('is shown by a dry run, which creates nothing', async (t) => {
      const database = await createGuardable(t, provider);
      const before = await database.dump();
      const tried = await ask(database, ...ASSIGN_GUARDED, '--dry-run');
      assert.deepEqual(
        [tried.code, tried.answer.guards.length, tried.answer.guards[0].model],
        [0, 1, 'Note'],
      );
      assert.equal(await database.dump(), before);
      assert.equal(await hasJournal(database), false);
      const done = await ask(database, ...ASSIGN_GUARDED);
      assert.deepEqual(done.answer.guards, tried.answer.guards);
    });

    it('is created where nothing is to be assigned, once', async (t) => {
      const database = await createGuardable(t, provider);
      await database.run(`UPDATE "Note" SET "userId" = 'ana'`);
      const done = await ask(database, ...ASSIGN_GUARDED);
      assert.deepEqual([done.code, done.answer.run, done.answer.guards.length], [0, null, 1]);
      await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
      const again = await ask(database, ...ASSIGN_GUARDED);
      assert.deepEqual([again.code, again.answer.guards.length, again.answer.guards[0].hits], [0, 1, 1]);
      assert.doesNotMatch(again.stderr, /Created/);
    });

    it('goes with a rollback, which restores the database as it was', async (t) => {
      const database = await createGuardable(t, provider);
      const before = await database.dump();
      await ask(database, ...ASSIGN_GUARDED);
      const planned = await ask(database, 'rollback', '--dry-run');
      const undone = await ask(database, 'rollback', '--confirm');
      assert.deepEqual([undone.code, codesOf(undone)], [0, ['GUARD_REMOVED']]);
      assert.deepEqual(undone.answer, { ...planned.answer, dryRun: false });
      assert.equal(await database.dump(), before);
      assert.deepEqual((await ask(database, 'status')).answer.guards, []);
    });

    it('has its rows rolled back where they are known, and says it where they are not', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, ...ASSIGN_GUARDED);
      await database.run(`
        INSERT INTO "Note" ("id") VALUES (10), (11), (12), (13); INSERT INTO "Note" VALUES (14, 'new', 'ana');
        UPDATE "Note" SET "userId" = 'ben' WHERE "id" = 11; DELETE FROM "Note" WHERE "id" = 12;
        UPDATE "Note" SET "userId" = NULL WHERE "id" IN (1, 13); UPDATE "Note" SET "text" = 'old' WHERE "id" IN (1, 13);`);
      const planned = await ask(database, 'rollback', '--dry-run');
      const undone = await ask(database, 'rollback', '--confirm');
      assert.equal(undone.code, 0);
      assert.deepEqual(undone.answer, { ...planned.answer, dryRun: false });
      const isKnown = provider !== 'sqlite';
      assert.deepEqual(codesOf(undone), isKnown ? ['GUARD_REMOVED'] : ['GUARD_REMOVED', 'GUARD_ROWS_STAY']);
      assert.deepEqual(undone.answer.models, [{ model: 'Note', reverted: isKnown ? 4 : 2, skipped: 0 }]);
      const given = isKnown ? null : 'ana';
      assert.deepEqual(await ownersOf(database), {
        1: null,
        2: null,
        3: 'ana',
        10: given,
        11: 'ben',
        13: given,
        14: 'ana',
      });
    });
  });
}
