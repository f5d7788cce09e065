import { strict as assert } from 'node:assert';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import editorSchema from '../ownership.schema.json';
import type { CheckAnswer, VerifyAnswer, StatusAnswer } from '../src/commands/results.ts';
import { ToolkitError } from '../src/errors.ts';
import { readSettings, SETTINGS_FILE } from '../src/settings.ts';
import { createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { createProject } from './helpers/project.ts';

/** What is wrong with a settings file of this text; empty where nothing is. */
function problemsOf(t: TestContext, text: string | Buffer): string {
  const { folder } = createProject(t, { [SETTINGS_FILE]: text });
  try {
    readSettings(folder);
    return '';
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'SETTINGS_INVALID') return error.message;
    throw error;
  }
}

describe('ownership.config.json', () => {
  it('is read, and what it does not say is empty', (t) => {
    const { folder } = createProject(t, {
      [SETTINGS_FILE]: '\uFEFF{ "exclude": { "Log": "the machine\'s" } }',
    });
    assert.deepEqual(readSettings(folder), {
      ownerModel: null,
      ownerColumns: {},
      exclude: { Log: "the machine's" },
      nullMeans: {},
    });
    const none = createProject(t, {});
    assert.equal(readSettings(none.folder).ownerModel, null);
  });

  it('names every problem at once, with the closest known setting', (t) => {
    const text = JSON.stringify({
      ownerMdoel: 'User',
      zzz: 1,
      ownerColumns: { Post: 3, Tag: ' ' },
      exclude: 'Post',
    });
    assert.equal(
      problemsOf(t, text),
      `${SETTINGS_FILE} cannot be used: it has no setting "ownerMdoel" (did you mean "ownerModel"?); ` +
        'it has no setting "zzz"; there are ownerModel, ownerColumns, exclude, nullMeans; ' +
        '"ownerColumns" must give "Post" its owner column; "ownerColumns" must give "Tag" its owner column; ' +
        '"exclude" must be an object with models for keys.\nNothing was changed.',
    );
  });

  for (const text of ['', '{', '[]', 'null', '"x"', '{ "exclude": { "A": "b", } }', '// no comments\n{}'])
    it(`is refused as ${JSON.stringify(text)}`, (t) => assert.notEqual(problemsOf(t, text), ''));

  it('is refused where it says something twice, of which JSON would take the last', (t) =>
    assert.equal(
      problemsOf(t, '{ "exclude": { "A": "x", "B": "y", "A": "z" }, "nullMeans": {}, "exclude": {} }'),
      `${SETTINGS_FILE} cannot be used: it has "exclude" twice; it has "A" twice.\nNothing was changed.`,
    ));

  it('is refused where it is no file', (t) => {
    const folder = createProject(t, { [`${SETTINGS_FILE}/x`]: '' });
    assert.throws(() => readSettings(folder.folder), /cannot be used: it is no file\./);
    const link = createProject(t, {});
    symlinkSync('nowhere', join(link.folder, SETTINGS_FILE));
    assert.throws(() => readSettings(link.folder), /cannot be used: it is a link to no file\./);
  });

  it('has a JSON schema for editors that agrees with what is read', (t) => {
    const { properties, definitions, additionalProperties } = editorSchema;
    assert.equal(additionalProperties, false);
    const values: Record<string, [valid: unknown, invalid: unknown][]> = {
      $schema: [['./ownership.schema.json', undefined]],
      ownerModel: [
        ['User', 1],
        [null, ''],
      ],
      ...Object.fromEntries(
        ['ownerColumns', 'exclude', 'nullMeans'].map((key) => [
          key,
          [
            [{}, []],
            [{ Post: 'text' }, { Post: '' }],
            [{ Post: 'text' }, { Post: null }],
          ],
        ]),
      ),
    };
    assert.deepEqual(Object.keys(properties).sort(), Object.keys(values).sort());
    assert.deepEqual(definitions.models.additionalProperties, { type: 'string', pattern: '\\S' });
    for (const [key, cases] of Object.entries(values))
      for (const [valid, invalid] of cases) {
        assert.equal(problemsOf(t, JSON.stringify({ [key]: valid })), '', key);
        if (invalid !== undefined)
          assert.notEqual(problemsOf(t, JSON.stringify({ [key]: invalid })), '', key);
      }
  });
});

const MODELS = `
model User {
  id     Int    @id
  issues Issue[] @relation("author")
  todo   Issue[] @relation("assignee")
  tags   Tag[]
}

model Issue {
  id         Int   @id
  authorId   Int?  @map("author_id")
  author     User? @relation("author", fields: [authorId], references: [id])
  assigneeId Int?  @map("assignee_id")
  assignee   User? @relation("assignee", fields: [assigneeId], references: [id])
}

model Note {
  id        Int  @id
  createdBy Int? @map("created_by")
}

model Tag {
  id     Int   @id
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}

model legacy {
  id     Int  @id
  keeper Int?

  @@ignore
}
`;
const DDL = `
CREATE TABLE "User" ("id" INTEGER PRIMARY KEY);
CREATE TABLE "Issue" ("id" INTEGER PRIMARY KEY, "author_id" INTEGER REFERENCES "User" ("id"), "assignee_id" INTEGER REFERENCES "User" ("id"));
CREATE TABLE "Note" ("id" INTEGER PRIMARY KEY, "created_by" INTEGER);
CREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY, "userId" INTEGER REFERENCES "User" ("id"));
CREATE TABLE "legacy" ("id" INTEGER PRIMARY KEY, "keeper" INTEGER);
CREATE INDEX i ON "Issue" ("author_id"); CREATE INDEX n ON "Note" ("created_by"); CREATE INDEX l ON "legacy" ("keeper");
INSERT INTO "User" VALUES (1), (2);
INSERT INTO "Issue" VALUES (1, NULL, 2), (2, 2, NULL), (3, NULL, NULL);
INSERT INTO "Note" VALUES (1, NULL), (2, 2), (3, 77), (4, NULL);
INSERT INTO "Tag" VALUES (1, NULL), (2, 2);
INSERT INTO "legacy" VALUES (1, NULL), (2, 1);
`;
const NULL_TAGS = '--exclude=Tag';

describe('what was decided is what is done, on SQLite', () => {
  const withDatabase = async (
    t: TestContext,
    work: (
      run: (...args: string[]) => ReturnType<typeof runInProcess>,
      database: TestDatabase,
    ) => Promise<void>,
    settings?: object,
  ) => {
    const database = await createDatabase('sqlite', { ddl: DDL, models: MODELS });
    t.after(() => database.drop());
    if (settings) writeFileSync(join(database.folder, SETTINGS_FILE), JSON.stringify(settings));
    const run = (...args: string[]) =>
      runInProcess([...args, '--json'], { cwd: database.folder, env: { DATABASE_URL: database.url } });
    await work(run, database);
  };

  it('stops at an ambiguous model, and names its columns', (t) =>
    withDatabase(t, async (run) => {
      const { code, stdout } = await run('production-safe', '1', '--step=2');
      assert.equal(code, 2);
      assert.match(stdout, /Issue.*authorId, assigneeId/);
    }));

  it('fills the chosen columns, of an ambiguous model and without a foreign key, and no other', (t) =>
    withDatabase(t, async (run, { run: execute, query }) => {
      const flags = ['--owner-column=Issue=authorId,Note=created_by,legacy=keeper', NULL_TAGS];
      const checked = await run('production-safe', '1', '--step=1', ...flags);
      const { findings, models } = JSON.parse(checked.stdout) as CheckAnswer;
      assert.deepEqual(
        findings.map(({ code, message }) => [code, message]),
        [['ORPHANED', `1 row has a "created_by" that is no user's`]],
      );
      assert.deepEqual(
        models.map(({ model, ownerColumn, unowned, orphaned }) => [model, ownerColumn, unowned, orphaned]),
        [
          ['Issue', 'author_id', 2, 0],
          ['Note', 'created_by', 2, 1],
          ['legacy', 'keeper', 1, 0],
        ],
      );
      assert.equal(checked.code, 1);
      await execute('UPDATE "Note" SET "created_by" = 2 WHERE "id" = 3');
      assert.equal((await run('production-safe', '1', '--step=2', ...flags)).code, 0);
      assert.equal((await run('production-safe', '1', '--step=3', ...flags)).code, 0);
      assert.deepEqual(await query('SELECT author_id, assignee_id FROM "Issue" ORDER BY id'), [
        { author_id: 1, assignee_id: 2 },
        { author_id: 2, assignee_id: null },
        { author_id: 1, assignee_id: null },
      ]);
      assert.deepEqual(
        (await query('SELECT created_by AS n FROM "Note" ORDER BY id')).map(({ n }) => n),
        [1, 2, 2, 1],
      );
      assert.deepEqual(await query('SELECT count(*) AS n FROM "legacy" WHERE keeper = 1'), [{ n: 2 }]);
      assert.equal((await run('rollback', '--confirm')).code, 0);
      assert.deepEqual(
        (await query('SELECT created_by AS n FROM "Note" ORDER BY id')).map(({ n }) => n),
        [null, 2, 2, null],
      );
    }));

  it('warns in step 1 of a column that is called like an owner column and was not taken', (t) =>
    withDatabase(t, async (run) => {
      const flags = ['--owner-column=Issue=authorId', NULL_TAGS];
      const findingsOf = async (...more: string[]) => {
        const { code, stdout } = await run('production-safe', '1', '--step=1', ...flags, ...more);
        const { findings } = JSON.parse(stdout) as CheckAnswer;
        return [code, ...findings.map(({ severity, model, code: each }) => `${severity} ${model} ${each}`)];
      };
      assert.deepEqual(await findingsOf(), [0, 'warning Note BARE_COLUMN', 'info null MODEL_UNCLASSED']);
      assert.deepEqual(await findingsOf('--models=Issue'), [0]);
    }));

  it('repeats the flags of a run in every command that is about it', (t) =>
    withDatabase(t, async (_, { folder, url, query }) => {
      const run = async (...args: string[]) => {
        const done = await runInProcess(args, { cwd: folder, env: { DATABASE_URL: url } });
        assert.equal(done.code, 0, done.stderr);
        return done.stdout;
      };
      const flags = '--owner-column=Issue=authorId --exclude=Tag';
      await run('production-safe', '1', '--step=2', ...flags.split(' '));
      const remedies = async () => {
        const { checklist } = JSON.parse(await run('status', '--json')) as StatusAnswer;
        return checklist?.map(({ remedy }) => remedy) ?? [];
      };
      const phase3 = 'npm run migration:schema -- --phase=3 --owner-column=Issue=authorId';
      assert.ok((await remedies()).some((remedy) => remedy.startsWith(phase3)));
      const undone = await run('rollback', '--confirm');
      const [, again = ''] = /To assign them again: {2}npm run migration:assign 1 -- (.*)/.exec(undone) ?? [];
      assert.equal(again, flags);
      assert.ok((await remedies()).includes('npm run migration:list-users -- --owner-column=Issue=authorId'));
      await run('production-safe', '1', '--step=2', ...again.split(' '));
      assert.deepEqual(await query('SELECT count(*) AS n FROM "Tag" WHERE "userId" IS NULL'), [{ n: 1 }]);
    }));

  const SETTINGS = {
    ownerColumns: { Issue: 'authorId' },
    nullMeans: { Tag: 'a tag for everybody' },
    exclude: { legacy: 'goes away next month' },
  };

  it('leaves NULL where it is meant, and verifies all the same', (t) =>
    withDatabase(
      t,
      async (run, { query }) => {
        assert.equal((await run('production-safe', '1', '--step=2')).code, 0);
        const verified = await run('production-safe', '1', '--step=3');
        const { models, ok } = JSON.parse(verified.stdout) as VerifyAnswer;
        assert.deepEqual([verified.code, ok, models.map(({ model }) => model)], [0, true, ['Issue']]);
        assert.deepEqual(await query('SELECT id FROM "Tag" WHERE "userId" IS NULL'), [{ id: 1 }]);
      },
      SETTINGS,
    ));

  it('says why a model takes no part, and when the flags leave none', (t) =>
    withDatabase(
      t,
      async (run) => {
        const errorOf = async (...flags: string[]) => {
          const { code, stdout } = await run('production-safe', '1', '--step=2', ...flags);
          assert.equal(code, 2);
          const { error } = JSON.parse(stdout);
          return `${error.code}: ${error.message.split('\n')[0]}`;
        };
        const why = 'NULL is meant, so it is left out: a tag for everybody';
        assert.equal(
          await errorOf('--models=Tag'),
          `MODEL_NOT_OWNED: --models names "Tag", which takes no part: ${why}.`,
        );
        assert.match(await errorOf('--models=User'), /^MODEL_NOT_OWNED: .*: the users themselves\.$/);
        assert.equal(
          await errorOf('--exclude=Issue'),
          'NO_MODEL_CHOSEN: without Issue there is no model left to assign.',
        );
        assert.match(await errorOf('--exclude=Tag', '--owner-column=Tag=userId'), /^FLAGS_CONTRADICT: /);
        assert.match(
          await errorOf('--owner-column=Note=id'),
          /^OWNER_COLUMN_UNUSABLE: .*it is the model's own key\.$/,
        );
        assert.match(await errorOf('--owner-column=Tag=userId,Tag=id'), /^USAGE: .* It names Tag twice\.$/);
        assert.match(await errorOf('--schema='), /^USAGE: .* It must not be empty\.$/);
      },
      SETTINGS,
    ));

  it('lets a flag decide against the file', (t) =>
    withDatabase(
      t,
      async (run, { query }) => {
        const flags = ['--owner-column=Issue=assigneeId,Tag=userId'];
        assert.equal((await run('production-safe', '1', '--step=2', ...flags)).code, 0);
        assert.deepEqual(await query('SELECT count(*) AS n FROM "Issue" WHERE assignee_id = 1'), [{ n: 2 }]);
        assert.deepEqual(await query('SELECT count(*) AS n FROM "Tag" WHERE "userId" = 1'), [{ n: 1 }]);
      },
      SETTINGS,
    ));

  it('lets --exclude name a model that the file excludes already', (t) =>
    withDatabase(
      t,
      async (run) =>
        assert.equal((await run('production-safe', '1', '--step=1', '--exclude=legacy')).code, 0),
      SETTINGS,
    ));
});
