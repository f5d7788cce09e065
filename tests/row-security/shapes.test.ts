import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { applyMigrations } from '../helpers/apply-migrations.ts';
import { createDatabase } from '../helpers/database.ts';
import { type } from '../helpers/restore.ts';
import { createRole } from '../helpers/roles.ts';

interface Shape {
  name: string;
  ddl: string;
  models: string;
  /** The user, and another one. */
  users: [string, string];
  /** What the user sees, by query: one number. */
  sees: Record<string, number>;
  /** What the user may not write. */
  denied: string[];
  allowed: string[];
}

const owned = (keyType: string, users: [string, string], prismaType: string): Omit<Shape, 'name'> => ({
  ddl: `CREATE TABLE "User" (id ${keyType} PRIMARY KEY);
    CREATE TABLE "Note" (id int PRIMARY KEY, "userId" ${keyType} REFERENCES "User" (id));
    INSERT INTO "User" VALUES ('${users[0]}'), ('${users[1]}');
    INSERT INTO "Note" VALUES (1, '${users[0]}'), (2, '${users[1]}'), (3, NULL)`,
  models: `model User {\n  id ${prismaType} @id\n  notes Note[]\n}\nmodel Note {\n  id Int @id\n  userId ${prismaType.replace(/^\w+/, '$&?')}
  user User? @relation(fields: [userId], references: [id])\n}`,
  users,
  sees: { 'FROM "Note"': 1 },
  denied: [
    `INSERT INTO "Note" VALUES (9, '${users[1]}')`,
    'INSERT INTO "Note" VALUES (9, NULL)',
    `UPDATE "Note" SET "userId" = '${users[1]}'`,
  ],
  allowed: [`INSERT INTO "Note" VALUES (9, '${users[0]}')`],
});

const UUIDS: [string, string] = [
  '5c1ae7a8-0b6b-4c5e-8f4c-000000000001',
  '5c1ae7a8-0b6b-4c5e-8f4c-000000000002',
];

const SHAPES: Shape[] = [
  { name: 'text', ...owned('text', ['ana', 'ben'], 'String') },
  { name: 'uuid', ...owned('uuid', UUIDS, 'String @db.Uuid') },
  { name: 'int', ...owned('int', ['1', '2'], 'Int') },
  { name: 'bigint', ...owned('bigint', ['9007199254740993', '9007199254740992'], 'BigInt') },
  { name: 'varchar', ...owned('varchar(5)', ['ana', 'ben'], 'String @db.VarChar(5)') },
  { name: 'char', ...owned('char(5)', ['ana', 'ben'], 'String @db.Char(5)') },
  {
    name: 'schemas, mapped names and a key of two columns',
    ddl: `CREATE SCHEMA "other one";
      CREATE TABLE "User" (id text PRIMARY KEY);
      CREATE TABLE "other one"."order" ("the id" int, part int, "own""er" text REFERENCES "User" (id), PRIMARY KEY ("the id", part));
      CREATE TABLE seen (id int PRIMARY KEY, a int, b int, owner text NOT NULL REFERENCES "User" (id),
        FOREIGN KEY (a, b) REFERENCES "other one"."order" ("the id", part));
      INSERT INTO "User" VALUES ('ana'), ('ben');
      INSERT INTO "other one"."order" VALUES (1, 1, 'ana'), (2, 1, 'ben');
      INSERT INTO seen VALUES (1, 1, 1, 'ana'), (2, 2, 1, 'ben')`,
    models: `model User {
      id String @id
      orders Order[]
      lines Line[]
      @@schema("public")
    }
    model Order {
      id Int @map("the id")
      part Int
      userId String? @map("own\\"er")
      user User? @relation(fields: [userId], references: [id])
      lines Line[]
      @@id([id, part])
      @@map("order")
      @@schema("other one")
    }
    model Line {
      id Int @id
      orderId Int? @map("a")
      part Int? @map("b")
      order Order? @relation(fields: [orderId, part], references: [id, part])
      userId String @map("owner")
      user User @relation(fields: [userId], references: [id])
      @@map("seen")
      @@schema("public")
    }`,
    users: ['ana', 'ben'],
    sees: { 'FROM "other one"."order"': 1, 'FROM seen': 1 },
    denied: [`INSERT INTO seen VALUES (9, 2, 1, 'ana')`],
    allowed: [`INSERT INTO seen VALUES (9, 1, 1, 'ana'), (10, 2, NULL, 'ana'), (11, NULL, NULL, 'ana')`],
  },
  {
    name: 'a join table with a model of its own, and one with the users on one side',
    ddl: `CREATE TABLE "User" (id text PRIMARY KEY);
      CREATE TABLE "Post" (id int PRIMARY KEY, "userId" text NOT NULL REFERENCES "User" (id));
      CREATE TABLE "Tag" (id int PRIMARY KEY, "userId" text NOT NULL REFERENCES "User" (id));
      CREATE TABLE "PostTag" ("postId" int REFERENCES "Post" (id), "tagId" int REFERENCES "Tag" (id), PRIMARY KEY ("postId", "tagId"));
      CREATE TABLE "_Likes" ("A" int NOT NULL REFERENCES "Post" (id), "B" text NOT NULL REFERENCES "User" (id));
      INSERT INTO "User" VALUES ('ana'), ('ben');
      INSERT INTO "Post" VALUES (1, 'ana'), (2, 'ben'); INSERT INTO "Tag" VALUES (1, 'ana'), (2, 'ben');
      INSERT INTO "PostTag" VALUES (1, 1), (2, 2), (1, 2), (2, 1); INSERT INTO "_Likes" VALUES (1, 'ben'), (2, 'ana')`,
    models: `model User {
      id String @id
      posts Post[] @relation("Own")
      tags Tag[]
      likes Post[] @relation("Likes")
    }
    model Post {
      id Int @id
      userId String
      user User @relation("Own", fields: [userId], references: [id])
      tags PostTag[]
      likedBy User[] @relation("Likes")
    }
    model Tag {
      id Int @id
      userId String
      user User @relation(fields: [userId], references: [id])
      posts PostTag[]
    }
    model PostTag {
      postId Int
      tagId Int
      post Post @relation(fields: [postId], references: [id])
      tag Tag @relation(fields: [tagId], references: [id])
      @@id([postId, tagId])
    }`,
    users: ['ana', 'ben'],
    sees: { 'FROM "PostTag"': 1, 'FROM "_Likes"': 1 },
    denied: ['UPDATE "PostTag" SET "tagId" = 2', `INSERT INTO "_Likes" VALUES (2, 'ana')`],
    allowed: ['DELETE FROM "PostTag"'],
  },
  {
    name: 'models that point at each other in a circle',
    ddl: `CREATE TABLE "User" (id text PRIMARY KEY);
      CREATE TABLE "Post" (id int PRIMARY KEY, "userId" text NOT NULL REFERENCES "User" (id), "bestId" int);
      CREATE TABLE "Comment" (id int PRIMARY KEY, "postId" int NOT NULL REFERENCES "Post" (id));
      ALTER TABLE "Post" ADD FOREIGN KEY ("bestId") REFERENCES "Comment" (id);
      INSERT INTO "User" VALUES ('ana'), ('ben'); INSERT INTO "Post" VALUES (1, 'ana'), (2, 'ben');
      INSERT INTO "Comment" VALUES (1, 1), (2, 2); UPDATE "Post" SET "bestId" = id`,
    models: `model User {
      id String @id
      posts Post[]
    }
    model Post {
      id Int @id
      userId String
      user User @relation(fields: [userId], references: [id])
      bestId Int?
      best Comment? @relation("Best", fields: [bestId], references: [id])
      comments Comment[] @relation("All")
    }
    model Comment {
      id Int @id
      postId Int
      post Post @relation("All", fields: [postId], references: [id])
      bestOf Post[] @relation("Best")
    }`,
    users: ['ana', 'ben'],
    sees: { 'FROM "Comment"': 1, 'FROM "Post"': 1 },
    denied: [`UPDATE "Post" SET "bestId" = 2`, `INSERT INTO "Comment" VALUES (9, 2)`],
    allowed: ['UPDATE "Post" SET "bestId" = NULL', `INSERT INTO "Comment" VALUES (9, 1)`],
  },
];

/** So long that their functions would all be called the same by default. */
const LONG = 'ConversationMessageAttachmentRevisionOfSomebody';
SHAPES.push({
  name: 'a long name, a column that points at two models, and no rights on functions by default',
  ddl: `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    CREATE TABLE "User" (id text PRIMARY KEY);
    CREATE TABLE "${LONG}" (id int PRIMARY KEY, "userId" text NOT NULL REFERENCES "User" (id),
      "pointsAtNote" int, "pointsAtOther" int, "pointsAtBoth" int);
    CREATE TABLE "Note" (id int PRIMARY KEY, "longId" int NOT NULL REFERENCES "${LONG}" (id));
    INSERT INTO "User" VALUES ('ana'), ('ben');
    INSERT INTO "${LONG}" VALUES (1, 'ana'), (2, 'ben'), (3, 'ben'), (4, 'ana');
    INSERT INTO "Note" VALUES (1, 1), (2, 2), (3, 1), (4, 3)`,
  models: `model User {
      id String @id
      longs ${LONG}[]
    }
    model ${LONG} {
      id Int @id
      userId String
      user User @relation(fields: [userId], references: [id])
      pointsAtNote Int?
      note Note? @relation("Note", fields: [pointsAtNote], references: [id])
      pointsAtOther Int?
      other ${LONG}? @relation("Other", fields: [pointsAtOther], references: [id])
      pointsAtBoth Int?
      bothNote Note? @relation("BothNote", fields: [pointsAtBoth], references: [id], map: "BothNote")
      bothOther ${LONG}? @relation("BothOther", fields: [pointsAtBoth], references: [id], map: "BothOther")
      others ${LONG}[] @relation("Other")
      boths ${LONG}[] @relation("BothOther")
      notes Note[] @relation("Long")
    }
    model Note {
      id Int @id
      longId Int
      long ${LONG} @relation("Long", fields: [longId], references: [id])
      longs ${LONG}[] @relation("Note")
      boths ${LONG}[] @relation("BothNote")
    }`,
  users: ['ana', 'ben'],
  sees: { 'FROM "Note"': 2, [`FROM "${LONG}"`]: 2 },
  denied: [
    `INSERT INTO "${LONG}" VALUES (9, 'ana', 4)`,
    `INSERT INTO "${LONG}" VALUES (9, 'ana', NULL, 3)`,
    `INSERT INTO "${LONG}" VALUES (9, 'ana', NULL, NULL, 3)`,
    `INSERT INTO "${LONG}" VALUES (9, 'ana', NULL, NULL, 4)`,
    `INSERT INTO "Note" VALUES (9, 3)`,
  ],
  allowed: [`INSERT INTO "${LONG}" VALUES (9, 'ana', 3, 4, 1)`],
});

for (const shape of SHAPES)
  test(`keeps users apart: ${shape.name}`, async (t) => {
    const { ask } = await secure(t, shape);
    const [user, other] = shape.users;
    for (const [from, count] of Object.entries(shape.sees)) {
      assert.equal(await ask(user, `SELECT count(*) AS n ${from}`), String(count), from);
      assert.equal(await ask(null, `SELECT count(*) AS n ${from}`), '0', from);
      assert.equal(await ask('', `SELECT count(*) AS n ${from}`), '0', from);
    }
    for (const sql of shape.denied) assert.match(await ask(user, sql), /row-level security/, sql);
    for (const sql of shape.allowed) assert.equal(await ask(user, sql), 'done', sql);
    assert.notEqual(user, other);
  });

test('does not take a long name for the user whose name it begins with', async (t) => {
  const { ask } = await secure(t, owned('varchar(5)', ['anabe', 'ben'], 'String @db.VarChar(5)'));
  assert.equal(await ask('anabelle', 'SELECT count(*) AS n FROM "Note"'), '0');
});

/** Makes the tables and their policies; twice gives nothing to write. */
async function secure(t: TestContext, { ddl, models }: Pick<Shape, 'ddl' | 'models'>) {
  const database = await createDatabase('postgresql', { ddl, models });
  t.after(() => database.drop());
  if (models.includes('@@schema'))
    writeFileSync(
      database.schemaPath,
      readFileSync(database.schemaPath, 'utf8').replace(
        'provider =',
        'schemas = ["public", "other one"]\n  provider =',
      ),
    );
  const role = await createRole(t, database);
  const words = ['isolation', '--rls', `--role=${role}`];
  const done = await type(database, words);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  await applyMigrations(database);
  const second = await type(database, [...words, '--json']);
  assert.equal(second.code, 0, second.stdout);
  const again = JSON.parse(second.stdout) as {
    models: { state: string }[];
  };
  assert.deepEqual(new Set(again.models.map(({ state }) => state)), new Set(['same']));
  const url = new URL(database.url);
  [url.username, url.password] = [role, encodeURIComponent('p@ss w/rd')];
  const ask = async (user: string | null, sql: string): Promise<string> => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      await client.query('BEGIN');
      if (user !== null) await client.query(`SELECT set_config('app.user_id', $1, true)`, [user]);
      const { rows } = await client.query(sql);
      await client.query('ROLLBACK');
      return rows[0] ? String(rows[0].n) : 'done';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.end();
    }
  };
  return { database, role, ask };
}
