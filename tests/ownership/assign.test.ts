import { strict as assert } from 'node:assert';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Client } from 'pg';
import { createDatabase, PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { type InProcessOptions, runInProcess } from '../helpers/in-process.ts';
import { answer, runOn } from '../helpers/life-cycle.ts';
import { NOTES } from '../helpers/notes.ts';
import { announcement, assertUntouched } from '../helpers/refusals.ts';
import { takeSnapshot } from '../helpers/snapshot.ts';

const ASSIGN = ['production-safe', 'ana', '--step=2', '--batch-size=100'];
const CTRL_C = '\nStopping after the current batch; press Ctrl-C again to stop at once, which is safe too.\n';

/** 300 notes without an owner beside the usual four. */
const MANY = `INSERT INTO "Note"
  WITH RECURSIVE counted (n) AS (SELECT 101 UNION ALL SELECT n + 1 FROM counted WHERE n < 400) SELECT n, 'n', NULL FROM counted;`;

function runHere({ folder, url }: TestDatabase, args: readonly string[], more: InProcessOptions = {}) {
  return runInProcess(args, { cwd: folder, env: { DATABASE_URL: url }, ...more });
}

/** A server in front of a server, that can be gone from one moment to the next. */
async function startProxy(target: string): Promise<{ url: string; stop: () => void }> {
  const { hostname, port } = new URL(target);
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: url.href, stop };
}

async function countUnowned(database: TestDatabase): Promise<number> {
  const [row] = await database.query('SELECT count(*) AS n FROM "Note" WHERE "userId" IS NULL');
  return Number(row?.n);
}

for (const provider of PROVIDERS) {
  const createNotes = async (t: TestContext, more = '') => {
    const database = await createDatabase(provider, { ...NOTES, ddl: `${NOTES.ddl}${more}` });
    t.after(database.drop);
    return database;
  };

  describe(`step 2 on ${provider}`, () => {
    for (const [what, sql] of [
      ['every row has an owner', `UPDATE "Note" SET "userId" = 'ben' WHERE "userId" IS NULL;`],
      ['the table is empty', 'DELETE FROM "Note";'],
    ]) {
      it(`says that there is nothing to do, and creates no journal, when ${what}`, async (t) => {
        const database = await createNotes(t, sql);
        await assertUntouched(database, async () => {
          const finished = await runHere(database, ASSIGN);
          assert.deepEqual(finished, {
            code: 0,
            stdout: `Step 2, assign, to ana (ana@example.com)

Nothing to do: no row is without an owner.
To verify:  npm run migration:verify ana
`,
            stderr: announcement(database),
          });
        });
      });
    }

    it('stops on Ctrl-C with 130, says how to go on, and goes on with the same run', async (t) => {
      const database = await createNotes(t, MANY);
      const onInterrupt = (stop: () => void) => {
        stop();
        return () => undefined;
      };
      const stopped = await runHere(database, ASSIGN, { onInterrupt });
      const said = `${announcement(database)}warning: no backup of this database is known\n${CTRL_C}`;
      assert.deepEqual([stopped.code, stopped.stderr], [130, said]);
      const run = /^Run (\w+)$/m.exec(stopped.stdout)?.[1];
      const printed = stopped.stdout.replace(/assigned in .*?\. /, 'assigned in a moment. ');
      assert.equal(
        printed,
        `Step 2, assign, to ana (ana@example.com)

  model  assigned  batches  without owner
  Note          0        0            302

0 rows assigned in a moment. 302 rows still without an owner.
To carry on:  npm run migration:assign ana
To undo:      npm run migration:rollback -- --confirm --run ${run}
Run ${run}
`,
      );
      assert.equal(answer(await runOn(database, ['status'])).runs[0].status, 'paused');

      const verified = await runOn(database, ['production-safe', 'ana', '--step=3']);
      const codes = JSON.parse(verified.stdout).findings.map(({ code }: { code: string }) => code);
      assert.deepEqual([verified.code, codes], [1, ['UNOWNED', 'RUN_OPEN']]);

      const carriedOn = answer(await runOn(database, ASSIGN));
      assert.deepEqual([carriedOn.run, carriedOn.ok, carriedOn.models[0].assigned], [run, true, 302]);
      assert.equal(await countUnowned(database), 0);
    });

    it('begins a new run for rows that came after the last one was completed', async (t) => {
      const database = await createNotes(t);
      const first = answer(await runOn(database, ASSIGN));
      await database.run(`INSERT INTO "Note" VALUES (5, 'new', NULL)`);
      const second = answer(await runOn(database, ASSIGN));
      assert.notEqual(second.run, first.run);
      assert.deepEqual(second.models, [{ model: 'Note', assigned: 1, unowned: 0, batches: 1 }]);
      const { runs } = answer(await runOn(database, ['status']));
      assert.deepEqual(
        runs.map(({ id, status }: { id: string; status: string }) => [id, status]),
        [
          [second.run, 'completed'],
          [first.run, 'completed'],
        ],
      );
    });

    it('leaves exactly the rows that the database refuses, says which, and assigns them when it is allowed', async (t) => {
      const isRefused = 'NEW."id" IN (250, 251)';
      const refuse =
        provider === 'sqlite'
          ? `CREATE TRIGGER refuse BEFORE UPDATE ON "Note" WHEN ${isRefused} BEGIN SELECT RAISE(ABORT, 'not this one'); END;`
          : `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
             CREATE TRIGGER refuse BEFORE UPDATE ON "Note" FOR EACH ROW WHEN (${isRefused}) EXECUTE FUNCTION refuse();`;
      const database = await createNotes(t, `${MANY}${refuse}`);
      const { code, stdout } = await runHere(database, [...ASSIGN, '--json']);
      const left = JSON.parse(stdout);
      assert.deepEqual([code, left.ok, left.models[0].assigned, left.models[0].unowned], [2, false, 300, 2]);
      const skipped = left.findings.filter((each: { code: string }) => each.code === 'BATCH_SKIPPED');
      assert.deepEqual(
        skipped.map(({ message }: { message: string }) => message),
        [
          'the rows without an owner with keys after 249 up to 250 were left as they are: not this one',
          'the rows without an owner with keys after 250 up to 251 were left as they are: not this one',
        ],
      );
      const { runs } = answer(await runOn(database, ['status']));
      assert.deepEqual([runs[0].status, runs[0].process], ['paused', null]);

      await database.run(provider === 'sqlite' ? 'DROP TRIGGER refuse' : 'DROP TRIGGER refuse ON "Note"');
      const { run, models } = answer(await runOn(database, ASSIGN));
      assert.deepEqual([run, models[0].assigned, models[0].unowned], [runs[0].id, 302, 0]);
    });

    it('gives up where the database refuses every row, with nothing changed', async (t) => {
      const refuse =
        provider === 'sqlite'
          ? `CREATE TRIGGER refuse BEFORE UPDATE ON "Note" BEGIN SELECT RAISE(ABORT, 'none at all'); END;`
          : `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'none at all'; END $$;
             CREATE TRIGGER refuse BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION refuse();`;
      const database = await createNotes(t, `${MANY}${refuse}`);
      const before = await takeSnapshot(database);
      const { code, stdout, stderr } = await runHere(database, ASSIGN);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /batch 1 of Note was rolled back: none at all/);
      assert.deepEqual(await takeSnapshot(database), before);
    });

    it('does not begin while a run for another user is unfinished', async (t) => {
      const database = await createNotes(t);
      const onInterrupt = (stop: () => void) => {
        stop();
        return () => undefined;
      };
      const { stdout } = await runHere(database, [...ASSIGN, '--json'], { onInterrupt });
      const { run } = JSON.parse(stdout);
      const before = await takeSnapshot(database);
      const { code, stdout: refused } = await runOn(database, ['production-safe', 'ben', '--step=2']);
      assert.equal(code, 2);
      assert.match(
        JSON.parse(refused).error.message,
        new RegExp(`\\n  run ${run} for another user, ana, is paused\\n`),
      );
      assert.deepEqual(await takeSnapshot(database), before);
    });
  });
}

describe('step 2 when the world changes under it', () => {
  /** Keeps row 250 locked, and so the second batch waiting; calls `meanwhile` when the first one is committed. */
  async function assignUpToRow250(
    database: TestDatabase,
    meanwhile: (other: Client, stop: () => void) => Promise<void>,
  ) {
    const other = new Client({ connectionString: database.url });
    other.on('error', () => undefined);
    await other.connect();
    await other.query('BEGIN; SELECT 1 FROM "Note" WHERE "id" = 250 FOR UPDATE');
    let isOver = false;
    let waiting = Promise.resolve();
    const isCommitted = async () => {
      const there = `SELECT to_regclass('ownership_migration.batch') AS name`;
      if (!(await database.query(there))[0]?.name) return false;
      return (await database.query('SELECT 1 FROM ownership_migration.batch')).length > 0;
    };
    const onInterrupt = (stop: () => void) => {
      waiting = (async () => {
        while (!(await isCommitted())) assert.ok(!isOver, 'the run ended before its first batch');
        await meanwhile(other, stop);
      })();
      return () => undefined;
    };
    try {
      const finished = await runHere(database, ASSIGN, { onInterrupt });
      isOver = true;
      await waiting;
      return finished;
    } finally {
      await other.end().catch(() => undefined);
    }
  }

  it('does not say that nothing was changed when the server goes away after some batches (postgresql)', async (t) => {
    const database = await createDatabase('postgresql', { ...NOTES, ddl: `${NOTES.ddl}${MANY}` });
    t.after(database.drop);
    const proxy = await startProxy(database.url);
    const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'prisma-ownership' AND datname = current_database()`;
    const finished = await assignUpToRow250({ ...database, url: proxy.url }, async () => {
      // The connection is cut while no statement is under way: in the pause before the batch is tried again.
      while ((await database.query(`${isWaiting} AND wait_event_type = 'Lock'`)).length === 0);
      while ((await database.query(`${isWaiting} AND state = 'idle'`)).length === 0);
      proxy.stop();
    });
    assert.deepEqual([finished.code, finished.stdout], [2, '']);
    const unowned = await countUnowned(database);
    assert.ok(unowned > 0 && unowned < 302);
    assert.doesNotMatch(finished.stderr, /Nothing was changed/);
  });
});
