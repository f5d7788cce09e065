import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { decideOwnership } from '../../src/schema/decide.ts';
import { listGlobalKeys } from '../../src/schema/global-keys.ts';
import { parseSchema } from '../../src/schema/parse.ts';

/** The rest of an app: a project that is owned, and a country that is not. */
const REST = `
datasource db {
  provider = "postgresql"
}
model User {
  id       String    @id
  projects Project[]
  notes    Note[]
}
model Project {
  id     String  @id
  userId String?
  user   User?   @relation(fields: [userId], references: [id])
  notes  Note[]
}
model Country {
  code  String @id
  notes Note[]
}
`;
const OWNER = 'userId String?\n  user User? @relation(fields: [userId], references: [id])';
const PROJECT = 'projectId String\n  project Project @relation(fields: [projectId], references: [id])';
const COUNTRY = 'countryCode String\n  country Country @relation(fields: [countryCode], references: [code])';

function listKeys(fields: string, more = ''): string[] {
  const note = `model Note {\n  ${[OWNER, PROJECT, COUNTRY].join('\n  ')}\n  ${fields}\n}\n${more}`;
  const { owned, classified } = decideOwnership(parseSchema([['schema.prisma', REST + note]]));
  const found = owned.find(({ model }) => model.name === 'Note');
  assert.ok(found);
  const keys = listGlobalKeys(found, {
    models: classified.map(({ model }) => model),
    isShared: (name) => classified.some(({ model, class: each }) => model.name === name && each === 'shared'),
  });
  return keys.map(({ fields, isWorldwide }) => `${fields.map(({ name }) => name)}${isWorldwide ? '?' : ''}`);
}

describe('a unique key of an owned model', () => {
  const cases: [what: string, fields: string, keys: string[]][] = [
    ['with a text is one for all', 'id Int @id\n  slug String @unique', ['slug']],
    ['with a text that may be missing, too', 'id Int @id\n  slug String? @unique', ['slug']],
    ['with a number that somebody gives', 'id Int @id\n  invoice Int @unique', ['invoice']],
    ['with a day', 'id Int @id\n  day DateTime @unique', ['day']],
    ['with a time that is the default', 'id Int @id\n  at DateTime @unique @default(now())', ['at']],
    ['with several columns', 'id Int @id\n  a String\n  b Int\n  @@unique([a, b])', ['a,b']],
    [
      'with a column for rows of nobody and one of its own',
      'id Int @id\n  name String\n  @@unique([countryCode, name])',
      ['countryCode,name'],
    ],
    [
      'that may be meant for all is a question',
      'id Int @id\n  contactEmail String @unique',
      ['contactEmail?'],
    ],
    ['with the owner column is per owner', 'id Int @id\n  slug String\n  @@unique([userId, slug])', []],
    [
      'with a parent that has an owner is per owner',
      'id Int @id\n  slug String\n  @@unique([projectId, slug])',
      [],
    ],
    ['of foreign keys alone is no choice', 'id Int @id\n  @@unique([countryCode])', []],
    ['that is the primary key', 'slug String @id', []],
    ['that is the only key', 'slug String @unique', []],
    ['that Prisma fills', 'id Int @id\n  code String @unique @default(uuid())', []],
    ['that the database fills', 'id Int @id\n  no Int @unique @default(autoincrement())', []],
    ['that SQL fills', 'id Int @id\n  no String @unique @default(dbgenerated("f()"))', []],
    ['of bytes', 'id Int @id\n  picture Bytes @unique', []],
    ['called like a token', 'id Int @id\n  shareToken String @unique', []],
    ["called like another system's id", 'id Int @id\n  stripe_customer_id String? @unique', []],
    ['called like a key to the API', 'id Int @id\n  apiKey String @unique', []],
  ];
  for (const [what, fields, keys] of cases)
    it(`${what}${keys.length === 0 ? ', so it is left out' : ''}`, () =>
      assert.deepEqual(listKeys(fields), keys));

  it('that a foreign key points at is left out', () =>
    assert.deepEqual(
      listKeys(
        'id Int @id\n  slug String @unique\n  links Link[]',
        'model Link {\n  id Int @id\n  slug String\n  note Note @relation(fields: [slug], references: [slug])\n}',
      ),
      [],
    ));
});
