import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listIsolatedTables } from '../../src/row-security/tables.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import type { SchemaFile } from '../../src/schema/normalise.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';

const HEAD = 'datasource db {\n  provider = "postgresql"\n}\n';

function list(models: string) {
  const files: SchemaFile[] = [['schema.prisma', HEAD + models]];
  const schema = parseSchema(files);
  const dataModel = readDataModel(files);
  return listIsolatedTables({
    dataModel,
    schema,
    decision: decideOwnership(schema),
    defaultSchema: 'public',
  });
}

const USER = 'model User {\n  id String @id\n  posts Post[]\n}\n';
const OWNER = 'userId String\n  user User @relation(fields: [userId], references: [id])\n';
const nameOf = ({ table, columns }: { table: { name: string }; columns: string[] }) =>
  `${columns.join('+')} > ${table.name}`;

test('has parents before children, wherever they stand', () => {
  const { tables } = list(`model Reply {
  id Int @id
  commentId Int
  comment Comment @relation(fields: [commentId], references: [id])
}
model Comment {
  id Int @id
  postId Int
  post Post @relation(fields: [postId], references: [id])
  replies Reply[]
}
model Post {
  id Int @id
  comments Comment[]
  ${OWNER}}
${USER}`);
  assert.deepEqual(
    tables.map(({ model, owner, parents, links }) => [model, owner, parents.map(nameOf), links]),
    [
      ['Post', 'userId', [], []],
      ['Comment', null, ['postId > Post'], []],
      ['Reply', null, ['commentId > Comment'], []],
    ],
  );
});

test('has the tables of many-to-many relations once, with the sides that have owners', () => {
  const { tables } =
    list(`${USER.replace('}', '  likes Post[] @relation("Likes")\n}').replace('posts Post[]', 'posts Post[] @relation("Own")')}
model Country {
  code String @id
  posts Post[]
}
model Post {
  id Int @id @map("key")
  related Post[] @relation("Related")
  relatedOf Post[] @relation("Related")
  likedBy User[] @relation("Likes")
  countries Country[]
  userId String
  user User @relation("Own", fields: [userId], references: [id])
}`);
  assert.deepEqual(
    tables.map(({ table, parents }) => [
      table.name,
      parents.map((each) => `${nameOf(each)} ${each.references}`),
    ]),
    [
      ['Post', []],
      ['_CountryToPost', ['B > Post key']],
      ['_Related', ['A > Post key', 'B > Post key']],
      ['_Likes', ['A > Post key']],
    ],
  );
});

test('has a function ask where a policy would come back to its own table', () => {
  const { tables } = list(`${USER}
model Post {
  id Int @id
  parentId Int?
  parent Post? @relation("Tree", fields: [parentId], references: [id])
  children Post[] @relation("Tree")
  bestId Int?
  best Comment? @relation("Best", fields: [bestId], references: [id])
  comments Comment[] @relation("All")
  ${OWNER}}
model Comment {
  id Int @id
  postId Int
  post Post @relation("All", fields: [postId], references: [id])
  bestOf Post[] @relation("Best")
}`);
  const circular = tables.map(({ model, parents, links }) => [
    model,
    ...[...parents, ...links].map((link) => [nameOf(link), link.isCircular, link.isOptional]),
  ]);
  assert.deepEqual(circular, [
    ['Post', ['parentId > Post', true, true], ['bestId > Comment', true, true]],
    ['Comment', ['postId > Post', false, false]],
  ]);
});

test('says of every other model why it is left out, but of views', () => {
  const { tables, leftOut } =
    list(`${USER.replace('posts', 'from Duty[] @relation("From")\n  to Duty[] @relation("To")\n  posts')}
model Post {
  id Int @id
  ${OWNER}}
model Country {
  code String @id
}
model Duty {
  id Int @id
  fromId String?
  from User? @relation("From", fields: [fromId], references: [id])
  toId String?
  to User? @relation("To", fields: [toId], references: [id])
}
model Secret {
  id Int @id
  @@ignore
}
view All {
  id Int @unique
}`);
  assert.deepEqual(
    tables.map(({ model }) => model),
    ['Post'],
  );
  assert.deepEqual(
    leftOut.map(({ model, why }) => [model, why]),
    [
      ['User', 'users'],
      ['Country', 'shared'],
      ['Duty', 'closed'],
      ['Secret', 'closed'],
    ],
  );
});
