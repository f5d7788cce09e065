import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ScanAnswer } from '../src/commands/isolation-results.ts';
import { ROOT } from './helpers/command-line.ts';
import { ALL_PROVIDERS, createDatabase, isMissing } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { queryJournal } from './helpers/journal.ts';
import { createProject } from './helpers/project.ts';
import { DB, FOR_USER, SCAN_SCHEMA } from './helpers/scan-fixture.ts';

const APP = `import { prisma } from './db';
import { forUser } from './for-user';
export const all = () => prisma.note.findMany();
export const one = (id: number) => prisma.note.findUnique({ where: { id } });
export const two = (id: number) => prisma.note.findUnique({ where: { id } });
export const own = (userId: string) => prisma.note.findMany({ where: { userId } });
export const good = (userId: string) => forUser(prisma, userId).note.findMany();
// ownership-ignore: the nightly report is about all users
export const total = () => prisma.note.count();
export const sql = (userId: string) => forUser(prisma, userId).$queryRaw\`/* unscoped: health */ SELECT 1\`;
export const any = (db) => db.note.findMany();
`;
const FILES = {
  'prisma/schema.prisma': SCAN_SCHEMA,
  'src/db.ts': DB,
  'src/for-user.ts': FOR_USER,
  'src/app.ts': APP,
};
const NOT_JOURNALED =
  'The result was not journaled: DATABASE_URL is set neither in the environment nor in a .env file.';

describe('isolation --scan', () => {
  it('lists calls by their files, says what to type, and exits with 1', async (t) => {
    const { folder } = createProject(t, FILES);
    const { code, stdout, stderr } = await runInProcess(['isolation', '--scan=src'], { cwd: folder });
    assert.equal(
      stdout,
      `3 files of src

src/app.ts
  3:26   error    Note.findMany: the client is not scoped to a user [CLIENT_NOT_SCOPED]
         Type forUser(prisma, userId).note.findMany(...)
  4:36   error    Note.findUnique: the row is found by its key alone, so whoever has the key has the row [BY_ID_ONLY]
  5:36   error    Note.findUnique: the row is found by its key alone, so whoever has the key has the row [BY_ID_ONLY]
         Type forUser(prisma, userId).note.findUnique(...)
  11:28  warning  Note.findMany: it cannot be told whether db is scoped [CLIENT_UNKNOWN]
         Use forUser(prisma, userId) where it is made, or ignore it with // ownership-ignore: why it is scoped
  9:28  ignored Note.count: the nightly report is about all users
  10:40  meant $queryRaw: health
  1 call scoped by hand: 6:40

Calls on owned rows: 3 errors, 1 warning, 1 scoped, 1 scoped by hand, 1 ignored, 1 meant.
3 calls to scope, or to say why not: // ownership-ignore: why
`,
    );
    assert.match(stderr, /^Schema: prisma\/schema\.prisma\nThe result was not journaled: /);
    assert.equal(code, 1);
  });

  it('answers the same as JSON', async (t) => {
    const { folder } = createProject(t, FILES);
    const { code, stdout } = await runInProcess(['isolation', '--scan=src', '--json'], { cwd: folder });
    const answer = JSON.parse(stdout) as ScanAnswer;
    const { calls, ...rest } = answer;
    assert.deepEqual(rest, {
      command: 'isolation',
      scan: 'src',
      ok: false,
      files: 3,
      counts: { errors: 3, warnings: 1, scopedByHand: 1, ignored: 1, meant: 1, scoped: 1 },
      findings: [],
    });
    assert.deepEqual(calls[0], {
      file: 'src/app.ts',
      line: 3,
      column: 26,
      model: 'Note',
      operation: 'findMany',
      code: 'CLIENT_NOT_SCOPED',
      severity: 'error',
      message: 'the client is not scoped to a user',
      remedy: 'Type forUser(prisma, userId).note.findMany(...)',
    });
    assert.deepEqual(
      calls.flatMap(({ line, ignored, meant }) => ((ignored ?? meant) ? [[line, ignored, meant]] : [])),
      [
        [9, 'the nightly report is about all users', undefined],
        [10, undefined, 'health'],
      ],
    );
    assert.equal(code, 1);
  });

  it('exits with 0 where no call is an error, and with 1 where a file cannot be judged', async (t) => {
    const { folder, write } = createProject(t, { ...FILES, 'src/app.ts': 'export {};' });
    const type = () => runInProcess(['isolation', '--scan', 'src'], { cwd: folder });
    const empty = await type();
    assert.match(
      empty.stdout,
      /\nNo call on owned rows was found that is scoped: is this the folder of the code\?\n$/,
    );
    assert.equal(empty.code, 0);
    write(
      'src/app.ts',
      APP.split('\n')
        .filter((line) => !/const (?:all|one|two|any) =/.test(line))
        .join('\n'),
    );
    write('src/for-user.ts', FOR_USER.replace("keys: ['userId_title']", 'keys: []'));
    const old = await type();
    assert.match(
      old.stdout,
      /error: src\/for-user\.ts: the list .* \[ISOLATION_LIST_OLD\]\n {2}Write it again: /,
    );
    assert.match(old.stdout, /\nNo call is an error, but not all of the code could be judged\.\n$/);
    assert.equal(old.code, 1);
  });

  it('has its remedy for an old list work', async (t) => {
    const { folder, write } = createProject(t, FILES);
    write('src/for-user.ts', FOR_USER.replace("keys: ['userId_title']", 'keys: []'));
    await runInProcess(['isolation', '--generate=src/for-user.ts'], { cwd: folder });
    const { stdout } = await runInProcess(['isolation', '--scan=src', '--json'], { cwd: folder });
    assert.deepEqual((JSON.parse(stdout) as ScanAnswer).findings, []);
  });

  it('refuses a folder that is not there, is a file, or has no code', async (t) => {
    const { folder } = createProject(t, { ...FILES, 'docs/a.md': '' });
    for (const [typed, code] of [
      ['lib', 'SCAN_FOLDER_MISSING'],
      ['src/app.ts', 'SCAN_FOLDER_MISSING'],
      ['docs', 'SCAN_FOLDER_EMPTY'],
    ]) {
      const done = await runInProcess(['isolation', `--scan=${typed}`, '--json'], { cwd: folder });
      assert.deepEqual([done.code, JSON.parse(done.stdout).error.code], [2, code]);
    }
  });

  it('does not go with --generate', async (t) => {
    const { folder } = createProject(t, FILES);
    const done = await runInProcess(['isolation', '--scan=src', '--generate=src/for-user.ts'], {
      cwd: folder,
    });
    assert.equal(done.code, 2);
    assert.match(done.stderr, /--scan/);
  });

  it('documents every code of a call', () => {
    const documented = [
      ...readFileSync(join(ROOT, 'docs/isolation-scan.md'), 'utf8').matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g),
    ];
    const source = readFileSync(join(ROOT, 'src/isolation-scan/findings.ts'), 'utf8');
    const codes = [...source.matchAll(/\(\s*'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code);
    const known = new Set(documented.map(([, code]) => code));
    assert.deepEqual(
      codes.filter((code) => !known.has(code)),
      [],
    );
    assert.ok(codes.length > 15);
  });

  it('says that a database which does not answer has not journaled it', async (t) => {
    const { folder } = createProject(t, FILES);
    const env = { DATABASE_URL: 'file:./gone/app.db' };
    const done = await runInProcess(['isolation', '--scan=src'], { cwd: folder, env });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /\nThe result was not journaled: .+\n$/);
    const without = await runInProcess(['isolation', '--scan=src'], { cwd: folder });
    assert.ok(without.stderr.includes(NOT_JOURNALED), without.stderr);
  });
});

for (const provider of ALL_PROVIDERS)
  it(`journals a scan on ${provider}, and not with --dry-run`, { skip: isMissing(provider) }, async (t) => {
    const database = await createDatabase(provider, { ddl: '', models: 'model User {\n  id String @id\n}' });
    t.after(() => database.drop());
    const { folder } = createProject(t, FILES);
    const env = { DATABASE_URL: database.url };
    const type = (...words: string[]) =>
      runInProcess(['isolation', '--scan=src', ...words], { cwd: folder, env });
    assert.match((await type('--dry-run')).stderr, /The result was not journaled: --dry-run\.\n$/);
    const done = await type();
    assert.deepEqual([done.code, done.stderr], [1, 'Schema: prisma/schema.prisma\n']);
    const rows = await queryJournal(database, 'evidence');
    assert.deepEqual(
      rows.map(({ kind, body }) => [kind, JSON.parse(String(body))]),
      [
        [
          'isolationScan',
          {
            dir: 'src',
            files: 3,
            errors: 3,
            warnings: 1,
            ignored: 1,
            meant: 1,
            host: 'test-host',
            ok: false,
          },
        ],
      ],
    );
  });
