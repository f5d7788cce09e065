import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { version } from '../package.json';
import { runCli } from './helpers/command-line.ts';
import { createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { NOTES } from './helpers/notes.ts';
import { announcement } from './helpers/refusals.ts';

describe('the command line', () => {
  it('says which version it is', async () =>
    assert.deepEqual(await runInProcess(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' }));

  const mistakes: [what: string, args: string[], fact: string, example: string][] = [
    ['no command', [], 'no command is given.', 'npm run migration:list-users'],
    ['an unknown command', ['frobnicate'], "unknown command 'frobnicate'.", 'npm run migration:list-users'],
    [
      'a misspelt command',
      ['lst-users'],
      "unknown command 'lst-users' (Did you mean list-users?).",
      'npm run migration:list-users',
    ],
    [
      'a misspelt option',
      ['rollback', '--confrim'],
      "unknown option '--confrim' (Did you mean --confirm?).",
      'npm run migration:rollback -- --confirm',
    ],
    [
      'a limit that is no number',
      ['list-users', '--limit=ten'],
      "option '--limit <n>' argument 'ten' is invalid. It must be a whole number from 1 to 10000.",
      'npm run migration:list-users -- --search=ana',
    ],
    [
      'a limit of nothing',
      ['list-users', '--limit=0'],
      "option '--limit <n>' argument '0' is invalid. It must be a whole number from 1 to 10000.",
      'npm run migration:list-users -- --search=ana',
    ],
  ];
  for (const [what, args, fact, example] of mistakes) {
    it(`exits with 2 and an example for ${what}`, async () =>
      assert.deepEqual(await runInProcess(args), {
        code: 2,
        stdout: '',
        stderr: `error: ${fact}\nNothing was changed.\nAn example:\n  ${example}\n`,
      }));
  }

  it('names no command in the JSON of an error when none was given', async () => {
    const { code, stdout } = await runInProcess(['--json']);
    const { command, ok, error } = JSON.parse(stdout);
    assert.deepEqual([code, command, ok, error.code], [2, null, false, 'USAGE']);
  });
});

describe('a process of the command line', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase('sqlite', NOTES);
  });
  after(() => database.drop());
  const run = (...args: string[]) =>
    runCli(args, { cwd: database.folder, env: { DATABASE_URL: database.url } });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    return { code, stderr, answer: JSON.parse(stdout), keys: Object.keys(JSON.parse(stdout)) };
  };
  const REPORT = [
    'model',
    'table',
    'ownerColumn',
    'phase',
    'rows',
    'unowned',
    'ownedByUser',
    'ownedByOthers',
    'orphaned',
  ];

  it('exits with 2 and one JSON document when it did not run', async () => {
    const { code, stderr, answer, keys } = await json('production-safe', 'anna', '--step=2');
    assert.deepEqual(
      [code, keys, Object.keys(answer.error)],
      [2, ['command', 'ok', 'error'], ['code', 'message', 'remedy']],
    );
    assert.ok(stderr.startsWith(`${announcement(database)}error: no User has the id "anna".\n`), stderr);
  });

  it('lists users with the documented keys', async () => {
    const { code, stderr, answer } = await json('list-users');
    assert.deepEqual([code, stderr], [0, announcement(database)]);
    assert.deepEqual(answer, {
      command: 'list-users',
      database: { provider: 'sqlite', name: `${database.folder}/test.db` },
      ownerModel: 'User',
      total: 2,
      users: ['ana', 'ben'].map((id) => {
        const email = `${id}@example.com`;
        return { id, label: email, email, rows: { Note: 1 } };
      }),
    });
  });

  it('checks with the documented keys, in their order', async () => {
    const { code, answer, keys } = await json('production-safe', 'ana', '--step=1');
    assert.equal(code, 0);
    assert.deepEqual(keys, ['command', 'step', 'ok', 'database', 'user', 'models', 'safety', 'findings']);
    assert.deepEqual([Object.keys(answer.user), Object.keys(answer.models[0])], [['id', 'label'], REPORT]);
    assert.deepEqual([answer.command, answer.step, answer.ok], ['production-safe', 1, true]);
  });

  it('exits with 1 when the answer is no', async () => {
    const { code, stdout, stderr } = await run('production-safe', 'ana', '--step=3');
    assert.deepEqual([code, stderr], [1, announcement(database)]);
    assert.match(stdout, /\nNot verified: 1 error\.\n$/);
  });

  it('assigns, verifies, shows the status and rolls back with the documented keys', async () => {
    const empty = await json('status');
    assert.deepEqual(
      [empty.code, empty.keys, empty.answer.runs],
      [
        0,
        [
          'command',
          'database',
          'time',
          'runs',
          'replicas',
          'safety',
          'guards',
          'checklist',
          'next',
          'findings',
        ],
        [],
      ],
    );

    assert.deepEqual(Object.keys(empty.answer.checklist[0]), [
      'line',
      'part',
      'title',
      'state',
      'proof',
      'remedy',
    ]);

    const assigned = await json('production-safe', 'ana', '--step=2');
    const said = `${announcement(database)}warning: no backup of this database is known\n`;
    assert.deepEqual([assigned.code, assigned.stderr], [0, said]);
    assert.deepEqual(assigned.keys, [
      'command',
      'step',
      'ok',
      'dryRun',
      'run',
      'user',
      'models',
      'elapsedMs',
      'guards',
      'proof',
      'findings',
    ]);
    assert.deepEqual(assigned.answer.models, [{ model: 'Note', assigned: 2, unowned: 0, batches: 1 }]);
    const { run: id } = assigned.answer;

    const verified = await json('production-safe', 'ana', '--step=3');
    assert.equal(verified.code, 0);
    assert.deepEqual(verified.keys, [
      'command',
      'step',
      'ok',
      'run',
      'user',
      'models',
      'guards',
      'proof',
      'findings',
    ]);
    assert.deepEqual([verified.answer.run, Object.keys(verified.answer.models[0])], [id, REPORT]);

    const { answer } = await json('status');
    const { started, finished, ...rest } = answer.runs[0];
    for (const time of [started, finished]) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(
      [answer.runs.length, rest],
      [
        1,
        {
          id,
          status: 'completed',
          ownerModel: 'User',
          ownerId: 'ana',
          flags: {},
          process: null,
          live: null,
          models: [{ model: 'Note', status: 'completed', toAssign: 2, assigned: 2, batches: 1, reverted: 0 }],
        },
      ],
    );

    const undone = await json('rollback', '--confirm');
    assert.deepEqual(
      [undone.code, undone.keys],
      [0, ['command', 'ok', 'dryRun', 'run', 'models', 'findings']],
    );
    assert.deepEqual(undone.answer.models, [{ model: 'Note', reverted: 2, skipped: 0 }]);
  });
});
