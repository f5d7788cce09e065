import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import type { TestDatabase } from './helpers/database.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { createNotebook, MODES, type Mode, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import { observe, ROLLBACK, runCommand, STEP_2, STEP_3, startCommand, suspend } from './helpers/processes.ts';

interface Scene {
  mode: Mode;
  database: TestDatabase;
  before: OwnedRows;
  dump: string;
  unowned: number;
}

async function withScene(mode: Mode, work: (scene: Scene, reader: Reader) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 6000, noteTags: 500 });
  try {
    const before = await readNotebook(database);
    const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
    const dump = await database.dump();
    const reader = await openReader(database);
    try {
      await work({ mode, database, before, dump, unowned }, reader);
    } finally {
      await reader.leave();
    }
  } finally {
    await database.drop();
  }
}

/** An application that has read all rows in a transaction which it does not end. */
interface Reader {
  /** How many rows have no owner, as it sees them. */
  countUnowned: () => Promise<number>;
  /** Ends the transaction and the connection; doing it again changes nothing. */
  leave: () => Promise<void>;
}

const COUNT = `SELECT (SELECT count(*) FROM "Note" WHERE "userId" IS NULL) +
  (SELECT count(*) FROM note_tags WHERE "userId" IS NULL) AS n`;

async function openReader({ provider, url }: TestDatabase): Promise<Reader> {
  if (provider === 'sqlite') {
    const db = new BetterSqlite3(url.slice('file:'.length));
    db.exec('BEGIN');
    const statement = db.prepare(COUNT).pluck();
    const countUnowned = async () => Number(statement.get());
    await countUnowned();
    return { countUnowned, leave: async () => void db.close() };
  }
  const { query, close } = provider === 'mysql' ? await connectMysql(url) : await connectPostgresql(url);
  await query(
    provider === 'mysql'
      ? 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT'
      : 'BEGIN ISOLATION LEVEL REPEATABLE READ',
  );
  const countUnowned = async () => Number((await query(COUNT))[0]?.n);
  await countUnowned();
  let isOpen = true;
  const leave = async () => {
    if (isOpen) await close();
    isOpen = false;
  };
  return { countUnowned, leave };
}

async function connectPostgresql(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const query = async (sql: string): Promise<{ n?: unknown }[]> => (await client.query(sql)).rows;
  return { query, close: () => client.end() };
}

/** Step 3 and a rollback, with the reader gone. */
async function assertVerifiedAndUndone(scene: Scene): Promise<void> {
  const { database, unowned, dump } = scene;
  assert.equal(await assertJournaled(scene), unowned);
  const verified = await runCommand(database, ...STEP_3);
  assert.equal(verified.code, 0, verified.stdout);
  const undone = await runCommand(database, ...ROLLBACK);
  assert.equal(undone.code, 0, undone.stderr);
  assert.equal(await database.dump(), dump);
}

describe('an app that has read all rows in a transaction and leaves it open', { concurrency: 2 }, () => {
  for (const mode of MODES.filter((each) => each !== 'SQLite')) {
    it(`sees its own moment, and stands in nobody's way, on ${mode}`, () =>
      withScene(mode, async (scene, reader) => {
        const { database, unowned } = scene;
        const done = await runCommand(database, ...STEP_2);
        assert.equal(done.code, 0, done.stderr);
        assert.equal(await reader.countUnowned(), unowned);
        const verified = await runCommand(database, ...STEP_3);
        assert.equal(verified.code, 0, verified.stdout);
        assert.equal(await reader.countUnowned(), unowned);
        await reader.leave();
        await assertVerifiedAndUndone(scene);
      }));
  }

  it('keeps step 2 from beginning, which says that the file is locked, on SQLite', () =>
    withScene('SQLite', async (scene, reader) => {
      const { database, unowned, dump } = scene;
      const { code, stdout } = await runCommand(database, ...STEP_2, '--json');
      assert.equal(code, 2, stdout);
      const { error } = JSON.parse(stdout);
      assert.equal(error.code, 'DATABASE_LOCKED');
      assert.match(
        error.message,
        /is locked by another process: database is locked\.\nNothing was changed\.$/,
      );
      assert.equal(await reader.countUnowned(), unowned);
      assert.equal(await database.dump(), dump);
      await reader.leave();
      const done = await runCommand(database, ...STEP_2);
      assert.equal(done.code, 0, done.stderr);
      await assertVerifiedAndUndone(scene);
    }));

  for (const [command, ...args] of [STEP_2, ROLLBACK])
    it(`is waited for by ${command} when it begins, and it goes on when the reader has gone, on SQLite`, () =>
      withScene('SQLite', async (scene, early) => {
        const { database } = scene;
        if (command === 'rollback') {
          await early.leave();
          assert.equal((await runCommand(database, ...STEP_2)).code, 0);
        }
        const reader = command === 'rollback' ? await openReader(database) : early;
        const started = startCommand(database, String(command), ...args);
        // Longer than one try waits.
        await pause(4000);
        assert.equal(started.hasEnded(), false);
        await reader.leave();
        const { code, stderr } = await started.finished;
        assert.equal(code, 0, stderr);
      }));

  it('keeps step 2 from going on, which says so after its tries and is carried on later, on SQLite', () =>
    withScene('SQLite', async (scene, early) => {
      const { database, unowned } = scene;
      await early.leave();
      const observer = await observe(database);
      const started = startCommand(database, ...STEP_2, '--json');
      const owned = await observer.countOwned();
      await suspend(started, observer, async () => (await observer.countOwned()) > owned);
      await observer.close();
      const reader = await openReader(database);
      try {
        const left = await reader.countUnowned();
        assert.ok(left < unowned);
        started.child.kill('SIGCONT');
        const { code, stdout } = await started.finished;
        assert.equal(code, 2, stdout);
        const { error } = JSON.parse(stdout);
        assert.equal(error.code, 'BATCH_FAILED');
        assert.match(
          error.message,
          /^batch \d+ of \w+ was rolled back 6 times: database is locked\.\nAll batches before it are committed as run \w+; nothing of this one is changed\.$/,
        );
        assert.equal(await reader.countUnowned(), left);
      } finally {
        started.child.kill('SIGKILL');
        await reader.leave();
      }
      assert.ok((await assertJournaled(scene)) > 0);
      const carriedOn = await runCommand(database, ...STEP_2);
      assert.equal(carriedOn.code, 0, carriedOn.stderr);
      await assertVerifiedAndUndone(scene);
    }));
});
