import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { loadDatabaseUrl } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import type { Database } from '../../src/database/dialect.ts';
import {
  type BackupEvidence,
  listEvidence,
  listEvidenceRows,
  recordEvidence,
} from '../../src/ownership/evidence.ts';
import { describeBackups, findFreshBackup, formatAge, readSafety } from '../../src/ownership/safety.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';

const BACKUP: BackupEvidence = {
  path: 'backups/app-1',
  host: 'db1',
  taken: '2026-11-25T10:00:00.000Z',
  verified: '2026-11-25T10:05:00.000Z',
  bytes: 10,
  rows: 5,
  tables: 1,
  sha256: 'ab',
};
const at = (taken: string, verified: string | null = taken) => ({ ...BACKUP, path: taken, taken, verified });
const NOW = '2026-11-25T12:00:00.000Z';
const safety = (...backups: BackupEvidence[]) => ({ time: NOW, backups, rehearsal: null, restore: null });

describe('a backup that step 2 can rely on', () => {
  it('is verified and at most a day old', () => {
    const exact = at('2026-11-24T12:00:00.000Z');
    assert.equal(findFreshBackup(safety(exact), NOW), exact);
    assert.equal(findFreshBackup(safety(at('2026-11-24T11:59:59.999Z')), NOW), null);
    assert.equal(findFreshBackup(safety(at('2026-11-25T11:00:00.000Z', null)), NOW), null);
  });

  it('is not of later than the moment: rows may have been changed in it', () => {
    const [exact, later] = [at(NOW), at('2026-11-25T12:00:00.001Z')];
    assert.equal(findFreshBackup(safety(exact), NOW), exact);
    assert.equal(findFreshBackup(safety(later), NOW), null);
    assert.equal(findFreshBackup(safety(later, exact), NOW), exact);
    assert.deepEqual(
      describeBackups(safety(later)).map(({ code }) => code),
      ['NO_BACKUP'],
    );
  });

  it('is an older one where the newest is not verified', () => {
    const older = at('2026-11-25T09:00:00.000Z');
    assert.equal(findFreshBackup(safety(at('2026-11-25T11:00:00.000Z', null), older), NOW), older);
    assert.deepEqual(describeBackups(safety(at('2026-11-25T11:00:00.000Z', null), older)), []);
  });

  it('is missed in words that say why', () => {
    const messages = [
      safety(),
      safety(at('2026-11-25T11:00:00.000Z', null)),
      safety(at('2026-11-22T11:00:00.000Z')),
    ].map((each) => describeBackups(each).map(({ code, message }) => `${code} ${message}`));
    assert.deepEqual(messages, [
      ['NO_BACKUP no backup of this database is known'],
      ['NO_BACKUP no backup is verified: the newest, 2026-11-25T11:00:00.000Z, may or may not restore'],
      ['BACKUP_OLD the newest verified backup, 2026-11-22T11:00:00.000Z, is 3 days old'],
    ]);
  });

  it('has an age in the unit that says enough', () =>
    assert.deepEqual(
      [
        '2026-11-25T12:00:05Z',
        '2026-11-25T11:59:00Z',
        '2026-11-25T11:00:00Z',
        '2026-11-23T12:00:01Z',
        '2026-11-23T12:00:00Z',
      ].map((from) => formatAge(from, NOW)),
      ['0 minutes', '1 minute', '1 hour', '47 hours', '2 days'],
    ));
});

for (const provider of ALL_PROVIDERS)
  describe(`evidence in the journal on ${provider}`, { skip: isMissing(provider) }, () => {
    let target: TestDatabase;
    before(async () => {
      target = await createDatabase(provider, { ddl: '', models: 'model User { id Int @id }' });
    });
    after(() => target.drop());

    const open = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
      const { url } = await loadDatabaseUrl({ env: { DATABASE_URL: target.url }, cwd: target.folder });
      return withDatabase(url, work);
    };
    const read = (isGone: (backup: BackupEvidence) => boolean = () => false) =>
      open((database) => database.read((session) => readSafety(session, database, isGone)));

    it('is nothing where there is no journal', async () => {
      const { time, ...rest } = await read();
      assert.match(time, /^\d{4}-\d\d-\d\dT/);
      assert.deepEqual(rest, { backups: [], rehearsal: null, restore: null });
    });

    it('makes the journal, and keeps each kind apart, newest first', async () => {
      await open(async (database) => {
        await recordEvidence(database, 'restore', { path: 'x', by: 'ana', taken: NOW, kept: null });
        for (const taken of [
          '2026-11-24T01:00:00.000Z',
          '2026-11-25T01:00:00.000Z',
          '2026-11-23T01:00:00.000Z',
        ])
          await recordEvidence(database, 'backup', at(taken, null));
        for (const ok of [true, false])
          await recordEvidence(database, 'rehearsal', {
            userId: 'ana',
            host: 'db1',
            ok,
            answer: { text: 'it’s “so”' },
          });
        const rehearsals = await database.read((session) => listEvidence(session, database, 'rehearsal'));
        assert.deepEqual(
          rehearsals.map(({ body }) => [body.ok, body.answer]),
          [
            [false, { text: 'it’s “so”' }],
            [true, { text: 'it’s “so”' }],
          ],
        );
      });
      const { backups, rehearsal, restore } = await read();
      assert.deepEqual(
        backups.map(({ taken }) => taken.slice(0, 10)),
        ['2026-11-25', '2026-11-24', '2026-11-23'],
      );
      assert.deepEqual([rehearsal?.body.ok, restore?.body.by], [false, 'ana']);
    });

    it('is that of one app, where another one has its tables in the same database', () =>
      open((database) =>
        database.read(async (session) => {
          const another = { dialect: database.dialect, url: { defaultSchema: 'another' } };
          assert.deepEqual(await listEvidence(session, another, 'backup'), []);
          assert.deepEqual(await listEvidenceRows(session, another), []);
          assert.equal((await listEvidenceRows(session, database)).length, 6);
        }),
      ));

    it('takes a backup that was verified later for one, and leaves out what is gone', async () => {
      await open((database) => recordEvidence(database, 'backup', at('2026-11-24T01:00:00.000Z')));
      const { backups } = await read(({ path }) => path.startsWith('2026-11-25'));
      assert.deepEqual(
        backups.map(({ taken, verified }) => [taken.slice(0, 10), verified !== null]),
        [
          ['2026-11-24', true],
          ['2026-11-23', false],
        ],
      );
    });
  });
