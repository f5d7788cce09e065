import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
// First, as it decides on which server databases are made.
import { cannotDump } from '../helpers/dumpable-server.ts';
import { withDatabaseName } from '../../src/database/scratch.ts';
import { withScratch } from '../../src/scratch/scratch.ts';
import { createDatabase, queryPostgres, type TestDatabase } from '../helpers/database.ts';
import { createApp, OWNER } from '../helpers/rehearsal.ts';
import { ask, backUp, createWords, dropAfter, queryServer, restoreArgs, urlOf } from '../helpers/restore.ts';

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
