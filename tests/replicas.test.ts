import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import type { TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import { createMortalMariadb, type MortalServer, NO_MARIADB } from './helpers/mortal-server.ts';
import { queryMysql } from './helpers/mysql-database.ts';
import { createNotebook, type Mode, readNotebook } from './helpers/notebook.ts';
import {
  ROLLBACK,
  runCommand,
  STEP_2,
  STEP_3,
  type Started,
  startCommand,
  waitUntil,
} from './helpers/processes.ts';
import {
  NO_STANDBY,
  type ReplicatedPostgres,
  startReplicatedPostgres,
} from './helpers/replicated-postgres.ts';

const LIMITED = [...STEP_2, '--max-lag=0.3', '--rate=1500'];
const OWNED = `SELECT count(*) AS n FROM "Note" WHERE "userId" = 'cm3owner0000'`;

/** Waits until the run says that it waits for a replica, in these words. */
async function waitForLag(database: TestDatabase, started: Started, words: RegExp): Promise<void> {
  const isWaiting = async () => {
    const [control] = await queryJournal(database, 'control');
    return words.test(String(control?.waiting));
  };
  assert.ok(await waitUntil(started, isWaiting), 'the run ended before it waited');
}

/** Step 2 waits for a replica that does not follow, and goes on when it does; then its rows are there as well. */
async function holdAndRelease(
  mode: Mode,
  replica: {
    env?: Record<string, string>;
    hold: () => Promise<unknown>;
    release: () => Promise<unknown>;
    words: RegExp;
    countOwned: (database: TestDatabase) => Promise<number>;
  },
): Promise<void> {
  const created = await createNotebook(mode, { notes: 4000 });
  const database = { ...created, ...(replica.env ? { env: replica.env } : {}) };
  try {
    const before = await readNotebook(database);
    const [owned] = await database.query(OWNED);
    // It has what is there before it is stopped.
    while ((await replica.countOwned(database).catch(() => -1)) !== Number(owned?.n));
    await replica.hold();
    const started = startCommand(database, ...LIMITED);
    try {
      await waitForLag(database, started, replica.words);
      const batches = await queryJournal(database, 'batch');
      const status = await runCommand(database, 'status');
      assert.match(status.stdout, /waiting since \S+Z: the replica /);
      assert.equal((await queryJournal(database, 'batch')).length, batches.length);
    } finally {
      await replica.release();
    }
    const { code, stderr } = await started.finished;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Waiting: the replica .+ \(--max-lag 0\.3\)\.\nGoing on\.$/m);
    assert.equal((await runCommand(database, ...STEP_3)).code, 0);
    const [all] = await database.query(OWNED);
    while ((await replica.countOwned(database)) !== Number(all?.n));
    assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
    assert.deepEqual(await readNotebook(database), before);
  } finally {
    await database.drop();
  }
}

describe('--max-lag with a standby, on PostgreSQL', { skip: NO_STANDBY }, () => {
  let servers: ReplicatedPostgres;
  const countOwned = async ({ url }: TestDatabase) => Number((await servers.onStandby(url, OWNED))[0]?.n);
  before(async () => {
    servers = await startReplicatedPostgres();
    // Databases of these tests are made on this server.
    process.env.TEST_POSTGRES_URL = servers.url;
  });
  after(() => servers.stop());

  it('holds a run back while the standby does not replay, says so, and goes on when it does', () =>
    holdAndRelease('PostgreSQL', {
      hold: () => servers.onStandby(servers.url, 'SELECT pg_wal_replay_pause()'),
      release: () => servers.onStandby(servers.url, 'SELECT pg_wal_replay_resume()'),
      words: /^the replica .*walreceiver at 127\.0\.0\.1 is \d+\.\d s behind/,
      countOwned,
    }));

  it('holds a run back while a standby is gone that was there, and goes on when it is back', async () => {
    const database = await createNotebook('PostgreSQL', { notes: 6000 });
    try {
      const started = startCommand(database, ...LIMITED);
      await waitUntil(started, async () => (await queryJournal(database, 'batch')).length > 1);
      await servers.killStandby();
      try {
        await waitForLag(database, started, /^the replica of the slot standby is \d+\.\d s behind/);
      } finally {
        await servers.startStandby();
      }
      const { code, stderr } = await started.finished;
      assert.equal(code, 0, stderr);
      assert.equal((await runCommand(database, ...STEP_3)).code, 0);
    } finally {
      await database.drop();
    }
  });

  it('status says how far each replica is behind', async () => {
    const database = await createNotebook('PostgreSQL', { notes: 10 });
    try {
      assert.equal((await runCommand(database, ...STEP_2)).code, 0);
      const { replicas } = JSON.parse((await runCommand(database, 'status', '--json')).stdout);
      assert.deepEqual(
        replicas.map(({ replica, seconds }: { replica: string; seconds: unknown }) => [
          replica,
          typeof seconds,
        ]),
        [
          ['walreceiver at 127.0.0.1', 'number'],
          ['of the slot standby', 'number'],
        ],
      );
      assert.match(
        (await runCommand(database, 'status')).stdout,
        /^Replica walreceiver at 127\.0\.0\.1: \d+\.\d s behind$/m,
      );
    } finally {
      await database.drop();
    }
  });
});

describe('--max-lag with a replica, on MariaDB', { skip: NO_MARIADB }, () => {
  let primary: MortalServer;
  let replica: MortalServer;
  before(async () => {
    primary = await createMortalMariadb(['--server-id=1', '--log-bin=log', '--binlog-format=ROW']);
    replica = await createMortalMariadb(['--server-id=2']);
    await primary.start();
    await replica.start();
    await queryMysql(
      replica.url,
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${new URL(primary.url).port}, MASTER_USER = 'root'; START SLAVE`,
    );
    process.env.TEST_MYSQL_URL = primary.url;
  });
  after(async () => {
    await replica?.stop();
    await primary?.stop();
  });

  it('holds a run back while the replica has stopped, says so, and goes on when it follows', () =>
    holdAndRelease('MySQL', {
      env: { REPLICA_URLS: `${replica.url}/mysql` },
      hold: () => queryMysql(replica.url, 'STOP SLAVE SQL_THREAD'),
      release: () => queryMysql(replica.url, 'START SLAVE SQL_THREAD'),
      words: /^the replica 127\.0\.0\.1 does not replicate/,
      countOwned: async ({ url }) => {
        const [row] = await queryMysql(`${replica.url}${new URL(url).pathname}`, OWNED);
        return Number(row?.n);
      },
    }));
});
