import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { Client } from 'pg';
import { createDatabase, isMissing, type TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import { runOn } from './helpers/life-cycle.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { createNotebook, type Mode, OWNER } from './helpers/notebook.ts';
import { NOTES } from './helpers/notes.ts';
import { runCommand, STEP_2, STEP_3, startCommand, waitUntil } from './helpers/processes.ts';

async function withNotebook(mode: Mode, work: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createNotebook(mode, { notes: 3000 });
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

/** A session of the app that the server works for until it is closed. */
async function keepServerBusy({ provider, url }: TestDatabase): Promise<() => Promise<void>> {
  if (provider === 'mysql') {
    const { query, close } = await connectMysql(url);
    const admin = await connectMysql(url);
    const [row] = await query('SELECT CONNECTION_ID() AS id');
    const asleep = query('SELECT SLEEP(600)').catch(() => undefined);
    return async () => {
      await admin.query(`KILL ${row?.id}`);
      await asleep;
      await close().catch(() => undefined);
      await admin.close();
    };
  }
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const asleep = client.query('SELECT pg_sleep(600)').catch(() => undefined);
  const admin = new Client({ connectionString: url });
  await admin.connect();
  return async () => {
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'",
    );
    await asleep;
    await admin.end();
  };
}

for (const mode of ['PostgreSQL', 'MySQL'] as const) {
  const skip = mode === 'MySQL' && isMissing('mysql');
  describe(`--max-load, on ${mode}`, { skip }, () => {
    it('holds a run back while the server works for others, says so, and lets it go on afterwards', () =>
      withNotebook(mode, async (database) => {
        const release = await keepServerBusy(database);
        const started = startCommand(database, ...STEP_2, '--max-load=0');
        const isWaiting = await waitUntil(started, async () => {
          const [control] = await queryJournal(database, 'control');
          return /^the server works for \d+ other sessions \(--max-load 0\)$/.test(String(control?.waiting));
        }).finally(release);
        assert.ok(isWaiting, 'it did not wait');
        assert.deepEqual(await queryJournal(database, 'batch'), []);
        // Other tests may be at work on the same server: then it goes on waiting, and is let go by hand.
        started.child.kill('SIGINT');
        const { code, stderr } = await started.finished;
        assert.ok(code === 130 || code === 0, `exit ${code}: ${stderr}`);
        assert.match(stderr, /^Waiting: the server works for \d+ other sessions \(--max-load 0\)\.$/m);
        assert.equal((await runCommand(database, ...STEP_2, '--max-load=100000')).code, 0);
        assert.equal((await runCommand(database, ...STEP_3)).code, 0);
      }));
  });
}

describe('--rate and --pause-ms', () => {
  it('are kept, and repeated in the command that carries the run on', () =>
    withNotebook('SQLite', async (database) => {
      // It would begin with more rows than a second may have, and its batches would grow.
      const step = ['production-safe', OWNER, '--step=2', '--batch-size=2000'];
      const started = startCommand(database, ...step, '--rate=500', '--pause-ms=20');
      await waitUntil(started, async () => (await queryJournal(database, 'batch')).length >= 3);
      started.child.kill('SIGINT');
      const { code, stdout } = await started.finished;
      assert.equal(code, 130, stdout);
      assert.match(stdout, /^To carry on: .* --pause-ms=20 --rate=500$/m);
      const batches = await queryJournal(database, 'batch', 'ORDER BY sequence');
      const [first, last] = [batches[0], batches.at(-1)].map((each) => Date.parse(String(each?.committed)));
      const rows = batches.slice(0, -1).reduce((sum, each) => sum + Number(each.changed_rows), 0);
      assert.ok(rows / 500 <= (Number(last) - Number(first)) / 1000 + 0.1, 'it was faster than its rate');
      assert.ok(
        batches.every(({ changed_rows }) => Number(changed_rows) <= 500),
        'a batch was a burst',
      );
    }));
});

describe('a limit that cannot be kept', () => {
  const refused: [
    what: string,
    provider: TestDatabase['provider'],
    flag: string,
    code: string,
    env?: string,
  ][] = [
    ['--max-lag on SQLite', 'sqlite', '--max-lag=2', 'THROTTLE_UNSUPPORTED'],
    ['--max-load on SQLite', 'sqlite', '--max-load=2', 'THROTTLE_UNSUPPORTED'],
    ['--max-lag without REPLICA_URLS', 'mysql', '--max-lag=2', 'REPLICAS_MISSING'],
    ['a replica of another kind', 'mysql', '--max-lag=2', 'REPLICA_URL_INVALID', 'postgresql://u:secret@h/d'],
    ['a replica URL that is none', 'mysql', '--max-lag=2', 'REPLICA_URL_INVALID', 'mysql://u:secret@h'],
    [
      'a replica that does not answer',
      'mysql',
      '--max-lag=2',
      'REPLICA_UNREADABLE',
      'mysql://u:secret@127.0.0.1:9/d',
    ],
    ['a replica that follows nobody', 'mysql', '--max-lag=2', 'REPLICA_UNREADABLE', 'self'],
  ];
  for (const [what, provider, flag, expected, replicas] of refused)
    it(`is refused before anything is written: ${what}`, { skip: isMissing(provider) }, async () => {
      const database = await createDatabase(provider, NOTES);
      try {
        const env = replicas ? { REPLICA_URLS: replicas === 'self' ? database.url : replicas } : {};
        const step = ['production-safe', 'ana', '--step=2', flag];
        const { code, stdout, stderr } = await runOn({ ...database }, step, false, env);
        assert.equal(code, 2, stdout);
        const { error } = JSON.parse(stdout);
        assert.equal(error.code, expected, stdout);
        assert.doesNotMatch(stdout + stderr, /secret/);
        assert.match(error.message, /Nothing was changed\.$/);
        assert.deepEqual(await queryJournal(database, 'run'), []);
      } finally {
        await database.drop();
      }
    });

  it('is refused where the role may not see the other sessions, on PostgreSQL', async () => {
    const database = await createDatabase('postgresql', NOTES);
    const role = `blind_${process.pid}`;
    try {
      await database.run(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role};
        GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${role}`);
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'x'];
      const holder = new Client({ connectionString: database.url });
      await holder.connect();
      const step = ['production-safe', 'ana', '--step=2', '--max-load=5'];
      const { stdout } = await runOn({ ...database, url: url.href }, step);
      await holder.end();
      assert.equal(JSON.parse(stdout).error.code, 'LOAD_UNKNOWN', stdout);
      assert.deepEqual(await queryJournal(database, 'run'), []);
    } finally {
      await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await database.drop();
    }
  });
});

describe('--max-lag without a replica, on PostgreSQL', () => {
  it('has nothing to wait for, and says so', () =>
    withNotebook('PostgreSQL', async (database) => {
      const { code, stdout, stderr } = await runCommand(database, ...STEP_2, '--max-lag=1', '--json');
      assert.equal(code, 0, stdout);
      assert.match(stderr, /^No replica follows this server now: --max-lag has nothing to wait for yet\.$/m);
      assert.equal(JSON.parse(stdout).user.id, OWNER);
    }));
});
