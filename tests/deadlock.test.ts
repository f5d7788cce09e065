import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { isMissing, type TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { createNotebook, type Mode, readNotebook } from './helpers/notebook.ts';
import { idOf, type OwnedRows } from './helpers/owned-rows.ts';
import { ROLLBACK, runCommand, STEP_2, STEP_3, type Started, startCommand } from './helpers/processes.ts';

/** The first batch changes 1 before it comes to 90; the app changes 90 before it comes to 1. */
const [FIRST, LAST] = [1, 90];
const TITLE = 'of the app';

interface Scene {
  mode: Mode;
  database: TestDatabase;
  /** As it will be when the app has changed its two rows. */
  before: OwnedRows;
  unowned: number;
}

async function withScene(mode: Mode, ddl: string, work: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 600 });
  try {
    await database.run(ddl);
    const before = await readNotebook(database);
    for (const id of [FIRST, LAST]) {
      const row = before.get(idOf('Note', [String(id)]));
      assert.ok(row);
      row.rest = row.rest.replace(`Notiz n° ${id}`, TITLE);
    }
    const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
    await work({ mode, database, before, unowned });
  } finally {
    await database.drop();
  }
}

const change = (id: number) => `UPDATE "Note" SET title = '${TITLE}' WHERE id = ${id}`;

/** Step 2 went through and the app's changes are there; a rollback leaves only these. */
async function assertBothDone(scene: Scene, started: Started): Promise<void> {
  const { database, before, unowned } = scene;
  const { code, stderr } = await started.finished;
  assert.equal(code, 0, stderr);
  assert.equal(await assertJournaled(scene), unowned);
  assert.equal((await queryJournal(database, 'run')).length, 1);
  const verified = await runCommand(database, ...STEP_3);
  assert.equal(verified.code, 0, verified.stdout);
  const undone = await runCommand(database, ...ROLLBACK);
  assert.equal(undone.code, 0, undone.stderr);
  assert.deepEqual(await readNotebook(database), before);
}

/** Waits until the condition holds; throws what step 2 said when it ended before. */
async function until(started: Started, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    if (started.hasEnded()) throw new Error(`step 2 ended too early: ${(await started.finished).stderr}`);
    await pause(5);
  }
}

/** Makes the update of a row in the middle wait until the app waits for the first one: then nobody is too early. */
const WAIT_FOR_APP = `
  CREATE FUNCTION wait_for_app() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    FOR i IN 1..1000 LOOP
      EXIT WHEN EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid());
      PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN NEW;
  END $$;
  CREATE TRIGGER wait_for_app BEFORE UPDATE OF "userId" ON "Note" FOR EACH ROW WHEN (OLD.id = 50 AND NEW."userId" IS NOT NULL)
    EXECUTE FUNCTION wait_for_app();`;

describe('a deadlock between step 2 and the app, on PostgreSQL', { concurrency: 2 }, () => {
  for (const [how, timeout, found] of [
    ['that the server finds', '20ms', true],
    ['that ends before the server looks for it, as it is by default', '1s', false],
  ] as const) {
    it(`${how}, ends for the app as it wants, and step 2 tries again`, () =>
      withScene('PostgreSQL', WAIT_FOR_APP, async (scene) => {
        const { database } = scene;
        await database.run(
          `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''${timeout}''', current_database()); END $$`,
        );
        const app = new Client({ connectionString: database.url });
        await app.connect();
        try {
          // It is not the app that looks for a deadlock, however slow this machine is.
          await app.query("SET deadlock_timeout = '1min'");
          await app.query(`BEGIN; ${change(LAST)}`);
          const started = startCommand(database, ...STEP_2);
          await until(started, async () => {
            const [row] = await database.query(
              `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
            );
            return row !== undefined;
          });
          await app.query(change(FIRST));
          await app.query('COMMIT');
          await assertBothDone(scene, started);
        } finally {
          await app.end();
        }
        const [row] = await database.query(
          'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
        );
        assert.equal(Number(row?.deadlocks) > 0, found, `${row?.deadlocks} deadlocks`);
      }));
  }
});

/** Changes that leave nothing behind, but count. */
const HEAVY = `
  UPDATE "Note" SET body = concat(body, '.') WHERE id > 300;
  UPDATE "Note" SET body = left(body, char_length(body) - 1) WHERE id > 300;`;

describe('a deadlock between step 2 and the app, on MySQL', { skip: isMissing('mysql') }, () => {
  // The server ends the transaction that has changed fewer rows.
  for (const [who, also, expected] of [
    ['that step 2 loses, is tried again', HEAVY, null],
    ['that the app loses, leaves it its error, and step 2 goes on', '', 1213],
  ] as const) {
    it(`${who}, and nothing is lost`, () =>
      withScene('MySQL', '', async (scene) => {
        const { database } = scene;
        const [app, other] = [await connectMysql(database.url), await connectMysql(database.url)];
        // It locks its rows in the order of their keys, and waits for the last one for up to a second.
        const isAtWork = async () => {
          const found = `SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()
            AND INFO LIKE '%STRAIGHT_JOIN%'`;
          return (await other.query(found)).length > 0;
        };
        try {
          await app.query(`BEGIN; ${also} ${change(LAST)}`);
          const started = startCommand(database, ...STEP_2);
          await until(started, async () => (await isAtWork()) && (await pause(100, true)) && isAtWork());
          const failed = await app.query(change(FIRST)).then(
            () => null,
            (error: { errno: number }) => error.errno,
          );
          assert.equal(failed, expected);
          if (failed) await app.query(`BEGIN; ${change(LAST)}; ${change(FIRST)}`);
          await app.query('COMMIT');
          await assertBothDone(scene, started);
        } finally {
          await app.close();
          await other.close();
        }
      }));
  }
});
