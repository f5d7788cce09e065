import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { Client } from 'pg';
import { ALL_PROVIDERS, isMissing, type TestDatabase } from './helpers/database.ts';
import { ASSIGN_GUARDED, ask, codesOf, createGuardable, ownersOf } from './helpers/guard.ts';
import { queryJournal, runInJournal } from './helpers/journal.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { OWNER_COLUMN, OWNER_FIELDS, OWNER_INDEX, USERS } from './helpers/notes.ts';

/** Two models, so that a guard can be there for one and not for the other. */
const TWO = {
  ddl: `${USERS}
    CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, ${OWNER_COLUMN}); ${OWNER_INDEX}
    CREATE TABLE "Tag" ("id" INTEGER NOT NULL PRIMARY KEY, ${OWNER_COLUMN}); CREATE INDEX "Tag_userId_idx" ON "Tag" ("userId");
    INSERT INTO "Note" VALUES (1, NULL); INSERT INTO "Tag" VALUES (1, NULL), (2, 'ben');`,
  models: `
model User {
  id    String @id
  email String @unique
  notes Note[]
  tags  Tag[]
}
model Note {
  id Int @id${OWNER_FIELDS}}
model Tag {
  id Int @id${OWNER_FIELDS}}`,
};

for (const provider of ALL_PROVIDERS) {
  describe(`a guard on ${provider}`, { skip: isMissing(provider) }, () => {
    it('is for the chosen models alone', async (t) => {
      const database = await createGuardable(t, provider, TWO);
      assert.equal((await ask(database, ...ASSIGN_GUARDED)).answer.error.code, 'GUARD_WOULD_GUESS');
      const { answer } = await ask(database, ...ASSIGN_GUARDED, '--models=Note');
      assert.deepEqual(
        answer.guards.map(({ model }: { model: string }) => model),
        ['Note'],
      );
      await database.run(`INSERT INTO "Tag" ("id") VALUES (3)`);
      assert.equal((await ownersOf(database, { table: 'Tag' }))[3], null);
      // Whichever models a step is about, it says that there is a guard.
      const ofTags = await ask(database, 'production-safe', 'ana', '--step=1', '--models=Tag');
      assert.deepEqual(codesOf(ofTags), ['GUARD_ACTIVE']);
    });

    it('goes with step 2 only', async (t) => {
      const database = await createGuardable(t, provider);
      for (const step of ['1', '3']) {
        const refused = await ask(database, 'production-safe', 'ana', `--step=${step}`, '--guard');
        assert.deepEqual([refused.code, refused.answer.error.code], [2, 'USAGE']);
      }
    });

    it('is noticed although the journal is gone, and does not stand in the way of the app', async (t) => {
      const database = await createGuardable(t, provider);
      await ask(database, ...ASSIGN_GUARDED);
      if (provider === 'mysql') {
        await database.run(`DROP DATABASE ${new URL(database.url).pathname.slice(1)}_ownership_migration`);
        await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
      } else
        await runInJournal(database, 'DROP TABLE run; DROP TABLE model; DROP TABLE batch; DROP TABLE event');
      const status = await ask(database, 'status');
      assert.deepEqual([status.answer.runs, codesOf(status)], [[], ['GUARD_ACTIVE']]);
      assert.equal((await ask(database, 'cleanup', '--confirm')).code, 0);
      assert.deepEqual((await ask(database, 'status')).answer.guards, []);
    });

    // A file of SQLite is locked as a whole: no step begins then.
    if (provider !== 'sqlite')
      it('gives up with who is in the way while its table is locked, and can be tried again', async (t) => {
        const database = await createGuardable(t, provider);
        const before = await database.dump();
        const unlock = await lockNotes(database);
        const failed = await ask(database, ...ASSIGN_GUARDED).finally(unlock);
        assert.deepEqual([failed.code, failed.answer.error.code], [2, 'GUARD_FAILED']);
        assert.match(
          failed.answer.error.message,
          /, in 6 tries: .*\n(Locks are held by .*\n)*No guard was created\. No row/,
        );
        assert.equal(await database.dump(), before);
        assert.deepEqual((await ask(database, 'status')).answer.guards, []);
        assert.equal((await ask(database, ...ASSIGN_GUARDED)).code, 0);

        const unlockAgain = await lockNotes(database);
        const stays = await ask(database, 'cleanup', '--confirm').finally(unlockAgain);
        assert.deepEqual([stays.code, stays.answer.error.code], [2, 'GUARD_STAYS']);
        assert.equal((await ask(database, 'status')).answer.guards.length, 1);
        assert.equal((await ask(database, 'cleanup', '--confirm')).code, 0);
        assert.equal((await ask(database, 'rollback', '--confirm')).code, 0);
        assert.equal(await database.dump(), before);
      });

    // On SQLite it is not known which rows were hit.
    if (provider !== 'sqlite')
      it('has its hits rolled back with the run that they were made in', async (t) => {
        const database = await createGuardable(t, provider);
        await ask(database, ...ASSIGN_GUARDED);
        await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
        await ask(database, 'cleanup', '--confirm');
        await database.run(`INSERT INTO "Note" ("id") VALUES (11)`);
        await ask(database, ...ASSIGN_GUARDED);
        await database.run(`INSERT INTO "Note" ("id") VALUES (12)`);
        assert.equal((await ask(database, 'status')).answer.guards[0].hits, 1);
        const second = (await ask(database, 'rollback', '--confirm')).answer;
        assert.equal(second.models[0].reverted, 2);
        assert.deepEqual(await ownersOf(database), {
          1: 'ana',
          2: 'ana',
          3: 'ana',
          10: 'ana',
          11: null,
          12: null,
        });
        const first = (await ask(database, 'rollback', '--confirm')).answer;
        assert.deepEqual([first.models[0].reverted, first.findings], [3, []]);
        assert.deepEqual(await ownersOf(database), {
          1: null,
          2: null,
          3: 'ana',
          10: null,
          11: null,
          12: null,
        });
      });
  });
}

/** A transaction of somebody's that has written a note and does not end until it is told to. */
async function lockNotes({ provider, url }: TestDatabase): Promise<() => Promise<void>> {
  if (provider === 'mysql') {
    const connection = await connectMysql(url);
    await connection.query(`START TRANSACTION; UPDATE "Note" SET "text" = 'busy' WHERE "id" = 3`);
    return connection.close;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; UPDATE "Note" SET "text" = 'busy' WHERE "id" = 3`);
  return () => client.end();
}

describe('a guard on PostgreSQL', () => {
  it('works for a role of the app that has no right in the journal', async (t) => {
    const database = await createGuardable(t, 'postgresql');
    const role = new URL(database.url).pathname.slice(1).replace('test', 'role');
    await database.run(`
      CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT SELECT, INSERT, UPDATE ON "Note" TO ${role};
      GRANT SELECT ON "User" TO ${role}; REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;`);
    await ask(database, ...ASSIGN_GUARDED);
    const client = new Client({
      connectionString: Object.assign(new URL(database.url), { username: role, password: 'secret' }).href,
    });
    await client.connect();
    await client.query(`INSERT INTO "Note" ("id") VALUES (10)`).finally(() => client.end());
    await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role};`);
    assert.equal((await ownersOf(database))[10], 'ana');
    assert.equal((await ask(database, 'status')).answer.guards[0].hits, 1);
    // What a transaction tried and did not do is no hit.
    await database.run(`BEGIN; INSERT INTO "Note" ("id") VALUES (11); ROLLBACK;`);
    await database.run(`INSERT INTO "Note" ("id") VALUES (10) ON CONFLICT DO NOTHING;`);
    const hits = await queryJournal(database, 'hit', 'ORDER BY id');
    assert.deepEqual(
      hits.map(({ row_key, given }) => [row_key, given !== null]),
      [
        ['["10"]', true],
        ['["10"]', false],
      ],
    );
  });

  it('leaves the word to triggers of the app that know the owner', async (t) => {
    const database = await createGuardable(t, 'postgresql');
    await database.run(`
      CREATE FUNCTION give() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."userId" := coalesce(NEW."userId", 'ben'); RETURN NEW; END $$;
      CREATE TRIGGER set_owner BEFORE INSERT ON "Note" FOR EACH ROW EXECUTE FUNCTION give();`);
    await ask(database, ...ASSIGN_GUARDED);
    await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
    assert.equal((await ownersOf(database))[10], 'ben');
  });

  it('belongs to its schema: another app in the same database does not see it, and keeps the journal', async (t) => {
    const database = await createGuardable(t, 'postgresql');
    await database.run(`
      CREATE SCHEMA app; CREATE TABLE app."User" (LIKE "User" INCLUDING ALL); INSERT INTO app."User" SELECT * FROM "User";
      CREATE TABLE app."Note" (LIKE "Note" INCLUDING ALL); INSERT INTO app."Note" ("id") VALUES (1);`);
    const other = { ...database, url: `${database.url}?schema=app` };
    await ask(other, ...ASSIGN_GUARDED);
    assert.deepEqual((await ask(database, 'status')).answer.guards, []);
    await ask(database, ...ASSIGN_GUARDED);
    assert.equal((await ask(other, 'status')).answer.guards.length, 1);
    await database.run(
      `INSERT INTO "Note" ("id") VALUES (10); INSERT INTO app."Note" ("id") VALUES (10), (11);`,
    );
    assert.equal((await ask(database, 'status')).answer.guards[0].hits, 1);
    assert.equal((await ask(other, 'status')).answer.guards[0].hits, 2);
    const refused = await ask(database, 'cleanup', '--journal', '--confirm');
    assert.deepEqual([refused.code, refused.answer.error.code], [2, 'JOURNAL_SHARED']);
    assert.equal((await ask(database, 'cleanup', '--confirm')).code, 0);
    assert.equal((await ask(other, 'status')).answer.guards[0].hits, 2);
  });
});
