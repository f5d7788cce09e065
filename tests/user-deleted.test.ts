import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestDatabase } from './helpers/database.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import { runAssign, runRollback } from './helpers/steps.ts';

const BATCH = { userId: OWNER, batchSize: 100 };
/** Before which writing transaction the user is deleted: before the first batch, in the middle of it all, and late. */
const MOMENTS = [3, 4, 5, 6];

interface Scene {
  mode: Mode;
  database: TestDatabase;
  before: OwnedRows;
  /** Deletes the user once, before the n-th writing transaction, and keeps the error where the database refuses. */
  deleteAt: (write: number) => { beforeWrite: () => Promise<void>; refusals: unknown[] };
}

async function withScene(
  mode: Mode,
  references: string,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const database = await createNotebook(mode, { notes: 350, references });
  try {
    const deleteAt = (write: number) => {
      let writes = 0;
      const refusals: unknown[] = [];
      const beforeWrite = async () => {
        writes += 1;
        if (writes !== write) return;
        await database.run(`DELETE FROM "User" WHERE id = '${OWNER}'`).catch((error) => refusals.push(error));
      };
      return { beforeWrite, refusals };
    };
    await work({ mode, database, before: await readNotebook(database), deleteAt });
  } finally {
    await database.drop();
  }
}

/** Foreign keys, and what is left of the rows when the database itself has followed the deletion of the user. */
const REFERENCES: [name: string, references: string, follow: (before: OwnedRows) => OwnedRows][] = [
  ['with no foreign key', '', (before) => before],
  [
    'with ON DELETE SET NULL',
    'REFERENCES "User"(id) ON DELETE SET NULL',
    (before) =>
      new Map([...before].map(([id, row]) => [id, row.owner === OWNER ? { ...row, owner: null } : row])),
  ],
];

for (const mode of MODES) {
  describe(`the user is deleted before a transaction of step 2, on ${mode}`, () => {
    for (const [name, references, follow] of REFERENCES) {
      for (const moment of MOMENTS) {
        it(`number ${moment}: it stops with USER_GONE, and its rollback leaves nothing of it, ${name}`, () =>
          withScene(mode, references, async ({ database, before, deleteAt }) => {
            await assert.rejects(runAssign(database, { ...BATCH, ...deleteAt(moment) }), {
              code: 'USER_GONE',
            });
            const undone = await runRollback(database);
            assert.equal(undone.isFinished, true);
            assert.deepEqual(await readNotebook(database), follow(before));
          }));
      }
    }

    it('the last one, when every row has its owner: it is not completed, with no foreign key', () =>
      withScene(mode, '', async ({ database, before }) => {
        let isDone = false;
        const beforeWrite = async () => {
          const left = await database.query('SELECT id FROM "Note" WHERE "userId" IS NULL LIMIT 1');
          if (isDone || left.length > 0) return;
          isDone = true;
          await database.run(`DELETE FROM "User" WHERE id = '${OWNER}'`);
        };
        await assert.rejects(runAssign(database, { ...BATCH, beforeWrite }), { code: 'USER_GONE' });
        assert.equal(isDone, true);
        assert.equal((await runRollback(database)).isFinished, true);
        assert.deepEqual(await readNotebook(database), before);
      }));

    it('with ON DELETE RESTRICT the database refuses that, and step 2 goes on', () =>
      withScene(mode, 'REFERENCES "User"(id) ON DELETE RESTRICT', async ({ database, before, deleteAt }) => {
        const plan = deleteAt(4);
        const done = await runAssign(database, { ...BATCH, ...plan });
        assert.equal(plan.refusals.length, 1);
        assert.equal(done.status, 'completed');
        await assertJournaled({ mode, database, before });
        await runRollback(database);
        assert.deepEqual(await readNotebook(database), before);
      }));
  });
}
