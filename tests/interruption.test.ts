import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestDatabase } from './helpers/database.ts';
import { readBatches } from './helpers/journal.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, MODES, OTHER, OWNER, readNotebook } from './helpers/notebook.ts';
import { runCommand } from './helpers/processes.ts';
import { Died, runAssign, runRollback } from './helpers/steps.ts';

const BATCH = { userId: OWNER, batchSize: 100 };

async function withNotebook(
  mode: (typeof MODES)[number],
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

/** Whether the journal has a batch whose rows may or may not be changed: it has only on SQLite in WAL mode. */
async function isInWindow(database: TestDatabase): Promise<boolean> {
  return (await readBatches(database)).some(({ isCommitted }) => !isCommitted);
}

/** Lets the application act once, between a batch's journal entry and its rows. */
function inWindow(database: TestDatabase, act: () => Promise<void>): { beforeWrite: () => Promise<void> } {
  let isDone = false;
  return {
    beforeWrite: async () => {
      if (isDone || !(await isInWindow(database))) return;
      isDone = true;
      await act();
    },
  };
}

const give = (database: TestDatabase, to: string) => () =>
  database.run(`UPDATE "Note" SET "userId" = '${to}' WHERE "userId" IS NULL`);

for (const mode of MODES) {
  describe(`rows that arrive behind the walk, on ${mode}`, () => {
    it('are assigned too, and rolled back with the rest', () =>
      withNotebook(mode, 300, async (database) => {
        let isDone = false;
        const insertFirst = async () => {
          if (isDone || (await readBatches(database)).length === 0) return;
          isDone = true;
          await database.run(`INSERT INTO "Note" (id, title) VALUES (-1, 'late')`);
        };
        const before = await readNotebook(database);
        const done = await runAssign(database, { ...BATCH, beforeWrite: insertFirst });
        assert.equal(done.status, 'completed');
        const late = JSON.stringify(['Note', '-1']);
        assert.equal((await readNotebook(database)).get(late)?.owner, OWNER);
        await runRollback(database);
        const after = await readNotebook(database);
        assert.equal(after.get(late)?.owner, null);
        after.delete(late);
        assert.deepEqual(after, before);
      }));
  });

  describe(`a run that was interrupted more than once, on ${mode}`, () => {
    it('counts each row once when its rollback was interrupted, the run carried on, and rolled back again', () =>
      withNotebook(mode, 300, async (database) => {
        const before = await readNotebook(database);
        const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
        await runAssign(database, BATCH);
        await assert.rejects(runRollback(database, { death: { write: 4, when: 'before' } }), Died);
        const carriedOn = await runAssign(database, BATCH);
        assert.deepEqual(
          carriedOn.models.map(({ assigned }) => assigned),
          [unowned],
        );
        const done = await runRollback(database);
        assert.deepEqual(await readNotebook(database), before);
        assert.deepEqual(done.models, [{ model: 'Note', reverted: unowned, skipped: 0 }]);
      }));
  });
}

describe('between the journal entry and the rows of a batch, on SQLite in WAL mode', () => {
  for (const [who, name] of [
    [OTHER, 'another user'],
    [OWNER, 'the same user'],
  ] as const) {
    it(`journals and reverts nothing when the app gives all rows of the batch to ${name}`, () =>
      withNotebook('SQLite in WAL mode', 6, async (database) => {
        const done = await runAssign(database, { ...BATCH, ...inWindow(database, give(database, who)) });
        const given = await readNotebook(database);
        assert.deepEqual(
          [...given.values()].map(({ owner }) => owner),
          Array(6).fill(who),
        );
        assert.deepEqual(await readBatches(database), []);
        assert.deepEqual(done.models, [{ model: 'Note', assigned: 0, unowned: 0, batches: 0 }]);
        await runRollback(database);
        assert.deepEqual(await readNotebook(database), given);
      }));
  }

  it('leaves a row alone that the app gives to another user, and changes the rest of the batch', () =>
    withNotebook('SQLite in WAL mode', 6, async (database) => {
      const act = () => database.run(`UPDATE "Note" SET "userId" = '${OTHER}' WHERE id = 4`);
      const done = await runAssign(database, { ...BATCH, ...inWindow(database, act) });
      assert.deepEqual(done.models, [{ model: 'Note', assigned: 5, unowned: 0, batches: 1 }]);
      const rows = [...(await readNotebook(database))].filter(([, { owner }]) => owner === OTHER);
      assert.deepEqual(
        rows.map(([id]) => id),
        ['["Note","4"]'],
      );
    }));

  it('changes the rest of the batch when the app gives some of its rows to another user or deletes them', () =>
    withNotebook('SQLite in WAL mode', 6, async (database) => {
      const act = () =>
        database.run(`DELETE FROM "Note" WHERE id = 2; UPDATE "Note" SET "userId" = '${OTHER}' WHERE id = 4`);
      const done = await runAssign(database, { ...BATCH, ...inWindow(database, act) });
      assert.deepEqual(done.models, [{ model: 'Note', assigned: 4, unowned: 0, batches: 1 }]);
      assert.deepEqual((await runRollback(database)).models, [{ model: 'Note', reverted: 4, skipped: 0 }]);
    }));

  it('keeps the journal of the process that carried the run on when the first one was only taken for dead', () =>
    withNotebook('SQLite in WAL mode', 6, async (database) => {
      const before = await readNotebook(database);
      const takeOver = async () => void (await runAssign(database, BATCH));
      await assert.rejects(runAssign(database, { ...BATCH, ...inWindow(database, takeOver) }), {
        code: 'RUN_TAKEN_OVER',
      });
      assert.equal(await assertJournaled({ mode: 'SQLite', database, before }), 6);
      await runRollback(database);
      assert.deepEqual(await readNotebook(database), before);
    }));

  it('journals nothing when the process died there and the app gave all rows of the batch to another user', () =>
    withNotebook('SQLite in WAL mode', 6, async (database) => {
      const die = async () => {
        if (await isInWindow(database)) throw new Died();
      };
      await assert.rejects(runAssign(database, { ...BATCH, beforeWrite: die }), Died);
      assert.equal(await isInWindow(database), true);
      await give(database, OTHER)();
      const done = await runAssign(database, BATCH);
      assert.deepEqual(done.models, [{ model: 'Note', assigned: 0, unowned: 0, batches: 0 }]);
      assert.deepEqual(await readBatches(database), []);
    }));

  it('does not count as assigned what a dead process had only journaled', () =>
    withNotebook('SQLite in WAL mode', 6, async (database) => {
      const die = async () => {
        if (await isInWindow(database)) throw new Died();
      };
      await assert.rejects(runAssign(database, { ...BATCH, beforeWrite: die }), Died);
      const { stdout } = await runCommand(database, 'status', '--json');
      assert.deepEqual(
        JSON.parse(stdout).runs[0].models.map(({ assigned }: { assigned: number }) => assigned),
        [0],
      );
    }));

  it('counts as reverted what a rollback changed before it died without its mark', () =>
    withNotebook('SQLite in WAL mode', 6, async (database) => {
      await runAssign(database, BATCH);
      await assert.rejects(runRollback(database, { death: { write: 3, when: 'before' } }), Died);
      // What a power loss between the commits of the two files leaves: the app's file is first.
      await database.run('UPDATE "Note" SET "userId" = NULL');
      assert.deepEqual((await runRollback(database)).models, [{ model: 'Note', reverted: 6, skipped: 0 }]);
    }));
});
