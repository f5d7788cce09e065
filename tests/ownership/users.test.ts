import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { createDatabase, PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { answer, runOn, TYPES } from '../helpers/life-cycle.ts';

const MODELS = `
model User {
  id        Int       @id
  email     String?
  name      String?
  createdAt DateTime?
  notes     Note[]
}
model Note {
  id     Int   @id
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}`;
/** Users whose ids, names and times are not in one order; the name of one has what a pattern would take for a wildcard. */
const USERS = `
  INSERT INTO "User" VALUES (1, 'zoe@example.com', 'Zoë', '2024-03-01 10:00:00'), (2, NULL, '100% Ben_', '2023-01-01 00:00:00.5'),
    (3, 'ana@example.com', 'Ana', '2024-03-01 10:00:00'), (10, NULL, NULL, NULL), (11, '', 'Émile', '2025-01-01 00:00:00');
  INSERT INTO "Note" VALUES (1, 1), (2, 1), (3, 3), (4, NULL);`;

for (const provider of PROVIDERS) {
  describe(`list-users on ${provider}`, () => {
    const withUsers = async (
      work: (
        list: (...args: string[]) => Promise<ReturnType<typeof answer>>,
        database: TestDatabase,
      ) => Promise<void>,
    ) => {
      const ddl = `
        CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "name" TEXT, "createdAt" ${TYPES[provider].time});
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "userId" INTEGER); ${USERS}`;
      const database = await createDatabase(provider, { ddl, models: MODELS });
      const list = async (...args: string[]) => answer(await runOn(database, ['list-users', ...args]));
      await work(list, database).finally(database.drop);
    };
    const idsOf = ({ users }: { users: { id: string }[] }) => users.map(({ id }) => id);

    it('shows what a person is called by, when they came, and what they own', () =>
      withUsers(async (list) => {
        const { users } = await list();
        const byId = Object.fromEntries(users.map((user: { id: string }) => [user.id, user]));
        const email = 'zoe@example.com';
        assert.deepEqual(byId['1'], {
          id: '1',
          label: email,
          email,
          createdAt: '2024-03-01T10:00:00.000Z',
          rows: { Note: 2 },
        });
        assert.deepEqual(byId['2'], {
          id: '2',
          label: '100% Ben_',
          createdAt: '2023-01-01T00:00:00.500Z',
          rows: { Note: 0 },
        });
        assert.deepEqual(byId['10'], { id: '10', label: '10', rows: { Note: 0 } });
        assert.equal(byId['11'].label, 'Émile');
      }));

    it('lists the oldest first, then by id', () =>
      withUsers(async (list) => {
        const known = idsOf(await list()).filter((id) => id !== '10');
        assert.deepEqual(known, ['2', '1', '3', '11']);
      }));

    const searches: [text: string, ...ids: string[]][] = [
      ['ANA', '3'],
      ['example.com', '1', '3'],
      ['1', '1', '10', '11', '2'],
      ['%', '2'],
      ['_', '2'],
      ['\\'],
      ["'"],
      ['Zoë', '1'],
      ['Émile', '11'],
      ['nobody'],
    ];
    for (const [text, ...ids] of searches) {
      it(`finds ${ids.length} users by "${text}" in their id, e-mail or name`, () =>
        withUsers(async (list) => {
          const found = await list(`--search=${text}`);
          assert.deepEqual([idsOf(found).sort(), found.total], [ids, ids.length]);
        }));
    }

    it('counts all users however few it lists', () =>
      withUsers(async (list) => {
        const found = await list('--limit=2');
        assert.deepEqual([idsOf(found).length, found.total], [2, 5]);
      }));

    it('calls a user by the id as the database has it, however it was typed', () =>
      withUsers(async (_, database) => {
        const { user } = answer(await runOn(database, ['production-safe', '0010', '--step=1']));
        assert.deepEqual(user, { id: '10', label: '10' });
      }));

    it('knows a user by e-mail or a mistyped id when it suggests the closest', () =>
      withUsers(async (_, database) => {
        const { stdout } = await runOn(database, ['production-safe', '110', '--step=1']);
        const { message } = JSON.parse(stdout).error;
        assert.match(message, /^no User has the id "110"\.\nThe closest are:\n {2}(10 {2}10|11 {2}Émile)\n/);
      }));
  });
}

for (const provider of PROVIDERS) {
  it(`list-users counts rows that point at another column of the users than their key, on ${provider}`, async (t) => {
    const ddl = `
      CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT NOT NULL UNIQUE);
      CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "owner" TEXT REFERENCES "User" ("email"));
      INSERT INTO "User" VALUES (1, 'a@x'), (2, 'b@x');
      INSERT INTO "Note" VALUES (1, 'a@x'), (2, 'b@x'), (3, 'b@x'), (4, NULL);`;
    const models = `model User {\n  id Int @id\n  email String @unique\n  notes Note[]\n}
      model Note {\n  id Int @id\n  owner String?\n  user User? @relation(fields: [owner], references: [email])\n}`;
    const database = await createDatabase(provider, { ddl, models });
    t.after(database.drop);
    const { users } = answer(await runOn(database, ['list-users']));
    assert.deepEqual(
      users.map(({ id, rows }: { id: string; rows: object }) => [id, rows]),
      [
        ['1', { Note: 1 }],
        ['2', { Note: 2 }],
      ],
    );
  });
}
