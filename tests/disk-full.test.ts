import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Session } from '../src/database/dialect.ts';
import { raw, sql } from '../src/database/sql.ts';
import { ToolkitError } from '../src/errors.ts';
import type { TestDatabase } from './helpers/database.ts';
import { journalFileOf, queryJournal, readBatches } from './helpers/journal.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import { runAssign, runRollback, runVerify } from './helpers/steps.ts';

const BATCH = { userId: OWNER, batchSize: 100 };

interface Scene {
  mode: Mode;
  database: TestDatabase;
  before: OwnedRows;
  dump: string;
  unowned: number;
}

async function withScene(mode: Mode, work: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 2000 });
  try {
    const before = await readNotebook(database);
    const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
    await work({ mode, database, before, dump: await database.dump(), unowned });
  } finally {
    await database.drop();
  }
}

/**
 * Lets a file grow by so many pages more, from the moment on at which the condition holds. The limit is the connection's,
 * so it is gone with the process.
 */
function fill(
  file: 'main' | 'ownership_migration',
  pages: number,
  isMoment: () => Promise<boolean>,
): { atBegin: (session: Session) => Promise<void> } {
  let limit: number | undefined;
  return {
    atBegin: async (session) => {
      if (limit !== undefined || !(await isMoment())) return;
      const [row] = await session.query<{ page_count: bigint }>(sql`PRAGMA ${raw(file)}.page_count`);
      limit = Number(row?.page_count) + pages;
      await session.query(sql`PRAGMA ${raw(file)}.max_page_count = ${raw(String(limit))}`);
    },
  };
}

/** What the operator reads. */
async function readError(failing: Promise<unknown>): Promise<ToolkitError> {
  const error: unknown = await failing.then(
    () => assert.fail('it went through'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ToolkitError, String((error as Error).stack));
  return error;
}

/** With room again, the same command finishes the same run; what it wrote is right, and can be undone. */
async function assertFinishes({ mode, database, before, dump, unowned }: Scene): Promise<void> {
  const done = await runAssign(database, BATCH);
  assert.equal(done.status, 'completed');
  assert.equal((await queryJournal(database, 'run')).length, 1);
  assert.equal(await assertJournaled({ mode, database, before }), unowned);
  assert.deepEqual(
    (await runVerify(database, OWNER)).findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  await runRollback(database);
  assert.equal(await database.dump(), dump);
}

for (const mode of ['SQLite', 'SQLite in WAL mode'] as const) {
  describe(`a disk that is full, on ${mode}`, () => {
    for (const [what, file] of [
      ['the journal', 'ownership_migration'],
      ["the app's file", 'main'],
    ] as const) {
      for (const pages of [0, 2]) {
        it(`stops step 2 when ${what} can grow by ${pages} pages more; batches before stay, and it is carried on`, () =>
          withScene(mode, async (scene) => {
            const { database } = scene;
            const isMoment = async () => (await readBatches(database)).length >= 3;
            const error = await readError(runAssign(database, { ...BATCH, ...fill(file, pages, isMoment) }));
            assert.equal(error.code, 'BATCH_FAILED', error.message);
            const [run] = await queryJournal(database, 'run');
            assert.match(error.message, /^batch \d+ of Note was rolled back: database or disk is full\.\n/);
            assert.ok(
              error.message.endsWith(
                `All batches before it are committed as run ${run?.id}; nothing of this one is changed.`,
              ),
              error.message,
            );
            assert.ok((await assertJournaled(scene)) > 0);
            await assertFinishes(scene);
          }));
      }
    }

    it('refuses to begin when there is no room for a journal, and leaves none', () =>
      withScene(mode, async (scene) => {
        const { database, dump } = scene;
        const error = await readError(
          runAssign(database, { ...BATCH, ...fill('ownership_migration', 1, async () => true) }),
        );
        assert.equal(error.code, 'DATABASE_ERROR', error.message);
        assert.match(error.message, /database or disk is full\.\nNothing was changed\.$/);
        assert.equal(existsSync(journalFileOf(database)), false);
        assert.equal(await database.dump(), dump);
        await assertFinishes(scene);
      }));
  });
}
