import { describe, it } from 'node:test';
import { createDatabase, PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { NOTES, OWNER_COLUMN, OWNER_FIELDS, OWNER_INDEX, USER_MODEL, USERS } from './helpers/notes.ts';
import { assertFindings } from './helpers/refusals.ts';

const NOTE = 'CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT';

for (const provider of PROVIDERS) {
  const withDatabase = async (
    spec: { ddl: string; models: string },
    work: (database: TestDatabase) => Promise<void>,
  ) => {
    const database = await createDatabase(provider, spec);
    await work(database).finally(database.drop);
  };

  describe(`step 1 says no and step 2 refuses on ${provider} when`, () => {
    it('phase 1 is in the schema but not in the database', () =>
      withDatabase({ ...NOTES, ddl: `${USERS} ${NOTE}); INSERT INTO "Note" VALUES (1, 'x');` }, (database) =>
        assertFindings(database, [
          {
            code: 'COLUMN_MISSING',
            severity: 'error',
            model: 'Note',
            message: 'the column "userId" is in the schema but not in the database',
            remedy:
              'Phase 1 is not applied. Apply it: npx prisma migrate dev --name "add-optional-user-relations"',
          },
        ]),
      ));

    it('phase 1 is in the database but, of one model, not in the schema', () =>
      withDatabase(
        {
          ddl: `${NOTES.ddl} CREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY, ${OWNER_COLUMN});`,
          models: `${NOTES.models}\nmodel Tag {\n  id Int @id\n}`,
        },
        (database) =>
          assertFindings(database, [
            {
              code: 'COLUMN_NOT_IN_SCHEMA',
              severity: 'error',
              model: 'Tag',
              message: 'the column "userId" is in the database but not in the schema',
              remedy: 'Add the field and its relation to model Tag, or leave the model out: --exclude=Tag',
            },
          ]),
      ));

    it('the table of an owned model is missing', () =>
      withDatabase({ ...NOTES, ddl: USERS }, (database) =>
        assertFindings(database, [
          {
            code: 'TABLE_MISSING',
            severity: 'error',
            model: 'Note',
            message: 'there is no table "Note" in the database',
            remedy: 'Apply the pending migrations: npx prisma migrate deploy',
          },
        ]),
      ));

    const [text, integer] = provider === 'sqlite' ? ['TEXT', 'INTEGER'] : ['text', 'integer'];
    it('the owner column has another type than the key of the users', () =>
      withDatabase(
        {
          ...NOTES,
          ddl: `${USERS} ${NOTE}, "userId" INTEGER); ${OWNER_INDEX} INSERT INTO "Note" VALUES (1, 'x', NULL);`,
        },
        (database) =>
          assertFindings(database, [
            {
              code: 'COLUMN_TYPE_DIFFERS',
              severity: 'error',
              model: 'Note',
              message: `the column "userId" has type ${integer}, but the owner's key has type ${text}`,
              remedy: 'Give both the same type in the schema, and migrate.',
            },
          ]),
      ));

    const noKey = {
      code: 'NO_KEY',
      severity: 'error',
      model: 'Note',
      message: 'the table "Note" has no primary key and no unique key without NULL to walk by',
      remedy: 'Give the model an @id, or leave it out: --exclude=Note',
    } as const;
    it('a table has no key in the database', () =>
      withDatabase(
        { ...NOTES, ddl: `${USERS} ${NOTE.replace(' PRIMARY KEY', '')}, ${OWNER_COLUMN}); ${OWNER_INDEX}` },
        (database) => assertFindings(database, [noKey]),
      ));

    it('the key of a table may be NULL in the database', () =>
      withDatabase(
        {
          ddl: `${USERS} CREATE TABLE "Note" ("id" TEXT UNIQUE, ${OWNER_COLUMN}); ${OWNER_INDEX}
            INSERT INTO "Note" VALUES ('a', NULL), (NULL, NULL), ('c', NULL);`,
          models: `${USER_MODEL}model Note {\n  id String @unique${OWNER_FIELDS}}`,
        },
        (database) => assertFindings(database, [noKey]),
      ));

    it('a row has an owner who does not exist', () =>
      withDatabase(
        {
          ...NOTES,
          ddl: `${USERS} ${NOTE}, "userId" TEXT); ${OWNER_INDEX} INSERT INTO "Note" VALUES (1, 'x', 'gone'), (2, 'x', NULL);`,
        },
        (database) =>
          assertFindings(database, [
            {
              code: 'ORPHANED',
              severity: 'error',
              model: 'Note',
              message: '1 row has a "userId" that is no user\'s',
              remedy: 'Decide whose they are and set it by hand: the toolkit never overwrites an owner.',
            },
          ]),
      ));

    it('two rows would have the same unique key with the owner in it', () =>
      withDatabase(
        {
          ddl: `${USERS} ${NOTE}, ${OWNER_COLUMN}, UNIQUE ("userId", "text"));
            INSERT INTO "Note" VALUES (1, 'twice', NULL), (2, 'twice', NULL), (3, 'hers', 'ana'), (4, 'hers', NULL), (5, 'his', 'ben'),
              (6, 'his', NULL), (7, NULL, NULL), (8, NULL, NULL);`,
          models: NOTES.models.replace(/\}$/, '  @@unique([userId, text])\n}'),
        },
        (database) =>
          assertFindings(database, [
            {
              code: 'WOULD_COLLIDE',
              severity: 'error',
              model: 'Note',
              message:
                'with one owner for all unowned rows, 2 values of the unique key (userId, text) would occur more than once',
              remedy: 'Make these rows distinct first, or drop the unique key until the rows are.',
            },
          ]),
      ));

    it('several columns of a model point at the users', () =>
      withDatabase(
        {
          ddl: `${USERS} ${NOTE}, "authorId" TEXT, "editorId" TEXT);`,
          models: `
            model User {
              id     String @id
              email  String @unique
              wrote  Note[] @relation("author")
              edited Note[] @relation("editor")
            }
            model Note {
              id       Int     @id
              text     String?
              authorId String?
              editorId String?
              author   User?   @relation("author", fields: [authorId], references: [id])
              editor   User?   @relation("editor", fields: [editorId], references: [id])
            }`,
        },
        (database) =>
          assertFindings(database, [
            {
              code: 'AMBIGUOUS_OWNER',
              severity: 'error',
              model: 'Note',
              message: 'several columns point at User: authorId, editorId',
              remedy:
                'The toolkit does not guess. Choose one (--owner-column=Note=COLUMN, or "ownerColumns" in ownership.config.json), or leave the model out (--exclude=Note, or "exclude").',
            },
          ]),
      ));
  });
}
