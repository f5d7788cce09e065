import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { GenerateAnswer } from '../src/commands/isolation-results.ts';
import { runProcess } from './helpers/command-line.ts';
import { runInProcess } from './helpers/in-process.ts';
import { createProject, snapshot, type TestProject } from './helpers/project.ts';

const SCHEMA = `datasource db {
  provider = "sqlite"
}
model User {
  id    String @id
  notes Note[]
}
model Note {
  id     Int     @id
  userId String?
  user   User?   @relation(fields: [userId], references: [id])
}
model Country {
  code String @id
}
`;
const WORD = `model Word {
  id Int @id
}
`;
const SETTINGS = `{ "exclude": { "Country": "the same for all" } }`;
const FILE = 'src/for-user.ts';
const TABLE = `  model    scope   a scoped client sees
  User     users   everyone is seen, only the own row is changed
  Note     owned   rows of the user, by userId
  Country  shared  everybody's
`;

const create = (t: TestContext, schema = SCHEMA) =>
  createProject(t, { 'prisma/schema.prisma': schema, 'ownership.config.json': SETTINGS });

/** Types words and asserts the exit code. */
async function type({ folder }: TestProject, words: readonly string[], code: number) {
  const done = await runInProcess(['isolation', ...words], { cwd: folder });
  assert.equal(done.code, code, done.stdout + done.stderr);
  return done;
}

/** Types a command as a text shows it. */
async function typeShown(project: TestProject, text: string, before: RegExp) {
  const [, command = ''] =
    new RegExp(`${before.source}\n  npm run migration:isolation -- (.*)$`, 'm').exec(text) ?? [];
  assert.notEqual(command, '', text);
  const { stdout } = await runProcess('sh', ['-c', `printf '%s\\n' ${command}`]);
  return type(project, stdout.trimEnd().split('\n'), 0);
}

describe('isolation --generate', () => {
  it('writes nothing in a dry run, and ends with 1 where the file would change, with 0 where it is current', async (t) => {
    const project = create(t);
    const before = snapshot(project);
    const dry = await type(project, [`--generate=${FILE}`, '--dry-run'], 1);
    assert.match(dry.stdout, /^src\/for-user\.ts would be created: 3 models\. Nothing was written\.\n/);
    assert.deepEqual(snapshot(project), before);
    await typeShown(project, dry.stdout, /To write it:/);
    assert.notDeepEqual(snapshot(project), before);
    const current = await type(project, [`--generate=${FILE}`, '--dry-run'], 0);
    assert.match(current.stdout, /^src\/for-user\.ts is up to date: 3 models\.\n/);
    project.write('prisma/schema.prisma', `${SCHEMA}${WORD}`);
    const written = snapshot(project);
    const old = await type(project, [`--generate=${FILE}`, '--dry-run'], 1);
    assert.match(old.stdout, /^src\/for-user\.ts would be changed: 4 models\. Nothing was written\.\n/);
    assert.deepEqual(snapshot(project), written);
  });

  it('says what it wrote, what a scoped client sees, and how to undo it; a second time that it is up to date', async (t) => {
    const project = create(t);
    const before = snapshot(project);
    const first = await type(project, [`--generate=${FILE}`], 0);
    const next = 'In the application, for each request:\n  const db = forUser(prisma, userId);\n';
    assert.equal(first.stderr, 'Schema: prisma/schema.prisma\n');
    assert.equal(first.stdout, `${FILE} created: 3 models.\n\n${TABLE}\n${next}To undo it:\n  rm ${FILE}\n`);
    const written = snapshot(project);
    const second = await type(project, [`--generate=${FILE}`], 0);
    assert.equal(second.stdout, `${FILE} is up to date: 3 models.\n\n${TABLE}\n${next}`);
    assert.deepEqual(snapshot(project), written);
    project.write('prisma/schema.prisma', `${SCHEMA}${WORD}`);
    const third = await type(project, [`--generate=${FILE}`], 0);
    assert.match(third.stdout, /^src\/for-user\.ts changed: 4 models\.\n/);
    assert.match(third.stdout, /\nTo undo it:\n {2}git checkout -- src\/for-user\.ts\n$/);
    await runProcess('sh', ['-c', /rm .*/.exec(first.stdout)?.[0] ?? 'false'], { cwd: project.folder });
    project.write('prisma/schema.prisma', SCHEMA);
    assert.deepEqual(snapshot(project), before);
  });

  it('answers the same as JSON', async (t) => {
    const project = create(t);
    const ask = async (words: readonly string[], code: number) =>
      JSON.parse(
        (await type(project, [`--generate=${FILE}`, '--json', ...words], code)).stdout,
      ) as GenerateAnswer;
    const answer: GenerateAnswer = {
      command: 'isolation',
      generate: FILE,
      ok: false,
      dryRun: true,
      change: 'created',
      ownerModel: 'User',
      models: [
        { model: 'User', scope: 'users' },
        { model: 'Note', scope: 'owned', by: 'userId' },
        { model: 'Country', scope: 'shared' },
      ],
      findings: [],
    };
    assert.deepEqual(await ask(['--dry-run'], 1), answer);
    assert.deepEqual(await ask([], 0), { ...answer, ok: true, dryRun: false });
    assert.deepEqual(await ask([], 0), { ...answer, ok: true, dryRun: false, change: 'unchanged' });
  });

  it('does not replace a file that it has not written, and says where else', async (t) => {
    const project = create(t);
    project.write(FILE, 'export const mine = 1;\n');
    const before = snapshot(project);
    for (const more of [[], ['--dry-run']]) {
      const refused = await type(project, [`--generate=${FILE}`, ...more], 2);
      assert.equal(refused.stdout, '');
      assert.match(
        refused.stderr,
        /error: src\/for-user\.ts was not written by this command, and is not replaced\.\nNothing was changed\./,
      );
      assert.deepEqual(snapshot(project), before);
      if (more.length > 0) await typeShown(project, refused.stderr, /To write the list elsewhere:/);
    }
    assert.equal(project.read(FILE), 'export const mine = 1;\n');
    assert.match(project.read('src/for-user-list.ts') ?? '', /^\/\/ Written by prisma-ownership/);
  });

  it('refuses a name that is no code, and what cannot be written, and leaves nothing behind', async (t) => {
    const project = create(t);
    project.write('file', '');
    await type(project, [`--generate=${FILE}`], 0);
    project.write('prisma/schema.prisma', `${SCHEMA}${WORD}`);
    chmodSync(join(project.folder, FILE), 0o444);
    mkdirSync(join(project.folder, 'folder.ts'));
    const before = snapshot(project);
    const cases: [path: string, says: RegExp][] = [
      ['src/for-user', /LIST_NOT_CODE/],
      ['src/for-user.json', /LIST_NOT_CODE/],
      [FILE, /"FILE_NOT_WRITABLE",\s+"message": "src\/for-user\.ts cannot be written: it is read-only\./],
      ['file/for user.ts', /"FILE_NOT_WRITABLE"[\s\S]*--generate='file\/for user\.ts' --dry-run/],
      ['folder.ts', /"FILE_NOT_WRITABLE"/],
    ];
    for (const [path, says] of cases) {
      assert.match((await type(project, [`--generate=${path}`, '--json'], 2)).stdout, says);
      assert.deepEqual(snapshot(project), before);
      assert.deepEqual(readdirSync(join(project.folder, 'src')), ['for-user.ts']);
    }
  });

  it('refuses a folder that may not be written to', {
    skip: process.getuid?.() === 0 && 'root may write everywhere',
  }, async (t) => {
    const project = create(t);
    mkdirSync(join(project.folder, 'src'), { mode: 0o555 });
    const refused = await type(project, [`--generate=${FILE}`], 2);
    assert.match(refused.stderr, /src\/for-user\.ts cannot be written: EACCES\.\nNothing was changed\./);
  });

  it('makes folders that are missing, and quotes a name that a shell would take apart', async (t) => {
    const project = create(t);
    const file = "src/app/(main)/Ana's list.ts";
    const dry = await type(project, [`--generate=${file}`, '--exclude=Country', '--dry-run'], 1);
    const done = await typeShown(project, dry.stdout, /To write it:/);
    const shown = String.raw`'src/app/(main)/Ana'\''s list.ts'`;
    assert.ok(done.stdout.endsWith(`To undo it:\n  rm ${shown}\n`), done.stdout);
    assert.ok(
      project
        .read(file)
        ?.includes(`\n//   npx prisma-ownership isolation --generate=${shown} --exclude=Country\n`),
    );
    assert.equal(dry.stdout.match(/--exclude=Country/g)?.length, 1);
  });

  it('is the same list however its place is typed, with the flags that decide about models', async (t) => {
    const project = create(t);
    await type(project, [`--generate=${FILE}`], 0);
    for (const path of [`./${FILE}`, 'src/../src/for-user.ts', join(project.folder, FILE)])
      await type(project, [`--generate=${path}`, '--dry-run'], 0);
    project.write('ownership.config.json', '{}');
    await type(project, [`--generate=${FILE}`, '--exclude=Note'], 0);
    const [, words = ''] = /npx prisma-ownership isolation (.*)\n/.exec(project.read(FILE) ?? '') ?? [];
    await type(project, [...words.split(' '), '--dry-run'], 0);
  });

  it('closes a view, and a model that is excluded though it has an owner column, and shares one that has none', async (t) => {
    const project = create(t, `${SCHEMA}view Total {\n  id Int @unique\n}\n`);
    const { models, findings } = JSON.parse(
      (await type(project, [`--generate=${FILE}`, '--exclude=Note', '--json'], 0)).stdout,
    ) as GenerateAnswer;
    assert.deepEqual(
      models.map(({ model, scope }) => `${model} ${scope}`),
      ['User users', 'Note closed', 'Country shared', 'Total closed'],
    );
    assert.deepEqual(
      findings.map(({ code, model }) => [code, model]),
      [
        ['MODEL_CLOSED', 'Note'],
        ['MODEL_CLOSED', 'Total'],
      ],
    );
  });

  it('does two things at once for nobody', async (t) => {
    const project = create(t);
    const of = { generate: `--generate=${FILE}`, scan: '--scan=src', check: '--check', rls: '--rls' };
    const pairs = [
      ...[of.rls, of.check, of.scan, '--role=app', '--undo', '--client=a.ts', '--copy'].map((flag) => [
        of.generate,
        flag,
      ]),
      ...[of.check, of.scan, '--client=a.ts', '--copy'].map((flag) => [of.rls, flag]),
      ...[of.check, '--role=app', '--undo', '--client=a.ts', '--copy'].map((flag) => [of.scan, flag]),
      ...['--role=app', '--undo', '--dry-run'].map((flag) => [of.check, flag]),
    ];
    for (const words of pairs) {
      const { stderr } = await type(project, words, 2);
      assert.match(stderr, /cannot be used with/, words.join(' '));
    }
    assert.equal(project.read(FILE), null);
  });
});
