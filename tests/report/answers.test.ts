import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { ListUsersResult } from '../../src/commands/list-users.ts';
import type { RollbackAnswer, StatusAnswer } from '../../src/commands/results.ts';
import { renderUsers } from '../../src/report/list-users.ts';
import { renderRollback } from '../../src/report/rollback.ts';
import { renderStatus } from '../../src/report/status.ts';
import { createPainter } from '../../src/report/text.ts';

const PAINT = createPainter({ write: () => undefined }, {});

describe('the users as text', () => {
  const answer: ListUsersResult = {
    command: 'list-users',
    database: { provider: 'sqlite', name: 'dev.db' },
    ownerModel: 'User',
    total: 3,
    users: [
      {
        id: 'ana',
        label: 'ana@example.com',
        email: 'ana@example.com',
        createdAt: '2024-02-29T23:59:59.000Z',
        rows: { Note: 15_569, Tag: 1, Log: 0 },
      },
      { id: 'ben', label: 'ben', rows: {} },
    ],
  };

  it('have a line each, and say that there are more', () =>
    assert.equal(
      renderUsers(answer, PAINT),
      `3 users (2 shown; --limit or --search for others)

  id   user             created     rows owned
  ana  ana@example.com  2024-02-29  15,570 (Note 15,569, Tag 1)
  ben                               none

To check what would be assigned to one of them:
  npm run migration:check <id>`,
    ));

  it('are one command from step 1 when there is only one', () => {
    const lines = renderUsers({ ...answer, total: 1, users: answer.users.slice(0, 1) }, PAINT).split('\n');
    assert.deepEqual([lines[0], lines.at(-1)], ['1 user', '  npm run migration:check ana']);
  });

  it('stay in their line, and cannot steer the terminal, whatever they call themselves', () => {
    const users = [{ id: 'eve', label: 'Eve\u001b[2J\n\rroot', rows: {} }];
    const text = renderUsers({ ...answer, total: 1, users }, PAINT);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.equal(text.split('\n').length, 7);
  });

  it('may be none', () =>
    assert.equal(renderUsers({ ...answer, total: 0, users: [] }, PAINT), 'No User matches.'));
});

describe('a rollback as text', () => {
  const answer: RollbackAnswer = {
    command: 'rollback',
    ok: true,
    dryRun: false,
    run: '7f3a',
    models: [
      { model: 'Folder', reverted: 1, skipped: 0 },
      { model: 'Note', reverted: 14_999, skipped: 1 },
    ],
    findings: [],
  };

  it('says what was undone and what was not', () =>
    assert.equal(
      renderRollback(answer, { ownerId: 'ana', flags: {} }, PAINT),
      `Rollback of run 7f3a, which assigned to ana

  model   reverted  skipped
  Folder         1        0
  Note      14,999        1

1 row skipped: deleted or re-assigned since the run, so they stay as they are.
15,000 rows without an owner again, as before the run.
To assign them again:  npm run migration:assign ana
Run 7f3a`,
    ));

  it('says in a dry run what would be undone', () =>
    assert.equal(
      renderRollback(
        { ...answer, dryRun: true, models: answer.models.slice(0, 1) },
        { ownerId: 'ana', flags: {} },
        PAINT,
      ),
      `Rollback of run 7f3a, which assigned to ana: a dry run

  model   to revert  skipped
  Folder          1        0

1 row would be without an owner again. Nothing was changed.
To roll back:  npm run migration:rollback -- --confirm --run 7f3a
Run 7f3a`,
    ));

  it('says how to go on when it was stopped', () => {
    const lines = renderRollback({ ...answer, ok: false }, { ownerId: 'ana', flags: {} }, PAINT)
      .split('\n')
      .slice(-3);
    assert.deepEqual(lines, [
      'Stopped: 15,000 rows without an owner again, the others not yet.',
      'To roll back the rest:  npm run migration:rollback -- --confirm --run 7f3a',
      'Run 7f3a',
    ]);
  });
});

const LIVE = { rowsPerSecond: null, secondsLeft: null, waiting: null, request: null };

describe('the status as text', () => {
  type Run = StatusAnswer['runs'][number];
  const run: Run = {
    id: '7f3a',
    status: 'completed',
    ownerModel: 'User',
    ownerId: 'ana',
    started: '2024-01-01T00:00:00.000Z',
    finished: '2024-01-01T00:00:12.000Z',
    flags: {},
    process: null,
    live: null,
    models: [
      { model: 'Note', status: 'completed', toAssign: 15_000, assigned: 15_000, batches: 15, reverted: 0 },
    ],
  };
  const render = (...runs: Run[]) => {
    const database = { provider: 'sqlite', name: 'dev.db' };
    return renderStatus({ command: 'status', database, runs, replicas: [], guards: [], findings: [] }, PAINT);
  };

  it('points at the beginning when there is no run', () =>
    assert.equal(render(), 'No run yet.\nTo begin:  npm run migration:list-users'));

  it('shows each run, the newest first, and what comes after that one', () =>
    assert.equal(
      render({ ...run, id: '9c1d', status: 'rolledBack', models: [] }, run),
      `Run 9c1d: rolledBack, for ana, started 2024-01-01T00:00:00.000Z, ended 2024-01-01T00:00:12.000Z
  model  status  assigned  of    batches  reverted

Run 7f3a: completed, for ana, started 2024-01-01T00:00:00.000Z, ended 2024-01-01T00:00:12.000Z
  model  status     assigned      of         batches  reverted
  Note   completed    15,000  15,000  100 %       15         0

To assign again:  npm run migration:assign ana`,
    ));

  const open: Run = {
    ...run,
    finished: null,
    models: [{ model: 'Note', status: 'running', toAssign: 3, assigned: 1, batches: 1, reverted: 0 }],
  };
  const worker = { command: 'rollback', host: 'web-1', pid: 12, heartbeat: '2024-01-01T00:00:05.000Z' };
  const lastLines: [what: string, run: Run, ...lines: RegExp[]][] = [
    ['verification', run, /^To verify: {2}npm run migration:verify ana$/m],
    [
      'going on after a stop',
      { ...open, status: 'paused' },
      /^Run 7f3a is not finished \(1 model left\)\. To carry it on: {2}npm run migration:assign ana$/m,
    ],
    [
      'going on when its process was killed',
      { ...open, status: 'running' },
      /^ {2}its process is gone; step 2 carries it on$/m,
      / 33 % /,
    ],
    [
      'waiting while a process works on it',
      { ...open, status: 'running', process: worker },
      /^ {2}rollback by process 12 on web-1, seen 2024-01-01T00:00:05\.000Z$/m,
      /^It is being worked on\. To look again: {2}npm run migration:status$/m,
    ],
    [
      'how fast it is, and what is left',
      { ...open, process: worker, live: { ...LIVE, rowsPerSecond: 2500, secondsLeft: 90 } },
      /^ {2}2,500 rows a second lately, about 1 min 30 s left \(an estimate\)$/m,
    ],
    [
      'what it waits for, instead of a rate',
      {
        ...open,
        process: worker,
        live: {
          ...LIVE,
          rowsPerSecond: 9,
          waiting: { cause: 'the replica r is 2.0 s behind', since: 'noon' },
        },
      },
      /^ {2}waiting since noon: the replica r is 2\.0 s behind$/m,
    ],
    [
      'the way out of a pause',
      {
        ...open,
        process: worker,
        live: {
          ...LIVE,
          waiting: { cause: 'paused by ana', since: 'noon' },
          request: { what: 'pause', by: 'ana' },
        },
      },
      /^It is paused\. To have it go on, or end:\n {2}npm run migration:resume\n {2}npm run migration:cancel$/m,
    ],
    [
      'a cancel that is not obeyed yet',
      { ...open, process: worker, live: { ...LIVE, request: { what: 'cancel', by: 'ben on web-1' } } },
      /^ {2}asked to end after its current batch by ben on web-1$/m,
    ],
  ];
  for (const [what, each, ...lines] of lastLines) {
    it(`points at ${what}`, () => {
      for (const line of lines) assert.match(render(each), line);
    });
  }
});
