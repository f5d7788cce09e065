import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import { findPooler } from '../../src/database/pooler.ts';

describe('findPooler', () => {
  const urls: [url: string, why: string | null][] = [
    ['postgresql://u:secret@db.example:5432/app?pgbouncer=true', 'it says pgbouncer=true'],
    ['postgresql://u:secret@aws-0-eu-west-1.pooler.supabase.com:6543/postgres', 'its port is 6543'],
    [
      'postgresql://u:secret@ep-cool-1-pooler.eu.aws.neon.tech/app?sslmode=require',
      'its host is ep-cool-1-pooler.eu.aws.neon.tech',
    ],
    ['postgresql://u:secret@aws-0-eu-west-1.pooler.supabase.com:5432/postgres', null],
    ['postgresql://u:secret@ep-cool-1.eu.aws.neon.tech/app', null],
    ['postgresql://u:secret@db.example/app?pgbouncer=false', null],
    ['mysql://u:secret@db.example:6543/app', null],
  ];
  for (const [text, why] of urls)
    it(`${why === null ? 'finds none in' : 'finds one in'} ${text}`, () => {
      const url = parseDatabaseUrl(text, []);
      assert.ok(typeof url !== 'string');
      assert.equal(findPooler(url), why);
    });
});
