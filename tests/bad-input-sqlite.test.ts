import { strict as assert } from 'node:assert';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { answer, runOn } from './helpers/life-cycle.ts';
import { NOTES } from './helpers/notes.ts';
import { announcement, assertFindings, assertRefused, assertUntouched } from './helpers/refusals.ts';

const NOTHING = '\nNothing was changed.';
const IS_ROOT = process.getuid?.() === 0;

describe('on SQLite', () => {
  let database: TestDatabase;
  let file: string;
  beforeEach(async () => {
    database = await createDatabase('sqlite', NOTES);
    file = join(database.folder, 'test.db');
  });
  afterEach(() => database.drop());

  /** Keeps the file locked by a connection of its own while `work` runs. */
  async function withLock(begin: 'BEGIN IMMEDIATE' | 'BEGIN EXCLUSIVE', work: () => Promise<void>) {
    const other = new BetterSqlite3(file);
    other.exec(begin);
    await work().finally(() => other.close());
  }

  it('refuses when another process has the file to itself', () =>
    assertUntouched(database, () =>
      withLock('BEGIN EXCLUSIVE', async () => {
        const finished = await runInProcess(['production-safe', 'ana', '--step=1'], {
          cwd: database.folder,
          env: { DATABASE_URL: database.url },
        });
        assert.deepEqual(finished, {
          code: 2,
          stdout: '',
          stderr: `${announcement(database)}error: the database ${file} is locked by another process: database is locked.
Nothing was changed.
Wait until the other one is done, then type the command again.\n`,
        });
      }),
    ));

  it('writes nothing, not even a journal, while another process keeps the file from being written', () =>
    assertUntouched(database, () =>
      withLock('BEGIN IMMEDIATE', async () => {
        const { code, stdout, stderr } = await runOn(database, ['production-safe', 'ana', '--step=2']);
        assert.deepEqual([code, JSON.parse(stdout).error.code], [2, 'DATABASE_LOCKED']);
        assert.ok(
          stderr.startsWith(
            `${announcement(database)}warning: no backup of this database is known\nerror: the database ${file} is locked`,
          ),
          stderr,
        );
      }),
    ));

  it('finds the journal, and so the run, by whatever name the file is called', async () => {
    symlinkSync(file, join(database.folder, 'link.db'));
    const { run } = answer(
      await runOn({ ...database, url: 'file:link.db' }, ['production-safe', 'ana', '--step=2']),
    );
    const { runs } = answer(await runOn(database, ['status']));
    assert.deepEqual(
      runs.map(({ id }: { id: string }) => id),
      [run],
    );
  });

  it('refuses a file that is not a database', () => {
    writeFileSync(
      join(database.folder, 'photo.db'),
      'this is not a database, but long enough to be taken for one',
    );
    return assertRefused(database, ['list-users'], {
      env: { DATABASE_URL: 'file:photo.db' },
      before: 'Database: photo.db (sqlite), DATABASE_URL from the environment, schema schema.prisma\n',
      code: 'DATABASE_UNREACHABLE',
      message: `the database photo.db cannot be opened: file is not a database.${NOTHING}`,
      remedy: 'Check DATABASE_URL, and that the server runs and can be reached from here.',
    });
  });

  it('refuses an empty file, which is a database without tables', () => {
    writeFileSync(join(database.folder, 'empty.db'), '');
    return assertRefused(database, ['production-safe', 'ana', '--step=2'], {
      env: { DATABASE_URL: 'file:empty.db' },
      before: 'Database: empty.db (sqlite), DATABASE_URL from the environment, schema schema.prisma\n',
      code: 'OWNER_TABLE_MISSING',
      message: `the database has no table "User" with a column "id" for the model User.${NOTHING}`,
      remedy: 'Apply the migrations that create it:\n  npx prisma migrate deploy',
    });
  });

  it('refuses a folder', async () => {
    mkdirSync(join(database.folder, 'data'));
    const { code, stdout, stderr } = await runInProcess(['list-users'], {
      cwd: database.folder,
      env: { DATABASE_URL: 'file:data' },
    });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: |\nerror: /);
  });

  it('says no to a file that may not be written', {
    skip: IS_ROOT && 'the superuser may write every file',
  }, async () => {
    chmodSync(file, 0o444);
    const message = `${file} is not writable for this user`;
    const remedy = 'Use a role and a server in DATABASE_URL that can write, and can keep the journal.';
    await assertFindings(database, [
      { code: 'NOT_WRITABLE', severity: 'error', model: null, message, remedy },
    ]).finally(() => chmodSync(file, 0o644));
  });
});

describe('on SQLite, step 1 warns of', () => {
  const triggers: [what: string, head: string, warns: boolean][] = [
    ['a trigger on every update', 'AFTER UPDATE ON "Note"', true],
    ['a trigger on updates of the owner column', 'BEFORE UPDATE OF "text", userid ON "Note"', true],
    ['a trigger that names the table in other letters', 'AFTER UPDATE ON note', true],
    ['a trigger with a comment in its head', 'AFTER UPDATE /* any column */ ON "Note"', true],
    ['no trigger on inserts', 'AFTER INSERT ON "Note"', false],
    ['no trigger on updates of another column', 'AFTER UPDATE OF "text" ON "Note"', false],
  ];
  for (const [what, head, warns] of triggers) {
    it(what, async (t) => {
      const ddl = `${NOTES.ddl} CREATE TRIGGER "touch" ${head} BEGIN SELECT 1; END;`;
      const database = await createDatabase('sqlite', { ...NOTES, ddl });
      t.after(database.drop);
      const { ok, findings } = answer(await runOn(database, ['production-safe', 'ana', '--step=1']));
      const warning = {
        code: 'TRIGGER_FIRES',
        severity: 'warning',
        model: 'Note',
        message: 'an update fires "touch": what it does to other columns or tables, rollback does not undo',
        remedy: 'Read what it does; disable it for the time of step 2 if it writes.',
      };
      assert.deepEqual([ok, findings], [true, warns ? [warning] : []]);
    });
  }
});
