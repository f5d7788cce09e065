import { strict as assert } from 'node:assert';
import { describe, it, type TestContext } from 'node:test';
import { createDatabase, PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { runInProcess } from '../helpers/in-process.ts';
import { answer, runOn } from '../helpers/life-cycle.ts';
import { NOTES } from '../helpers/notes.ts';
import { announcement } from '../helpers/refusals.ts';
import { takeSnapshot } from '../helpers/snapshot.ts';

const ASSIGN = ['production-safe', 'ana', '--step=2'];
const ROLL_BACK = ['rollback', '--confirm'];

/** The owner of each note, by the note's id. */
async function ownersOf(database: TestDatabase): Promise<Record<string, unknown>> {
  const rows = await database.query('SELECT "id", "userId" FROM "Note" ORDER BY "id"');
  return Object.fromEntries(rows.map(({ id, userId }) => [String(id), userId]));
}

/** What a refused command says, after the line that names the database. */
async function refusalOf(database: TestDatabase, args: readonly string[]): Promise<string> {
  const where = { cwd: database.folder, env: { DATABASE_URL: database.url } };
  const { code, stdout, stderr } = await runInProcess(args, where);
  assert.deepEqual([code, stdout], [2, '']);
  assert.ok(stderr.startsWith(announcement(database, '')), stderr);
  return stderr.slice(announcement(database, '').length);
}

for (const provider of PROVIDERS) {
  const createNotes = async (t: TestContext, more = '') => {
    const database = await createDatabase(provider, { ...NOTES, ddl: `${NOTES.ddl}${more}` });
    t.after(database.drop);
    return database;
  };

  describe(`rollback on ${provider}`, () => {
    it('leaves rows that were re-assigned, deleted, created or owned otherwise since the run, and counts them', async (t) => {
      const database = await createNotes(
        t,
        `INSERT INTO "Note" VALUES (5, 'a', NULL), (6, 'b', NULL), (7, 'c', NULL);`,
      );
      const { run } = answer(await runOn(database, ASSIGN));
      await database.run(`
        UPDATE "Note" SET "userId" = 'ben' WHERE "id" = 1; DELETE FROM "Note" WHERE "id" = 5;
        UPDATE "Note" SET "userId" = NULL WHERE "id" = 6; UPDATE "Note" SET "text" = 'edited' WHERE "id" = 7;
        INSERT INTO "Note" VALUES (8, 'new', 'ana'), (9, 'new', NULL);`);
      const changed = await takeSnapshot(database);

      // Note 6 was set to NULL by the application: it is without an owner again, whoever did it.
      const models = [{ model: 'Note', reverted: 3, skipped: 2 }];
      const planned = answer(await runOn(database, ['rollback', '--dry-run']));
      assert.deepEqual(planned, { command: 'rollback', ok: true, dryRun: true, run, models, findings: [] });
      assert.deepEqual(await takeSnapshot(database), changed);

      const { code, stdout } = await runInProcess(ROLL_BACK, {
        cwd: database.folder,
        env: { DATABASE_URL: database.url },
      });
      assert.equal(code, 0);
      assert.equal(
        stdout,
        `Rollback of run ${run}, which assigned to ana

  model  reverted  skipped
  Note          3        2

2 rows skipped: deleted or re-assigned since the run, so they stay as they are.
3 rows without an owner again, as before the run.
To assign them again:  npm run migration:assign ana
Run ${run}
`,
      );
      const expected = { 1: 'ben', 2: null, 3: 'ana', 4: 'ben', 6: null, 7: null, 8: 'ana', 9: null };
      assert.deepEqual(await ownersOf(database), expected);
      const [edited] = await database.query('SELECT "text" FROM "Note" WHERE "id" = 7');
      assert.deepEqual(edited, { text: 'edited' });
    });

    it('undoes the last run, then the one before; a run that --run names comes first', async (t) => {
      const database = await createNotes(t);
      const runs: string[] = [];
      for (const id of [10, 11, 12]) {
        await database.run(`INSERT INTO "Note" VALUES (${id}, 'new', NULL)`);
        runs.push(answer(await runOn(database, ASSIGN)).run);
      }
      assert.equal(new Set(runs).size, 3);

      assert.equal(answer(await runOn(database, [...ROLL_BACK, `--run=${runs[1]}`])).run, runs[1]);
      assert.deepEqual(await ownersOf(database), {
        1: 'ana',
        2: 'ana',
        3: 'ana',
        4: 'ben',
        10: 'ana',
        11: null,
        12: 'ana',
      });
      assert.equal(answer(await runOn(database, ROLL_BACK)).run, runs[2]);
      assert.equal(answer(await runOn(database, ROLL_BACK)).run, runs[0]);
      assert.deepEqual(await ownersOf(database), {
        1: null,
        2: null,
        3: 'ana',
        4: 'ben',
        10: null,
        11: null,
        12: null,
      });
    });

    it('refuses a run that was rolled back already, and to roll back when none is left', async (t) => {
      const database = await createNotes(t);
      const { run } = answer(await runOn(database, ASSIGN));
      answer(await runOn(database, ROLL_BACK));
      const before = await takeSnapshot(database);
      const { runs } = answer(await runOn(database, ['status']));
      assert.equal(
        await refusalOf(database, [...ROLL_BACK, `--run=${run}`]),
        `error: run ${run} was rolled back already, at ${runs[0].finished}.
Nothing was changed.
To see the runs:
  npm run migration:status
`,
      );
      assert.match(
        await refusalOf(database, ROLL_BACK),
        /^error: the journal has no run that is not rolled back already\.\n/,
      );
      assert.match(
        await refusalOf(database, [...ROLL_BACK, '--run=nope']),
        new RegExp(`^error: the journal has no run "nope"; it has ${run}\\.\\n`),
      );
      assert.deepEqual(await takeSnapshot(database), before);
    });

    it('refuses after phase 3, and says what to do first', async (t) => {
      const database = await createNotes(t);
      const { run } = answer(await runOn(database, ASSIGN));
      await database.run(`DROP TABLE "Note";
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT, "userId" TEXT NOT NULL REFERENCES "User" ("id"));
        INSERT INTO "Note" VALUES (1, 'one', 'ana'), (2, NULL, 'ana'), (3, 'hers', 'ana'), (4, 'his', 'ben');`);
      const before = await takeSnapshot(database);
      for (const args of [ROLL_BACK, ['rollback', '--dry-run'], [...ROLL_BACK, `--run=${run}`]])
        assert.equal(
          await refusalOf(database, args),
          `error: run ${run} cannot be rolled back: phase 3 is applied, so the owner column of Note does not allow NULL.
Nothing was changed.
Take phase 3 back first, apply that, and then roll back:
  npm run migration:rollback -- --confirm --phase=3
  npx prisma migrate deploy
  npm run migration:rollback -- --confirm --run ${run}
`,
        );
      assert.deepEqual(await takeSnapshot(database), before);
    });

    it('stops, and says so, when a trigger gives the rows their owner again', async (t) => {
      const database = await createNotes(t);
      const { run } = answer(await runOn(database, ASSIGN));
      await database.run(
        provider === 'sqlite'
          ? `CREATE TRIGGER guard AFTER UPDATE ON "Note" WHEN NEW."userId" IS NULL
             BEGIN UPDATE "Note" SET "userId" = 'ana' WHERE "id" = NEW."id"; END`
          : `CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."userId" = coalesce(NEW."userId", 'ana'); RETURN NEW; END $$;
             CREATE TRIGGER guard BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION guard()`,
      );
      const before = await takeSnapshot(database);
      assert.equal(
        await refusalOf(database, ROLL_BACK),
        `error: rows of batch 1 of Note kept their owner although it was set to NULL: a trigger sets it again. This batch was not rolled back; batches after it are.
Disable the trigger, then roll back the rest:
  npm run migration:rollback -- --confirm --run ${run}
`,
      );
      assert.deepEqual(await takeSnapshot(database), before);
      await database.run(provider === 'sqlite' ? 'DROP TRIGGER guard' : 'DROP TRIGGER guard ON "Note"');
      const { models } = answer(await runOn(database, [...ROLL_BACK, `--run=${run}`]));
      assert.deepEqual(models, [{ model: 'Note', reverted: 2, skipped: 0 }]);
    });

    it('works without the schema, which may have changed since', async (t) => {
      const database = await createNotes(t);
      answer(await runOn(database, ASSIGN));
      const { code } = await runInProcess(ROLL_BACK, { cwd: '/', env: { DATABASE_URL: database.url } });
      assert.equal(code, 0);
      assert.deepEqual(await ownersOf(database), { 1: null, 2: null, 3: 'ana', 4: 'ben' });
    });
  });
}
