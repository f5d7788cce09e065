import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import type { RlsAnswer } from '../../src/commands/isolation-results.ts';
import { createDatabase } from '../helpers/database.ts';
import { type } from '../helpers/restore.ts';
import { createRole } from '../helpers/roles.ts';

const DDL = `CREATE SCHEMA "my app"; SET search_path TO "my app";
  CREATE TABLE "User" (id text PRIMARY KEY);
  CREATE TABLE "Note" (id serial PRIMARY KEY, "userId" text REFERENCES "User" (id), "parentId" int REFERENCES "Note" (id));
  INSERT INTO "User" VALUES ('ana'), ('ben'); INSERT INTO "Note" ("userId") VALUES ('ana'), ('ben')`;
const MODELS = `model User {
  id String @id
  notes Note[]
}
model Note {
  id Int @id @default(autoincrement())
  userId String?
  user User? @relation(fields: [userId], references: [id])
  parentId Int?
  parent Note? @relation("Tree", fields: [parentId], references: [id])
  children Note[] @relation("Tree")
}`;

test('names tables of the schema in the URL without it, and finds them from anywhere', async (t) => {
  const database = await createDatabase('postgresql', { ddl: DDL, models: MODELS });
  t.after(() => database.drop());
  const role = await createRole(t, database);
  const url = `${database.url}?schema=my%20app`;
  const words = ['isolation', '--rls', `--role=${role}`, '--json'];
  const done = await type({ ...database, url }, words);
  assert.equal(done.code, 0, done.stdout);
  const { changes } = JSON.parse(done.stdout) as RlsAnswer;
  const policy = changes[0]?.diff ?? '';
  assert.doesNotMatch(policy, /my app/);
  // As Prisma does when it migrates.
  const folder = join(database.folder, 'migrations');
  for (const name of readdirSync(folder).sort())
    await database.run(
      `SET search_path TO "my app"; ${readFileSync(join(folder, name, 'migration.sql'), 'utf8')}`,
    );
  const again = JSON.parse((await type({ ...database, url }, words)).stdout) as RlsAnswer;
  assert.deepEqual([again.models.map(({ state }) => state), again.changes], [['same'], []]);

  const as = new URL(database.url);
  [as.username, as.password] = [role, encodeURIComponent('p@ss w/rd')];
  const client = new Client({ connectionString: as.href });
  await client.connect();
  try {
    await client.query(`BEGIN; SELECT set_config('app.user_id', 'ana', true)`);
    const insert = (parent: number) =>
      `INSERT INTO "my app"."Note" ("userId", "parentId") VALUES ('ana', ${parent})`;
    assert.equal((await client.query(insert(1))).rowCount, 1);
    await assert.rejects(client.query(insert(2)), /row-level security/);
  } finally {
    await client.end();
  }
});
