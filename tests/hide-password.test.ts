import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hidePassword } from '../src/hide-password.ts';

describe('a text that may have a URL in it', () => {
  for (const [text, shown] of [
    ['postgresql://ana:secret@db/app', 'postgresql://ana:***@db/app'],
    ['postgresql://ana:se/cr@et@db/app', 'postgresql://ana:***@db/app'],
    ['postgresql://:secret@db/app', 'postgresql://:***@db/app'],
    ['postgresql:/ana:secret@db/app', 'postgresql:***@db/app'],
    ['postgresql//ana:secret@db/app', 'postgresql//ana:***@db/app'],
    ['"postgresql://ana:sec ret@db/app', '"postgresql://ana:***@db/app'],
    ['ana:secret@db/app', 'ana:***@db/app'],
    ["unknown option '--too=mysql://ana:secret@db/app'", "unknown option '--too=mysql://ana:***@db/app'"],
    [
      'there is no file at /srv/postgresql:/ana:secret@db/app',
      'there is no file at /srv/postgresql:***@db/app',
    ],
  ] as const)
    it(`shows no password: ${shown}`, () => assert.equal(hidePassword(text), shown));

  for (const text of [
    'postgresql://ana@db/app',
    'ana@example.com',
    '--note=ask: ana',
    'file:./app.db',
    'STAGING_URL',
  ])
    it(`is as it was without one: ${text}`, () => assert.equal(hidePassword(text), text));
});
