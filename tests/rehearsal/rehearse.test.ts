import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Rehearsal } from '../../src/rehearsal/rehearse.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import {
  createApp,
  listStates,
  OWNER,
  rehearseOn,
  writeMigrations,
  writeTrigger,
} from '../helpers/rehearsal.ts';

/** What is wrong, by its code. */
function errorsOf({ findings }: Rehearsal): string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

/** What a finding says. */
function messageOf({ findings }: Rehearsal, code: string): string {
  return (
    findings.find((finding) => finding.code === code)?.message ?? `no ${code} in ${JSON.stringify(findings)}`
  );
}

for (const provider of ALL_PROVIDERS) {
  describe(`a rehearsal on ${provider}`, { skip: isMissing(provider) }, () => {
    const made: TestDatabase[] = [];
    after(() => Promise.all(made.map((each) => each.drop())));

    /** Two copies of the app, each changed in the same way. */
    async function copy(
      phase: Parameters<typeof createApp>[1],
      change: (database: TestDatabase) => Promise<unknown> = async () => undefined,
    ): Promise<[TestDatabase, TestDatabase]> {
      const copies = [await createApp(provider, phase), await createApp(provider, phase)] as const;
      made.push(...copies);
      for (const each of copies) await change(each);
      return [...copies];
    }

    const countUnowned = async (database: TestDatabase) => {
      const [row] = await database.query('SELECT count(*) - count("userId") AS n FROM "Note"');
      return Number(row?.n);
    };

    describe('before phase 1', () => {
      let copies: [TestDatabase, TestDatabase];
      let done: Rehearsal;
      before(async () => {
        copies = await copy('none');
        done = await rehearseOn(...copies, { models: ['Note'] });
      });

      it('goes through every part', () => {
        assert.deepEqual(listStates(done), [
          'pending nothingToDo',
          'phase1 held',
          'step1 held',
          'step2 held',
          'step3 held',
          'phase3 held',
          'step3Again held',
          'rollback held',
        ]);
        assert.equal(done.ok, true);
        assert.deepEqual(errorsOf(done), []);
      });

      it('leads the first copy to the end, and the second one back', async () => {
        const [first, second] = copies;
        await assert.rejects(first.run('UPDATE "Note" SET "userId" = NULL WHERE id = 1'));
        assert.equal(await countUnowned(second), 250);
      });

      it('proves every table', () => {
        const tables = done.proof.tables.map(({ table, rows, same }) => [table, rows, same]);
        assert.deepEqual(tables, [
          ['Log', 1, true],
          ['Note', 250, true],
          ['User', 2, true],
        ]);
      });

      it('measures each part that writes', () => {
        const measured = done.parts
          .filter(({ models }) => models.length > 0)
          .map(({ part, models }) => [part, models.map(({ model, rows }) => [model, rows])]);
        assert.deepEqual(measured, [
          ['phase1', [['Note', 250]]],
          ['step2', [['Note', 250]]],
          ['phase3', [['Note', 250]]],
          ['rollback', [['Note', 250]]],
        ]);
        const [step2] = done.parts.find(({ part }) => part === 'step2')?.models ?? [];
        assert.ok(step2 && step2.longestLockMs > 0 && step2.longestLockMs <= step2.elapsedMs);
      });

      it('writes nothing into the project', () => {
        assert.equal(done.owned[0]?.owner.name, 'userId');
        assert.deepEqual(readdirSync(copies[0].folder).sort(), filesOf(provider));
      });
    });

    it('begins with step 1 after phase 1, and leaves the rows of others', async () => {
      const [first, second] = await copy('optional');
      const done = await rehearseOn(first, second);
      assert.deepEqual(listStates(done), [
        'pending nothingToDo',
        'phase1 nothingToDo',
        'step1 held',
        'step2 held',
        'step3 held',
        'phase3 held',
        'step3Again held',
        'rollback held',
      ]);
      const [row] = await second.query(`SELECT count(*) AS n FROM "Note" WHERE "userId" = 'u2'`);
      assert.deepEqual([Number(row?.n), await countUnowned(second)], [25, 225]);
    });

    it('has nothing to do after phase 3', async () => {
      const done = await rehearseOn(...(await copy('required')));
      assert.deepEqual(listStates(done), [
        'pending nothingToDo',
        'phase1 nothingToDo',
        'step1 held',
        'step2 nothingToDo',
        'step3 held',
        'phase3 nothingToDo',
        'step3Again held',
        'rollback nothingToDo',
      ]);
      assert.equal(done.ok, true);
      // Nothing was written, and so nothing compared.
      assert.deepEqual(done.proof.tables, []);
    });

    it('catches a trigger that changes another column, names it, and the rows', async () => {
      const copies = await copy('optional', (each) => each.run(writeTrigger(provider, 'counts edits')));
      const done = await rehearseOn(...copies);
      assert.equal(done.ok, false);
      assert.deepEqual(
        listStates(done).filter((state) => state.endsWith('failed')),
        ['step2 failed', 'rollback failed'],
      );
      assert.match(
        messageOf(done, 'REHEARSAL_DIFFERS'),
        /^step 2 changed more than owners in the table "Note": 250 rows, not all as before: 1 changed, 2 changed, .*; triggers that an update fires: "touch" of Note$/,
      );
      const [difference] = done.proof.differences;
      assert.deepEqual(
        [difference?.after, difference?.table, difference?.keys[0]],
        ['step2', 'Note', { key: ['1'], what: 'changed' }],
      );
      // Every tenth note has an owner, and is not touched.
      assert.ok(!difference?.keys.some(({ key }) => Number(key[0]) % 10 === 0));
      assert.deepEqual(
        done.proof.tables.filter(({ same }) => !same).map(({ table }) => table),
        ['Note'],
      );
    });

    it('catches a trigger that writes into another table', async () => {
      const copies = await copy('optional', (each) => each.run(writeTrigger(provider, 'writes a log')));
      const done = await rehearseOn(...copies);
      assert.match(
        messageOf(done, 'REHEARSAL_DIFFERS'),
        /^step 2 changed more than owners in the table "Log": 1 row before, 226 after: 2 added, .*"touch" of Note$/,
      );
    });

    it('ends with step 1 where that finds an error', async () => {
      const unchecked = {
        sqlite: 'PRAGMA foreign_keys = OFF',
        postgresql: 'ALTER TABLE "Note" DROP CONSTRAINT "Note_userId_fkey"',
        mysql: 'SET foreign_key_checks = 0',
      }[provider];
      const copies = await copy('optional', (each) =>
        each.run(`${unchecked}; UPDATE "Note" SET "userId" = 'nobody' WHERE id = 3`),
      );
      const done = await rehearseOn(...copies);
      assert.deepEqual(listStates(done).slice(2), [
        'step1 failed',
        'step2 notRun',
        'step3 notRun',
        'phase3 notRun',
        'step3Again notRun',
        'rollback notRun',
      ]);
      assert.deepEqual(errorsOf(done), ['ORPHANED']);
    });

    it('says why phase 1 cannot be rehearsed', async () => {
      const done = await rehearseOn(...(await copy('none')), { models: ['Note'], exclude: ['Note'] });
      assert.deepEqual(listStates(done).slice(1, 3), ['phase1 failed', 'step1 notRun']);
      assert.deepEqual(errorsOf(done), ['OWNER_NOT_ADDED']);
      assert.deepEqual([done.ok, done.proof.tables, done.owned], [false, [], []]);
    });

    it('applies the migrations that wait first, and says what they changed', async () => {
      const pending = { '20260102000000_shorten': `UPDATE "Note" SET title = 'n' WHERE id < 3;` };
      const copies = await copy('optional', (each) =>
        writeMigrations(each, { applied: ['20260101000000_init'], pending: toNative(provider, pending) }),
      );
      const done = await rehearseOn(...copies);
      assert.equal(done.ok, true, JSON.stringify(done.findings));
      assert.equal(listStates(done)[0], 'pending held');
      assert.match(
        messageOf(done, 'REHEARSAL_PENDING'),
        /^1 migration of the project waits .*: 20260102000000_shorten$/,
      );
      assert.match(
        messageOf(done, 'REHEARSAL_MIGRATED_ROWS'),
        /^pending migrations changed rows in the table "Note": 250 rows, not all as before: 1 changed, 2 changed$/,
      );
    });

    it('ends with a migration that is refused', async () => {
      const pending = { '20260102000000_wrong': 'SELECT nothing_of_this_name;' };
      const copies = await copy('optional', (each) => writeMigrations(each, { applied: [], pending }));
      const done = await rehearseOn(...copies);
      assert.deepEqual(listStates(done).slice(0, 2), ['pending failed', 'phase1 notRun']);
      assert.match(
        messageOf(done, 'REHEARSAL_MIGRATION'),
        /^the copy refuses the migration 20260102000000_wrong: .*nothing_of_this_name/,
      );
    });

    it('stops where the operator says so, between two parts', async () => {
      const stop = new AbortController();
      const onStart = (part: string) => {
        if (part === 'step2') stop.abort();
      };
      const copies = await copy('optional');
      await assert.rejects(rehearseOn(...copies, { signal: stop.signal, onStart }), { name: 'AbortError' });
    });
  });
}

function filesOf(provider: TestDatabase['provider']): string[] {
  return provider === 'sqlite'
    ? ['schema.prisma', 'test.db', 'test.db-ownership-migration']
    : ['schema.prisma'];
}

/** Prisma's engine, and so ours, has MySQL's own quotes. */
function toNative(provider: TestDatabase['provider'], files: Record<string, string>): Record<string, string> {
  if (provider !== 'mysql') return files;
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll('"', '`')]));
}

describe('a rehearsal of models that a person has to decide about', () => {
  const MODELS = `
model User {
  id       String @id
  reviewed Review[]
  written  Post[] @relation("written")
  edited   Post[] @relation("edited")
}

model Review {
  id         Int     @id
  reviewerId String?
  reviewer   User?   @relation(fields: [reviewerId], references: [id])
}

model Post {
  id       Int     @id
  writerId String?
  writer   User?   @relation("written", fields: [writerId], references: [id])
  editorId String?
  editor   User?   @relation("edited", fields: [editorId], references: [id])
}`;
  const DDL = `
    CREATE TABLE "User" (id TEXT NOT NULL PRIMARY KEY);
    CREATE TABLE "Review" (id INTEGER NOT NULL PRIMARY KEY, "reviewerId" TEXT REFERENCES "User" (id));
    CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY, "writerId" TEXT REFERENCES "User" (id), "editorId" TEXT REFERENCES "User" (id));
    INSERT INTO "User" VALUES ('${OWNER}'), ('u2');
    INSERT INTO "Review" VALUES (1, 'u2'), (2, NULL);
    INSERT INTO "Post" VALUES (1, 'u2', NULL);`;

  async function rehearseBoth(t: TestContext, said: Parameters<typeof rehearseOn>[2]) {
    const make = () => createDatabase('sqlite', { ddl: DDL, models: MODELS });
    const copies = [await make(), await make()] as const;
    t.after(() => Promise.all(copies.map((each) => each.drop())));
    return { copies, done: await rehearseOn(...copies, said) };
  }

  it('adds an owner column beside one of another role where somebody names the model', async (t) => {
    const { copies, done } = await rehearseBoth(t, { models: ['Review'], exclude: ['Post'] });
    assert.equal(done.ok, true, JSON.stringify(done.findings));
    assert.ok(done.findings.some(({ code }) => code === 'OWNER_TO_CHOOSE'));
    const rows = await copies[0].query('SELECT "reviewerId", "userId" FROM "Review" ORDER BY id');
    assert.deepEqual(rows, [
      { reviewerId: 'u2', userId: OWNER },
      { reviewerId: null, userId: OWNER },
    ]);
    assert.ok(done.proof.tables.every(({ same }) => same));
  });

  it('ends with step 1, which says what there is to decide, where nobody does', async (t) => {
    const { done } = await rehearseBoth(t, {});
    assert.deepEqual(listStates(done).slice(1, 4), ['phase1 nothingToDo', 'step1 failed', 'step2 notRun']);
    assert.ok(errorsOf(done).includes('AMBIGUOUS_OWNER'), errorsOf(done).join());
    assert.deepEqual(done.proof.tables, []);
  });
});

describe('a rehearsal on MySQL', { skip: isMissing('mysql') }, () => {
  it('applies no migration that names the database which was copied', async (t) => {
    const copies = [await createApp('mysql'), await createApp('mysql')] as const;
    t.after(() => Promise.all(copies.map((each) => each.drop())));
    const pending = { '20260102000000_abroad': 'UPDATE `shop`.`Note` SET title = 1;' };
    for (const each of copies) await writeMigrations(each, { applied: [], pending });
    const done = await rehearseOn(...copies, { source: 'shop' });
    assert.equal(listStates(done)[0], 'pending failed');
    assert.match(messageOf(done, 'REHEARSAL_MIGRATION'), /20260102000000_abroad names the database "shop"/);
  });
});
