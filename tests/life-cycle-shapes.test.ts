import { describe } from 'node:test';
import { testLifeCycles } from './helpers/life-cycle.ts';
import { NOTES, OWNER_COLUMN, OWNER_FIELDS, USER_MODEL, USERS } from './helpers/notes.ts';

/** Two owned models and their tables. */
const NOTES_AND_TASKS = {
  ddl: `${NOTES.ddl}
    CREATE TABLE "Task" ("id" INTEGER NOT NULL PRIMARY KEY, ${OWNER_COLUMN});
    INSERT INTO "Task" VALUES (1, NULL), (2, NULL), (3, NULL);`,
  models: `${NOTES.models.replace('notes Note[]', 'notes Note[]\n  tasks Task[]')}
    model Task {
      id Int @id${OWNER_FIELDS}
    }`,
};

describe('the life of a schema with', () => {
  testLifeCycles([
    {
      name: 'tables and columns mapped to reserved words, spaces, quotes and capitals',
      ddl: `
        CREATE TABLE "user" ("group" INTEGER NOT NULL PRIMARY KEY, "select" TEXT);
        CREATE TABLE "order" ("table" TEXT NOT NULL PRIMARY KEY, "where" INTEGER REFERENCES "user" ("group"));
        CREATE TABLE "My ""odd"" Täble; --" ("KEY ""a""" TEXT NOT NULL, "key 'b'" INTEGER NOT NULL, "?" TEXT,
          "User ""Id""" INTEGER REFERENCES "user" ("group"), PRIMARY KEY ("KEY ""a""", "key 'b'"));
        INSERT INTO "user" VALUES (1, 'ana'), (2, NULL);
        INSERT INTO "order" VALUES ('a', NULL), ('b', 2), ('c', NULL);
        INSERT INTO "My ""odd"" Täble; --" VALUES ('x', 1, 'y', NULL), ('x', 2, NULL, NULL), ('y', 1, NULL, 1);`,
      models: `
        model User {
          id     Int     @id @map("group")
          name   String? @map("select")
          orders Order[]
          odd    Odd[]
          @@map("user")
        }
        model Order {
          id      String @id @map("table")
          ownerId Int?   @map("where")
          owner   User?  @relation(fields: [ownerId], references: [id])
          @@map("order")
        }
        model Odd {
          first  String  @map("KEY \\"a\\"")
          second Int     @map("key 'b'")
          text   String? @map("?")
          userId Int?    @map("User \\"Id\\"")
          user   User?   @relation(fields: [userId], references: [id])
          @@id([first, second])
          @@map("My \\"odd\\" Täble; --")
        }`,
      user: '1',
      value: 1,
      owners: { order: 'where', 'My "odd" Täble; --': 'User "Id"' },
      unowned: 4,
    },
    {
      name: 'tables of one name in several database schemas',
      on: ['postgresql'],
      ddl: `
        CREATE SCHEMA auth; CREATE SCHEMA "App Data";
        CREATE TABLE auth.users ("id" TEXT NOT NULL PRIMARY KEY);
        CREATE TABLE "App Data".users ("id" TEXT NOT NULL PRIMARY KEY);
        CREATE TABLE "App Data"."Note" ("id" INTEGER PRIMARY KEY, "userId" TEXT REFERENCES auth.users ("id"));
        CREATE TABLE public."Note" ("id" INTEGER PRIMARY KEY, "userId" TEXT REFERENCES auth.users ("id"));
        INSERT INTO auth.users VALUES ('ana'), ('ben');
        INSERT INTO "App Data"."Note" VALUES (1, NULL), (2, 'ben'), (3, NULL);
        INSERT INTO public."Note" VALUES (1, NULL), (2, NULL);`,
      models: `
        model Account {
          id    String @id
          notes Note[]
          @@map("users")
          @@schema("auth")
        }
        model Note {
          id     Int      @id
          userId String?
          user   Account? @relation(fields: [userId], references: [id])
          @@schema("App Data")
        }`,
      schemas: ['auth', 'App Data'],
      user: 'ana',
      owners: { 'App Data.Note': 'userId' },
      unowned: 2,
    },
    {
      name: 'tables of the database schema that the URL names',
      on: ['postgresql'],
      search: '?schema=App%20one',
      ddl: `${NOTES.ddl} CREATE SCHEMA "App one"; SET search_path = "App one"; ${NOTES.ddl}`,
      models: NOTES.models,
      user: 'ana',
      owners: { 'App one.Note': 'userId' },
      unowned: 2,
    },
    {
      name: 'a model that points at itself and at another owned model',
      ddl: `${USERS}
        CREATE TABLE "Folder" ("id" INTEGER NOT NULL PRIMARY KEY, "parentId" INTEGER REFERENCES "Folder" ("id"), ${OWNER_COLUMN});
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "folderId" INTEGER REFERENCES "Folder" ("id"), ${OWNER_COLUMN});
        INSERT INTO "Folder" VALUES (1, NULL, NULL), (2, 1, NULL), (3, 3, 'ben'), (4, 2, NULL);
        INSERT INTO "Note" VALUES (1, 4, NULL), (2, NULL, NULL);`,
      models: `${USER_MODEL.replace('notes Note[]', 'notes Note[]\n  folders Folder[]')}
        model Note {
          id       Int     @id
          folderId Int?
          folder   Folder? @relation(fields: [folderId], references: [id])${OWNER_FIELDS}
        }
        model Folder {
          id       Int      @id
          parentId Int?
          parent   Folder?  @relation("tree", fields: [parentId], references: [id])
          children Folder[] @relation("tree")
          notes    Note[]${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Folder: 'userId', Note: 'userId' },
      unowned: 5,
    },
    {
      name: 'an @updatedAt column, which stays as it was',
      ddl: ({ time }) => `${USERS}
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "updatedAt" ${time} NOT NULL, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES (1, '2020-01-01 00:00:00', NULL), (2, '2021-06-30 12:34:56.789', NULL);`,
      models: `${USER_MODEL}
        model Note {
          id        Int      @id
          updatedAt DateTime @updatedAt${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 2,
    },
    {
      name: 'SQLite in WAL mode',
      on: ['sqlite'],
      ddl: `PRAGMA journal_mode = WAL; ${NOTES.ddl}`,
      models: NOTES.models,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 2,
    },
    {
      name: 'an owned table that is empty, and one where all rows have owners',
      ddl: `${NOTES_AND_TASKS.ddl} DELETE FROM "Task";
        CREATE TABLE "Done" ("id" INTEGER NOT NULL PRIMARY KEY, ${OWNER_COLUMN}); INSERT INTO "Done" VALUES (1, 'ana'), (2, 'ben');`,
      models: `${NOTES_AND_TASKS.models.replace('notes Note[]', 'notes Note[]\n  done Done[]')}
        model Done {
          id Int @id${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId', Task: 'userId', Done: 'userId' },
      unowned: 2,
    },
    {
      name: 'two owned models of which --models names one',
      ...NOTES_AND_TASKS,
      user: 'ben',
      owners: { Task: 'userId' },
      unowned: 3,
      options: ['--models=Task'],
    },
    {
      name: 'two owned models of which --exclude leaves one out',
      ...NOTES_AND_TASKS,
      user: 'ben',
      owners: { Note: 'userId' },
      unowned: 2,
      options: ['--exclude', 'Task'],
    },
    {
      name: '2,500 rows in batches of 100',
      ddl: ({ serial }) => `${USERS}
        CREATE TABLE "Note" ("id" ${serial}, "n" INTEGER, ${OWNER_COLUMN});
        INSERT INTO "Note" ("n", "userId")
          WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 2500)
          SELECT n, CASE n % 10 WHEN 3 THEN 'ana' WHEN 7 THEN 'ben' END FROM counted;`,
      models: `${USER_MODEL}
        model Note {
          id Int  @id @default(autoincrement())
          n  Int?${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 2000,
      options: ['--batch-size', '100'],
    },
  ]);
});
