import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import type { TestDatabase } from './helpers/database.ts';
import { journalFileOf, queryJournal, readBatches } from './helpers/journal.ts';
import {
  createNotebook,
  MODES,
  type Mode,
  type NotebookOptions,
  OWNER,
  readNotebook,
} from './helpers/notebook.ts';
import { assertSameSet, type OwnedRows } from './helpers/owned-rows.ts';
import {
  type Observer,
  observe,
  ROLLBACK,
  runCommand,
  runRemedy,
  STEP_2,
  STEP_3,
  type Started,
  startCommand,
  suspend,
} from './helpers/processes.ts';

interface Scene {
  database: TestDatabase;
  observer: Observer;
  before: OwnedRows;
  /** Starts a command that does not outlive the test. */
  start: (...args: string[]) => Started;
}

async function withScene(
  mode: Mode,
  options: NotebookOptions,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const database = await createNotebook(mode, options);
  const observer = await observe(database);
  const all: Started[] = [];
  const start = (...args: string[]) => {
    const started = startCommand(database, ...args);
    all.push(started);
    return started;
  };
  try {
    await work({ database, observer, before: await readNotebook(database), start });
  } finally {
    for (const { child } of all) child.kill('SIGKILL');
    await Promise.all(all.map(({ finished }) => finished));
    await observer.close();
    await database.drop();
  }
}

/** Starts step 2 and stops it between two batches. */
async function startAndSuspend({ observer, start }: Scene): Promise<Started> {
  const owned = await observer.countOwned();
  const first = start(...STEP_2);
  await suspend(first, observer, async () => (await observer.countOwned()) > owned);
  return first;
}

/** As after a network cut, or a night in which the machine slept: the lock is gone, the process is not. */
async function makeLookDead(database: TestDatabase): Promise<void> {
  if (database.provider === 'postgresql') {
    await database.run(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'prisma-ownership'`);
    return;
  }
  if (database.provider === 'mysql') {
    const name = new URL(database.url).pathname.slice(1);
    const [holder] = await database.query(`SELECT IS_USED_LOCK('${name}.ownership_writer') AS id`);
    await database.run(`KILL ${holder?.id}`);
    return;
  }
  const journal = new BetterSqlite3(journalFileOf(database));
  journal.exec("UPDATE run SET heartbeat = '2020-02-02T02:02:02.000Z'");
  journal.close();
}

function unownedOf(rows: OwnedRows): string[] {
  return [...rows].filter(([, { owner }]) => owner === null).map(([id]) => id);
}

/** All that had no owner is journaled, once, and is the owner's. */
async function assertAssignedOnce({ database, before }: Scene): Promise<void> {
  const journaled = (await readBatches(database)).flatMap(({ rows }) => rows);
  assert.equal(new Set(journaled).size, journaled.length, 'a row is journaled twice');
  assertSameSet(journaled, unownedOf(before), 'journaled rows');
  const rows = await readNotebook(database);
  for (const [id, { owner }] of before) assert.equal(rows.get(id)?.owner, owner ?? OWNER, id);
}

for (const mode of MODES) {
  describe(`two writers, on ${mode}`, () => {
    it('refuses a second step 2 and a rollback while one is going on, and names the process that writes', () =>
      withScene(mode, { notes: 16_000, noteTags: 4_000 }, async (scene) => {
        const { database } = scene;
        const first = await startAndSuspend(scene);
        const [run] = await queryJournal(database, 'run');
        const rows = await readNotebook(database);
        for (const command of [STEP_2, ROLLBACK]) {
          const { code, stdout } = await runCommand(database, ...command, '--json');
          const { error } = JSON.parse(stdout);
          assert.equal(code, 2, stdout);
          assert.equal(error.code, 'ANOTHER_WRITER', stdout);
          assert.match(error.message, new RegExp(`run ${run?.id} .*process ${first.child.pid} `));
          assert.match(error.message, /Nothing was changed\.$/);
          assert.equal((await runRemedy(database, error.remedy, 'migration:status')).code, 0);
        }
        assert.deepEqual(await readNotebook(database), rows);
        const status = JSON.parse((await runCommand(database, 'status', '--json')).stdout);
        assert.equal(status.runs[0].process.pid, first.child.pid);

        first.child.kill('SIGCONT');
        const { code, stderr } = await first.finished;
        assert.equal(code, 0, stderr);
        await assertAssignedOnce(scene);
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
      }));

    it('lets exactly one write when two are started at the same moment', () =>
      withScene(mode, { notes: 16_000 }, async (scene) => {
        const { database, observer, start } = scene;
        const both = [start(...STEP_2, '--json'), start(...STEP_2, '--json')] as const;
        let winner: Started | undefined;
        while (!winner) {
          const [run] = await queryJournal(database, 'run');
          winner = both.find(({ child }) => Number(run?.pid) === child.pid);
          assert.ok(!both.every(({ hasEnded }) => hasEnded()), 'both ended and none wrote');
        }
        // Until the other one has met it; stopped in time, or else it has written all and the other finds nothing to do.
        await suspend(winner, observer, async () => true);
        const loser = both.find((each) => each !== winner) as Started;
        const refused = await loser.finished;
        assert.equal(refused.code, 2, refused.stdout);
        assert.equal(JSON.parse(refused.stdout).error.code, 'ANOTHER_WRITER');
        winner.child.kill('SIGCONT');
        assert.equal((await winner.finished).code, 0);
        assert.equal((await queryJournal(database, 'run')).length, 1);
        await assertAssignedOnce(scene);
      }));
  });

  describe(`a process that was taken for dead, on ${mode}`, () => {
    it('writes no more once another has carried its run on', () =>
      withScene(mode, { notes: 16_000 }, async (scene) => {
        const { database } = scene;
        const first = await startAndSuspend(scene);
        await makeLookDead(database);
        const second = await runCommand(database, ...STEP_2);
        assert.equal(second.code, 0, second.stderr);
        const rows = await readNotebook(database);
        first.child.kill('SIGCONT');
        const { code, stderr } = await first.finished;
        assert.equal(code, 2, stderr);
        assert.match(stderr, /^error: (another process carries run|the connection to the database)/m);
        assert.deepEqual(await readNotebook(database), rows);
        assert.equal((await queryJournal(database, 'run')).length, 1);
        await assertAssignedOnce(scene);
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
      }));
  });

  describe(`the user is deleted while step 2 is going on, on ${mode}`, () => {
    const references = {
      'with no foreign key': '',
      'with ON DELETE SET NULL': 'REFERENCES "User"(id) ON DELETE SET NULL',
    };
    for (const [name, reference] of Object.entries(references)) {
      it(`stops with USER_GONE and undoes all by its own command, ${name}`, () =>
        withScene(mode, { notes: 16_000, references: reference }, async (scene) => {
          const { database, before } = scene;
          const first = await startAndSuspend(scene);
          await database.run(`DELETE FROM "User" WHERE id = '${OWNER}'`);
          first.child.kill('SIGCONT');
          const { code, stderr } = await first.finished;
          assert.equal(code, 2, stderr);
          assert.match(
            stderr,
            new RegExp(`^error: the user "${OWNER}" was deleted while run \\w+ was working`, 'm'),
          );
          const undone = await runRemedy(database, stderr, 'migration:rollback');
          assert.equal(undone.code, 0, undone.stderr);
          const rows = await readNotebook(database);
          for (const [id, { owner }] of before) {
            const expected = owner === OWNER && reference !== '' ? null : owner;
            assert.equal(rows.get(id)?.owner, expected, id);
          }
        }));
    }
  });
}

describe('a lock that no run has, on PostgreSQL', () => {
  /** Takes the writer's lock, as a command does; returns how to give it back. */
  async function holdLock({ url }: TestDatabase): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('SELECT pg_advisory_lock(478745093490)');
    return () => client.end();
  }

  it('is waited for, because a process that has just ended keeps it for an instant', () =>
    withScene('PostgreSQL', { notes: 20 }, async ({ database, start }) => {
      const release = await holdLock(database);
      const waiting = start('cleanup', '--confirm');
      await until(database, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'prisma-ownership'");
      await release();
      const { code, stderr } = await waiting.finished;
      assert.equal(code, 0, stderr);
    }));

  it('is not waited for for ever', () =>
    withScene('PostgreSQL', { notes: 20 }, async ({ database }) => {
      const release = await holdLock(database);
      const { code, stdout } = await runCommand(database, 'cleanup', '--confirm', '--json');
      await release();
      assert.deepEqual([code, JSON.parse(stdout).error.code], [2, 'ANOTHER_WRITER']);
    }));
});

/** Waits until a query finds something. */
async function until(database: TestDatabase, query: string): Promise<void> {
  while ((await database.query(query)).length === 0) await setTimeout(5);
}
