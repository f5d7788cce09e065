import { strict as assert } from 'node:assert';
import { chmodSync, symlinkSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { ModelsAnswer } from '../../src/commands/results.ts';
import { runCli } from '../helpers/command-line.ts';
import { runInProcess } from '../helpers/in-process.ts';
import { createProject } from '../helpers/project.ts';

/** A schema whose owner model tells the files apart. */
function schemaOf(owner: string, more = ''): string {
  return `datasource db {\n  provider = "sqlite"\n}\n\nmodel ${owner} {\n  id Int @id\n\n  @@map("users")\n}\n${more}`;
}

const PARTIAL = 'model Note {\n  id Int @id\n}\n';
const config = (body: string) =>
  `import { defineConfig, env } from 'prisma/config';\nexport default defineConfig(${body});\n`;

type Files = Record<string, string>;

/** Runs `models` in a project of these files: the owner model, or the error, and what --verbose said. */
async function look(t: TestContext, files: Files, flags: string[] = [], cwd = '.') {
  const { folder } = createProject(t, files);
  const done = await runInProcess(['models', '--json', '--verbose', ...flags], { cwd: `${folder}/${cwd}` });
  const answer = JSON.parse(done.stdout) as ModelsAnswer & {
    error?: { code: string; message: string; remedy: string };
  };
  return {
    ...done,
    folder,
    answer,
    owner: answer.ownerModel,
    error: answer.error,
    source: /^Schema: (.*) \(--schema/m.exec(done.stderr)?.[1],
  };
}

async function assertFound(
  t: TestContext,
  files: Files,
  expected: [owner: string, source: string],
  flags?: string[],
) {
  const { owner, source, stderr } = await look(t, files, flags);
  assert.deepEqual([owner, source], expected, stderr);
}

async function assertRefused(
  t: TestContext,
  files: Files,
  expected: [code: string, message: RegExp],
  flags?: string[],
) {
  const { error, code, stderr } = await look(t, files, flags);
  assert.equal(error?.code, expected[0], stderr);
  assert.match(error?.message ?? '', expected[1]);
  assert.equal(code, 2);
}

describe('the schema is looked for where Prisma looks', () => {
  const everywhere: Files = {
    'named/a.prisma': schemaOf('Named'),
    'from/config.prisma': schemaOf('Configured'),
    'from/package.prisma': schemaOf('Packaged'),
    'prisma/schema.prisma': schemaOf('Usual'),
    'package.json': '{ "prisma": { "schema": "from/package.prisma" } }',
    'prisma.config.ts': config('{ schema: "from/config.prisma" }'),
  };
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(everywhere).filter(([name]) => !names.includes(name)));

  it('at --schema, before everything', (t) =>
    assertFound(t, everywhere, ['Named', 'named/a.prisma, from --schema'], ['--schema=named/a.prisma']));

  it('then where the config file says', (t) =>
    assertFound(t, everywhere, ['Configured', 'from/config.prisma, from prisma.config.ts']));

  it('then where package.json says', (t) =>
    assertFound(t, without('prisma.config.ts'), ['Packaged', 'from/package.prisma, from package.json']));

  it('then where package.json above says, from its own folder', async (t) => {
    const { owner, source } = await look(t, { ...without('prisma.config.ts'), 'src/x': '' }, [], 'src');
    assert.deepEqual([owner, source], ['Packaged', '../from/package.prisma, from ../package.json']);
  });

  it('not where package.json says, with Prisma 7', (t) =>
    assertFound(
      t,
      { ...without('prisma.config.ts'), 'node_modules/prisma/package.json': '{ "version": "7.1.0" }' },
      ['Usual', 'prisma/schema.prisma, from the default place'],
    ));

  it('then in the default places', async (t) => {
    const usual = without('prisma.config.ts', 'package.json');
    await assertFound(t, usual, ['Usual', 'prisma/schema.prisma, from the default place']);
    await assertFound(t, { 'schema.prisma': schemaOf('Root') }, [
      'Root',
      'schema.prisma, from the default place',
    ]);
    await assertFound(t, { 'prisma/schema/a.prisma': schemaOf('Folder') }, [
      'Folder',
      'prisma/schema, from the default place',
    ]);
    await assertFound(t, { 'prisma/models/user.prisma': schemaOf('Parts') }, [
      'Parts',
      'prisma, from the default place',
    ]);
  });

  it('where a config file says nothing of it, too', (t) =>
    assertFound(t, { ...without('package.json'), 'prisma.config.ts': config('{}') }, [
      'Usual',
      'prisma/schema.prisma, from the default place',
    ]));

  it('and a package.json that cannot be read says nothing', (t) =>
    assertFound(t, { ...without('prisma.config.ts'), 'package.json': '{ "prisma": ' }, [
      'Usual',
      'prisma/schema.prisma, from the default place',
    ]));

  it('and is refused where there is none', (t) =>
    assertRefused(t, { 'README.md': '' }, ['SCHEMA_NOT_FOUND', /prisma\/schema\.prisma, schema\.prisma/]));

  it('and is refused where there is one elsewhere, which is named', async (t) => {
    const elsewhere = {
      'packages/db/schema/base.prisma': schemaOf('A'),
      'packages/db/schema/note.prisma': PARTIAL,
      'services/api/pg.prisma': schemaOf('B'),
      'services/parts.prisma': PARTIAL,
      'node_modules/x/schema.prisma': schemaOf('C'),
      '.git/schema.prisma': schemaOf('C'),
    };
    const { error, folder } = await look(t, elsewhere);
    assert.equal(error?.code, 'SCHEMA_NOT_FOUND');
    assert.match(error.message, /; there are some at services\/api\/pg\.prisma, packages\/db\/schema\.\n/);
    const [, remedy = ''] = /(--schema=.*)$/.exec(error.remedy) ?? [];
    const { code, stdout } = await runInProcess(['models', '--json', remedy], { cwd: folder });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).ownerModel, 'B');
  });

  it('and is refused where --schema names none', (t) =>
    assertRefused(t, everywhere, ['SCHEMA_NOT_FOUND', /at nowhere\.prisma/], ['--schema=nowhere.prisma']));

  it('and is refused where a folder has none', (t) =>
    assertRefused(t, { 'db/notes.txt': '' }, ['SCHEMA_NOT_FOUND', /at db/], ['--schema=db']));
});

describe('a folder of files', () => {
  const parts: Files = {
    'db/base.prisma': 'datasource db {\n  provider = "postgres"\n  url = env("X")\n}\n',
    'db/users/user.prisma': 'model User {\n  id Int @id\n  notes Note[]\n}\n',
    'db/notes/deep/er/note.prisma':
      '\uFEFFmodel Note {\r\n  id Int @id\r\n  userId Int?\r\n  user User? @relation(fields: [userId], references: [id])\r\n}\r\n',
    'db/notes/generator.prisma':
      'generator a-b {\n  provider = "x"\n  previewFeatures = ["prismaSchemaFolder"]\n}\n',
    'db/migrations/0_init/old.prisma': 'model Old {\n',
    'db/node_modules/other/schema.prisma': 'model Old {\n',
    'db/README.md': 'model Old {',
  };

  it('is one schema, nested files included', async (t) => {
    const { answer, stderr } = await look(t, parts, ['--schema=db']);
    const classes = answer.models.map(({ model, class: each }) => `${model} ${each}`);
    assert.deepEqual(classes.sort(), ['Note owned', 'User ownerModel']);
    assert.match(stderr, /^Migrations: .*[\\/]db[\\/]migrations$/m);
  });

  it('is read once where a link in it leads back to it', async (t) => {
    const { folder } = createProject(t, { ...parts });
    symlinkSync('../../db', `${folder}/db/users/loop`);
    const { code, stdout, stderr } = await runInProcess(['models', '--json', '--schema=db'], { cwd: folder });
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).models.length, 2);
  });

  it('that may not be read is no bug', {
    skip: process.getuid?.() === 0 && 'the superuser may read every file',
  }, async (t) => {
    const { folder } = createProject(t, parts);
    chmodSync(`${folder}/db/base.prisma`, 0);
    const { code, stderr } = await runInProcess(['models', '--schema=db'], { cwd: folder });
    assert.equal(code, 2);
    assert.match(stderr, /^error: .*base\.prisma cannot be read: EACCES\.\n/);
  });

  it('is read where the project itself lies in a folder called migrations', async (t) => {
    const moved = Object.fromEntries(
      Object.entries(parts).map(([name, text]) => [`migrations/${name}`, text]),
    );
    const { answer } = await look(t, moved, ['--schema=db'], 'migrations');
    assert.equal(answer.ownerModel, 'User');
  });

  it('gives the file and line of an error', (t) =>
    assertRefused(
      t,
      { ...parts, 'db/x/bad.prisma': 'model Bad {\n  id Int @id\n  to Nothing\n}\n' },
      ['SCHEMA_INVALID', /db\/x\/bad\.prisma:3: Type "Nothing"/],
      ['--schema=db'],
    ));

  it('with two datasources is two schemas, of which none is taken', (t) =>
    assertRefused(t, { 'prisma/pg.prisma': schemaOf('A'), 'prisma/lite.prisma': schemaOf('B') }, [
      'SCHEMAS_AMBIGUOUS',
      /prisma\/lite\.prisma, prisma\/pg\.prisma/,
    ]));
});

describe('two schemas that could be meant', () => {
  it('are refused in the default places', (t) =>
    assertRefused(t, { 'prisma/schema.prisma': schemaOf('A'), 'schema.prisma': schemaOf('B') }, [
      'SCHEMAS_AMBIGUOUS',
      /prisma\/schema\.prisma, schema\.prisma/,
    ]));

  it('are one where the other is a part without a datasource', (t) =>
    assertFound(t, { 'prisma/schema.prisma': schemaOf('A'), 'prisma/schema/part.prisma': PARTIAL }, [
      'A',
      'prisma/schema.prisma, from the default place',
    ]));

  it('are no question where --schema names one', (t) =>
    assertFound(
      t,
      { 'prisma/schema.prisma': schemaOf('A'), 'schema.prisma': schemaOf('B') },
      ['B', 'schema.prisma, from --schema'],
      ['--schema=schema.prisma'],
    ));
});

describe('a config file', () => {
  const PLACES = [
    'prisma7.config.js',
    'prisma7.config.ts',
    '.config/prisma7.mts',
    'prisma.config.mjs',
    'prisma.config.cjs',
    'prisma.config.cts',
    'prisma.config/index.ts',
    '.config/prisma.ts',
    '.config/prisma.config.ts',
  ];
  const esm = (schema: string) => `export default { schema: ${JSON.stringify(schema)} };\n`;
  const cjs = (schema: string) => `module.exports = { schema: ${JSON.stringify(schema)} };\n`;

  for (const [i, place] of PLACES.entries())
    it(`is found at ${place}, before the places after it`, async (t) => {
      const files = Object.fromEntries(
        PLACES.slice(i).map((each) => {
          const up = '../'.repeat(each.split('/').length - 1);
          const text = /\.c[jt]s$/.test(each) ? cjs(`${up}${i}.prisma`) : esm(`${up}${i}.prisma`);
          return [each, each === place ? text : 'throw new Error("not this one");'];
        }),
      );
      await assertFound(t, { ...files, [`${i}.prisma`]: schemaOf('Found') }, [
        'Found',
        `${i}.prisma, from ${place}`,
      ]);
    });

  it('is the one that --config names', (t) =>
    assertFound(
      t,
      {
        'prisma.config.ts': 'throw 1;',
        'conf/mine.ts': config('{ schema: "../x" }'),
        'x/a.prisma': schemaOf('Mine'),
      },
      ['Mine', 'x, from conf/mine.ts'],
      ['--config=conf/mine.ts'],
    ));

  it('is refused where --config names none', (t) =>
    assertRefused(t, {}, ['CONFIG_FILE_NOT_FOUND', /at conf\.ts/], ['--config=conf.ts']));

  it('may be TypeScript with types, enums and imports of its own', (t) =>
    assertFound(
      t,
      {
        'prisma.config.ts':
          'import type { PrismaConfig } from "prisma";\nimport path from "node:path";\nimport { place } from "./src/place";\nenum E { A = "x" }\nexport default { schema: path.join("db", place as string) } satisfies PrismaConfig;\n',
        'src/place.ts': 'export const place: string = "a.prisma";',
        'db/a.prisma': schemaOf('Typed'),
      },
      ['Typed', 'db/a.prisma, from prisma.config.ts'],
    ));

  it('may be in an ES module project, wait, and export a function', (t) =>
    assertFound(
      t,
      {
        'package.json': '{ "type": "module" }',
        'prisma.config.js':
          'const x = await Promise.resolve("a.prisma");\nexport default () => ({ schema: x });\n',
        'a.prisma': schemaOf('Waited'),
      },
      ['Waited', 'a.prisma, from prisma.config.js'],
    ));

  it('may use Prisma and dotenv where they are not installed', (t) =>
    assertFound(
      t,
      {
        'prisma.config.ts': `import 'dotenv/config';\nimport dotenv from 'dotenv';\ndotenv.config();\n${config('{ schema: "a.prisma", datasource: { url: env("NOT_SET") } }')}`,
        'a.prisma': schemaOf('StoodIn'),
      },
      ['StoodIn', 'a.prisma, from prisma.config.ts'],
    ));

  it('may use any package that is not installed, where its place is plain text all the same', async (t) => {
    const text = `import { load } from '@acme/env/load';
import * as all from 'all-of-it';
import { expand } from 'dotenv-expand';
load(all.settings(), expand({}));
export default { schema: 'a.prisma', datasource: { url: load('X') } };`;
    const { owner, stderr } = await look(t, { 'prisma.config.ts': text, 'a.prisma': schemaOf('Plain') });
    assert.equal(owner, 'Plain', stderr);
    assert.match(
      stderr,
      /^Config file: .*; it imports what is not installed: @acme\/env\/load, all-of-it, dotenv-expand/m,
    );
  });

  it('may print: nothing of it gets into the answer', (t) =>
    assertFound(
      t,
      {
        'prisma.config.ts':
          'console.log("{ loud"); process.stdout.write("louder"); console.error("x");\nexport default { schema: "a.prisma" };',
        'a.prisma': schemaOf('Loud'),
      },
      ['Loud', 'a.prisma, from prisma.config.ts'],
    ));

  it('may print past everything, and read what is typed: nothing of it gets into the answer, or waits', async (t) => {
    const text = `import { spawnSync } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';
writeSync(1, 'direct');
spawnSync('echo', ['hi'], { stdio: 'inherit' });
export default { schema: 'a.prisma' + readFileSync(0, 'utf8') };`;
    const { folder } = createProject(t, { 'prisma.config.ts': text, 'a.prisma': schemaOf('Quiet') });
    const { code, stdout } = await runCli(['models', '--json'], { cwd: folder });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).ownerModel, 'Quiet');
  });

  it('that waits where nothing can interrupt it does not keep us', async (t) => {
    const text = `import { execSync } from 'node:child_process';\nexecSync('sleep 60');\nexport default {};`;
    const { folder } = createProject(t, { 'prisma.config.ts': text });
    const { code, stderr } = await runCli(['models'], { cwd: folder });
    assert.equal(code, 2);
    assert.match(stderr, /did not come to an end within 10 seconds/);
  });

  const refused: [what: string, text: string, code: string, message: RegExp][] = [
    ['throws', 'throw new Error("no luck today");', 'CONFIG_FILE_FAILED', /no luck today/],
    [
      'throws with a password in its words',
      'throw new Error("no database at postgresql://app:s3cr/et@db.example.com/app.");',
      'CONFIG_FILE_FAILED',
      /: no database at postgresql:\/\/\*\*\*@db\.example\.com\/app\.\n/,
    ],
    ['throws something odd', 'throw null;', 'CONFIG_FILE_FAILED', /null/],
    [
      'rejects',
      'await Promise.reject(new Error("later"));\nexport default {};',
      'CONFIG_FILE_FAILED',
      /later/,
    ],
    ['calls process.exit', 'process.exit(0);', 'CONFIG_FILE_FAILED', /ended before it exported/],
    [
      'waits for nothing',
      'await new Promise(() => {});\nexport default {};',
      'CONFIG_FILE_FAILED',
      /ended before/,
    ],
    [
      'is nothing but a package that is not installed',
      'import x from "not-installed";\nexport default x;',
      'CONFIG_FILE_FAILED',
      /Cannot find module 'not-installed'\.\n/,
    ],
    [
      'is what such a package makes',
      'import { make } from "not-installed";\nexport default make();',
      'CONFIG_FILE_FAILED',
      /Cannot find module 'not-installed'\.\n/,
    ],
    [
      'imports a file that is not there',
      'import x from "./nowhere";\nexport default { schema: x };',
      'CONFIG_FILE_FAILED',
      /Cannot find module '\.\/nowhere'\.\n/,
    ],
    ['is no TypeScript', 'export default {{{', 'CONFIG_FILE_FAILED', /prisma\.config\.ts/],
    ['exports nothing', 'export {};', 'SCHEMA_NOT_FOUND', /prisma\/schema/],
    [
      'exports an array',
      'export default [{ schema: "x" }];',
      'CONFIG_FILE_FAILED',
      /exports no configuration/,
    ],
    [
      'has a setting that Prisma does not know',
      'export default { shcema: "x" };',
      'CONFIG_FILE_FAILED',
      /no setting "shcema"/,
    ],
    [
      'has a schema that is no text',
      'export default { schema: 7 };',
      'CONFIG_FILE_FAILED',
      /"schema" is no text/,
    ],
    [
      'has the schema of a package that is not installed',
      'import { path } from "@acme/paths";\nexport default { schema: path };',
      'CONFIG_FILE_FAILED',
      /Cannot find module '@acme\/paths'/,
    ],
    ['exports no object', 'export default 12;', 'CONFIG_FILE_FAILED', /exports no configuration/],
    ['checks an unset variable', 'new URL(process.env.NOPE ?? "");', 'CONFIG_FILE_FAILED', /Invalid URL/],
    [
      'stumbles over an unset variable',
      config('{ datasource: { url: new URL(env("NOPE")).href } }'),
      'CONFIG_FILE_FAILED',
      /the variable NOPE is not set/,
    ],
    [
      'is of Prisma 8',
      'import { definePrismaConfig } from "prisma/config";\nexport default definePrismaConfig({});',
      'PRISMA_8',
      /Prisma 8 \(prisma\.config\.ts uses definePrismaConfig\)/,
    ],
    ['never ends', 'for (;;);', 'CONFIG_FILE_ENDLESS', /within 10 seconds/],
  ];
  for (const [what, text, code, message] of refused)
    it(`that ${what} is refused`, (t) => assertRefused(t, { 'prisma.config.ts': text }, [code, message]));

  it('is no obstacle where --schema says all that is needed', (t) =>
    assertFound(
      t,
      { 'prisma.config.ts': 'throw new Error("not needed");', 'a.prisma': schemaOf('Named') },
      ['Named', 'a.prisma, from --schema'],
      ['--schema=a.prisma'],
    ));
});

describe('Prisma 8', () => {
  const usual = { 'prisma/schema.prisma': schemaOf('User') };
  const installed = (version: string) => ({
    'node_modules/prisma/package.json': JSON.stringify({ version }),
  });
  const wanted = (range: string) => ({
    'package.json': JSON.stringify({ devDependencies: { prisma: range } }),
  });

  it('is refused where it is installed', (t) =>
    assertRefused(t, { ...usual, ...installed('8.0.0-dev.3') }, [
      'PRISMA_8',
      /prisma 8\.0\.0-dev\.3 is installed/,
    ]));

  for (const range of ['^8', '8.1.0', '>=8', '~8.0.0-rc.1', 'next', 'workspace:^8.0.0'])
    it(`is refused where package.json asks for "${range}"`, (t) =>
      assertRefused(t, { ...usual, ...wanted(range) }, ['PRISMA_8', /package\.json asks for prisma/]));

  for (const range of ['^7.8.0', 'latest', 'workspace:*', '6', '^7 || ^8', 'file:../8'])
    it(`is not suspected where package.json asks for "${range}"`, async (t) => {
      const { owner } = await look(t, { ...usual, ...wanted(range) });
      assert.equal(owner, 'User');
    });

  it('is not suspected where another version is installed, which is said', async (t) => {
    const { owner, stderr } = await look(t, { ...usual, ...wanted('^8'), ...installed('6.19.0') });
    assert.equal(owner, 'User');
    assert.match(stderr, /^Prisma: 6\.19\.0$/m);
    const { folder } = createProject(t, { ...usual, ...installed('6.19.0') });
    const short = await runInProcess(['models'], { cwd: folder });
    assert.equal(short.stderr, 'Schema: prisma/schema.prisma, Prisma 6.19.0 is installed\n');
  });

  it('is not suspected in a comment of the config file', async (t) => {
    const { owner } = await look(t, {
      ...usual,
      'prisma.config.ts': '// not definePrismaConfig yet\nexport default {};',
    });
    assert.equal(owner, 'User');
  });
});
