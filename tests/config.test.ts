import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadConfig, loadDatabaseUrl, type RawConfig } from '../src/config.ts';
import { ToolkitError } from '../src/errors.ts';
import { NOTES } from './helpers/notes.ts';

const SCHEMA = `datasource db {\n  provider = "sqlite"\n}\n${NOTES.models}`;

describe('the settings', () => {
  let cwd: string;
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'prisma-ownership-config-')));
    cwd = join(root, 'app');
    mkdirSync(cwd);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Writes files under the working directory, and returns the settings as the command line would hand them over. */
  function withFiles(files: Record<string, string>, more: Partial<RawConfig> = {}): RawConfig {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    return { env: {}, cwd, schema: undefined, ...more };
  }

  const places: [files: Record<string, string>, path: string, schema?: string][] = [
    [{ 'prisma/schema.prisma': SCHEMA, 'schema.prisma': 'broken' }, 'prisma/schema.prisma'],
    [{ 'schema.prisma': SCHEMA, 'prisma/schema/a.prisma': 'broken' }, 'schema.prisma'],
    [{ 'prisma/schema/a.prisma': SCHEMA }, 'prisma/schema'],
    [{ 'prisma/base.prisma': SCHEMA }, 'prisma'],
    [{ 'db/main.prisma': SCHEMA, 'schema.prisma': 'broken' }, 'db/main.prisma', 'db/main.prisma'],
    [{ 'db/main.prisma': SCHEMA, 'schema.prisma': 'broken' }, 'db', 'db'],
  ];
  for (const [files, path, schema] of places) {
    it(`have the schema of ${path}${schema ? ', as --schema says' : ''}, where there is ${Object.keys(files).join(' and ')}`, async () => {
      const raw = withFiles({ ...files, 'app.db': '' }, { schema, env: { DATABASE_URL: 'file:app.db' } });
      const { located, decision } = await loadConfig(raw);
      assert.equal(located.path, path);
      assert.deepEqual(
        decision.owned.map(({ model }) => model.name),
        ['Note'],
      );
    });
  }

  it('have a schema of several files in nested folders, without those of packages', async () => {
    const [head, note] = SCHEMA.split(/(?=model Note)/);
    const raw = withFiles(
      {
        'prisma/schema/base.prisma': head ?? '',
        'prisma/schema/models/note.prisma': note ?? '',
        'prisma/schema/node_modules/x/schema.prisma': 'broken',
        'prisma/schema/README.md': 'broken',
        'app.db': '',
      },
      { env: { DATABASE_URL: 'file:app.db' } },
    );
    assert.deepEqual(
      (await loadConfig(raw)).decision.owned.map(({ model }) => model.name),
      ['Note'],
    );
  });

  const sources: [
    what: string,
    files: Record<string, string>,
    env: RawConfig['env'],
    name: string,
    source: string,
  ][] = [
    [
      'the environment',
      { '.env': 'DATABASE_URL=file:b.db' },
      { DATABASE_URL: 'file:a.db' },
      'a.db',
      'the environment',
    ],
    [
      '.env where the environment has an empty one',
      { '.env': 'DATABASE_URL=file:b.db' },
      { DATABASE_URL: '' },
      'b.db',
      '.env',
    ],
    [
      '.env, which may quote it',
      { '.env': '# comment\nDATABASE_URL="file:b.db" # ours\n' },
      {},
      'b.db',
      '.env',
    ],
    [
      'the .env of the project before the one of the schema',
      { '.env': 'DATABASE_URL=file:a.db', 'prisma/.env': 'DATABASE_URL=file:b.db' },
      {},
      'a.db',
      '.env',
    ],
    [
      'the .env of the schema',
      { '.env': 'OTHER=1', 'prisma/.env': 'DATABASE_URL=file:b.db' },
      {},
      'b.db',
      'prisma/.env',
    ],
  ];
  for (const [what, files, env, name, source] of sources) {
    it(`have the URL of ${what}`, async () => {
      const raw = withFiles({ 'prisma/schema.prisma': SCHEMA, 'a.db': '', 'b.db': '', ...files }, { env });
      for (const load of [loadConfig, loadDatabaseUrl]) {
        const { url, urlSource } = await load(raw);
        assert.deepEqual([url.name, urlSource], [name, `DATABASE_URL from ${source}`]);
      }
    });
  }

  it('name the .env of a schema elsewhere so that it can be found', async () => {
    const other = join(root, 'app-data');
    mkdirSync(other);
    for (const [file, text] of [
      ['schema.prisma', SCHEMA],
      ['.env', 'DATABASE_URL=file:a.db'],
      ['a.db', ''],
    ] as const)
      writeFileSync(join(other, file), text);
    const { urlSource } = await loadConfig({ env: {}, cwd, schema: '../app-data/schema.prisma' });
    assert.equal(urlSource, 'DATABASE_URL from ../app-data/.env');
  });

  it('find a SQLite file beside the schema, as up to Prisma 6', async () => {
    const raw = withFiles(
      { 'prisma/schema.prisma': SCHEMA, 'prisma/dev.db': '' },
      { env: { DATABASE_URL: 'file:./dev.db' } },
    );
    assert.equal((await loadConfig(raw)).url.url, join(cwd, 'prisma/dev.db'));
  });

  it('are refused with every problem in one error', () => {
    const text = 'datasource db {\n  provider = "postgres"\n}\nmodel Note {\n  id Int @id\n}';
    const raw = withFiles(
      { 'prisma/schema.prisma': text, 'a.db': '' },
      { env: { DATABASE_URL: 'file:a.db' } },
    );
    return assert.rejects(
      () => loadConfig(raw),
      (error) => {
        assert.ok(error instanceof ToolkitError);
        assert.equal(
          error.message,
          `several settings are wrong:
- no model is called or mapped "User" or "Users"; the schema has Note.
- DATABASE_URL is for sqlite, but the datasource in prisma/schema.prisma says postgresql.
Nothing was changed.`,
        );
        return error.code === 'CONFIGURATION';
      },
    );
  });

  it('need no schema where only the database is asked for', async () => {
    const { url, urlSource } = await loadDatabaseUrl(
      withFiles({ 'a.db': '' }, { env: { DATABASE_URL: 'file:a.db' } }),
    );
    assert.deepEqual([url.url, urlSource], [join(cwd, 'a.db'), 'DATABASE_URL from the environment']);
  });

  it('refuse a schema that is named and not there, even where only the database is asked for', () => {
    const raw = withFiles({ 'a.db': '' }, { env: { DATABASE_URL: 'file:a.db' }, schema: 'nope.prisma' });
    return assert.rejects(
      () => loadDatabaseUrl(raw),
      (error) => error instanceof ToolkitError && error.code === 'SCHEMA_NOT_FOUND',
    );
  });

  it('take a URL with spaces around it', async () => {
    const raw = withFiles({ 'schema.prisma': SCHEMA, 'a.db': '' }, { env: { DATABASE_URL: ' file:a.db\n' } });
    assert.equal((await loadConfig(raw)).url.name, 'a.db');
  });
});
