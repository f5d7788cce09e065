import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { runCommand } from '../../scripts/demo/command.ts';
import { requireOwners } from '../../scripts/demo/schema-edit.ts';
import { STEPS, withSeparator } from '../../scripts/demo/steps.ts';
import { type Finished, ROOT, runProcess } from '../helpers/command-line.ts';

const TS_NODE = require.resolve('ts-node/dist/bin.js');

/** What the demo prints, in this order: every heading with its command, and the line that tells its outcome. */
const KEY_LINES = [
  '1 of 18: Make the database of the sample app, as it is after phase 1',
  '$ npx prisma migrate deploy',
  'All migrations have been successfully applied.',
  '2 of 18: Fill it with 20,000 rows, nearly all from the years before there were users',
  '$ npx prisma db seed',
  'NoteTag        9,000',
  '3 of 18: List the users',
  '$ npm run migration:list-users',
  /^ {2}cm3owner0000 .* none$/,
  '4 of 18: Back up, and prove that the backup restores',
  '$ npm run migration:backup --verify',
  /^Verified: it was restored into a scratch database/,
  '5 of 18: Rehearse all that follows on copies of it',
  '$ npm run migration:rehearse cm3owner0000',
  /^Every part held/,
  '6 of 18: Step 1: check, which writes nothing',
  '$ npm run migration:production-safe cm3owner0000 --step=1',
  /^19,975 rows in 6 models would be assigned/,
  '7 of 18: Take the second copy of the database, for the rollback at the end',
  /^[\d,]+ bytes, sha256 [0-9a-f]{64}$/,
  '8 of 18: Step 2: assign',
  '$ npm run migration:production-safe cm3owner0000 --step=2',
  /^19,975 rows assigned/,
  '9 of 18: Step 3: verify',
  '$ npm run migration:production-safe cm3owner0000 --step=3',
  /^Verified: all 20,000 rows/,
  '10 of 18: Phase 3: require the owner in prisma/schema.prisma',
  '-   userId      String?',
  '+   userId      String',
  '  The same two lines in Note, Tag, NoteTag, Attachment and ReminderRule.',
  '11 of 18: Phase 3: let Prisma write the migration and apply it',
  '$ npx prisma migrate dev --name "make-user-fields-required"',
  /_make_user_fields_required\/$/,
  '12 of 18: Step 3 again: the final verification',
  '$ npm run migration:production-safe cm3owner0000 --step=3',
  /^ {2}Note +userId +required +6,000 +0 /,
  /^Verified: all 20,000 rows/,
  '13 of 18: Write the list of models that forUser() keeps users apart by',
  '$ npm run migration:isolation --generate=for-user.ts',
  /^for-user\.ts created: 8 models\.$/,
  "14 of 18: Try what one user can do to another's rows, and roll it back",
  '$ npm run migration:isolation --check',
  /^No leak in \d+ attempts\.$/,
  '15 of 18: Write the report for the change ticket',
  '$ npm run migration:report',
  /^Wrote migration-report\.html/,
  '16 of 18: On the second copy, step 2: assign',
  '$ npm run migration:production-safe cm3owner0000 --step=2',
  /^19,975 rows assigned/,
  '17 of 18: On the second copy, roll it back',
  '$ npm run migration:rollback --confirm',
  /^19,975 rows without an owner again/,
  '18 of 18: Compare the second copy with what it was before step 2',
  /^before: {2}[\d,]+ bytes, sha256 [0-9a-f]{64}$/,
  /^after: {3}[\d,]+ bytes, sha256 [0-9a-f]{64}$/,
  'Equal, byte for byte. In between, after step 2, the dump was another one.',
  /^Shown in /,
  /^ {2}assigned {2}19,975 rows/,
  /^ {2}verified {2}20,000 rows/,
  /^ {2}restored {2}19,975 rows/,
  '  npm run migration:list-users -- --schema <path to your schema.prisma>',
  '  npm run migration:check -- <USER_ID> --schema <path to your schema.prisma>',
];

/** Runs the demo with a folder of its own for temporary files. */
function runDemo(folder: string, env = {}, onStart?: (child: ChildProcess) => void): Promise<Finished> {
  // ts-node would keep a cache in the folder.
  const own = { TMPDIR: folder, DISABLE_V8_COMPILE_CACHE: '1', ...env };
  const args = [TS_NODE, join(ROOT, 'scripts/demo.ts')];
  return runProcess(process.execPath, args, { env: own, ...(onStart ? { onStart } : {}) });
}

function assertInOrder(output: string, expected: readonly (string | RegExp)[]): void {
  const lines = output.split('\n');
  let from = 0;
  for (const each of expected) {
    const matches = (line: string) => (typeof each === 'string' ? line === each : each.test(line));
    const at = lines.findIndex((line, index) => index >= from && matches(line));
    assert.notEqual(at, -1, `no line ${each} after line ${from} of:\n${output}`);
    from = at + 1;
  }
}

/** Git's view of the repository, and every file of prisma/, the ignored database too. */
function describeRepository(): string[] {
  const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
  const files = readdirSync(join(ROOT, 'prisma'), { recursive: true, encoding: 'utf8' });
  return [stdout, ...files.map((file) => `${file} ${statSync(join(ROOT, 'prisma', file)).mtimeMs}`)];
}

describe('npm run demo', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-test-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  test('shows the checklist to the end, and leaves nothing behind', async () => {
    const repository = describeRepository();
    // Neither somebody's own database nor a flag left by an outer npm may reach the commands.
    const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', npm_config_step: '3' };
    const { code, stdout, stderr } = await runDemo(folder, env);
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.equal(stderr, '');
    assertInOrder(stdout, KEY_LINES);
    const dumps = [...stdout.matchAll(/[\d,]+ bytes, sha256 \w+/g)].map(String);
    assert.deepEqual([dumps.length, new Set(dumps).size], [3, 1]);
    assert.equal(stdout.includes('\u001b'), false);
    assert.doesNotMatch(stdout, /^> |^npm warn/m);
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(describeRepository(), repository);
  });

  test('names the step whose command failed, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await runDemo(folder, { PRISMA_SCHEMA_ENGINE_BINARY: '/nowhere' });
    assert.equal(code, 1);
    assert.match(stdout, /\$ npx prisma migrate deploy\n(.*\n)*.*\/nowhere/);
    assert.match(stderr, /^\nerror: step 1 of 18, "Make .*", failed: the command ended with exit code 1/);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('ends with 130 on Ctrl-C, and leaves nothing behind', async () => {
    const interrupt = (child: ChildProcess) =>
      child.stdout?.on('data', (text) => {
        if (String(text).includes('$ npx')) child.kill('SIGINT');
      });
    const { code, stderr } = await runDemo(folder, {}, interrupt);
    assert.equal(code, 130);
    assert.equal(stderr, '\nStopped. The copies are removed; nothing else was changed.\n');
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe('runCommand', () => {
  const run = (command: string, print: (line: string) => void, signal = new AbortController().signal) =>
    runCommand(command, { folder: ROOT, temporary: tmpdir(), print, signal });

  test('ends the processes of a command on the signal, also one that ignores Ctrl-C', async () => {
    const stop = new AbortController();
    let pid = 0;
    const program = "process.on('SIGINT', () => {}); console.log(process.pid); setInterval(() => {}, 1000)";
    await run(
      `node -e "${program}"`,
      (line) => {
        pid = Number(line);
        stop.abort();
      },
      stop.signal,
    );
    assert.ok(pid > 0);
    // A zombie has ended; it waits for whoever adopted it.
    assert.match(spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout, /^(Z.*\n)?$/);
  });

  test('gives both streams in their order, without the banner of npm and without blank lines at the ends', async () => {
    const lines: string[] = [];
    const program = "console.log('\\n> app@1 x\\n> y\\n\\none');console.error('two\\n\\nthree\\n')";
    const ended = await run(`node -e "${program.replaceAll('\\', '\\\\')}; process.exitCode = 3"`, (line) =>
      lines.push(line),
    );
    assert.deepEqual(ended, { code: 3, output: 'one\ntwo\n\nthree' });
    assert.deepEqual(lines, ['one', 'two', '', 'three']);
  });
});

test('withSeparator puts -- before the flags of npm scripts, and changes nothing else', () => {
  const typed = STEPS.map(({ act }) => act).filter((act) => typeof act === 'string');
  assert.deepEqual(
    [...new Set(typed.map(withSeparator))],
    [
      'npx prisma migrate deploy',
      'npx prisma db seed',
      'npm run migration:list-users',
      'npm run migration:backup -- --verify',
      'npm run migration:rehearse cm3owner0000',
      'npm run migration:production-safe -- cm3owner0000 --step=1',
      'npm run migration:production-safe -- cm3owner0000 --step=2',
      'npm run migration:production-safe -- cm3owner0000 --step=3',
      'npx prisma migrate dev --name "make-user-fields-required"',
      'npm run migration:isolation -- --generate=for-user.ts',
      'npm run migration:isolation -- --check',
      'npm run migration:report',
      'npm run migration:rollback -- --confirm',
    ],
  );
});

test('requireOwners changes the two lines of every owned model', () => {
  const model = (name: string, mark: string) =>
    `model ${name} {\n  userId String${mark}\n  user   User${mark || ' '} @relation(x)\n  text String?\n}`;
  const edit = requireOwners(`${model('A', '?')}\n${model('B', '?')}`);
  assert.equal(edit.schema, `${model('A', '')}\n${model('B', '')}`);
  assert.match(edit.diff, /^ {2}model A \{\n(- .*\n\+ .*\n){2} {2}The same two lines in B\.$/);
});
