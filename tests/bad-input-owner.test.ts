import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { createDatabase, PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { answer, runOn } from './helpers/life-cycle.ts';
import { NOTES, USERS } from './helpers/notes.ts';
import { announcement, assertRefused, assertUntouched } from './helpers/refusals.ts';

const NOTE = 'CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT';
const INT_IDS = {
  ddl: `
    CREATE TABLE "User" ("id" BIGINT NOT NULL PRIMARY KEY);
    CREATE TABLE "Note" ("id" BIGINT NOT NULL PRIMARY KEY, "userId" BIGINT);
    INSERT INTO "User" VALUES (1), (12); INSERT INTO "Note" VALUES (1, NULL);`,
  models: `
    model User {
      id    Int    @id
      notes Note[]
    }
    model Note {
      id     Int   @id
      userId Int?
      user   User? @relation(fields: [userId], references: [id])
    }`,
};

for (const provider of PROVIDERS) {
  const withDatabase = async (
    spec: { ddl: string; models: string },
    work: (database: TestDatabase) => Promise<void>,
  ) => {
    const database = await createDatabase(provider, spec);
    await work(database).finally(database.drop);
  };

  describe(`on ${provider}`, () => {
    it('refuses when the table of the users is missing', () =>
      withDatabase({ ...NOTES, ddl: 'CREATE TABLE "Other" ("id" INTEGER PRIMARY KEY);' }, (database) =>
        assertRefused(database, ['production-safe', 'ana', '--step=2'], {
          before: announcement(database),
          code: 'OWNER_TABLE_MISSING',
          message:
            'the database has no table "User" with a column "id" for the model User.\nNothing was changed.',
          remedy: 'Apply the migrations that create it:\n  npx prisma migrate deploy',
        }),
      ));

    it('refuses an id that is not of the type of the key', () =>
      withDatabase(INT_IDS, async (database) => {
        for (const id of ['ana', '1.0', '1e0', '0x1', '', '2147483648', '99999999999999999999'])
          await assertRefused(database, ['production-safe', id, '--step=2'], {
            before: announcement(database),
            code: 'USER_ID_MALFORMED',
            message: `"${id}" cannot be an id of User: an id there is a whole number (Int) from -2147483648 to 2147483647.\nNothing was changed.`,
            remedy: 'To see the users:\n  npm run migration:list-users',
          });
      }));

    it('counts the rows even where the type of the owner column forbids to assign them', () =>
      withDatabase(
        { ...NOTES, ddl: `${USERS} ${NOTE}, "userId" INTEGER); INSERT INTO "Note" VALUES (1, 'x', NULL);` },
        async (database) => {
          const { stdout } = await runOn(database, ['production-safe', 'ana', '--step=1']);
          assert.deepEqual([JSON.parse(stdout).models[0].rows, JSON.parse(stdout).models[0].unowned], [1, 1]);
        },
      ));

    it('lists the users even where the type of an owner column is another', () =>
      withDatabase({ ...NOTES, ddl: `${USERS} ${NOTE}, "userId" INTEGER);` }, async (database) => {
        const { total } = answer(await runOn(database, ['list-users']));
        assert.equal(total, 2);
      }));

    it('does not assign rows to a user who lacks the value that owner columns point at', () =>
      withDatabase(
        {
          ddl: `CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT UNIQUE); INSERT INTO "User" VALUES ('ana', NULL);
            CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "owner" TEXT); INSERT INTO "Note" VALUES (1, NULL);`,
          models: `
            model User {
              id    String  @id
              email String? @unique
              notes Note[]
            }
            model Note {
              id    Int     @id
              owner String?
              user  User?   @relation(fields: [owner], references: [email])
            }`,
        },
        (database) =>
          assertUntouched(database, async () => {
            const { code, stdout } = await runOn(database, ['production-safe', 'ana', '--step=2']);
            assert.equal(code, 2, stdout);
          }),
      ));
  });
}
