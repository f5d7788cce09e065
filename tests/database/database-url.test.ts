import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';

describe('parseDatabaseUrl of a server', () => {
  const urls: [url: string, provider: string, name: string, host: string, defaultSchema: string][] = [
    ['postgresql://ana:secret@db.example.com:5432/app', 'postgresql', 'app', 'db.example.com', 'public'],
    [
      'postgres://db.example.com/app?schema=my%20own&sslmode=require',
      'postgresql',
      'app',
      'db.example.com',
      'my own',
    ],
    ['POSTGRESQL://db.example.com/App', 'postgresql', 'App', 'db.example.com', 'public'],
    ['postgresql:///app', 'postgresql', 'app', 'localhost', 'public'],
    ['postgresql://ana@[::1]:5433/my%20app', 'postgresql', 'my app', '[::1]', 'public'],
    ['mysql://ana:p%40ss@127.0.0.1:3306/app', 'mysql', 'app', '127.0.0.1', 'app'],
    ['mariadb://db/app', 'mysql', 'app', 'db', 'app'],
  ];
  for (const [url, provider, name, host, defaultSchema] of urls) {
    it(`takes ${url} apart`, () =>
      assert.deepEqual(parseDatabaseUrl(url, []), { provider, name, host, url, defaultSchema }));
  }

  const refusals: [url: string, why: RegExp][] = [
    ['', /^it has no protocol; it must begin with file:, postgresql: or mysql:$/],
    ['app.db', /^it has no protocol;/],
    ['sqlserver://db:1433;database=app', /^it begins with "sqlserver:"; it must begin with/],
    ['prisma+postgres://localhost:51213/?api_key=secret', /^it begins with "prisma\+postgres:";/],
    ['postgresql://ana:se#cret@db:5432/app', /^it is not a valid URL \(special characters in a password/],
    ['postgresql://db.example.com', /^it names no database after the host$/],
    ['mysql://db.example.com/', /^it names no database after the host$/],
    ['postgresql://db/%zz', /^it /],
    ['postgresql:app', /^it /],
  ];
  for (const [url, why] of refusals) {
    it(`says what is wrong with "${url}", without what is secret in it`, () => {
      const said = parseDatabaseUrl(url, []);
      assert.ok(typeof said === 'string', `it was taken as ${JSON.stringify(said)}`);
      assert.match(said, why);
      assert.doesNotMatch(said, /secret|cret@/);
    });
  }
});

describe('parseDatabaseUrl of a file', () => {
  let folder: string;
  let schema: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'prisma-ownership-url-')));
    schema = join(folder, 'prisma');
    mkdirSync(schema);
    for (const file of ['app.db', 'my app.db', 'prisma/dev.db', 'prisma/app.db'])
      writeFileSync(join(folder, file), '');
  });
  after(() => rmSync(folder, { recursive: true }));

  const found: [url: string, file: string, name?: string][] = [
    // Named as it is found from the project.
    ['file:dev.db', 'prisma/dev.db', 'prisma/dev.db'],
    ['file:./dev.db', 'prisma/dev.db', 'prisma/dev.db'],
    ['file:./my app.db', 'my app.db'],
    ['file:dev.db?connection_limit=1', 'prisma/dev.db', 'prisma/dev.db'],
    ['file:prisma/dev.db', 'prisma/dev.db'],
  ];
  for (const [url, file, name = url.slice('file:'.length)] of found) {
    it(`finds ${url} in the project or beside the schema`, () =>
      assert.deepEqual(parseDatabaseUrl(url, [folder, schema]), {
        provider: 'sqlite',
        name,
        url: join(folder, file),
        defaultSchema: 'main',
      }));
  }

  it('takes absolute paths and file URLs', () => {
    const path = join(folder, 'my app.db');
    for (const url of [`file:${path}`, pathToFileURL(path).href, `${pathToFileURL(path).href}?mode=ro`]) {
      const parsed = parseDatabaseUrl(url, []);
      assert.ok(typeof parsed !== 'string', url);
      assert.equal(parsed.url, path);
    }
  });

  it('does not choose between two files', () =>
    assert.equal(
      parseDatabaseUrl('file:app.db', [folder, schema]),
      `it could mean ${join(folder, 'app.db')} or ${join(schema, 'app.db')}; write an absolute path`,
    ));

  it('names the places where it looked', () =>
    assert.equal(
      parseDatabaseUrl('file:nope.db', [folder, schema]),
      `there is no database file at ${join(folder, 'nope.db')} or ${join(schema, 'nope.db')}`,
    ));

  it('looks once into a folder that is both', () =>
    assert.equal(
      parseDatabaseUrl('file:nope.db', [folder, folder]),
      `there is no database file at ${join(folder, 'nope.db')}`,
    ));

  for (const url of ['file:', 'file:?mode=ro', 'file://', 'file://server/app.db', 'file://%zz']) {
    it(`says what is wrong with "${url}"`, () =>
      assert.equal(typeof parseDatabaseUrl(url, [folder]), 'string'));
  }
});
