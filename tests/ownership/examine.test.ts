import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { examineProject } from '../../src/ownership/examine.ts';
import type { Finding } from '../../src/ownership/findings.ts';
import { inspectModels, surveyModels } from '../../src/ownership/survey.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { runOn } from '../helpers/life-cycle.ts';
import { NOTES, OWNER_COLUMN, OWNER_FIELDS, OWNER_INDEX, USER_MODEL, USERS } from '../helpers/notes.ts';
import { findOne, listFindings, runStep1 } from '../helpers/step-1.ts';

/** As Prisma keeps what it has applied. */
const PRISMAS_TABLE = `
  CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMP NULL,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMP NULL, started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    applied_steps_count INTEGER NOT NULL DEFAULT 0);
  INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, rolled_back_at) VALUES
    ('1', '', '1_init', '2026-01-01 00:00:00', NULL), ('2', '', '2_again', NULL, '2026-01-02 00:00:00'),
    ('3', '', '2_again', '2026-01-03 00:00:00', NULL);`;

function writeMigrations({ folder }: TestDatabase, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, 'migrations', name), { recursive: true });
    writeFileSync(join(folder, 'migrations', name, 'migration.sql'), 'SELECT 1;');
  }
}

/** The findings with no user in mind, as status has them. */
async function examineForNobody(
  { url, folder, schemaPath }: TestDatabase,
  isCounted: boolean,
): Promise<Finding[]> {
  const config = await loadConfig({ env: { DATABASE_URL: url }, cwd: folder, schema: schemaPath });
  const { decision, settings, located } = config;
  return withDatabase(config.url, async (database) => {
    const look = isCounted ? surveyModels : inspectModels;
    const models = await database.read((session) => look(session, database, decision));
    return examineProject(database, {
      decision,
      settings,
      migrations: located.migrations,
      models,
      isCounted,
    });
  });
}

for (const provider of ALL_PROVIDERS) {
  describe(`step 1 on ${provider}`, { skip: isMissing(provider) }, () => {
    const create = async (t: TestContext, spec: { ddl: string; models: string }) => {
      const database = await createDatabase(provider, spec);
      t.after(database.drop);
      return database;
    };
    /** Notes whose foreign key does something when a user is deleted. */
    const createWithRule = (t: TestContext, rule: string) => {
      const column = OWNER_COLUMN.replace(/$/, ` ${rule}`);
      return create(t, { ...NOTES, ddl: NOTES.ddl.replace(OWNER_COLUMN, column) });
    };
    const ownedBy = async (database: TestDatabase, where: string) => {
      const [row] = await database.query(`SELECT count(*) AS n FROM "Note" WHERE ${where}`);
      return Number(row?.n);
    };

    it('finds nothing where nothing is to be found', async (t) => {
      const database = await create(t, NOTES);
      assert.deepEqual(await runStep1(database), { code: 0, findings: [] });
      await database.run(PRISMAS_TABLE);
      writeMigrations(database, '1_init', '2_again');
      assert.deepEqual(await runStep1(database), { code: 0, findings: [] });
    });

    it('finds a unique key that would have to be per owner, and its SQL makes it so', async (t) => {
      const database = await create(t, {
        ddl: `${USERS}
          CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY, url_part TEXT NOT NULL, lang TEXT NOT NULL, token TEXT NOT NULL, ${OWNER_COLUMN});
          ${OWNER_INDEX}
          CREATE UNIQUE INDEX "part" ON "Note" (lang, url_part); CREATE UNIQUE INDEX "token" ON "Note" (token);
          INSERT INTO "Note" VALUES (1, 'x', 'en', 't1', 'ana');`,
        models: `${USER_MODEL}model Note {
          id    Int    @id
          slug  String @map("url_part")
          lang  String
          token String @unique(map: "token")${OWNER_FIELDS}
          @@unique([slug, lang], map: "part")
        }`,
      });
      const found = await findOne(database, 'UNIQUE_NOT_PER_OWNER');
      assert.equal(
        found.message,
        'the unique key (lang, slug) is one for all users: what one of them has, no other can have',
      );
      assert.match(
        found.remedy,
        /write @@unique\(\[userId, lang, slug\]\) in place of @@unique\(\[lang, slug\]\)/,
      );
      const ben = `INSERT INTO "Note" VALUES (2, 'x', 'en', 't2', 'ben')`;
      await assert.rejects(database.run(ben));
      for (const line of found.sql) await database.run(line);
      await database.run(ben);
      await assert.rejects(database.run(ben.replace("2, 'x', 'en', 't2'", "3, 'x', 'en', 't3'")));
      assert.deepEqual(await listFindings(database), []);
    });

    it('finds a unique key that is part of the table', async (t) => {
      const database = await create(t, {
        ddl: NOTES.ddl.replace('"text" TEXT', '"text" TEXT UNIQUE'),
        models: NOTES.models.replace('text String?', 'text String? @unique'),
      });
      const found = await findOne(database, 'UNIQUE_NOT_PER_OWNER');
      for (const line of found.sql) await database.run(line);
      const isAnew = /make the table anew without the old key/.test(found.remedy);
      assert.deepEqual([isAnew, found.sql.length], provider === 'sqlite' ? [true, 1] : [false, 2]);
      assert.deepEqual(
        await listFindings(database),
        provider === 'sqlite' ? ['warning UNIQUE_NOT_PER_OWNER Note'] : [],
      );
    });

    it('finds no unique key that is per owner already, or that the database has not', async (t) => {
      const database = await create(t, {
        ddl: `${NOTES.ddl} CREATE UNIQUE INDEX u ON "Note" ("userId", "text");`,
        models: NOTES.models
          .replace('text String?', 'text String? @unique')
          .replace(/\}$/, '  @@unique([userId, text])\n}'),
      });
      assert.deepEqual(await listFindings(database), []);
    });

    it('finds what becomes of the rows of the user who is deleted', async (t) => {
      for (const [rule, code] of [
        ['SET NULL', 'OWNER_DELETE_UNOWNS'],
        ['CASCADE', 'OWNER_DELETE_CASCADES'],
      ] as const) {
        const database = await createWithRule(t, `ON DELETE ${rule}`);
        const { severity, message } = await findOne(database, code);
        assert.equal(severity, 'warning');
        assert.match(message, / 3 rows \(2 of them once they are assigned\): its foreign key is ON DELETE/);
        assert.equal((await runOn(database, ['production-safe', '--step=2', 'ana'])).code, 0);
        assert.match((await findOne(database, code)).message, / 3 rows: its foreign key is ON DELETE/);
        assert.equal(await ownedBy(database, `"userId" = 'ana'`), 3);
        if (provider !== 'sqlite') await database.run(`DELETE FROM "User" WHERE id = 'ana'`);
        else await database.run(`PRAGMA foreign_keys = ON; DELETE FROM "User" WHERE id = 'ana'`);
        assert.equal(await ownedBy(database, `"userId" IS NULL`), rule === 'CASCADE' ? 0 : 3);
        assert.equal(await ownedBy(database, `"userId" = 'ben'`), 1);
      }
    });

    it('finds nothing about deletion where it is refused, or where the user has and gets no row', async (t) => {
      assert.deepEqual(await listFindings(await createWithRule(t, 'ON DELETE RESTRICT')), []);
      const database = await createWithRule(t, 'ON DELETE CASCADE');
      await database.run(`UPDATE "Note" SET "userId" = 'ben'`);
      assert.deepEqual(await listFindings(database), []);
    });

    it('finds that rows of a required column are deleted, but not that they lose their owner', async (t) => {
      const createRequired = async (rule: string) => {
        const column = `${OWNER_COLUMN.replace('TEXT', 'TEXT NOT NULL')} ON DELETE ${rule}`;
        const ddl = `${USERS} CREATE TABLE "Note" (id INTEGER PRIMARY KEY, "text" TEXT, ${column}); ${OWNER_INDEX}
          INSERT INTO "Note" VALUES (1, 'x', 'ana');`;
        return create(t, { ddl, models: NOTES.models });
      };
      const [code] = await listFindings(await createRequired('CASCADE'));
      assert.equal(code, 'warning OWNER_DELETE_CASCADES Note');
      // MySQL takes no such table.
      if (provider !== 'mysql') assert.deepEqual(await listFindings(await createRequired('SET NULL')), []);
    });

    it('counts the rows of all users where none is chosen, and none while it must not', async (t) => {
      const database = await createWithRule(t, 'ON DELETE CASCADE');
      const messages = async (isCounted: boolean) =>
        (await examineForNobody(database, isCounted)).map(({ code, message }) => `${code} ${message}`);
      const [code, why] = ['OWNER_DELETE_CASCADES', 'its foreign key is ON DELETE CASCADE'];
      assert.deepEqual(await messages(true), [`${code} deleting users would delete 4 rows: ${why}`]);
      assert.deepEqual(await messages(false), [`${code} deleting users would delete their rows: ${why}`]);
    });

    it('finds that no index begins with the owner column, and its SQL makes one', async (t) => {
      const database = await create(t, {
        ddl: `${NOTES.ddl.replace(OWNER_COLUMN, '"userId" TEXT').replace(OWNER_INDEX, '')}
          CREATE INDEX other ON "Note" (id, "userId");`,
        models: NOTES.models,
      });
      const found = await findOne(database, 'NO_OWNER_INDEX');
      assert.equal(found.sql.length, 1);
      await database.run(found.sql.join());
      assert.deepEqual(await listFindings(database), []);
      const indexed = provider === 'sqlite' ? 'SELECT sql AS d FROM sqlite_master' : await explainIndexes();
      assert.ok(JSON.stringify(await database.query(indexed)).includes('Note_userId_idx'));

      async function explainIndexes() {
        return provider === 'mysql'
          ? 'SELECT INDEX_NAME AS d FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()'
          : 'SELECT indexdef AS d FROM pg_indexes';
      }
    });

    it('finds a look-up table among the owned models, until somebody decides', async (t) => {
      const database = await create(t, {
        ddl: `${USERS}
          CREATE TABLE "Genre" (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, ${OWNER_COLUMN});
          CREATE INDEX g ON "Genre" ("userId"); CREATE UNIQUE INDEX gn ON "Genre" (name);
          CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY, genre INTEGER NOT NULL, ${OWNER_COLUMN}); ${OWNER_INDEX}
          INSERT INTO "Genre" VALUES (1, 'Jazz', NULL), (2, 'Rock', NULL);`,
        models: `${USER_MODEL.replace('notes Note[]', 'notes Note[]\n  genres Genre[]')}
          model Genre {
            id    Int    @id
            name  String @unique(map: "gn")
            notes Note[]${OWNER_FIELDS}}
          model Note {
            id      Int   @id
            genreId Int   @map("genre")
            genre   Genre @relation(fields: [genreId], references: [id])${OWNER_FIELDS}}`,
      });
      assert.deepEqual(await listFindings(database), ['warning LOOKS_SHARED Genre']);
      assert.deepEqual(await listFindings(database, '--exclude=Genre'), []);
      // That every user has genres of his own is a decision; that his names keep out others' is another one.
      assert.deepEqual(await listFindings(database, '--owner-column=Genre=userId'), [
        'warning UNIQUE_NOT_PER_OWNER Genre',
      ]);
      assert.deepEqual(
        (await examineForNobody(database, false)).map(({ code }) => code),
        ['UNIQUE_NOT_PER_OWNER'],
      );
    });

    it('finds models that have rows and take no part, until somebody says that they should not', async (t) => {
      const database = await create(t, {
        ddl: `${NOTES.ddl}
          CREATE TABLE "Line" (id INTEGER NOT NULL PRIMARY KEY, note INTEGER NOT NULL);
          CREATE TABLE "Setting" (id INTEGER NOT NULL PRIMARY KEY);
          CREATE TABLE "Flag" (id INTEGER NOT NULL PRIMARY KEY);`,
        models: `${NOTES.models.replace('id   Int     @id', 'id Int @id\n  lines Line[]')}
          model Line {
            id     Int  @id
            noteId Int  @map("note")
            note   Note @relation(fields: [noteId], references: [id])
          }
          model Setting {
            id Int @id
          }
          model Flag {
            id Int @id
          }
          model NotThere {
            id Int @id
          }`,
      });
      assert.deepEqual(await listFindings(database), []);
      await database.run(
        'INSERT INTO "Line" VALUES (1, 1); INSERT INTO "Setting" VALUES (1); INSERT INTO "Flag" VALUES (1);',
      );
      const { code, findings } = await runStep1(database);
      assert.equal(code, 0);
      assert.deepEqual(
        findings.map(({ severity, code: each, message }) => `${severity} ${each} ${message}`),
        [
          'warning MODEL_UNCLASSED it has rows and no owner column; leads to User by Line.noteId > Note.userId > User; Note.userId may be NULL',
          'info MODEL_UNCLASSED Setting, Flag have rows and take no part: they are taken for shared',
        ],
      );
      // What the remedy types shows the change, and writes nothing.
      const [, typed = ''] = /npm run migration:schema -- (.+?)\)/.exec(findings[0]?.remedy ?? '') ?? [];
      const shown = await runOn(database, ['schema', ...typed.split(' ')]);
      assert.equal(shown.code, 0, shown.stderr);
      assert.match(shown.stdout, /userId String\?/);
      writeFileSync(
        join(database.folder, 'ownership.config.json'),
        JSON.stringify({ exclude: { Line: 'by its note', Setting: 'one for all', Flag: 'one for all' } }),
      );
      assert.deepEqual(await listFindings(database), []);
    });

    it('says no where a migration has failed, and warns of those that are not applied', async (t) => {
      const database = await create(t, NOTES);
      writeMigrations(database, '1_init', '2_again', '3_failed', '4_new');
      assert.deepEqual(await listFindings(database), []);
      await database.run(PRISMAS_TABLE);
      await database.run(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('4', '', '3_failed')",
      );
      const { code, findings } = await runStep1(database);
      assert.equal(code, 1);
      assert.deepEqual(
        findings.map(({ severity, code: each, message }) => `${severity} ${each} ${message}`),
        [
          'error MIGRATION_FAILED the migration 3_failed was begun, and is neither finished nor rolled back',
          'warning MIGRATIONS_PENDING 1 migration of the project is not applied here: 4_new',
        ],
      );
      assert.equal((await runOn(database, ['production-safe', '--step=2', 'ana'])).code, 0);
      await database.run("UPDATE _prisma_migrations SET rolled_back_at = started_at WHERE id = '4'");
      const later = await runStep1(database);
      assert.equal(later.code, 0);
      assert.match(later.findings.map(({ message }) => message).join(), /2 migrations .*: 3_failed, 4_new$/);
    });
  });
}
