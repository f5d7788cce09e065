import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import type { TestDatabase } from './helpers/database.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import {
  observe,
  ROLLBACK,
  runCommand,
  runRemedy,
  STEP_2,
  STEP_3,
  startCommand,
  suspend,
  waitUntil,
} from './helpers/processes.ts';

const SERVERS = MODES.filter((mode) => mode === 'PostgreSQL' || mode === 'MySQL');
const HELD = 9001;
/** Longer than one try waits on SQLite, which does not tell who waits. */
const HELD_MS = 2500;

async function withNotebook(
  mode: Mode,
  work: (database: TestDatabase, before: OwnedRows) => Promise<void>,
): Promise<void> {
  const database = await createNotebook(mode, { notes: 16_000 });
  try {
    await work(database, await readNotebook(database));
  } finally {
    await database.drop();
  }
}

/** Changes one note in a transaction of the app that stays open; `end` commits it, or takes it back. */
async function holdNote(
  database: TestDatabase,
): Promise<{ end: (how: 'COMMIT' | 'ROLLBACK') => Promise<void> }> {
  const { query, close } = await connectTo(database);
  await query(`BEGIN; UPDATE "Note" SET title = 'held' WHERE id = ${HELD}`);
  return {
    end: async (how) => {
      await query(how);
      await close();
    },
  };
}

async function connectTo({ provider, url }: TestDatabase) {
  if (provider === 'mysql') return connectMysql(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  return { query: (sql: string) => client.query(sql), close: () => client.end() };
}

/** Has the app lock the file after the first batches of a command, which then goes on. */
async function startAndLock(database: TestDatabase, begin: string) {
  const observer = await observe(database);
  const owned = await observer.countOwned();
  const started = startCommand(database, ...STEP_2, '--json');
  await suspend(started, observer, async () => (await observer.countOwned()) !== owned);
  await observer.close();
  const app = new BetterSqlite3(database.url.slice('file:'.length));
  app.exec(begin);
  started.child.kill('SIGCONT');
  return { started, app };
}

/** After a batch failed and the lock is gone: what is changed is journaled, and the message's commands do what they say. */
async function assertStoppedCleanly(
  { mode, database, before }: { mode: Mode; database: TestDatabase; before: OwnedRows },
  stdout: string,
): Promise<void> {
  const { error } = JSON.parse(stdout);
  assert.equal(error.code, 'BATCH_FAILED', stdout);
  assert.ok((await assertJournaled({ mode, database, before })) > 0);

  const carriedOn = await runRemedy(database, error.remedy, 'migration:assign');
  assert.equal(carriedOn.code, 0, carriedOn.stderr);
  assert.equal((await runCommand(database, ...STEP_3)).code, 0);
  const undone = await runRemedy(database, error.remedy, 'migration:rollback');
  assert.equal(undone.code, 0, undone.stderr);
  assert.deepEqual(await readNotebook(database), before);
}

describe('a lock that the app holds', { concurrency: 3 }, () => {
  it('on a row is waited for, and the batch tried again until it is released, on PostgreSQL', () =>
    withNotebook('PostgreSQL', async (database) => {
      const app = await holdNote(database);
      const started = startCommand(database, ...STEP_2);
      const tries = new Set<string>();
      const isTriedTwice = await waitUntil(started, async () => {
        const waiting = await database.query(`SELECT xact_start::text AS try FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'prisma-ownership' AND wait_event_type = 'Lock'`);
        for (const each of waiting) tries.add(String(each.try));
        return tries.size > 1;
      });
      assert.ok(isTriedTwice, 'it was not tried again');
      await app.end('COMMIT');
      const { code, stderr } = await started.finished;
      assert.equal(code, 0, stderr);
      const [note] = await database.query(`SELECT title, "userId" FROM "Note" WHERE id = ${HELD}`);
      assert.deepEqual(note, { title: 'held', userId: OWNER });
      assert.equal((await runCommand(database, ...STEP_3)).code, 0);
    }));

  for (const mode of SERVERS) {
    it(`on a row for good leaves that row's batch, names who holds it, and assigns all others, on ${mode}`, () =>
      withNotebook(mode, async (database, before) => {
        const app = await holdNote(database);
        const { code, stdout } = await runCommand(database, ...STEP_2, '--json').finally(() =>
          app.end('ROLLBACK'),
        );
        assert.equal(code, 2, stdout);
        const { findings, models } = JSON.parse(stdout);
        assert.deepEqual(
          findings.map(({ code }: { code: string }) => code),
          ['BATCH_SKIPPED'],
        );
        const [, after, upTo] = /with keys after (\d+) up to (\d+) /.exec(findings[0].message) ?? [];
        assert.ok(Number(after) < HELD && HELD <= Number(upTo), findings[0].message);
        assert.match(findings[0].message, /lock (wait )?timeout/i);
        assert.match(
          findings[0].message,
          /Locks are held by process \d+ of \w+ \((idle in transaction|Sleep)\) for \d+ seconds?/,
        );
        assert.ok(models[0].unowned > 0 && models[0].unowned <= 100, `${models[0].unowned} rows are left`);
        const changed = await assertJournaled({ mode, database, before });
        assert.equal(changed, models[0].assigned);

        const carriedOn = await runCommand(database, ...STEP_2, '--json');
        assert.equal(carriedOn.code, 0, carriedOn.stdout);
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
        assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
        assert.deepEqual(await readNotebook(database), before);
      }));

    it(`on a whole table for good ends step 2 with BATCH_FAILED, whose commands work, on ${mode}`, () =>
      withNotebook(mode, async (database, before) => {
        const observer = await observe(database);
        const owned = await observer.countOwned();
        const started = startCommand(database, ...STEP_2, '--json');
        await suspend(started, observer, async () => (await observer.countOwned()) !== owned);
        await observer.close();
        const app = await connectTo(database);
        await app.query('BEGIN; SELECT count(*) FROM (SELECT id FROM "Note" FOR UPDATE) n');
        started.child.kill('SIGCONT');
        const { code, stdout } = await started.finished.finally(app.close);
        assert.equal(code, 2, stdout);
        assert.match(JSON.parse(stdout).error.message, /\nLocks are held by process \d+ of \w+ /);
        await assertStoppedCleanly({ mode, database, before }, stdout);
      }));

    it(`on a row for good ends a rollback, which can be typed again, on ${mode}`, () =>
      withNotebook(mode, async (database, before) => {
        assert.equal((await runCommand(database, ...STEP_2)).code, 0);
        const app = await holdNote(database);
        const { code, stdout } = await runCommand(database, ...ROLLBACK, '--json').finally(() =>
          app.end('ROLLBACK'),
        );
        assert.equal(code, 2, stdout);
        assert.equal(JSON.parse(stdout).error.code, 'DATABASE_LOCKED');
        assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
        assert.deepEqual(await readNotebook(database), before);
      }));
  }

  for (const mode of ['SQLite', 'SQLite in WAL mode'] as const) {
    for (const [who, begin] of [
      ['writer', 'BEGIN IMMEDIATE'],
      ['reader', 'BEGIN; SELECT count(*) FROM "Note"'],
    ] as const) {
      it(`on the file, as a ${who}, is waited for, and the batch tried again until it is released, on ${mode}`, () =>
        withNotebook(mode, async (database) => {
          const { started, app } = await startAndLock(database, begin);
          await pause(HELD_MS);
          app.close();
          const { code, stdout } = await started.finished;
          assert.equal(code, 0, stdout);
          assert.equal((await runCommand(database, ...STEP_3)).code, 0);
        }));
    }

    it(`on the file for good ends step 2 with BATCH_FAILED, whose commands work, on ${mode}`, () =>
      withNotebook(mode, async (database, before) => {
        const { started, app } = await startAndLock(database, 'BEGIN IMMEDIATE');
        const { code, stdout } = await started.finished;
        app.close();
        assert.equal(code, 2, stdout);
        await assertStoppedCleanly({ mode, database, before }, stdout);
      }));
  }
});
