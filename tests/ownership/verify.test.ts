import { strict as assert } from 'node:assert';
import { describe, it, type TestContext } from 'node:test';
import { createDatabase, PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { answer, runOn } from '../helpers/life-cycle.ts';
import { NOTES } from '../helpers/notes.ts';
import { announcement } from '../helpers/refusals.ts';
import { takeSnapshot } from '../helpers/snapshot.ts';

const ASSIGN = ['production-safe', 'ana', '--step=2'];
const VERIFY = ['production-safe', 'ana', '--step=3'];

/** Runs step 3 and asserts that it says no with exit code 1, and repairs nothing. */
async function failedVerification(database: TestDatabase) {
  const before = await takeSnapshot(database);
  const { code, stdout, stderr } = await runOn(database, VERIFY);
  assert.deepEqual([code, stderr], [1, announcement(database)], stdout);
  assert.deepEqual(await takeSnapshot(database), before);
  const result = JSON.parse(stdout);
  assert.equal(result.ok, false);
  return result;
}

for (const provider of PROVIDERS) {
  const createNotes = async (t: TestContext) => {
    const more = `INSERT INTO "Note" VALUES (5, 'a', NULL), (6, 'b', NULL), (7, 'c', 'ben');`;
    const database = await createDatabase(provider, { ...NOTES, ddl: `${NOTES.ddl}${more}` });
    t.after(database.drop);
    return database;
  };

  describe(`step 3 on ${provider}`, () => {
    it('counts the rows, and says no, before step 2', async (t) => {
      const { run, user, models, findings } = await failedVerification(await createNotes(t));
      assert.deepEqual([run, user], [null, { id: 'ana', label: 'ana@example.com' }]);
      assert.deepEqual(models, [
        {
          model: 'Note',
          table: 'Note',
          ownerColumn: 'userId',
          phase: 'optional',
          rows: 7,
          unowned: 4,
          ownedByUser: 1,
          ownedByOthers: 2,
          orphaned: 0,
        },
      ]);
      assert.deepEqual(findings, [
        {
          code: 'UNOWNED',
          severity: 'error',
          model: 'Note',
          message: '4 rows have no owner',
          remedy: 'Assign them: npm run migration:assign ana',
        },
        {
          code: 'NO_RUN',
          severity: 'info',
          model: null,
          message:
            'the journal has no run for this user, but such as were rolled back: there are no keys to compare',
          remedy: '',
        },
      ]);
    });

    it('says yes, and what became of them, when assigned rows were re-assigned or deleted', async (t) => {
      const database = await createNotes(t);
      const { run } = answer(await runOn(database, ASSIGN));
      await database.run(`
        UPDATE "Note" SET "userId" = 'ben' WHERE "id" IN (1, 2); DELETE FROM "Note" WHERE "id" = 5;
        INSERT INTO "Note" VALUES (8, 'new', 'ben');`);
      const { ok, findings } = answer(await runOn(database, VERIFY));
      assert.equal(ok, true);
      assert.deepEqual(findings, [
        {
          code: 'REASSIGNED',
          severity: 'info',
          model: 'Note',
          message: `2 rows that run ${run} gave to this user now belong to others`,
          remedy: '',
        },
        {
          code: 'DELETED',
          severity: 'info',
          model: 'Note',
          message: `1 row that run ${run} gave an owner has been deleted since`,
          remedy: '',
        },
      ]);
    });

    it('says no when assigned rows lost their owner, and tells them from other unowned rows', async (t) => {
      const database = await createNotes(t);
      const { run } = answer(await runOn(database, ASSIGN));
      await database.run(`
        UPDATE "Note" SET "userId" = NULL WHERE "id" = 1; INSERT INTO "Note" VALUES (8, 'new', NULL), (9, 'new', NULL);`);
      const { findings } = await failedVerification(database);
      assert.deepEqual(findings, [
        {
          code: 'UNOWNED',
          severity: 'error',
          model: 'Note',
          message: '3 rows have no owner',
          remedy: 'Assign them: npm run migration:assign ana',
        },
        {
          code: 'JOURNALED_UNOWNED',
          severity: 'error',
          model: 'Note',
          message: `1 row that run ${run} gave an owner has none now`,
          remedy: 'Something set the column back to NULL: find out what, then npm run migration:assign ana',
        },
      ]);
    });

    it('warns when there are fewer rows than before the run', async (t) => {
      const database = await createNotes(t);
      answer(await runOn(database, ASSIGN));
      await database.run(`DELETE FROM "Note" WHERE "id" IN (3, 4)`);
      const { ok, findings } = answer(await runOn(database, VERIFY));
      const warning = (message: string) => ({
        code: 'FEWER_THAN_BEFORE',
        severity: 'warning',
        model: 'Note',
        message,
        remedy: 'The toolkit deletes nothing and changes no owner: check that the application did.',
      });
      assert.equal(ok, true);
      assert.deepEqual(findings, [
        warning('rows: 5 now, 7 before the run'),
        warning('rows of other users: 1 now, 2 before the run'),
        warning('rows that this user had before: 0 now, 1 before the run'),
      ]);
    });

    it('says no when rows have an owner who does not exist', async (t) => {
      const database = await createNotes(t);
      answer(await runOn(database, ASSIGN));
      await database.run(
        provider === 'sqlite'
          ? `PRAGMA foreign_keys = OFF; UPDATE "Note" SET "userId" = 'gone' WHERE "id" = 1`
          : `ALTER TABLE "Note" DROP CONSTRAINT "Note_userId_fkey"; UPDATE "Note" SET "userId" = 'gone' WHERE "id" = 1`,
      );
      const { models, findings } = await failedVerification(database);
      assert.deepEqual([models[0].unowned, models[0].orphaned], [0, 1]);
      assert.deepEqual(
        findings.map(({ code }: { code: string }) => code),
        ['ORPHANED', 'REASSIGNED'],
      );
    });

    it('says no again after a rollback', async (t) => {
      const database = await createNotes(t);
      answer(await runOn(database, ASSIGN));
      answer(await runOn(database, ['rollback', '--confirm']));
      const { run, findings } = await failedVerification(database);
      const codes = findings.map(({ code }: { code: string }) => code);
      assert.deepEqual([run, codes], [null, ['UNOWNED', 'NO_RUN']]);
    });

    it('looks at the runs of this user alone', async (t) => {
      const database = await createNotes(t);
      answer(await runOn(database, ['production-safe', 'ben', '--step=2']));
      const { ok, run, findings } = answer(await runOn(database, VERIFY));
      assert.deepEqual([ok, run], [true, null]);
      assert.deepEqual(
        findings.map(({ code }: { code: string }) => code),
        ['NO_RUN'],
      );
    });
  });
}
