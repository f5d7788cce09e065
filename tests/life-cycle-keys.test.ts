import { describe } from 'node:test';
import { testLifeCycles } from './helpers/life-cycle.ts';
import { OWNER_COLUMN, OWNER_FIELDS, USER_MODEL, USERS } from './helpers/notes.ts';

describe('the life of a table with', () => {
  testLifeCycles([
    {
      name: 'a composite key of a text and a number',
      ddl: `${USERS}
        CREATE TABLE "Note" ("tag" TEXT NOT NULL, "place" INTEGER NOT NULL, ${OWNER_COLUMN}, PRIMARY KEY ("tag", "place"));
        INSERT INTO "Note" VALUES ('a', 2, NULL), ('a', 10, NULL), ('b', 1, 'ben'), ('b', 2, NULL), ('B', 2, NULL), ('["b"', 2, NULL);`,
      models: `${USER_MODEL}
        model Note {
          tag   String
          place Int${OWNER_FIELDS}
          @@id([tag, place])
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 5,
    },
    {
      name: 'a composite key of a time, a BigInt and a text, in another order than the columns',
      ddl: ({ time }) => `${USERS}
        CREATE TABLE "Note" ("word" TEXT NOT NULL, "at" ${time} NOT NULL, "big" BIGINT NOT NULL, ${OWNER_COLUMN},
          PRIMARY KEY ("at", "big", "word"));
        INSERT INTO "Note" VALUES ('x', '2024-02-29 23:59:59.999', 1, NULL), ('x', '2024-02-29 23:59:59.998', 1, NULL),
          ('x', '2024-02-29 23:59:59.998', 9007199254740993, NULL), ('y', '2024-02-29 23:59:59.998', 9007199254740993, 'ben'),
          ('z', '2024-02-29 23:59:59.998', 9007199254740993, NULL), ('', '1969-12-31 00:00:00', -1, NULL);`,
      models: `${USER_MODEL}
        model Note {
          word String
          at   DateTime
          big  BigInt${OWNER_FIELDS}
          @@id([at, big, word])
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 5,
    },
    {
      name: 'times as keys, kept as milliseconds and as ISO text',
      on: ['sqlite'],
      ddl: `${USERS}
        CREATE TABLE "Note" ("at" DATETIME NOT NULL PRIMARY KEY, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES (1700000000123, NULL), (1700000000124, NULL), (-5, NULL), ('2024-01-01T00:00:00.000Z', NULL),
          ('2024-01-01T00:00:00.000+00:00', NULL), ('2023-01-01 00:00:00', 'ben');`,
      models: `${USER_MODEL}
        model Note {
          at DateTime @id${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 5,
    },
    {
      name: 'Bytes as a key',
      ddl: ({ bytes }) => {
        const [open, close] = bytes === 'BLOB' ? ["x'", "'"] : ["'\\x", "'"];
        const values = ['00', 'ff00', 'FF01', '27'].map((hex) => `(${open}${hex}${close}, NULL)`).join(', ');
        return `${USERS}
          CREATE TABLE "Note" ("hash" ${bytes} NOT NULL PRIMARY KEY, ${OWNER_COLUMN});
          INSERT INTO "Note" VALUES ${values};`;
      },
      models: `${USER_MODEL}
        model Note {
          hash Bytes @id${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 4,
    },
    {
      name: 'an enum and a Decimal as a key',
      on: ['postgresql'],
      ddl: `${USERS}
        CREATE TYPE "Kind Of" AS ENUM ('note', 'TASK');
        CREATE TABLE "Note" ("kind" "Kind Of" NOT NULL, "rank" DECIMAL(65,30) NOT NULL, ${OWNER_COLUMN}, PRIMARY KEY ("kind", "rank"));
        INSERT INTO "Note" VALUES ('TASK', 0.1, NULL), ('note', 0.100000000000000000000000000001, NULL), ('note', 1e20, NULL), ('TASK', 2, 'ben');`,
      models: `${USER_MODEL}
        enum Kind {
          note
          TASK
          @@map("Kind Of")
        }
        model Note {
          kind Kind
          rank Decimal${OWNER_FIELDS}
          @@id([kind, rank])
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 3,
    },
    {
      name: 'Float keys that differ in the last digit alone',
      ddl: `${USERS}
        CREATE TABLE "Note" ("x" DOUBLE PRECISION NOT NULL PRIMARY KEY, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES (0.3, NULL), (0.30000000000000004, NULL), (0.1, 'ben'), (1e300, NULL), (-2.5, NULL), (3, NULL);`,
      models: `${USER_MODEL}
        model Note {
          x Float @id${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 5,
    },
  ]);
});
