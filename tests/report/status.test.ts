import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { decideChecklist, findNext } from '../../src/checklist/decide.ts';
import type { Evidence } from '../../src/checklist/evidence.ts';
import { checklistUnread } from '../../src/checklist/findings.ts';
import { TICKED_LINES } from '../../src/checklist/lines.ts';
import type { StatusAnswer } from '../../src/commands/results.ts';
import { schemaEmpty } from '../../src/errors.ts';
import { findCurrent, findNextOfRun } from '../../src/report/next.ts';
import { renderStatus } from '../../src/report/status.ts';
import { createPainter } from '../../src/report/text.ts';
import { ASSIGNED, DONE, NOTE, READY, withRun } from '../checklist/cases.ts';

const PAINT = createPainter({ write: () => undefined }, {});
const EMPTY: StatusAnswer = {
  command: 'status',
  database: { provider: 'sqlite', name: 'dev.db' },
  time: '2026-11-25T12:00:00.000Z',
  runs: [],
  replicas: [],
  safety: { time: '2026-11-25T12:00:00.000Z', backup: null, rehearsal: null },
  guards: [],
  checklist: null,
  next: '',
  findings: [],
};
type Run = StatusAnswer['runs'][number];
const RUN: Run = {
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
const LIVE = { rowsPerSecond: null, secondsLeft: null, waiting: null, request: null };

describe('the runs in the status', () => {
  const run = RUN;
  const render = (...runs: Run[]) => {
    const next = findNextOfRun(findCurrent(runs));
    return renderStatus({ ...EMPTY, runs, next }, PAINT);
  };

  it('points at the beginning when there is no run', () =>
    assert.equal(render(), 'No run yet.\n\nTo begin:\n  npm run migration:list-users'));

  it('shows each run, the newest first, and what comes after that one', () =>
    assert.equal(
      render({ ...run, id: '9c1d', status: 'rolledBack', models: [] }, run),
      `Run 9c1d: rolledBack, for ana, started 2024-01-01T00:00:00.000Z, ended 2024-01-01T00:00:12.000Z
  model  status  assigned  of    batches  reverted

Run 7f3a: completed, for ana, started 2024-01-01T00:00:00.000Z, ended 2024-01-01T00:00:12.000Z
  model  status     assigned      of         batches  reverted
  Note   completed    15,000  15,000  100 %       15         0

To assign again:
  npm run migration:assign ana`,
    ));

  const open: Run = {
    ...run,
    finished: null,
    models: [{ model: 'Note', status: 'running', toAssign: 3, assigned: 1, batches: 1, reverted: 0 }],
  };
  const worker = { command: 'rollback', host: 'web-1', pid: 12, heartbeat: '2024-01-01T00:00:05.000Z' };
  const lastLines: [what: string, run: Run, ...lines: RegExp[]][] = [
    ['verification', run, /^To verify:\n {2}npm run migration:verify ana$/m],
    [
      'going on after a stop',
      { ...open, status: 'paused' },
      /^Run 7f3a is not finished \(1 model left\)\. To carry it on:\n {2}npm run migration:assign ana$/m,
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
      /^It is being worked on\. To look again:\n {2}npm run migration:status$/m,
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
      /^It is paused\. To end it: {2}npm run migration:cancel\nTo have it go on:\n {2}npm run migration:resume$/m,
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

/** The answer with the checklist of some evidence. */
function answerOf(evidence: Evidence, more: Partial<StatusAnswer> = {}): StatusAnswer {
  const checklist = decideChecklist(evidence);
  return { ...EMPTY, checklist, next: findNext(checklist, evidence)?.remedy ?? '', ...more };
}

describe('the checklist in the status', () => {
  it('is this before the first run', () =>
    assert.equal(
      renderStatus(answerOf(READY), PAINT),
      `No run yet.

Checklist, 4 done, 16 open, 3 n/a, read at 2026-11-25T12:00:00.000Z
  Before
    open    Back up the database               none is known, and nobody has said so: --tick=backup
    open    Try all of this in staging         no rehearsal yet, and nobody has said so:
                                               --tick=staging
    open    Tell the team                      nobody has said so: --tick=team
  Phase 1, expand
    done    The schema has owner columns       1 model: Note
    done    Its migration is applied           in 1 table, by 1_add
  Phase 2, populate
    done    The user who gets the rows exists  2 users; none is chosen before step 1
    open    Step 1, check                      4 rows without an owner in 1 model; no user is chosen
                                               yet
    open    Step 2, assign                     no run yet
    open    Step 3, verify                     after step 2
    open    The application works              nobody has said so: --tick=app
  Phase 3, require
    open    The schema requires the owner      after step 3
    open    Its migration is applied           the schema does not require it yet
    open    Step 3 once more                   after phase 3
  Afterwards
    open    Queries are filtered by user       no scan yet, and nobody has said so: --tick=filter
    open    Isolation of users is verified     no check yet, and nobody has said so:
                                               --tick=isolation
    open    Issues watched for, logs reviewed  nobody has said so: --tick=monitor
    n/a     Clean up: no guard is left         no run left one
  If anything goes wrong
    n/a     Roll the run back                  no run was rolled back
    n/a     Restore from the backup            nobody said that it was needed
  Success
    open    No data is lost                    held against the journal after step 2
    open    Every row has an owner             4 rows of 5 without an owner
    open    Performance is acceptable          nobody has said so: --tick=performance
    done    Each phase only after the last     none began before

Next, Before: Back up the database
  npm run migration:backup -- --verify`,
    ));

  it('ends with the command for what failed, after the runs', () => {
    const lines = renderStatus(
      answerOf(withRun({ status: 'failed', assigned: 2 }), { runs: [{ ...RUN, status: 'failed' }] }),
      PAINT,
    ).split('\n');
    assert.match(lines[0] ?? '', /^Run 7f3a: failed/);
    assert.ok(
      lines.includes('    failed  Step 2, assign                     run 7f3a: 2 of 5 rows; it failed'),
    );
    assert.deepEqual(lines.slice(-2), [
      'Next, Phase 2, populate: Step 2, assign',
      '  npm run migration:assign ana',
    ]);
  });

  it('leaves a run that is worked on at the end, where it is seen', () => {
    const evidence = withRun({ status: 'running', isLive: true, assigned: 2 });
    const process = { command: 'production-safe --step=2', host: 'web-1', pid: 12, heartbeat: 'now' };
    const runs = [
      { ...RUN, status: 'running', process, live: { ...LIVE, rowsPerSecond: 2500 } },
      { ...RUN, id: '9c1d', status: 'rolledBack' },
    ];
    const next = findNextOfRun(findCurrent(runs));
    const text = renderStatus(answerOf(evidence, { runs, next }), PAINT);
    const places = ['Run 9c1d', 'Checklist, ', 'Run 7f3a', '2,500 rows a second', 'It is being worked on.'];
    assert.deepEqual(
      places.map((words) => text.indexOf(words)),
      places.map((words) => text.indexOf(words)).sort((a, b) => a - b),
    );
    assert.match(text, /To look again:\n {2}npm run migration:status$/);
  });

  it('says that nothing is left to do, when that is so', () => {
    const ticks = TICKED_LINES.map((line) => ({ line, note: 'done', by: 'ana', time: 'noon' }));
    const text = renderStatus(answerOf({ ...DONE, ticks }), PAINT);
    assert.match(text, /^Checklist, 22 done, 1 n\/a, read at .+Z$/m);
    assert.match(text, /\n\nNothing is left to do\.$/);
  });

  it('is not there where the schema cannot be read: then the journal says what is next', () => {
    const findings = [checklistUnread(schemaEmpty('schema.prisma'), null)];
    const answer = { ...EMPTY, runs: [RUN], findings, next: findNextOfRun(RUN) };
    assert.equal(
      renderStatus(answer, PAINT).split('\n').slice(3).join('\n'),
      `
warning: the checklist cannot be shown: the schema schema.prisma has no model [CHECKLIST_UNREAD]
  Name the right file or folder with --schema.

To verify:
  npm run migration:verify ana`,
    );
  });

  it('keeps to 100 columns, and in its lines, whatever people write', () => {
    const note = `${'long '.repeat(60)}\u001b[2J\n\rend`;
    const models = ['A', 'B', 'C'].map((name) => ({ ...NOTE, model: name.repeat(30), unowned: 2 }));
    const ticks = [{ line: 'backup', note, by: 'eve', time: 'noon' }];
    const text = renderStatus(answerOf({ ...ASSIGNED, models, ticks }), PAINT);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
  });

  it('has colours on a terminal, and the same words', () => {
    const colourful = createPainter({ write: () => undefined, isTTY: true }, {});
    const text = renderStatus(answerOf(withRun({ status: 'failed' })), colourful);
    assert.ok(text.includes('\u001b[31mfailed'), text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours
    const plain = text.replace(/\u001b\[\d+m/g, '');
    assert.equal(plain, renderStatus(answerOf(withRun({ status: 'failed' })), PAINT));
  });
});
