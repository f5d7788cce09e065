import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertApart, secure, type Shape } from './secure.ts';

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

for (const shape of SHAPES) test(`keeps users apart: ${shape.name}`, (t) => assertApart(t, shape));

test('does not take a long name for the user whose name it begins with', async (t) => {
  const { ask } = await secure(t, owned('varchar(5)', ['anabe', 'ben'], 'String @db.VarChar(5)'));
  assert.equal(await ask('anabelle', 'SELECT count(*) AS n FROM "Note"'), '0');
});
