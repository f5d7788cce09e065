import { describe } from 'node:test';
import { testLifeCycles } from './helpers/life-cycle.ts';
import { OWNER_COLUMN, OWNER_FIELDS, USER_MODEL, USERS } from './helpers/notes.ts';

/** Text that has hurt somebody's tool before: quotes, escapes, JSON, patterns, numbers, other scripts, a line break. */
const AWKWARD_TEXTS = [
  `it''s`,
  'say "hi"',
  'back\\slash',
  'two\nlines',
  '{"a": 1}',
  '["a"]',
  'null',
  '007',
  '1e3',
  '%_',
  '$1',
  '?',
  'Ünïcode',
  '名前',
  '👩‍👧',
  ' ',
  '',
  'Z',
  'a',
];

describe('the life of a table with', () => {
  testLifeCycles([
    {
      name: 'an Int key that the database counts up',
      ddl: ({ serial }) => `${USERS}
        CREATE TABLE "Note" ("id" ${serial}, "text" TEXT, ${OWNER_COLUMN});
        INSERT INTO "Note" ("text", "userId") VALUES ('a', NULL), (NULL, NULL), ('c', 'ana'), ('d', 'ben'), ('e', NULL);`,
      models: `${USER_MODEL}
        model Note {
          id   Int     @id @default(autoincrement())
          text String?${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 3,
      asProcess: true,
    },
    {
      name: 'negative Int keys on both sides',
      ddl: `
        CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY);
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "userId" INTEGER REFERENCES "User" ("id"));
        INSERT INTO "User" VALUES (-7), (7);
        INSERT INTO "Note" VALUES (-2147483648, NULL), (-10, NULL), (-9, 7), (-1, NULL), (0, NULL), (1, -7), (2147483647, NULL);`,
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
      user: '-7',
      value: -7,
      owners: { Note: 'userId' },
      unowned: 5,
    },
    {
      name: 'BigInt keys beyond what a JavaScript number can tell apart',
      ddl: `
        CREATE TABLE "User" ("id" BIGINT NOT NULL PRIMARY KEY);
        CREATE TABLE "Note" ("id" BIGINT NOT NULL PRIMARY KEY, "userId" BIGINT REFERENCES "User" ("id"));
        INSERT INTO "User" VALUES (9007199254740993), (9007199254740992);
        INSERT INTO "Note" VALUES (9007199254740992, NULL), (9007199254740993, 9007199254740992), (9007199254740994, NULL),
          (9007199254740995, 9007199254740993), (9223372036854775807, NULL), (-9223372036854775808, NULL);`,
      models: `
        model User {
          id    BigInt @id
          notes Note[]
        }
        model Note {
          id     BigInt  @id
          userId BigInt?
          user   User?   @relation(fields: [userId], references: [id])
        }`,
      user: '9007199254740993',
      value: 9007199254740993n,
      owners: { Note: 'userId' },
      unowned: 4,
    },
    {
      name: 'String keys of cuid form, of which some differ only in case',
      ddl: `${USERS.replaceAll("'ana'", "'cm3owner0000a1b2c3d4'")}
        CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES ('cm3abc', NULL), ('cm3ABC', NULL), ('CM3abc', 'ben'), ('cm3abd', NULL), ('cm3', NULL);`,
      models: `${USER_MODEL}
        model Note {
          id String @id @default(cuid())${OWNER_FIELDS}
        }`,
      user: 'cm3owner0000a1b2c3d4',
      owners: { Note: 'userId' },
      unowned: 4,
    },
    {
      name: 'text keys with quotes, escapes, line breaks, JSON and emoji',
      ddl: `${USERS.replaceAll("'ana'", `'o''br"ien\\ 👩‍👧'`)}
        CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY, "text" TEXT, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES ${AWKWARD_TEXTS.map((text) => `('${text}', '${text}', NULL)`).join(', ')}, ('taken', '', 'ben');`,
      models: `${USER_MODEL}
        model Note {
          id   String  @id
          text String?${OWNER_FIELDS}
        }`,
      user: `o'br"ien\\ 👩‍👧`,
      owners: { Note: 'userId' },
      unowned: AWKWARD_TEXTS.length,
    },
    {
      name: 'uuid keys on both sides',
      on: ['postgresql'],
      ddl: `
        CREATE TABLE "User" ("id" UUID NOT NULL PRIMARY KEY, "name" TEXT);
        CREATE TABLE "Note" ("id" UUID NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), "userId" UUID REFERENCES "User" ("id"));
        INSERT INTO "User" VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Ana'), ('b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Ben');
        INSERT INTO "Note" ("userId") SELECT CASE WHEN n % 5 = 0 THEN 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid END
          FROM generate_series(1, 300) n;`,
      models: `
        model User {
          id    String  @id @db.Uuid
          name  String?
          notes Note[]
        }
        model Note {
          id     String  @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
          userId String? @db.Uuid
          user   User?   @relation(fields: [userId], references: [id])
        }`,
      user: 'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11',
      value: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      owners: { Note: 'userId' },
      unowned: 240,
      options: ['--batch-size=100'],
    },
    {
      name: 'a unique key where there is no primary key',
      ddl: `${USERS}
        CREATE TABLE "Note" ("slug" TEXT NOT NULL UNIQUE, "code" TEXT UNIQUE, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES ('one', NULL, NULL), ('two', NULL, NULL), ('three', '3', 'ben'), ('four', NULL, NULL);`,
      models: `${USER_MODEL}
        model Note {
          code String? @unique
          slug String  @unique${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 3,
    },
    {
      name: 'an owner column that points at a unique column other than the key',
      ddl: `${USERS}
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "owner" TEXT REFERENCES "User" ("email"));
        INSERT INTO "Note" VALUES (1, NULL), (2, 'ben@example.com'), (3, 'ana@example.com'), (4, NULL);`,
      models: `${USER_MODEL}
        model Note {
          id    Int     @id
          owner String?
          user  User?   @relation(fields: [owner], references: [email])
        }`,
      user: 'ana',
      value: 'ana@example.com',
      owners: { Note: 'owner' },
      unowned: 2,
    },
  ]);
});
