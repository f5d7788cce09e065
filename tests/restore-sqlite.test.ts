import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { restoreBackup } from '../src/backup/restore-backup.ts';
import { ROOT } from './helpers/command-line.ts';
import type { TestDatabase } from './helpers/database.ts';
import { journalFileOf, queryJournal } from './helpers/journal.ts';
import {
  ask,
  assertAsItWas,
  backUp,
  createWords,
  digest,
  keptUrl,
  listKept,
  nameOf,
  restoreArgs,
  settingsOf,
  urlOf,
} from './helpers/restore.ts';
import { listScratch } from './helpers/scratch.ts';

const MODES = ['delete', 'wal'] as const;
const OTHER_WORDS = `UPDATE "Word" SET "text" = 'changed'; INSERT INTO "Word" VALUES (4, 'four')`;

/** Words in a file of this journal mode, with its backup; the words are changed since. */
async function createChanged(t: TestContext, mode: (typeof MODES)[number]) {
  const database = await createWords(t, 'sqlite');
  await database.run(`PRAGMA journal_mode = ${mode}`);
  const backup = await backUp(database);
  await database.run(OTHER_WORDS);
  return { database, backup };
}

function open(database: TestDatabase): BetterSqlite3.Database {
  return new BetterSqlite3(urlOf(database).url, { timeout: 0 });
}

const words = (db: BetterSqlite3.Database) =>
  db.prepare('SELECT "text" FROM "Word" ORDER BY "id"').pluck().all();

for (const mode of MODES) {
  describe(`restore of a file in ${mode} mode`, () => {
    it('is seen by who has it open, and keeps the mode and the file', async (t) => {
      const { database, backup } = await createChanged(t, mode);
      const app = open(database);
      t.after(() => app.close());
      const statement = app.prepare('SELECT "text" FROM "Word" ORDER BY "id"').pluck();
      assert.deepEqual(statement.all(), ['changed', 'changed', 'changed', 'four']);
      const { code, stderr } = await ask(database, restoreArgs(database, backup));
      assert.equal(code, 0, stderr);
      assert.deepEqual(statement.all(), ['one', 'two', 'three']);
      assert.equal(app.pragma('journal_mode', { simple: true }), mode);
      app.exec(`INSERT INTO "Word" VALUES (5, 'five')`);
      assert.equal(app.pragma('integrity_check', { simple: true }), 'ok');
      const [kept = ''] = await listKept(database);
      const old = new BetterSqlite3(join(database.folder, kept));
      assert.deepEqual(words(old), ['changed', 'changed', 'changed', 'four']);
      old.close();
    });

    it('of pages of another size works', async (t) => {
      const { database, backup } = await createChanged(t, mode);
      const db = open(database);
      for (const pragma of ['journal_mode = delete', 'page_size = 1024']) db.pragma(pragma);
      db.exec('VACUUM');
      db.pragma(`journal_mode = ${mode}`);
      assert.equal(db.pragma('page_size', { simple: true }), 1024);
      db.close();
      assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
      assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    });

    it('is refused while somebody writes, and changes nothing', async (t) => {
      const { database, backup } = await createChanged(t, mode);
      const app = open(database);
      t.after(() => app.close());
      app.exec('BEGIN IMMEDIATE');
      await assert.rejects(restoreBackup({ ...settingsOf(database, backup), waitMs: 0 }), {
        code: 'DATABASE_IN_USE',
        message: /is in use by another process, which cannot be named/,
      });
      app.exec('ROLLBACK');
      assert.deepEqual(words(app), ['changed', 'changed', 'changed', 'four']);
      assert.deepEqual(await listKept(database), []);
    });

    for (const step of [1, 2, 4, 8]) {
      it(`leaves the old contents when it is killed at step ${step} of the copy, and the next one does it`, async (t) => {
        const { database, backup } = await createChanged(t, mode);
        const large = open(database);
        large.exec(`CREATE TABLE "Large" ("text" TEXT);
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
          INSERT INTO "Large" SELECT hex(randomblob(500)) FROM n`);
        large.close();
        const before = await digest(urlOf(database));
        const from = join(database.folder, 'copy.db');
        execFileSync('cp', [urlOf(database).url, from]);
        if (mode === 'wal') rmSync(`${urlOf(database).url}-wal`, { force: true });
        const copy = new BetterSqlite3(from);
        copy.exec(`DELETE FROM "Word"`);
        copy.close();
        const killed = replaceAndDie(database, { from, step });
        assert.equal(killed.signal, 'SIGKILL', killed.stderr);
        assert.deepEqual(await digest(urlOf(database)), before);
        assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
        assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
      });
    }
  });
}

/** Replaces the database's contents in a process that kills itself when it has been asked so often whether to go on. */
function replaceAndDie(database: TestDatabase, { from, step }: { from: string; step: number }) {
  const to = urlOf(database).url;
  const script = `
    const { fitFile, replaceContents } = require('./src/database/sqlite-replace.ts');
    const replacement = ${JSON.stringify({ from, to, kept: `${to}.kept`, partial: `${to}.partial` })};
    fitFile(replacement.from, replacement.to);
    let asked = 0;
    const signal = { throwIfAborted: () => ++asked === ${step} && process.kill(process.pid, 'SIGKILL') };
    replaceContents(replacement, { deadline: Infinity, signal, pagesAtOnce: 50 });`;
  return spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

describe('restore of a file', () => {
  it('fills an empty file, which is where a lost database begins anew', async (t) => {
    const { database, backup } = await createChanged(t, 'delete');
    writeFileSync(urlOf(database).url, '');
    const { code, answer } = await ask(database, restoreArgs(database, backup));
    assert.deepEqual([code, answer.kept], [0, null]);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
  });

  it('empties a journal that is younger than the backup, and keeps it beside the old database', async (t) => {
    const database = await createWords(t, 'sqlite');
    const backup = await backUp(database);
    // The backup's evidence is what made the journal.
    assert.equal(backup.manifest.files.length, 1);
    assert.equal((await queryJournal(database, 'evidence')).length, 1);
    await database.run(OTHER_WORDS);
    const { code, answer } = await ask(database, restoreArgs(database, backup));
    assert.equal(code, 0);
    const kinds = (await queryJournal(database, 'evidence', 'ORDER BY id')).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['backup', 'backup', 'restore']);
    const old = { ...database, url: `file:${answer.kept.name}` };
    assert.equal((await queryJournal(old, 'evidence')).length, 1);
    assert.ok(answer.kept.removal.startsWith('rm ') && answer.kept.removal.includes(journalFileOf(old)));
    execFileSync('sh', ['-c', answer.kept.removal]);
    assert.deepEqual(await listKept(database), []);
  });

  it('keeps what was written while it loaded', async (t) => {
    const { database, backup } = await createChanged(t, 'delete');
    const app = open(database);
    t.after(() => app.close());
    const { kept } = await restoreBackup({
      ...settingsOf(database, backup),
      onProgress: (progress) => {
        if (progress === 'swapping') app.exec(`INSERT INTO "Word" VALUES (6, 'at the last moment')`);
      },
    });
    assert.deepEqual(words(app), ['one', 'two', 'three']);
    const url = keptUrl(database, kept ?? '');
    const old = new BetterSqlite3(url.url);
    t.after(() => old.close());
    assert.equal(words(old).at(-1), 'at the last moment');
  });

  it('does not touch a file that is no database; an empty one in its place is filled', async (t) => {
    const { database, backup } = await createChanged(t, 'delete');
    const { url } = urlOf(database);
    const garbage = Buffer.alloc(20_000, 'no database');
    writeFileSync(url, garbage);
    const { code, answer } = await ask(database, restoreArgs(database, backup));
    assert.equal(code, 2);
    assert.match(answer.error.message, /file is not a database\.\nNothing was changed\.$/);
    assert.deepEqual(readFileSync(url), garbage);
    writeFileSync(url, '');
    assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
  });

  it('is stopped by Ctrl-C before the swap, with nothing changed', async (t) => {
    const { database, backup } = await createChanged(t, 'delete');
    const interrupt = new AbortController();
    await assertAsItWas(database, () =>
      assert.rejects(
        restoreBackup({
          ...settingsOf(database, backup),
          signal: interrupt.signal,
          onProgress: () => interrupt.abort(),
        }),
        { name: 'AbortError' },
      ),
    );
  });

  it('says that the disk is full, and leaves the database as it was', { skip: cannotMount() }, async (t) => {
    const disk = mkdtempSync(join(tmpdir(), 'prisma-ownership-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', disk]);
    t.after(() => {
      execFileSync('umount', [disk]);
      rmdirSync(disk);
    });
    const { database, backup } = await createChanged(t, 'delete');
    const file = join(disk, 'test.db');
    execFileSync('cp', [urlOf(database).url, file]);
    const there = { ...database, url: `file:${file}` };
    const before = readFileSync(file);
    let failed = 0;
    // From no room at all to enough: it fails while it unpacks, while it keeps the old file, and while it swaps.
    for (let room = 0; ; room += 4096) {
      fillDisk(disk, room);
      const done = await ask(there, ['restore', backup.folder, `--confirm=${nameOf(there)}`]);
      if (done.code === 0) break;
      failed++;
      assert.equal(done.answer.error.code, 'RESTORE_DISK_FULL', done.stderr);
      assert.match(
        done.answer.error.message,
        /is full\. The database is as it was, and the copy was removed\./,
      );
      rmSync(join(disk, 'filler'));
      assert.deepEqual([readFileSync(file), await listScratch(there)], [before, []]);
      assert.deepEqual(await listKept(there), []);
    }
    assert.ok(failed > 3, `${failed} failures`);
    rmSync(join(disk, 'filler'));
    assert.deepEqual(await digest(urlOf(there)), backup.manifest.tables);
  });
});

/** Why no small disk can be made here, or false. */
function cannotMount(): string | false {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return isRoot ? false : 'only root on Linux can mount a small disk';
}

/** Writes a file that leaves so many bytes of a disk. */
function fillDisk(disk: string, room: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - room)));
}
