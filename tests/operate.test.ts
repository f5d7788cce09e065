import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { queryJournal } from './helpers/journal.ts';
import { assertJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, MODES, type Mode, OWNER, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import {
  observe,
  ROLLBACK,
  runCommand,
  STEP_2,
  STEP_3,
  type Started,
  startCommand,
  waitUntil,
} from './helpers/processes.ts';

interface Scene {
  mode: Mode;
  database: TestDatabase;
  before: OwnedRows;
  started: Started;
}

const SLOW = [...STEP_2, '--rate=100'];

/** Step 2 in a process of its own, so slow that it can be spoken to, after its first batch. */
async function withRunning(
  mode: Mode,
  command: readonly string[],
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  // A rollback cannot be slowed down, so it gets more to do: it looks for requests every quarter of a second.
  const long = mode === 'SQLite in WAL mode' ? 300_000 : 60_000;
  const database = await createNotebook(mode, { notes: command === ROLLBACK ? long : 4000 });
  const observer = await observe(database);
  try {
    const before = await readNotebook(database);
    if (command === ROLLBACK)
      assert.equal((await runCommand(database, ...STEP_2, '--batch-size=100')).code, 0);
    const owned = await observer.countOwned();
    const started = startCommand(database, ...command);
    try {
      await waitUntil(started, async () => (await observer.countOwned()) !== owned);
      await work({ mode, database, before, started });
    } finally {
      started.child.kill('SIGKILL');
      await started.finished;
    }
  } finally {
    await observer.close();
    await database.drop();
  }
}

async function readStatus(database: TestDatabase) {
  const { code, stdout, stderr } = await runCommand(database, 'status', '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** Waits until the run says that it is paused; false where it ended before. */
function waitForPause({ database, started }: Scene): Promise<boolean> {
  const isPaused = async () => {
    const [control] = await queryJournal(database, 'control');
    return String(control?.waiting ?? '').startsWith('paused by ');
  };
  return waitUntil(started, isPaused);
}

/** Waits until the run shows once more that it lives; a minute without that, and it counts as dead. */
async function waitForHeartbeat({ database }: Scene): Promise<void> {
  const read = async () => (await queryJournal(database, 'run'))[0]?.heartbeat;
  const [first, end] = [await read(), Date.now() + 60_000];
  while ((await read()) === first) {
    assert.ok(Date.now() < end, 'it shows no life while it waits');
    await pause(100);
  }
}

async function ask(database: TestDatabase, command: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(database, command);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Pauses a rollback, cancels it and types it again. Returns false where it was done before it could be paused. */
async function pauseRollback(mode: Mode): Promise<boolean> {
  let isPaused = false;
  await withRunning(mode, ROLLBACK, async (scene) => {
    const { database, before, started } = scene;
    // In this process, because a rollback is soon over: a process of its own would often come during the last batch.
    const where = { env: { ...database.env, DATABASE_URL: database.url } };
    const { code } = await runInProcess(['pause', '--schema', database.schemaPath], where);
    isPaused = code === 0 && (await waitForPause(scene));
    if (isPaused) await ask(database, 'cancel');
    const finished = await started.finished;
    assert.equal(finished.code, isPaused ? 2 : 0, finished.stderr);
    if (isPaused) {
      assert.match(finished.stdout, /RUN_CANCELLED/);
      assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
    }
    assert.deepEqual(await readNotebook(database), before);
  });
  return isPaused;
}

for (const mode of MODES) {
  describe(`from another terminal, on ${mode}`, { concurrency: 2 }, () => {
    it('a run is paused, waits and says why, goes on and completes', () =>
      withRunning(mode, [...STEP_2, '--rate=800'], async (scene) => {
        const { database, before, started } = scene;
        const asked = await ask(database, 'pause');
        assert.match(
          asked,
          /^Run [0-9a-f]{8}, which assigns to cm3owner0000 \(process \d+ on .+\), waits as soon as/,
        );
        assert.ok(await waitForPause(scene), 'the run ended before it was paused');
        await waitForHeartbeat(scene);

        const held = await assertJournaled({ mode, database, before });
        const { runs } = await readStatus(database);
        assert.deepEqual([runs[0].status, runs[0].live.request.what], ['running', 'pause']);
        assert.match(
          (await runCommand(database, 'status')).stdout,
          /waiting since \S+Z: paused by [^\n]+[\s\S]+npm run migration:cancel.*\nTo have it go on:\n {2}npm run migration:resume.*\n$/,
        );
        const other = await runCommand(database, ...STEP_2, '--json');
        assert.equal(JSON.parse(other.stdout).error.code, 'ANOTHER_WRITER');
        assert.equal(await assertJournaled({ mode, database, before }), held);

        assert.match(await ask(database, 'resume'), /goes on/);
        const { code, stderr } = await started.finished;
        assert.equal(code, 0, stderr);
        assert.match(stderr, /^Waiting: paused by .+\.\nGoing on\.$/m);
        const events = (await queryJournal(database, 'event', 'ORDER BY id')).map(({ what }) => String(what));
        const waits = events.filter((what) => what.startsWith('waited '));
        assert.equal(waits.length, 1, events.join('\n'));
        assert.match(waits[0] ?? '', /^waited \d+\.\d s: paused by .+ on .+$/);
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
        assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
        assert.deepEqual(await readNotebook(database), before);
      }));

    it('a run is cancelled, ends after its batch, and is carried on by the next step 2', () =>
      withRunning(mode, SLOW, async ({ database, before, started }) => {
        assert.match(await ask(database, 'cancel'), /ends as soon as its current batch is done/);
        const { code, stdout } = await started.finished;
        assert.equal(code, 2, stdout);
        assert.match(stdout, /the run was cancelled by .+ \[RUN_CANCELLED\]/);
        assert.match(stdout, /To carry on: +npm run migration:assign cm3owner0000 -- .*--rate=100\n/);
        const changed = await assertJournaled({ mode, database, before });
        assert.ok(changed > 0, 'nothing was changed');

        const { runs } = await readStatus(database);
        assert.deepEqual([runs[0].status, runs[0].process, runs[0].live], ['paused', null, null]);
        const carriedOn = await runCommand(database, ...STEP_2, '--json');
        assert.deepEqual([carriedOn.code, JSON.parse(carriedOn.stdout).run], [0, runs[0].id]);
      }));

    it('a run that is paused obeys a cancel, and one that is killed while it is paused is not paused when it is carried on', () =>
      withRunning(mode, SLOW, async (scene) => {
        const { database, before, started } = scene;
        await ask(database, 'pause');
        assert.ok(await waitForPause(scene), 'the run ended before it was paused');
        started.child.kill('SIGKILL');
        await started.finished;
        await assertJournaled({ mode, database, before });
        assert.equal((await runCommand(database, 'resume')).code, 2);

        const again = startCommand(database, ...SLOW);
        await waitUntil(
          again,
          async () => (await queryJournal(database, 'run', `WHERE pid = ${again.child.pid}`)).length > 0,
        );
        assert.equal((await queryJournal(database, 'control'))[0]?.request, null);
        await ask(database, 'pause');
        await waitForPause({ ...scene, started: again });
        await ask(database, 'cancel');
        const cancelled = await again.finished;
        assert.equal(cancelled.code, 2);
        assert.match(cancelled.stderr, /^Waiting: paused by /m);
        assert.doesNotMatch(cancelled.stderr, /Going on/);
        await assertJournaled({ mode, database, before });
        assert.equal((await runCommand(database, ...STEP_2)).code, 0);
      }));

    it('a rollback is paused and cancelled like a run', async () => {
      // It may be done before it is asked: then another one is.
      let isPaused = false;
      for (let tries = 0; tries < 5 && !isPaused; tries++) isPaused = await pauseRollback(mode);
      assert.ok(isPaused, 'no rollback was paused');
    });
  });
}

describe('where nothing runs', () => {
  for (const command of ['pause', 'resume', 'cancel'])
    it(`${command} is refused, and says what can be done`, async () => {
      const database = await createNotebook('SQLite', { notes: 10 });
      try {
        const none = JSON.parse((await runCommand(database, command, '--json')).stdout);
        assert.equal(none.error.code, 'NOTHING_RUNS');
        assert.match(none.error.remedy, /\n {2}npm run migration:list-users/);
        assert.equal((await runCommand(database, ...STEP_2)).code, 0);
        const done = await runCommand(database, command, '--json');
        const { error } = JSON.parse(done.stdout);
        assert.deepEqual([done.code, error.code], [2, 'NOTHING_RUNS']);
        assert.match(error.message, /The last run, [0-9a-f]{8}, is completed\./);
        assert.equal(await readOwner(database), OWNER);
      } finally {
        await database.drop();
      }
    });
});

async function readOwner(database: TestDatabase): Promise<unknown> {
  const [row] = await database.query('SELECT "userId" FROM "Note" WHERE id = 1');
  return row?.userId;
}
