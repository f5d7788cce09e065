import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AroundChange } from '../../src/database/dialect.ts';
import { proveBatch } from '../../src/proof/prove-batch.ts';
import type { Finished } from '../helpers/command-line.ts';
import { createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { digestOf, openDatabase, shapeOf } from '../helpers/digests.ts';
import { queryJournal } from '../helpers/journal.ts';
import { runOn } from '../helpers/life-cycle.ts';
import { NOTES, OWNER_COLUMN, OWNER_FIELDS, USER_MODEL, USERS } from '../helpers/notes.ts';

const STEP_2 = ['production-safe', 'ana', '--step=2', '--proof'];
const STEP_3 = ['production-safe', 'ana', '--step=3'];

/** So many notes without an owner, with a composite key. */
const COUNTED = 2500;
const COMPOSITE = {
  ddl: `${USERS}
    CREATE TABLE "Note" ("book" TEXT NOT NULL, "page" INTEGER NOT NULL, "text" TEXT, "stamp" TEXT, ${OWNER_COLUMN},
      PRIMARY KEY ("book", "page"));
    INSERT INTO "Note" ("book", "page", "text")
      WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${COUNTED})
      SELECT CASE WHEN i % 2 = 0 THEN 'a, "b"' ELSE 'it''s' END, i, 'page ' || CAST(i AS TEXT) FROM s;`,
  models: `${USER_MODEL}
model Note {
  book  String
  page  Int
  text  String?
  stamp String?${OWNER_FIELDS}
  @@id([book, page])
}`,
};

/** A trigger on the notes that changes another column of some of the rows which get an owner. */
const STAMPING: Record<TestDatabase['provider'], string> = {
  sqlite: `CREATE TRIGGER stamp_note AFTER UPDATE OF "userId" ON "Note" WHEN NEW."page" > 2400
    BEGIN UPDATE "Note" SET "stamp" = 'seen' WHERE "book" = NEW."book" AND "page" = NEW."page"; END`,
  postgresql: `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW."page" > 2400 THEN NEW."stamp" := 'seen'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER stamp_note BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION stamp()`,
  mysql: `CREATE TRIGGER stamp_note BEFORE UPDATE ON "Note" FOR EACH ROW
    SET NEW."stamp" = CASE WHEN NEW."page" > 2400 THEN 'seen' ELSE NEW."stamp" END`,
};

async function open(t: TestContext, provider: TestDatabase['provider'], of = COMPOSITE, before = '') {
  const database = await createDatabase(provider, { ...of, ddl: `${before}${of.ddl}` });
  t.after(database.drop);
  return database;
}

/** The JSON document of a command that ended well, whatever it warned of. */
function answer({ code, stdout, stderr }: Finished) {
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

/** Of all that stays as it is, whatever the order. */
async function readNotes(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT "book", "page", "text", "stamp" FROM "Note"');
  return rows.map((row) => JSON.stringify(Object.values(row))).sort();
}

const MODES: [provider: TestDatabase['provider'], before: string][] = [
  ['sqlite', ''],
  ['sqlite', 'PRAGMA journal_mode = wal;'],
  ['postgresql', ''],
  ['mysql', ''],
];

for (const [provider, before] of MODES) {
  describe(`step 2 with --proof, on ${provider}${before && ' in WAL mode'}`, {
    skip: isMissing(provider),
  }, () => {
    it('proves every row it assigns, says so, and so does step 3', async (t) => {
      const database = await open(t, provider, COMPOSITE, before);
      const notes = await readNotes(database);
      const done = answer(await runOn(database, [...STEP_2, '--batch-size=500']));
      const [model] = done.models;
      assert.equal(model.assigned, COUNTED);
      assert.deepEqual(
        [done.proof.rows, done.proof.batches, done.proof.unprovedRows],
        [COUNTED, model.batches, 0],
      );
      const whole = await digestOf(database, 'Note', { except: 'userId' });
      assert.deepEqual(done.proof.models, [{ model: 'Note', ...whole }]);
      assert.deepEqual(await readNotes(database), notes);
      assert.deepEqual(answer(await runOn(database, STEP_3)).proof, done.proof);
    });

    it('proves beside a guard, whose triggers change the owner alone', async (t) => {
      const database = await open(t, provider, COMPOSITE, before);
      const done = await runOn(database, [...STEP_2, '--guard']);
      assert.equal(done.code, 0, done.stdout);
      const { proof, guards } = JSON.parse(done.stdout);
      assert.deepEqual([proof.rows, proof.unprovedRows, guards.length], [COUNTED, 0, 1]);
    });

    it('digests the same whatever the batches are, and counts what a rollback took back no more', async (t) => {
      const database = await open(t, provider, COMPOSITE, before);
      const first = answer(await runOn(database, [...STEP_2, '--batch-size=100']));
      assert.ok(first.proof.batches > 3, String(first.proof.batches));
      answer(await runOn(database, ['rollback', '--confirm']));
      const again = answer(await runOn(database, [...STEP_2, '--batch-size=5000']));
      assert.equal(again.proof.batches, 1);
      assert.deepEqual(again.proof.models, first.proof.models);
    });

    it('rolls the batch back and names the rows, the column and the trigger where more than the owner changes', async (t) => {
      const database = await open(t, provider, COMPOSITE, before);
      await database.run(STAMPING[provider]);
      const notes = await readNotes(database);
      const failed = await runOn(database, [...STEP_2, '--batch-size=5000']);
      assert.equal(failed.code, 2, failed.stdout);
      const { error } = JSON.parse(failed.stdout);
      assert.equal(error.code, 'PROOF_FAILED');
      const [fact, rows, trigger, committed] = error.message.split('\n');
      assert.equal(
        fact,
        'batch 1 of Note was rolled back: with the owner something else changed in its rows: the column "stamp".',
      );
      assert.match(
        rows,
        /^They are 100 rows; the first have the keys ((a, "b"|it's), 2[45]\d\d; ){19}(a, "b"|it's), 2[45]\d\d\.$/,
      );
      assert.equal(trigger, 'The update fires "stamp_note".');
      assert.match(
        committed,
        /^All batches before it are committed as run [0-9a-f]{8}; nothing of this one is changed\.$/,
      );
      assert.match(error.remedy, /^ {2}npm run migration:assign ana -- --proof$/m);
      assert.deepEqual(await readNotes(database), notes);
      assert.deepEqual(
        (await database.query('SELECT count(*) AS n FROM "Note" WHERE "userId" IS NOT NULL')).map(({ n }) =>
          Number(n),
        ),
        [0],
      );
      const { runs } = JSON.parse((await runOn(database, ['status'])).stdout);
      assert.deepEqual([runs.length, runs[0].status], [1, 'failed']);

      // As the remedy says: without the trigger, by the run that failed.
      await database.run(`DROP TRIGGER stamp_note${provider === 'postgresql' ? ' ON "Note"' : ''}`);
      const done = answer(await runOn(database, [...STEP_2]));
      assert.deepEqual([done.run, done.proof.rows, done.proof.unprovedRows], [runs[0].id, COUNTED, 0]);
    });

    it('says what an earlier part of the run assigned without proof', async (t) => {
      const database = await open(t, provider, COMPOSITE, before);
      await database.run(STAMPING[provider]);
      const failed = await runOn(database, [...STEP_2, '--batch-size=100']);
      assert.equal(JSON.parse(failed.stdout).error?.code, 'PROOF_FAILED');
      const done = answer(await runOn(database, ['production-safe', 'ana', '--step=2']));
      assert.equal(done.proof, null);
      const { proof } = answer(await runOn(database, STEP_3));
      assert.ok(proof.rows > 0 && proof.unprovedRows >= 100, JSON.stringify(proof));
      assert.equal(proof.rows + proof.unprovedRows, COUNTED);
      answer(await runOn(database, ['rollback', '--confirm']));
      const after = await runOn(database, STEP_3);
      assert.equal(JSON.parse(after.stdout).proof, null);
      answer(await runOn(database, ['cleanup', '--confirm', '--journal']));
      assert.deepEqual(await queryJournal(database, 'proof'), []);
    });
  });
}

describe('step 2 with --proof, on postgresql', () => {
  it('sees what a deferred trigger does', async (t) => {
    const database = await open(t, 'postgresql');
    await database.run(`
      CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE "Note" SET "stamp" = 'late' WHERE "book" = NEW."book" AND "page" = NEW."page" AND "stamp" IS NULL; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON "Note" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamp()`);
    const failed = await runOn(database, STEP_2);
    assert.equal(JSON.parse(failed.stdout).error?.code, 'PROOF_FAILED');
    assert.deepEqual((await database.query('SELECT 1 FROM "Note" WHERE "stamp" IS NOT NULL')).length, 0);
  });

  it('digests the same where a trigger is there that changes nothing, whatever the session prints like', async (t) => {
    const database = await open(t, 'postgresql');
    const name = new URL(database.url).pathname.slice(1);
    await database.run(`
      ALTER TABLE "Note" ADD COLUMN at timestamptz DEFAULT '2024-10-27 00:30+00', ADD COLUMN f float8 DEFAULT 0.30000000000000004;
      CREATE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`);
    const plain = answer(await runOn(database, STEP_2));
    answer(await runOn(database, ['rollback', '--confirm']));
    await database.run(`
      ALTER DATABASE ${name} SET TimeZone = 'Europe/Berlin';
      ALTER DATABASE ${name} SET DateStyle = 'German';
      ALTER DATABASE ${name} SET extra_float_digits = -15`);
    const settings = answer(await runOn(database, STEP_2));
    answer(await runOn(database, ['rollback', '--confirm']));
    await database.run('CREATE TRIGGER idle AFTER UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION idle()');
    const { code, stdout } = await runOn(database, STEP_2);
    assert.equal(code, 0, stdout);
    assert.deepEqual(settings.proof.models, plain.proof.models);
    assert.deepEqual(JSON.parse(stdout).proof.models, plain.proof.models);
  });

  it('leaves triggers the settings of their session', async (t) => {
    const database = await open(t, 'postgresql');
    const name = new URL(database.url).pathname.slice(1);
    await database.run(`
      ALTER DATABASE ${name} SET TimeZone = 'Asia/Tokyo';
      ALTER DATABASE ${name} SET DateStyle = 'German';
      CREATE TABLE seen (zone TEXT, style TEXT);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen VALUES (current_setting('TimeZone'), current_setting('DateStyle')); RETURN NULL; END $$;
      CREATE TRIGGER see AFTER UPDATE ON "Note" FOR EACH STATEMENT EXECUTE FUNCTION see()`);
    await runOn(database, STEP_2);
    const seen = await database.query('SELECT DISTINCT zone, style FROM seen');
    assert.deepEqual(seen, [{ zone: 'Asia/Tokyo', style: 'German, DMY' }]);
  });
});

describe('--proof', () => {
  it('goes with step 2 alone', async (t) => {
    const database = await open(t, 'sqlite', NOTES);
    for (const step of ['1', '3']) {
      const done = await runOn(database, ['production-safe', 'ana', `--step=${step}`, '--proof']);
      assert.equal(done.code, 2);
      const { error } = JSON.parse(done.stdout);
      assert.equal(error.code, 'USAGE');
      assert.match(
        error.message,
        /^--proof goes with --step=2: it proves each batch while rows are assigned\./,
      );
    }
  });

  it('proves nothing in a dry run, and nothing where there is nothing to do', async (t) => {
    const database = await open(t, 'sqlite', NOTES);
    assert.equal(answer(await runOn(database, [...STEP_2, '--dry-run'])).proof, null);
    answer(await runOn(database, ['production-safe', 'ana', '--step=2']));
    assert.equal(answer(await runOn(database, STEP_2)).proof, null);
  });

  it('works with a journal of an earlier release, which had no proofs', async (t) => {
    const database = await open(t, 'postgresql', NOTES);
    answer(await runOn(database, ['production-safe', 'ana', '--step=2']));
    await database.run('DROP TABLE ownership_migration.proof');
    assert.equal(answer(await runOn(database, STEP_3)).proof, null);
    answer(await runOn(database, ['rollback', '--confirm']));
    assert.equal(answer(await runOn(database, STEP_2)).proof.rows, 2);
  });
});

describe('the proof of a batch, on PostgreSQL', () => {
  it('is tried again, and is no alarm, where a row comes in while the batch is digested', async (t) => {
    const database = await open(t, 'postgresql');
    const batch = { run: '7f3a', model: 'Note', sequence: 1 };
    await openDatabase(database, async (opened) => {
      const { dialect, write } = opened;
      await dialect.createJournal(write);
      const shape = await shapeOf(opened, 'Note');
      const owner = { name: 'userId', type: 'text' };
      const prove = proveBatch(dialect, { shape, owner, batch, userId: 'ana' });
      const around: AroundChange = (session, rows, change) =>
        prove(session, rows, async (columns) => {
          await database.run(`INSERT INTO "Note" ("book", "page", "text") VALUES ('a, "b"', 1, 'late')`);
          return change(columns);
        });
      const plan = { ...shape, owner, batch, after: null, upTo: ["it's", '9999'], ownerId: 'ana', around };
      await assert.rejects(
        dialect.assignBatch(write, plan, async () => undefined),
        { code: 'BATCH_CHANGED' },
      );
    });
    assert.deepEqual(await database.query('SELECT count("userId") AS owned FROM "Note"'), [{ owned: '0' }]);
    assert.deepEqual(await queryJournal(database, 'batch'), []);
  });
});
