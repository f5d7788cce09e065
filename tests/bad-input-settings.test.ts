import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { NOTES, USER_MODEL } from './helpers/notes.ts';
import { announcement, assertRefused } from './helpers/refusals.ts';

const NOTHING = '\nNothing was changed.';
const SECRET = 'correct-horse';
const FORMS =
  'Its form is postgresql://user:password@host:5432/database, mysql:// likewise, or file:./path/to/the.db; .env.example of prisma-ownership has them, too.';
const nameSchema = (path: string) =>
  `Name the file or folder, here and in every command:\n  npm run migration:models -- --schema=${path}`;
const CORRECT_IT = `Correct it. ${FORMS}`;
const LIST = ['list-users'];
const DATASOURCE = 'datasource db {\n  provider = "sqlite"\n}\n';

describe('refuses the settings, and changes nothing, when', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase('sqlite', NOTES);
  });
  after(() => database.drop());

  it('there is no DATABASE_URL', () =>
    assertRefused(database, ['production-safe', 'ana', '--step=2'], {
      env: {},
      code: 'DATABASE_URL_MISSING',
      message: `DATABASE_URL is set neither in the environment nor in a .env file.${NOTHING}`,
      remedy: `Set it there. ${FORMS}`,
    }));

  const malformed: [what: string, url: string, why: string][] = [
    [
      'has no protocol',
      `app:${SECRET}@db.example.com/app`.replace(':', '@'),
      'it has no protocol; it must begin with file:, postgresql: or mysql:',
    ],
    [
      'has another protocol',
      `mongodb://app:${SECRET}@db.example.com/app`,
      'it begins with "mongodb:"; it must begin with file:, postgresql: or mysql:',
    ],
    [
      'is quoted',
      `"postgresql://app:${SECRET}@db.example.com/app"`,
      'it has no protocol; it must begin with file:, postgresql: or mysql:',
    ],
    ['names no database', `postgresql://app:${SECRET}@db.example.com`, 'it names no database after the host'],
    [
      'has a password with a character that must be escaped',
      `postgresql://app:${SECRET}#1@db.example.com:5432/app`,
      'it is not a valid URL (special characters in a password must be written as %XX)',
    ],
    ['names no file', 'file:', 'it names no file after file:'],
    [
      'names a file that is not there',
      'file:/nowhere/app.db',
      'there is no database file at /nowhere/app.db',
    ],
  ];
  for (const [what, url, why] of malformed) {
    it(`DATABASE_URL ${what}, without repeating it`, async () => {
      await assertRefused(database, LIST, {
        env: { DATABASE_URL: url },
        code: 'DATABASE_URL_INVALID',
        message: `DATABASE_URL (from the environment) cannot be used: ${why}.${NOTHING}`,
        remedy: CORRECT_IT,
      });
    });
  }

  for (const url of [`postgresql://app:${SECRET}@db.example.com/%zz`, 'file://%zz', 'file://host/app.db']) {
    it(`DATABASE_URL is ${url.replace(SECRET, '***')}, which cannot be decoded`, async () => {
      const { code, stdout, stderr } = await runInProcess(LIST, {
        cwd: database.folder,
        env: { DATABASE_URL: url },
      });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^error: DATABASE_URL \(from the environment\) cannot be used: [^\n]+\.\n/);
      assert.ok(!stderr.includes(SECRET));
    });
  }

  it('DATABASE_URL is for another database than the schema', () =>
    assertRefused(database, LIST, {
      env: { DATABASE_URL: `postgresql://app:${SECRET}@db.example.com/app` },
      code: 'PROVIDER_DIFFERS',
      message: `DATABASE_URL is for postgresql, but the datasource in schema.prisma says sqlite.${NOTHING}`,
      remedy: 'Point DATABASE_URL at the database of this schema, or name the right schema with --schema.',
    }));

  it('--schema names no file', () =>
    assertRefused(database, [...LIST, '--schema=db/schema.prisma'], {
      code: 'SCHEMA_NOT_FOUND',
      message: `there is no Prisma schema at db/schema.prisma; there is one at schema.prisma.${NOTHING}`,
      remedy: nameSchema('schema.prisma'),
    }));

  describe('the schema', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-schema-'));
    });
    after(() => rmSync(folder, { recursive: true }));

    it('is in none of the default places', () =>
      assertRefused(database, LIST, {
        cwd: folder,
        code: 'SCHEMA_NOT_FOUND',
        message: `there is no Prisma schema at prisma/schema.prisma, schema.prisma, prisma/schema, prisma.${NOTHING}`,
        remedy: nameSchema('path/to/schema.prisma'),
      }));

    it('is a folder without .prisma files', () => {
      mkdirSync(join(folder, 'nothing'));
      return assertRefused(database, [...LIST, '--schema=nothing'], {
        cwd: folder,
        code: 'SCHEMA_NOT_FOUND',
        message: `there is no Prisma schema at nothing.${NOTHING}`,
        remedy: nameSchema('path/to/schema.prisma'),
      });
    });

    const schemas: [what: string, text: string, code: string, fact: string, remedy: string][] = [
      [
        'is an empty file',
        '',
        'SCHEMA_EMPTY',
        'the schema case.prisma has no model.',
        'Name the right file or folder with --schema.',
      ],
      [
        'has no model',
        DATASOURCE,
        'SCHEMA_EMPTY',
        'the schema case.prisma has no model.',
        'Name the right file or folder with --schema.',
      ],
      [
        'has syntax errors',
        `${DATASOURCE}model User {\n  id String @id\n  what?\n}\n`,
        'SCHEMA_INVALID',
        `Prisma cannot read the schema.
case.prisma:6: This line is not a valid field or attribute definition.`,
        'Correct the schema; Prisma checks it with:\n  npx prisma validate',
      ],
      [
        'has a type that is not known',
        `${DATASOURCE}model User {\n  id String @id\n  notes Nope[]\n}\n`,
        'SCHEMA_INVALID',
        `Prisma cannot read the schema.
case.prisma:6: Type "Nope" is neither a built-in type, nor refers to another model, composite type, or enum.`,
        'Correct the schema; Prisma checks it with:\n  npx prisma validate',
      ],
      [
        'has no user model',
        `${DATASOURCE}model Note {\n  id Int @id\n}\nmodel Tag {\n  id Int @id\n}\n`,
        'OWNER_MODEL_MISSING',
        'no model is called or mapped "User" or "Users"; the schema has Note, Tag.',
        'The toolkit does not guess. Name the model that holds the users, or add one to the schema and migrate:\n' +
          '  npm run migration:models -- --owner-model=Note --schema=case.prisma',
      ],
      [
        'has two user models',
        `${DATASOURCE}model User {\n  id Int @id\n}\nmodel Account {\n  id Int @id\n  @@map("users")\n}\n`,
        'OWNER_MODEL_AMBIGUOUS',
        'several models could hold the users: User, Account.',
        'The toolkit does not guess. Name one, with the flag or as "ownerModel" in ownership.config.json:\n' +
          '  npm run migration:models -- --owner-model=User --schema=case.prisma',
      ],
      [
        'has a user model with a composite key',
        `${DATASOURCE}model User {\n  tenant Int\n  id Int\n  @@id([tenant, id])\n}\n`,
        'OWNER_KEY_UNSUPPORTED',
        'the model User has the composite key (tenant, id); one column must tell users apart.',
        'Give User a single @id.',
      ],
    ];
    for (const [what, text, code, fact, remedy] of schemas) {
      it(what, () => {
        writeFileSync(join(folder, 'case.prisma'), text);
        const message = `${fact}${NOTHING}`;
        return assertRefused(database, [...LIST, '--schema=case.prisma'], {
          cwd: folder,
          code,
          message,
          remedy,
        });
      });
    }

    it('has no model that belongs to the users', () => {
      const models = `${USER_MODEL.replace('notes Note[]', '')}model Note {\n  id Int @id\n}\n`;
      writeFileSync(join(folder, 'schema.prisma'), `${DATASOURCE}${models}`);
      return assertRefused(database, ['production-safe', 'ana', '--step=1'], {
        cwd: folder,
        before: announcement(database),
        code: 'NO_OWNED_MODEL',
        message: `no chosen model has a relation to User, so there is nothing to assign.${NOTHING}`,
        remedy: `Phase 1 adds it. To see what it would change in the schema:
  npm run migration:schema -- --phase=1`,
      });
    });

    it('and DATABASE_URL are both wrong, and says so of both', () =>
      assertRefused(database, [...LIST, '--schema=nope.prisma'], {
        cwd: folder,
        env: { DATABASE_URL: 'mongodb://x' },
        code: 'CONFIGURATION',
        message: `several settings are wrong:
- there is no Prisma schema at nope.prisma; there are some at case.prisma, schema.prisma.
- DATABASE_URL (from the environment) cannot be used: it begins with "mongodb:"; it must begin with file:, postgresql: or mysql:.${NOTHING}`,
        remedy: `${nameSchema('case.prisma')}
${CORRECT_IT}`,
      }));
  });
});
