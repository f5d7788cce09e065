import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDatabase } from './helpers/database.ts';
import { OWNER } from './helpers/notebook.ts';
import { runCommand } from './helpers/processes.ts';

const MODELS = `
model User {
  id    String @id
  notes Note[]
}

model Note {
  id     Int     @id
  userId String? @db.VarChar(5)
  user   User?   @relation(fields: [userId], references: [id])
}`;

describe('an owner column that is too short for the id of the user, on PostgreSQL', () => {
  for (const [name, reference] of [
    ['without a foreign key', ''],
    ['with a foreign key', 'REFERENCES "User"(id)'],
  ] as const) {
    it(`is an error of step 1, and step 2 writes nothing, ${name}`, async () => {
      const database = await createDatabase('postgresql', {
        ddl: `CREATE TABLE "User" (id TEXT PRIMARY KEY); INSERT INTO "User" VALUES ('${OWNER}');
          CREATE TABLE "Note" (id INTEGER PRIMARY KEY, "userId" VARCHAR(5) ${reference});
          INSERT INTO "Note" VALUES (1, NULL), (2, NULL)`,
        models: MODELS,
      });
      try {
        const checked = await runCommand(database, 'production-safe', OWNER, '--step=1');
        const assigned = await runCommand(database, 'production-safe', OWNER, '--step=2');
        const rows = await database.query('SELECT "userId" FROM "Note"');
        assert.deepEqual(rows, [{ userId: null }, { userId: null }], assigned.stdout);
        assert.equal(checked.code, 1, checked.stdout);
        assert.equal(assigned.code, 2, assigned.stdout);
      } finally {
        await database.drop();
      }
    });
  }

  it('does not verify rows that hold the beginning of the id', async () => {
    const database = await createDatabase('postgresql', {
      ddl: `CREATE TABLE "User" (id TEXT PRIMARY KEY); INSERT INTO "User" VALUES ('${OWNER}');
        CREATE TABLE "Note" (id INTEGER PRIMARY KEY, "userId" VARCHAR(5));
        INSERT INTO "Note" VALUES (1, '${OWNER.slice(0, 5)}')`,
      models: MODELS,
    });
    try {
      const verified = await runCommand(database, 'production-safe', OWNER, '--step=3');
      assert.equal(verified.code, 1, verified.stdout);
    } finally {
      await database.drop();
    }
  });
});
