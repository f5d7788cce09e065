import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { Run } from '../src/ownership/journal.ts';
import { isHeldByAnother } from '../src/ownership/writer.ts';
import { isMissing, type TestDatabase } from './helpers/database.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import { ROLLBACK, runCommand, STEP_2, STEP_3 } from './helpers/processes.ts';
import { runInJournal } from './helpers/journal.ts';

const FUTURE = '2199-12-31T23:59:59.999Z';

async function withNotebook(
  mode: Mode,
  work: (database: TestDatabase) => Promise<void>,
  change = '',
): Promise<void> {
  const database = await createNotebook(mode, { notes: 500 });
  try {
    if (change) await database.run(change);
    await work(database);
  } finally {
    await database.drop();
  }
}

async function assign(database: TestDatabase): Promise<{ code: number | null; run: string }> {
  const { code, stdout, stderr } = await runCommand(database, ...STEP_2, '--json');
  return { code, run: JSON.parse(stdout || '{}').run ?? stderr };
}

/** What the clock said before it was set back. */
const wasAhead = (database: TestDatabase) =>
  runInJournal(
    database,
    `UPDATE run SET started = '${FUTURE}', finished = '${FUTURE}'; UPDATE event SET time = '${FUTURE}';
     UPDATE batch SET committed = '${FUTURE}'`,
  );

describe('a process whose heartbeat is from the future', () => {
  const now = '2024-01-01T00:00:00.000Z';
  const operator = { command: 'test', host: 'here', pid: 1, isAlive: (pid: number) => pid === 2 };
  const isHeld = (host: string, pid: number, heartbeat: string) =>
    // Of a run, only who works on it matters here.
    isHeldByAnother({ host, pid, heartbeat } as Run, operator, now);

  it('is asked itself whether it lives, on this host', () => {
    assert.equal(isHeld('here', 2, FUTURE), true);
    assert.equal(isHeld('here', 3, FUTURE), false);
    assert.equal(isHeld('here', 2, '2023-12-31T23:58:59.000Z'), false);
  });

  it('is gone, on another host: one that lived would have written a new one', () => {
    assert.equal(isHeld('there', 2, FUTURE), false);
    assert.equal(isHeld('there', 9, '2024-01-01T00:00:30.000Z'), true);
    assert.equal(isHeld('there', 9, '2023-12-31T23:59:30.000Z'), true);
  });
});

for (const mode of ['PostgreSQL', ...(isMissing('mysql') ? [] : ['MySQL' as const])] as const)
  describe(`a clock that is set back while a guard is there, on ${mode}`, () => {
    it('does not give the hits of an earlier run to the rollback of a later one', () =>
      withNotebook(
        mode,
        async (database) => {
          const guarded = ['production-safe', OWNER, '--step=2', '--guard'];
          const first = await runCommand(database, ...guarded);
          assert.equal(first.code, 0, first.stdout + first.stderr);
          await database.run(`INSERT INTO "Note" (id, title) VALUES (9001, 'of an old app')`);
          await wasAhead(database);
          await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id = 1`);
          assert.equal((await assign(database)).code, 0);
          const undone = JSON.parse((await runCommand(database, ...ROLLBACK, '--json')).stdout);
          assert.deepEqual(undone.models, [{ model: 'Note', reverted: 1, skipped: 0 }]);
          const [hit] = await database.query('SELECT "userId" FROM "Note" WHERE id = 9001');
          assert.equal(hit?.userId, OWNER);
        },
        `UPDATE "Note" SET "userId" = NULL`,
      ));
  });

for (const mode of MODES) {
  describe(`a clock that is set back, on ${mode}`, () => {
    it('does not change which run is the last one, and that one alone is rolled back', () =>
      withNotebook(mode, async (database) => {
        const before = await readNotebook(database);
        const first = await assign(database);
        assert.equal(first.code, 0, first.run);
        await wasAhead(database);
        const assigned = await readNotebook(database);
        await database.run(`INSERT INTO "Note" (id, title) VALUES (9001, 'late')`);
        const second = await assign(database);
        assert.equal(second.code, 0, second.run);

        const { runs } = JSON.parse((await runCommand(database, 'status', '--json')).stdout);
        assert.deepEqual(
          runs.map(({ id }: { id: string }) => id),
          [second.run, first.run],
        );
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
        assert.equal(JSON.parse((await runCommand(database, ...ROLLBACK, '--json')).stdout).run, second.run);
        await database.run('DELETE FROM "Note" WHERE id = 9001');
        assert.deepEqual(await readNotebook(database), assigned);
        assert.equal(JSON.parse((await runCommand(database, ...ROLLBACK, '--json')).stdout).run, first.run);
        assert.deepEqual(await readNotebook(database), before);
      }));

    it('does not make a run whose process is gone look alive', () =>
      withNotebook(mode, async (database) => {
        const before = await readNotebook(database);
        const first = await assign(database);
        await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id = 1`);
        await runInJournal(
          database,
          `UPDATE run SET status = 'running', finished = NULL, host = 'another-host', pid = 1, heartbeat = '${FUTURE}'`,
        );
        const { runs } = JSON.parse((await runCommand(database, 'status', '--json')).stdout);
        assert.deepEqual([runs[0].status, runs[0].process], ['running', null]);
        const carriedOn = await assign(database);
        assert.deepEqual(carriedOn, { code: 0, run: first.run });
        await assertJournaled({ mode, database, before });
      }));
  });
}
