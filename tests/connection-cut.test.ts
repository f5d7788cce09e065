import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMissing, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { queryJournal } from './helpers/journal.ts';
import { assertJournaled, assertUndoneOrJournaled } from './helpers/journaled-changes.ts';
import { createNotebook, type Mode, readNotebook } from './helpers/notebook.ts';
import type { OwnedRows } from './helpers/owned-rows.ts';
import { observe, ROLLBACK, runCommand, STEP_2, STEP_3 } from './helpers/processes.ts';
import { type Cut, type CuttingProxy, startProxy } from './helpers/proxy.ts';

interface Scene {
  mode: Mode;
  database: TestDatabase;
  /** The same database, by way of the proxy. */
  behind: TestDatabase;
  proxy: CuttingProxy;
  before: OwnedRows;
  dump: string;
  unowned: number;
}

async function withScene(mode: Mode, work: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 1200, noteTags: 300 });
  const proxy = await startProxy(database.url);
  try {
    const before = await readNotebook(database);
    const unowned = [...before.values()].filter(({ owner }) => owner === null).length;
    const behind = { ...database, url: proxy.through(database.url) };
    await work({ mode, database, behind, proxy, before, dump: await database.dump(), unowned });
  } finally {
    await proxy.close();
    await database.drop();
  }
}

function runHere({ url, schemaPath }: TestDatabase, ...args: string[]) {
  return runInProcess([...args, '--schema', schemaPath], { env: { DATABASE_URL: url } });
}

/** Runs a command by way of the proxy, which cuts it; returns what the operator reads. */
async function runAndCut({ database, behind, proxy }: Scene, cut: Cut, args: string[]): Promise<string> {
  proxy.cut(cut);
  const { code, stdout } = await runCommand(behind, ...args, '--json');
  assert.ok(proxy.hasCut(), `it was not cut: ${stdout}`);
  assert.equal(code, 2, stdout);
  const { error } = JSON.parse(stdout);
  assert.equal(error.code, 'CONNECTION_LOST', stdout);
  assert.match(error.message, /^the connection to the database \S+ on 127\.0\.0\.1 was lost: /);
  assert.match(error.message, /\nWhat was committed before stays, and is in the journal\.$/);
  // A statement that the server had already got goes on for a moment, and its connection has the writer's lock.
  const observer = await observe(database);
  while (!(await observer.isAtRest())) await observer.countOwned();
  await observer.close();
  return error.message;
}

/** What the database shows after step 2 was cut: the journal is right, and status tells the same. */
async function assertTold(scene: Scene): Promise<number> {
  const changed = await assertJournaled(scene);
  const { code, stdout } = await runHere(scene.database, 'status', '--json');
  assert.equal(code, 0, stdout);
  const models: { assigned: number }[] = JSON.parse(stdout).runs[0]?.models ?? [];
  assert.equal(
    models.reduce((sum, { assigned }) => sum + assigned, 0),
    changed,
    stdout,
  );
  return changed;
}

/** Types the command again, verifies, and rolls back. */
async function assertFinishes(scene: Scene, target: TestDatabase): Promise<void> {
  const { database, unowned, before, dump } = scene;
  const again = await runHere(target, ...STEP_2, '--json');
  assert.equal(again.code, 0, again.stderr);
  assert.equal((await queryJournal(database, 'run')).length, 1);
  assert.equal(await assertTold(scene), unowned);
  const verified = await runHere(database, ...STEP_3);
  assert.equal(verified.code, 0, verified.stdout);
  const undone = await runHere(database, ...ROLLBACK);
  assert.equal(undone.code, 0, undone.stderr);
  assert.deepEqual(await readNotebook(database), before);
  assert.equal(await database.dump(), dump);
}

const JOURNAL = /CREATE TABLE IF NOT EXISTS \S*\bevent\b/;
const CREATION = /INSERT INTO \S*\brun\b/;
const BATCH = /INSERT INTO \S*\bbatch\b/;
/** The statement that gives rows their owner: on PostgreSQL it is the journal's, too. */
const CHANGE = /STRAIGHT_JOIN|WITH changed AS/;
const END = /'?\bcompleted\b'?/;

/** What of step 2 is cut, and how many batches are committed by then. */
const STEPS: [string, Omit<Cut, 'where'>, number | null][] = [
  ["the journal's creation", { words: JOURNAL }, 0],
  ["the run's creation", { words: CREATION }, 0],
  ['the first batch', { words: BATCH }, 0],
  ['the fifth batch', { words: BATCH, nth: 5 }, 4],
  ["the run's end", { words: END }, null],
];
/** What of a rollback is cut. */
const ROLLBACK_STEPS: [string, Omit<Cut, 'where'>][] = [
  ['its first transaction', { words: /rollback started/ }],
  ['the first batch', { words: /SET rolled_back =/ }],
  ['the fifth batch', { words: /SET rolled_back =/, nth: 5 }],
  ['its end', { words: /\brolledBack\b/ }],
];

for (const mode of ['PostgreSQL', 'MySQL'] as const) {
  const skip = mode === 'MySQL' && isMissing('mysql');
  describe(`a connection that is cut, on ${mode}`, { skip, concurrency: 2 }, () => {
    for (const [name, place, batches] of STEPS) {
      for (const where of ['before COMMIT', 'after COMMIT'] as const) {
        it(`${where} of ${name}: nothing is lost or counted twice, and step 2 is carried on`, () =>
          withScene(mode, async (scene) => {
            const message = await runAndCut(scene, { ...place, where }, STEP_2);
            const changed = await assertTold(scene);
            const found = await queryJournal(scene.database, 'batch');
            const isCounted = where === 'after COMMIT' && place.words === BATCH;
            if (batches === null) assert.equal(changed, scene.unowned);
            else assert.equal(found.length, batches + (isCounted ? 1 : 0), message);
            const target = where === 'after COMMIT' ? scene.behind : scene.database;
            await assertFinishes(scene, target);
          }));
      }
    }

    for (const where of ['half a statement', 'a whole statement'] as const) {
      it(`when the server has got ${where} of a batch: the batch is not changed, and step 2 is carried on`, () =>
        withScene(mode, async (scene) => {
          await runAndCut(scene, { words: CHANGE, nth: 3, where }, STEP_2);
          assert.ok((await assertTold(scene)) > 0);
          assert.equal((await queryJournal(scene.database, 'batch')).length, 2);
          await assertFinishes(scene, scene.behind);
        }));
    }

    for (const [name, place] of ROLLBACK_STEPS) {
      for (const where of ['before COMMIT', 'after COMMIT'] as const) {
        it(`${where} of ${name}, in a rollback: typed again, it does the rest`, () =>
          withScene(mode, async (scene) => {
            const { database, behind, dump } = scene;
            assert.equal((await runHere(database, ...STEP_2)).code, 0);
            await runAndCut(scene, { ...place, where }, ROLLBACK);
            await assertUndoneOrJournaled(scene);
            const again = await runHere(behind, ...ROLLBACK, '--json');
            const isOver = name === 'its end' && where === 'after COMMIT';
            assert.equal(again.code, isOver ? 2 : 0, again.stdout);
            if (isOver) assert.equal(JSON.parse(again.stdout).error.code, 'NOTHING_TO_ROLL_BACK');
            assert.equal(await database.dump(), dump);
          }));
      }
    }
  });
}
