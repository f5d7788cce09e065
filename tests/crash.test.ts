import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestDatabase } from './helpers/database.ts';
import { queryJournal, readBatches } from './helpers/journal.ts';
import { assertJournaled, assertUndoneOrJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import {
  type Observer,
  observe,
  ROLLBACK,
  runCommand,
  STEP_2,
  STEP_3,
  type Started,
  startCommand,
  waitUntil,
} from './helpers/processes.ts';

/** Kills in one life of a database, of step 2 and of its rollback. */
const KILLS = { assign: 9, rollback: 4 };
/** Lives go on until so many processes were killed: fifty on each database in two runs of the suite. */
const KILLS_BY_MODE: Record<Mode, number> = {
  SQLite: 13,
  'SQLite in WAL mode': 13,
  PostgreSQL: 26,
  MySQL: 26,
};

interface Scene {
  mode: Mode;
  database: TestDatabase;
  observer: Observer;
  before: OwnedRows;
  unowned: number;
}

async function withScene(mode: Mode, work: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 9000, noteTags: 2000 });
  const observer = await observe(database);
  try {
    const before = await readNotebook(database);
    const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
    await work({ mode, database, observer, before, unowned });
  } finally {
    await observer.close();
    await database.drop();
  }
}

/** Kills the process at a random moment after the condition holds; returns where that was, for the messages. */
async function killWhen(started: Started, holds: () => Promise<boolean>): Promise<string> {
  const isReached = await waitUntil(started, holds);
  const delayMs = Math.random() * 15;
  await pause(delayMs);
  started.child.kill('SIGKILL');
  const { code, stderr } = await started.finished;
  if (code !== null) assert.equal(code, 0, stderr);
  return `killed ${isReached ? `${delayMs.toFixed(1)} ms after the condition held` : 'at its end'}, exit ${code}`;
}

/** Step 2 killed again and again, then finished and verified; rollback killed, then finished. Returns the kills. */
async function live(scene: Scene): Promise<number> {
  const { database, observer, before, unowned } = scene;
  const owned = await observer.countOwned();
  let kills = 0;
  for (let round = 0; round < KILLS.assign; round += 1) {
    const target = owned + unowned * 0.9 * ((round + Math.random()) / KILLS.assign);
    // The first one dies as soon as it says that it exists, before its first batch or soon after.
    const holds =
      round === 0
        ? async () => (await queryJournal(database, 'run')).length > 0
        : async () => (await observer.countOwned()) >= target;
    const started = startCommand(database, ...STEP_2);
    const where = await killWhen(started, holds);
    if ((await started.finished).code === null) kills += 1;
    await assertJournaled(scene, where);
  }
  const finished = await runCommand(database, ...STEP_2);
  assert.equal(finished.code, 0, finished.stderr);
  assert.equal(await assertJournaled(scene), unowned);
  const { runs } = JSON.parse((await runCommand(database, 'status', '--json')).stdout);
  const reported = runs[0].models.map(({ assigned }: { assigned: number }) => assigned);
  assert.equal(
    reported.reduce((sum: number, each: number) => sum + each, 0),
    unowned,
    'rows reported as assigned',
  );
  const verified = await runCommand(database, ...STEP_3);
  assert.equal(verified.code, 0, verified.stdout);

  for (let round = 0; round < KILLS.rollback; round += 1) {
    const target = owned + unowned * (1 - 0.9 * ((round + Math.random()) / KILLS.rollback));
    const started = startCommand(database, ...ROLLBACK);
    const where = await killWhen(started, async () => (await observer.countOwned()) <= target);
    if ((await started.finished).code !== null) break;
    kills += 1;
    await assertUndoneOrJournaled(scene, where);
  }
  const undone = await runCommand(database, ...ROLLBACK);
  if (undone.code !== 0) assert.match(undone.stderr, /no run that is not rolled back already/, undone.stderr);
  assert.deepEqual(await readNotebook(database), before);
  return kills;
}

for (const mode of MODES) {
  describe(`killed with SIGKILL, on ${mode}`, () => {
    it('leaves every changed row in the journal, carries on at once, and rolls back to the same database', async () => {
      for (let kills = 0; kills < KILLS_BY_MODE[mode]; ) {
        await withScene(mode, async (scene) => {
          const dump = await scene.database.dump();
          kills += await live(scene);
          assert.equal(await scene.database.dump(), dump);
        });
      }
    });
  });

  describe(`stopped with Ctrl-C, on ${mode}`, () => {
    it('finishes the batch, exits 130, says how to go on, and is carried on as the same run', () =>
      withScene(mode, async (scene) => {
        const { database, observer, unowned } = scene;
        const owned = await observer.countOwned();
        const started = startCommand(database, ...STEP_2);
        await waitUntil(started, async () => (await observer.countOwned()) > owned);
        started.child.kill('SIGINT');
        const { code, stdout, stderr } = await started.finished;
        assert.equal(code, 130, stderr);
        assert.match(stderr, /Stopping after the current batch/);
        assert.match(stdout, new RegExp(`To carry on: +npm run migration:assign ${OWNER}`));
        const assigned = await assertJournaled(scene);
        assert.ok(assigned > 0 && assigned < unowned, `${assigned} of ${unowned} rows`);
        assert.equal(
          (await readBatches(database)).every(({ isCommitted }) => isCommitted),
          true,
        );

        const status = JSON.parse((await runCommand(database, 'status', '--json')).stdout);
        assert.deepEqual(
          status.runs.map((run: { status: string; process: unknown }) => [run.status, run.process]),
          [['paused', null]],
        );
        const carriedOn = await runCommand(database, ...STEP_2, '--json');
        assert.equal(carriedOn.code, 0, carriedOn.stderr);
        assert.equal(JSON.parse(carriedOn.stdout).run, status.runs[0].id);
        assert.equal(await assertJournaled(scene), unowned);
      }));
  });
}

describe('a connection that the server cuts, on PostgreSQL', () => {
  it('ends step 2 with every change journaled and a message that says so, and the same command carries it on', () =>
    withScene('PostgreSQL', async (scene) => {
      const { database, observer, unowned } = scene;
      // Where it is cut decides which of the driver's errors comes out. A run that was done before it could be cut is undone.
      let cuts = 0;
      for (let tries = 0; cuts < 5 && tries < 20; tries += 1) {
        const owned = await observer.countOwned();
        const started = startCommand(database, ...STEP_2);
        await waitUntil(started, async () => (await observer.countOwned()) > owned);
        await database.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'prisma-ownership'`);
        const { code, stderr } = await started.finished;
        if (code === 0) {
          assert.equal((await runCommand(database, 'rollback', '--confirm')).code, 0);
          continue;
        }
        cuts += 1;
        assert.equal(code, 2, stderr);
        assert.match(stderr, /^error: the connection to the database .* was lost/m);
        await assertJournaled(scene);
      }
      assert.ok(cuts > 0, 'no run could be cut');
      assert.equal((await runCommand(database, ...STEP_2)).code, 0);
      assert.equal(await assertJournaled(scene), unowned);
    }));
});
