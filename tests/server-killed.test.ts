import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { queryJournal } from './helpers/journal.ts';
import { assertJournaled, assertUndoneOrJournaled } from './helpers/journaled-changes.ts';
import {
  createMortalMariadb,
  createMortalPostgres,
  type MortalServer,
  NO_MARIADB,
} from './helpers/mortal-server.ts';
import { createNotebook, OWNER, readNotebook } from './helpers/notebook.ts';
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

const SERVERS = [
  { mode: 'PostgreSQL', setting: 'TEST_POSTGRES_URL', create: createMortalPostgres, skip: false },
  { mode: 'MySQL', setting: 'TEST_MYSQL_URL', create: createMortalMariadb, skip: NO_MARIADB },
] as const;

/** How much of the work is done when the server dies; 0 is as soon as the run is in the journal. */
const MOMENTS = [0, 0.1, 0.4, 0.7];

/** Kills the server in the middle of a command, and asserts that the command said so. */
async function killDuring(
  server: MortalServer,
  started: Started,
  holds: () => Promise<boolean>,
): Promise<void> {
  assert.ok(await waitUntil(started, holds), 'the command ended before the server could be killed');
  await server.kill();
  const { code, stdout, stderr } = await started.finished;
  assert.equal(code, 2, stderr);
  assert.match(stderr, /^error: the connection to the database .* was lost: /m);
  assert.match(stderr, /^What was committed before stays, and is in the journal\.$/m);
  assert.equal(stdout, '');
}

for (const { mode, setting, create, skip } of SERVERS) {
  describe(`the server is killed and started again, on ${mode}`, { skip }, () => {
    let server: MortalServer | undefined;
    before(async () => {
      server = await create();
      await server.start();
      // Databases of this file are made there.
      process.env[setting] = server.url;
    });
    after(() => server?.stop());

    it('in the middle of step 2 and of a rollback: each is finished by typing it again, and nothing is lost', async () => {
      assert.ok(server);
      const database = await createNotebook(mode, { notes: 8000, noteTags: 2000 });
      const rows = await readNotebook(database);
      const dump = await database.dump();
      const scene = { mode, database, before: rows };
      const unowned = [...rows.values()].filter(({ owner }) => owner === null).length;
      /** The observer's connection is closed before the server dies. */
      const reaches = (isReached: (owned: number) => boolean) => async () => {
        const observer = await observe(database);
        const owned = await observer.countOwned();
        await observer.close();
        return isReached(owned);
      };
      const base = [...rows.values()].filter(({ owner }) => owner === OWNER).length;

      for (const moment of MOMENTS) {
        const isTold = async () => (await queryJournal(database, 'run')).length > 0;
        const isFar = reaches((count) => count > base + unowned * moment);
        await killDuring(server, startCommand(database, ...STEP_2), moment === 0 ? isTold : isFar);
        if (moment === 0) {
          const { code, stderr } = await runCommand(database, ...STEP_2);
          assert.equal(code, 2, stderr);
          assert.match(stderr, /^error: the database .* cannot be opened: .*\nNothing was changed\.$/m);
        }
        await server.start();
        await assertJournaled(scene, `killed at ${moment}`);
      }
      const finished = await runCommand(database, ...STEP_2);
      assert.equal(finished.code, 0, finished.stderr);
      assert.equal((await queryJournal(database, 'run')).length, 1);
      assert.equal(await assertJournaled(scene), unowned);
      const verified = await runCommand(database, ...STEP_3);
      assert.equal(verified.code, 0, verified.stdout);

      const isHalfUndone = reaches((count) => count < base + unowned / 2);
      await killDuring(server, startCommand(database, ...ROLLBACK), isHalfUndone);
      await server.start();
      await assertUndoneOrJournaled(scene);
      const undone = await runCommand(database, ...ROLLBACK);
      assert.equal(undone.code, 0, undone.stderr);
      assert.equal(await database.dump(), dump);
    });
  });
}
