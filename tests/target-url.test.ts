import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { spellTarget } from '../src/target-url.ts';
import type { TestDatabase } from './helpers/database.ts';
import { createApp, OWNER } from './helpers/rehearsal.ts';
import { type } from './helpers/restore.ts';

/** Mistyped in the ways of people, with where the word ends up. */
const MISTYPED: [to: string, code: string][] = [
  [' postgresql://ana:S3cret@db/app', 'TARGET_UNSET'],
  ['"postgresql://ana:S3cret@db/app"', 'TARGET_UNSET'],
  ['postgresql//ana:S3cret@db/app', 'TARGET_UNSET'],
  ['//ana:S3cret@db/app', 'TARGET_UNSET'],
  ['S3cret://db', 'TARGET_UNSET'],
  ['ana:S3cret@db/app', 'DATABASE_URL_INVALID'],
  ['postgresql:ana:S3cret@db/app', 'DATABASE_URL_INVALID'],
  ['postgresql:/ana:S3cret@db/app', 'DATABASE_URL_INVALID'],
  ['postgresql://ana:S3cret', 'DATABASE_URL_INVALID'],
  ['postgresql://ana:S3/cret@db/app', 'DATABASE_URL_INVALID'],
  ['postgresql://ana:1/S3cret@db/app', 'DATABASE_URL_INVALID'],
  ['postgresql://ana:x@1/S3cret@db/app', 'DATABASE_URL_INVALID'],
  ['postgres1://ana:S3cret@db/app', 'TARGET_UNSET'],
  ['file:postgresql://ana:S3cret@db/app', 'DATABASE_URL_INVALID'],
];

describe('--to that is no URL', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createApp('sqlite', 'none');
  });
  after(() => database.drop());

  const assertUnseen = async (words: string[], code: string) => {
    const done = await type(database, [...words, '--json', '--verbose']);
    assert.equal(done.code, 2, done.stderr);
    assert.equal(JSON.parse(done.stdout).error.code, code, done.stdout);
    assert.doesNotMatch(done.stdout + done.stderr, /cret/);
  };

  for (const [to, code] of MISTYPED)
    it(`is not shown by restore or rehearse: ${to.trim()}`, async () => {
      await assertUnseen(['restore', 'backups/none', `--to=${to}`], code);
      await assertUnseen(['rehearse', OWNER, `--to=${to}`], code);
    });

  it('is not shown where its flag is mistyped, torn off, or typed twice', async () => {
    const url = 'postgresql://ana:S3cret@db/app';
    await assertUnseen(['restore', 'backups/none', `--too=${url}`], 'USAGE');
    await assertUnseen(['restore', 'backups/none', url], 'SURPLUS_ARGUMENT');
    await assertUnseen(['rehearse', OWNER, `--to=${url}`, `--to=${url}2`], 'FLAG_GIVEN_TWICE');
  });

  it('is asked for in words', async () => {
    const { stderr } = await type(database, [
      'restore',
      'backups/none',
      '--to= postgresql://ana:S3cret@db/app',
    ]);
    assert.match(
      stderr,
      /^error: --to is neither a URL that begins with its protocol nor the name of a variable\.\nNothing was changed\.\nWrite a URL like /m,
    );
  });

  it('is named where it can only be the name of a variable', async () => {
    const done = await type(database, ['restore', 'backups/none', '--to=STAGING_URL']);
    assert.match(done.stderr, /--to is "STAGING_URL", which is no URL/);
  });
});

describe('--to in a command to type', () => {
  for (const [to, spelt] of [
    [undefined, ''],
    ['STAGING_URL', ' --to=STAGING_URL'],
    ['file:./my copy.db', " --to='file:./my copy.db'"],
    ['postgresql://db/app', ' --to=URL'],
    ['postgresql://db/app?password=secret', ' --to=URL'],
  ] as const)
    it(`is ${spelt || 'left out'} for ${to}`, () => assert.equal(spellTarget(to), spelt));
});
