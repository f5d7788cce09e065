import { strict as assert } from 'node:assert';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig, type RawConfig } from '../src/config.ts';
import { ToolkitError } from '../src/errors.ts';
import { runInProcess } from './helpers/in-process.ts';
import { createProject } from './helpers/project.ts';

type Files = Record<string, string>;

function schemaOf(datasource: string): string {
  return `datasource db {\n  ${datasource}\n}\n\nmodel User {\n  id Int @id\n}\n`;
}

const LITE = 'provider = "sqlite"';
const withConfig = (body: string) =>
  `import { defineConfig, env } from 'prisma/config';\nexport default defineConfig(${body});\n`;

function braced(name: string): string {
  return `\${${name}}`;
}

/** Where the URL comes from and what it names, or the code of the error. */
async function findUrl(t: TestContext, files: Files, raw: Partial<RawConfig> = {}) {
  const { folder } = createProject(t, { 'a.db': '', 'b.db': '', 'c.db': '', 'd.db': '', ...files });
  try {
    const { url, urlSource } = await loadConfig({ env: {}, cwd: folder, ...raw });
    return `${url.name} is ${urlSource}`;
  } catch (error) {
    if (error instanceof ToolkitError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('the database URL', () => {
  const all: Files = {
    'prisma/schema.prisma': schemaOf(`${LITE}\n  url = env("APP_DB")`),
    'prisma.config.ts': withConfig('{ datasource: { url: env("CONF_DB") } }'),
    '.env': 'DATABASE_URL=file:d.db\nAPP_DB="file:c.db"\nCONF_DB=file:b.db\n',
  };
  const { 'prisma.config.ts': _, ...older } = all;

  it("is the environment's DATABASE_URL, before everything", async (t) =>
    assert.equal(
      await findUrl(t, all, { env: { DATABASE_URL: 'file:a.db' } }),
      'a.db is DATABASE_URL from the environment',
    ));

  it('then what the config file says, whether --schema is given or not', async (t) => {
    assert.equal(await findUrl(t, all), 'b.db is the URL from prisma.config.ts');
    assert.equal(
      await findUrl(t, all, { schema: 'prisma/schema.prisma' }),
      'b.db is the URL from prisma.config.ts',
    );
  });

  it('then the variable that the schema names', async (t) =>
    assert.equal(await findUrl(t, older), 'c.db is APP_DB from .env'));

  it('then the text in the schema', async (t) =>
    assert.equal(
      await findUrl(t, { ...older, 'prisma/schema.prisma': schemaOf(`${LITE}\n  url = "file:../a.db"`) }),
      'a.db is the URL from prisma/schema.prisma',
    ));

  it('then DATABASE_URL of .env', async (t) =>
    assert.equal(
      await findUrl(t, { ...older, 'prisma/schema.prisma': schemaOf(LITE) }),
      'd.db is DATABASE_URL from .env',
    ));

  it('also of the .env beside the schema, after that of the project', async (t) => {
    const { '.env': own, ...rest } = older;
    const beside = { ...rest, 'prisma/.env': 'APP_DB=file:../b.db' };
    assert.equal(await findUrl(t, beside), 'b.db is APP_DB from prisma/.env');
    assert.equal(await findUrl(t, { ...beside, '.env': own ?? '' }), 'c.db is APP_DB from .env');
  });

  it('with variables of .env replaced, and a plain $ left alone', async (t) => {
    const env = `FILE=a\nAPP_DB=file:${braced('FILE')}.${braced('KIND:-db')}?p=$FILE\nDATABASE_URL=file:d.db`;
    assert.equal(await findUrl(t, { ...older, '.env': env }), 'a.db is APP_DB from .env');
    assert.match(
      await findUrl(t, { ...older, '.env': env }, { env: { FILE: 'zz' } }),
      /no database file at .*zz\.db/,
    );
    assert.match(
      await findUrl(t, { ...older, '.env': `APP_DB=file:${braced('APP_DB')}x` }),
      /DATABASE_URL_INVALID/,
    );
  });

  it('is not taken from a config file that imports what is not installed, but for dotenv', async (t) => {
    const body = withConfig('{ datasource: { url: env("CONF_DB") } }');
    const missing = { ...all, 'prisma.config.ts': `import { x } from 'not-installed';\nx();\n${body}` };
    assert.match(await findUrl(t, missing), /^CONFIG_FILE_FAILED: .* Cannot find module 'not-installed'\./);
    const dotenv = `import { config } from 'dotenv';\nimport { expand } from 'dotenv-expand';\nexpand(config());\n${body}`;
    assert.equal(
      await findUrl(t, { ...all, 'prisma.config.ts': dotenv }),
      'b.db is the URL from prisma.config.ts',
    );
  });

  it('is never that of another setting of the config file', async (t) => {
    const files = (url: string, env: string) => ({
      ...all,
      'prisma.config.ts': withConfig(`{ datasource: { shadowDatabaseUrl: env("SHADOW"), url: ${url} } }`),
      '.env': '',
      'prisma/.env': env,
    });
    const both = 'SHADOW=file:../d.db\nMAIN=file:../b.db\n';
    for (const url of ['env("MAIN")', 'process.env.MAIN']) {
      assert.equal(await findUrl(t, files(url, both)), 'b.db is MAIN from prisma/.env');
      const missed = await findUrl(t, files(url, 'SHADOW=file:../d.db\n'));
      assert.match(missed, /^ENVIRONMENT_UNSET: prisma\.config\.ts takes .* from MAIN,/);
    }
  });

  it('is that of the first variable that is set, where the config file names several', async (t) => {
    const text = withConfig("{ datasource: { url: process.env.DIRECT ?? process.env['MAIN'] } }");
    const files = { ...all, 'prisma.config.ts': text, '.env': '' };
    const beside = (env: string) => findUrl(t, { ...files, 'prisma/.env': env });
    assert.equal(await beside('MAIN=file:../b.db\n'), 'b.db is MAIN from prisma/.env');
    assert.equal(await beside('MAIN=file:../b.db\nDIRECT=file:../c.db\n'), 'c.db is DIRECT from prisma/.env');
    assert.match(await beside('OTHER=1\n'), /^ENVIRONMENT_UNSET: prisma\.config\.ts takes .* from DIRECT,/);
  });

  it('is not DATABASE_URL of .env where another variable is named: that can be another database', async (t) => {
    const env = { '.env': 'DATABASE_URL=file:d.db' };
    assert.match(
      await findUrl(t, { ...older, ...env }),
      /^ENVIRONMENT_UNSET: prisma\/schema\.prisma takes .* APP_DB,/,
    );
    assert.match(
      await findUrl(t, { ...all, ...env }),
      /^ENVIRONMENT_UNSET: prisma\.config\.ts takes .* CONF_DB,/,
    );
  });

  it('is not asked for while the schema is not found', async (t) =>
    assert.match(await findUrl(t, {}), /^SCHEMA_NOT_FOUND: /));

  it('is missed by the name of the variable', async (t) => {
    const { '.env': _own, ...unset } = all;
    const { 'prisma.config.ts': _config, ...noConfig } = unset;
    assert.match(await findUrl(t, unset), /^ENVIRONMENT_UNSET: prisma\.config\.ts takes .* from CONF_DB,/);
    assert.match(
      await findUrl(t, noConfig),
      /^ENVIRONMENT_UNSET: prisma\/schema\.prisma takes .* from APP_DB,/,
    );
    assert.match(await findUrl(t, { 'schema.prisma': schemaOf(LITE) }), /^DATABASE_URL_MISSING: /);
  });
});

describe('a database that the toolkit does not speak to', () => {
  for (const [provider, name, key] of [
    ['mongodb', 'MongoDB', 'id String @id @map("_id")'],
    ['sqlserver', 'SQL Server', 'id Int @id'],
    ['cockroachdb', 'CockroachDB', 'id Int @id'],
  ] as const)
    it(`is named: ${name}`, async (t) => {
      const text = `datasource db {\n  provider = "${provider}"\n  url = env("X")\n}\nmodel User {\n  ${key}\n}\n`;
      const { folder } = createProject(t, { 'schema.prisma': text });
      for (const args of [['list-users'], ['production-safe', '1', '--step=1']]) {
        const { code, stderr } = await runInProcess(args, { cwd: folder });
        assert.equal(code, 2);
        assert.match(
          stderr,
          new RegExp(`^error: the datasource in schema.prisma is ${name} \\("${provider}"\\)`),
        );
      }
      assert.equal((await runInProcess(['models'], { cwd: folder })).code, 0);
    });
});
