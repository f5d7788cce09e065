import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { readBackup } from '../../src/backup/read-backup.ts';
import { loadBackup } from '../../src/backup/load-backup.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { ALL_PROVIDERS, createDatabase, type TestDatabase } from '../helpers/database.ts';
import { openUrl, outOf } from '../helpers/backup.ts';
import { runCommand, startCommand, waitUntil } from '../helpers/processes.ts';
import { createLedger, startTransfers, TOTAL } from '../helpers/transfers.ts';

/** Backs up a database whose money is moved all the time, restores the backup and counts the money. */
async function assertOneMoment(database: TestDatabase, extra: readonly string[] = []): Promise<void> {
  const stop = await startTransfers(database);
  const out = join(database.folder, 'backups');
  const done = await runCommand(database, 'backup', '--verify', '--json', `--out=${out}`, ...extra);
  const transfers = await stop();
  assert.equal(done.code, 0, done.stderr + done.stdout);
  assert.ok(transfers > 10, `the app wrote only ${transfers} times`);
  const { path, verified } = JSON.parse(done.stdout);
  // The digests are of the database, the dump is the tool's: they agree only where both saw one moment.
  assert.deepEqual([verified.tables, verified.rows], [3, 20_040]);
  const copy = await createDatabase(database.provider, { ddl: '', models: '' });
  try {
    await loadBackup(readBackup(path), openUrl(copy), { env: process.env });
    const [row] = await copy.query(
      'SELECT (SELECT sum(balance) FROM a_account) + (SELECT sum(balance) FROM z_account) AS total, (SELECT sum(balance) FROM z_account) AS moved',
    );
    assert.equal(Number(row?.total), TOTAL);
  } finally {
    await copy.drop();
  }
}

async function withLedger(
  provider: TestDatabase['provider'],
  work: (database: TestDatabase) => Promise<void>,
): Promise<void> {
  const database = await createLedger(provider);
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

describe('a backup while the app writes', () => {
  for (const provider of ALL_PROVIDERS)
    it(`is of one moment, dump and digests alike, on ${provider}`, { skip: cannotDump(provider) }, () =>
      withLedger(provider, (database) => assertOneMoment(database)),
    );

  it('is of one moment on SQLite in WAL mode', () =>
    withLedger('sqlite', async (database) => {
      await database.query('PRAGMA journal_mode = wal');
      await assertOneMoment(database);
    }));

  it('waits on PostgreSQL for a migration that has locked a table', { skip: cannotDump('postgresql') }, () =>
    withLedger('postgresql', async (database) => {
      const migration = new Client({ connectionString: database.url });
      await migration.connect();
      try {
        await migration.query('BEGIN; ALTER TABLE z_account ADD COLUMN note text');
        const started = startCommand(database, 'backup', '--json', `--out=${outOf(database)}`);
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        assert.ok(await waitUntil(started, async () => (await database.query(waiting)).length > 0));
        // Longer than our own transactions wait for a lock.
        await sleep(600);
        await migration.query('COMMIT');
        const { code, stdout, stderr } = await started.finished;
        assert.equal(code, 0, stderr + stdout);
      } finally {
        await migration.end();
      }
    }),
  );

  it('is of one moment on PostgreSQL with several jobs', { skip: cannotDump('postgresql') }, () =>
    withLedger('postgresql', (database) => assertOneMoment(database, ['--jobs=3'])),
  );
});
