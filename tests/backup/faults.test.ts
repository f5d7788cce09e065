import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { assertFails, listBackups, outOf, withNotes } from '../helpers/backup.ts';
import { listScratch } from '../helpers/scratch.ts';
import { ALL_PROVIDERS, queryPostgres, type TestDatabase } from '../helpers/database.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { queryMysql } from '../helpers/mysql-database.ts';
import { runCommand, startCommand, waitUntil } from '../helpers/processes.ts';
import { cannotMount, withDiskAt } from '../helpers/small-disk.ts';
import { createLedger } from '../helpers/transfers.ts';

/** With so many rows that it can be met in the middle. */
async function withLedger(
  provider: TestDatabase['provider'],
  work: (database: TestDatabase, out: string) => Promise<void>,
): Promise<void> {
  const database = await createLedger(provider);
  try {
    await work(database, outOf(database));
  } finally {
    await database.drop();
  }
}

for (const provider of ALL_PROVIDERS) {
  describe(`a backup that ends in the middle, on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('leaves a partial folder when it is killed, which the next one names and lets be', () =>
      withLedger(provider, async (database, out) => {
        const started = startCommand(database, 'backup', `--out=${out}`);
        assert.ok(await waitUntil(started, async () => listBackups(out).partial.length > 0));
        started.child.kill('SIGKILL');
        assert.equal((await started.finished).code, null);
        const left = listBackups(out);
        assert.deepEqual([left.whole.length, left.partial.length], [0, 1]);
        const next = await runCommand(database, 'backup', '--verify', `--out=${out}`);
        assert.equal(next.code, 0, next.stderr);
        const path = join(out, left.partial[0] ?? '');
        assert.ok(next.stderr.includes(`A backup was killed and left ${path}: `), next.stderr);
        assert.deepEqual([listBackups(out).whole.length, listBackups(out).partial], [1, left.partial]);
        await assertNobodyIsLeft(database);
      }));

    it('leaves nothing when it is stopped by Ctrl-C', () =>
      withLedger(provider, async (database, out) => {
        const started = startCommand(database, 'backup', '--json', `--out=${out}`);
        assert.ok(await waitUntil(started, async () => listBackups(out).partial.length > 0));
        started.child.kill('SIGINT');
        const { code, stdout, stderr } = await started.finished;
        assert.equal(code, 130, stderr + stdout);
        assert.equal(JSON.parse(stdout).error.code, 'BACKUP_INTERRUPTED');
        assert.match(stderr, /Nothing of the backup is left\./);
        assert.deepEqual(listBackups(out), { whole: [], partial: [] });
      }));

    it('keeps the backup, and no copy, when Ctrl-C stops its verification', () =>
      withLedger(provider, async (database, out) => {
        const started = startCommand(database, 'backup', '--verify', '--json', `--out=${out}`);
        assert.ok(await waitUntil(started, async () => listBackups(out).whole.length > 0));
        started.child.kill('SIGINT');
        const { code, stdout, stderr } = await started.finished;
        assert.equal(code, 130, stderr + stdout);
        assert.match(stderr, /is whole and stays, but it was not verified\./);
        assert.deepEqual(listBackups(out).whole.length, 1);
        assert.deepEqual(await listScratch(database), []);
      }));
  });
}

/** The tools end with the process that started them, and so do their sessions; a server takes a moment to notice. */
async function assertNobodyIsLeft({ provider, url }: TestDatabase): Promise<void> {
  if (provider === 'sqlite') return;
  const name = new URL(url).pathname.slice(1);
  const count = () =>
    provider === 'mysql'
      ? queryMysql(url, `SELECT count(*) - 1 AS n FROM information_schema.PROCESSLIST WHERE DB = '${name}'`)
      : queryPostgres(url, `SELECT count(*) - 1 AS n FROM pg_stat_activity WHERE datname = '${name}'`);
  for (let tries = 0; tries < 100; tries++) {
    const [row] = await count();
    if (Number(row?.n) === 0) return;
    await pause(100);
  }
  assert.fail('a session of a killed backup is still there');
}

describe('a disk that is too small for a backup', () => {
  const MIB = 1 << 20;
  const skip = cannotMount();

  /** A file system of so many bytes, at the folder of the backups. */
  async function withDisk(database: TestDatabase, bytes: number, work: () => Promise<void>): Promise<void> {
    const out = outOf(database);
    mkdirSync(out);
    await withDiskAt(out, bytes, work);
  }

  it('is found before anything is written, where it is certain', { skip }, () =>
    withNotes('sqlite', async (database) => {
      await database.run('CREATE TABLE big (b BLOB); INSERT INTO big VALUES (randomblob(3000000))');
      await withDisk(database, 2 * MIB, () =>
        assertFails(database, {
          code: 'SPACE_SHORT',
          says: /has 2\.1 MB left, and it takes 3\.0 MB at the least/,
        }),
      );
    }),
  );

  for (const [provider, ddl] of [
    ['sqlite', 'CREATE TABLE big (b BLOB); INSERT INTO big VALUES (randomblob(1500000))'],
    [
      'postgresql',
      'CREATE TABLE big (b text); INSERT INTO big SELECT md5(random()::text) FROM generate_series(1, 200000)',
    ],
    [
      'mysql',
      'CREATE TABLE big (b VARCHAR(64)); INSERT INTO big WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000) SELECT concat(md5(rand()), md5(rand())) FROM n',
    ],
  ] as const)
    it(
      `is said when it is full in the middle, and nothing is left, on ${provider}`,
      { skip: skip || cannotDump(provider) },
      () =>
        withNotes(provider, async (database) => {
          await database.run(ddl);
          await withDisk(database, 2 * MIB, () =>
            assertFails(database, {
              code: 'DISK_FULL',
              says: /is full after .* of the backup\. The partial backup was removed/,
            }),
          );
        }),
    );

  it('is said when a tool writes the files itself', { skip: skip || cannotDump('postgresql') }, () =>
    withNotes('postgresql', async (database) => {
      await database.run(
        'CREATE TABLE big (b text); INSERT INTO big SELECT md5(random()::text) FROM generate_series(1, 200000)',
      );
      await withDisk(database, 2 * MIB, () =>
        assertFails(database, { code: 'DISK_FULL', says: /is full/, flags: ['--jobs=2'] }),
      );
    }),
  );
});
