import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { startBusyApp } from './helpers/busy-app.ts';
import type { TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import { assertSameSet, idOf } from './helpers/owned-rows.ts';
import {
  observe,
  ROLLBACK,
  runCommand,
  STEP_2,
  STEP_3,
  startCommand,
  waitUntil,
} from './helpers/processes.ts';

async function withNotebook(
  mode: Mode,
  notes: number,
  work: (database: TestDatabase) => Promise<void>,
): Promise<void> {
  const database = await createNotebook(mode, { notes });
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

for (const mode of MODES) {
  describe(`an app that goes on writing, on ${mode}`, () => {
    it('loses nothing to step 2 and rollback, none of its statements fails, and late rows get their owner too', () =>
      withNotebook(mode, 16_000, async (database) => {
        const app = await startBusyApp(database);
        const first = await runCommand(database, ...STEP_2);
        assert.ok([0, 2].includes(first.code ?? -1), first.stderr);
        const { statements, notes } = await app.stop();
        assert.ok(statements > 100, `only ${statements} statements met step 2`);

        const second = await runCommand(database, ...STEP_2);
        assert.equal(second.code, 0, second.stderr);
        const verified = await runCommand(database, ...STEP_3);
        assert.equal(verified.code, 0, verified.stdout);
        const assertNotes = async (unowned: string | null) => {
          const rows = await readNotebook(database);
          const ids = [...notes.keys()].map((id) => idOf('Note', [String(id)]));
          assertSameSet(rows.keys(), ids, 'notes');
          for (const [id, { title, owner }] of notes) {
            const row = rows.get(idOf('Note', [String(id)]));
            assert.ok(row?.rest.includes(JSON.stringify(title)), `the title of note ${id}: ${row?.rest}`);
            assert.equal(row?.owner, owner ?? unowned, `the owner of note ${id}`);
          }
        };
        await assertNotes(OWNER);
        for (const { status } of await queryJournal(database, 'run')) {
          assert.equal(status, 'completed');
          assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
        }
        await assertNotes(null);
      }));
  });
}

for (const mode of ['SQLite', 'SQLite in WAL mode'] as const) {
  describe(`an app that waits for the file's one write lock, on ${mode}`, () => {
    /** Runs a command and has the app write as soon as it has begun; returns how many rows were owned at that moment. */
    async function writeDuring(database: TestDatabase, args: string[]): Promise<number> {
      const observer = await observe(database);
      const owned = await observer.countOwned();
      const started = startCommand(database, ...args);
      await waitUntil(started, async () => (await observer.countOwned()) !== owned);
      const app = new BetterSqlite3(database.url.slice('file:'.length), { timeout: 60_000 });
      app.exec('BEGIN IMMEDIATE');
      const seen = await observer.countOwned();
      app.exec(`UPDATE "Note" SET title = 'in between' WHERE id = 1; COMMIT`);
      app.close();
      await observer.close();
      const { code, stderr } = await started.finished;
      assert.equal(code, 0, stderr);
      return seen;
    }

    it('gets it between two batches of step 2, and between two of a rollback', () =>
      withNotebook(mode, 400_000, async (database) => {
        const observer = await observe(database);
        const atFirst = await observer.countOwned();
        const duringStep2 = await writeDuring(database, ['production-safe', OWNER, '--step=2']);
        const assigned = await observer.countOwned();
        assert.ok(duringStep2 < assigned, 'the app waited until step 2 had ended');
        const duringRollback = await writeDuring(database, ROLLBACK);
        await observer.close();
        assert.ok(duringRollback > atFirst, 'the app waited until the rollback had ended');
      }));
  });
}
