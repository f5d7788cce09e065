import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
// First, as it decides on which server databases are made.
import { cannotDump } from '../helpers/dumpable-server.ts';
import { withDatabaseName } from '../../src/database/scratch.ts';
import { withScratch } from '../../src/scratch/scratch.ts';
import {
  ALL_PROVIDERS,
  createDatabase,
  isMissing,
  queryPostgres,
  type TestDatabase,
} from '../helpers/database.ts';
import { createFakeTools } from '../helpers/fake-tools.ts';
import { createApp, OWNER } from '../helpers/rehearsal.ts';
import { ask, backUp, createWords, dropAfter, restoreArgs, urlOf } from '../helpers/restore.ts';
import { queryServer } from '../helpers/query-server.ts';
import { listScratch } from '../helpers/scratch.ts';

const SUBSCRIBE = `CREATE SUBSCRIPTION listens CONNECTION 'host=127.0.0.1 port=1 dbname=none' PUBLICATION speaks
  WITH (connect = false, slot_name = NONE)`;

/** The settings of a process that is at work; all others are gone. */
function settingsFor(notes: string[] = []) {
  const isAlive = (pid: number) => pid === process.pid;
  return { host: 'a host', pid: process.pid, isAlive, note: (text: string) => notes.push(text) };
}

/** The databases of the server that are subscribers. */
async function listSubscribers(database: TestDatabase): Promise<unknown[]> {
  const rows = await queryServer(
    database,
    'SELECT datname AS name FROM pg_subscription JOIN pg_database d ON d.oid = subdbid ORDER BY 1',
  );
  return rows.map(({ name }) => name);
}

describe('a scratch database', { skip: cannotDump('postgresql') }, () => {
  it('of a killed process that cannot be removed is passed over, with a note', async (t) => {
    const database = await createDatabase('postgresql', { ddl: '', models: '' });
    t.after(() => database.drop());
    const url = urlOf(database);
    let left = '';
    await withScratch(url, { ...settingsFor(), pid: 1 }, async ({ name }) => {
      left = name;
    });
    await queryServer(database, `CREATE DATABASE "${left}"`);
    const leftUrl = withDatabaseName(url, left).url;
    await queryPostgres(leftUrl, SUBSCRIBE);
    const notes: string[] = [];
    assert.equal(await withScratch(url, settingsFor(notes), async () => 'done'), 'done');
    assert.equal(notes.length, 1);
    assert.match(
      notes[0] ?? '',
      /^A killed process left the scratch database ".*_scratch_.*", which cannot be removed: .*subscription.*\.$/,
    );
    await queryPostgres(leftUrl, 'DROP SUBSCRIPTION listens');
    await withScratch(url, settingsFor(notes), async () => undefined);
    assert.equal(notes.length, 1);
    assert.deepEqual(await queryServer(database, `SELECT 1 FROM pg_database WHERE datname = '${left}'`), []);
  });
});

for (const provider of ALL_PROVIDERS)
  describe(`a scratch database on ${provider}`, { skip: isMissing(provider) }, () => {
    it('is listed as one of its database while it is there, and swept for that one alone', async (t) => {
      const [one, other] = [
        await createDatabase(provider, { ddl: '', models: '' }),
        await createDatabase(provider, { ddl: '', models: '' }),
      ];
      t.after(() => Promise.all([one.drop(), other.drop()]));
      const settings = { ...settingsFor(), host: 'test-host' };
      const dead = { ...settings, isAlive: () => false };
      await withScratch(urlOf(one), settings, async () => {
        const [name, ...more] = await listScratch(one);
        assert.deepEqual([more, await listScratch(one, process.pid)], [[], [name]]);
        assert.deepEqual([await listScratch(other), await listScratch(one, 1)], [[], []]);
        await withScratch(urlOf(other), dead, async () => assert.deepEqual(await listScratch(one), [name]));
        await withScratch(urlOf(one), dead, async () =>
          assert.ok(name && !(await listScratch(one)).includes(name)),
        );
      });
      assert.deepEqual([await listScratch(one), await listScratch(other)], [[], []]);
    });
  });

describe('a scratch database that cannot be removed', { skip: cannotDump('postgresql') }, () => {
  const dropLeft = async (database: TestDatabase, name: string) => {
    await queryServer(database, `ALTER DATABASE "${name}" IS_TEMPLATE false`);
    await queryServer(database, `DROP DATABASE "${name}"`);
  };

  it('is named in a note, and what was done with it stays', async (t) => {
    const database = await createDatabase('postgresql', { ddl: '', models: '' });
    t.after(() => database.drop());
    const [notes, left]: [string[], string[]] = [[], []];
    const settings = { ...settingsFor(notes), onLeft: (name: string) => left.push(name) };
    const keep = ({ name }: { name: string }) =>
      queryServer(database, `ALTER DATABASE "${name}" IS_TEMPLATE true`);
    assert.equal(
      await withScratch(urlOf(database), settings, (each) => keep(each).then(() => 'done')),
      'done',
    );
    const broken = withScratch(urlOf(database), settings, async (each) => {
      await keep(each);
      throw new Error('of the work itself');
    });
    await assert.rejects(broken, /of the work itself/);
    assert.equal(left.length, 2);
    for (const [i, name] of left.entries()) {
      assert.match(
        notes[i] ?? '',
        new RegExp(`^The scratch database "${name}" cannot be removed, and is left: .*template.*\\.$`),
      );
      await dropLeft(database, name);
    }
  });

  it('leaves the answers of backup and rehearse, and their exit codes, as they are', async (t) => {
    const database = dropAfter(t, await createApp('postgresql', 'optional'));
    const real = spawnSync('sh', ['-c', 'command -v pg_restore'], { encoding: 'utf8' }).stdout.trim();
    const mark = `psql -qc "ALTER DATABASE \\"$PGDATABASE\\" IS_TEMPLATE true" postgres`;
    const tools = createFakeTools({
      pg_restore: `${real} "$@" && case "$*" in *--version*) ;; *) ${mark};; esac`,
    });
    t.after(tools.remove);
    const verified = await ask(database, ['backup', '--verify'], { PATH: tools.before });
    assert.equal(verified.code, 0, verified.stderr);
    assert.notEqual(verified.answer.verified, null);
    const [, name = ''] =
      /^The scratch database "(.*)" cannot be removed, and is left: /m.exec(verified.stderr) ?? [];
    await dropLeft(database, name);
    const rehearsed = await ask(database, ['rehearse', OWNER], { PATH: tools.before });
    assert.equal(rehearsed.code, 0, rehearsed.stderr);
    assert.equal(rehearsed.answer.left.length, 2);
    for (const each of rehearsed.answer.left) await dropLeft(database, each);
  });
});

describe('a copy of a subscriber on PostgreSQL', { skip: cannotDump('postgresql') }, () => {
  it('is none itself, whether verified, rehearsed or restored', async (t) => {
    const database = dropAfter(t, await createApp('postgresql', 'optional'));
    await database.run(SUBSCRIBE);
    const { name } = urlOf(database);
    try {
      for (const words of [
        ['backup', '--verify'],
        ['rehearse', OWNER],
      ]) {
        const done = await ask(database, words);
        assert.equal(done.code, 0, done.stderr);
        assert.doesNotMatch(done.stderr, /cannot be removed/);
      }
    } finally {
      assert.deepEqual(await listSubscribers(database), [name]);
      await database.run('DROP SUBSCRIPTION listens');
    }
  });

  it('takes the place of the database, which stays the subscriber under its other name', async (t) => {
    const database = await createWords(t, 'postgresql');
    await database.run(SUBSCRIBE);
    const done = await ask(database, restoreArgs(database, await backUp(database)));
    assert.equal(done.code, 0, done.stderr);
    const kept = String(done.answer.kept.name);
    assert.deepEqual(await listSubscribers(database), [kept]);
    await queryPostgres(withDatabaseName(urlOf(database), kept).url, 'DROP SUBSCRIPTION listens');
  });
});
