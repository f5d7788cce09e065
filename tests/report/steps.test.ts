import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { AssignAnswer, CheckAnswer, VerifyAnswer } from '../../src/commands/results.ts';
import type { ModelReport } from '../../src/ownership/count.ts';
import * as findings from '../../src/ownership/findings.ts';
import { migrationFailed } from '../../src/ownership/project-findings.ts';
import * as runFindings from '../../src/ownership/run-findings.ts';
import { renderAssignment, renderCheck, renderVerification } from '../../src/report/steps.ts';
import { createPainter } from '../../src/report/text.ts';

const PAINT = createPainter({ write: () => undefined }, {});
const USER = { id: 'ana', label: 'ana@example.com' };

function report(model: string, counts: Partial<ModelReport>): ModelReport {
  const none = { rows: 0, unowned: 0, ownedByUser: 0, ownedByOthers: 0, orphaned: 0 };
  return { model, table: model, ownerColumn: 'userId', phase: 'optional', ...none, ...counts };
}

const BEFORE = [
  report('Folder', { rows: 2, ownedByOthers: 2 }),
  report('Note', { rows: 15_569, unowned: 15_000, ownedByUser: 500, ownedByOthers: 69 }),
];
const AFTER = [
  report('Folder', { rows: 2, ownedByOthers: 2 }),
  report('Note', { rows: 15_569, ownedByUser: 15_500, ownedByOthers: 69 }),
];

describe('step 1 as text', () => {
  const answer: CheckAnswer = {
    command: 'production-safe',
    step: 1,
    ok: true,
    database: { provider: 'sqlite', name: 'dev.db' },
    user: USER,
    models: BEFORE,
    safety: { time: '2026-11-25T12:00:00.000Z', backup: null, rehearsal: null },
    findings: [],
  };

  it('shows the counts and the next command', () =>
    assert.equal(
      renderCheck(answer, PAINT),
      `Step 1, check, for ana (ana@example.com)

  model   column  phase       rows  unowned  this user  others  orphaned
  Folder  userId  optional       2        0          0       2         0
  Note    userId  optional  15,569   15,000        500      69         0

Backup:     none is known; to make one:  npm run migration:backup -- --verify
Rehearsal:  none is known; to rehearse:  npm run migration:rehearse ana

15,000 rows in 1 model would be assigned to ana (ana@example.com). Nothing was changed.
To assign them:  npm run migration:assign ana`,
    ));

  it('does not say that step 2 would refuse for the sake of a migration that has failed', () => {
    const failed = [migrationFailed('3_failed')];
    const end = (each: CheckAnswer['findings']) =>
      renderCheck({ ...answer, ok: false, findings: each }, PAINT)
        .split('\n')
        .at(-1);
    assert.equal(end(failed), '1 error: settle this first. Nothing was changed.');
    assert.equal(
      end([...failed, findings.tableMissing('Note', 'Note')]),
      '2 errors: step 2 would refuse. Nothing was changed.',
    );
  });

  it('shows what stands in the way, and no next command', () =>
    assert.equal(
      renderCheck(
        {
          ...answer,
          ok: false,
          models: [report('Note', { phase: 'missing' })],
          findings: [findings.tableMissing('Note', 'Note')],
        },
        PAINT,
      ),
      `Step 1, check, for ana (ana@example.com)

  model  column  phase    rows  unowned  this user  others  orphaned
  Note   userId  missing     0        0          0       0         0

error: Note: there is no table "Note" in the database [TABLE_MISSING]
  Apply the pending migrations: npx prisma migrate deploy

1 error: step 2 would refuse. Nothing was changed.`,
    ));

  for (const [what, models, state] of [
    ['every row has an owner', AFTER, 'Every row has an owner'],
    ['there are no rows', [report('Note', {})], 'There are no rows in these models'],
  ] as const) {
    it(`points at step 3 when ${what}`, () => {
      const lines = renderCheck({ ...answer, models: [...models] }, PAINT)
        .split('\n')
        .slice(-2);
      assert.deepEqual(lines, [
        `${state}: there is nothing to assign.`,
        'To verify:  npm run migration:verify ana',
      ]);
    });
  }

  it('calls a user without a name by the id alone', () =>
    assert.match(
      renderCheck({ ...answer, user: { id: '7', label: '7' } }, PAINT),
      /^Step 1, check, for 7\n/,
    ));
});

describe('step 2 as text', () => {
  const answer: AssignAnswer = {
    command: 'production-safe',
    step: 2,
    ok: true,
    dryRun: false,
    run: '7f3a',
    user: USER,
    models: [{ model: 'Note', assigned: 15_000, unowned: 0, batches: 15 }],
    elapsedMs: 12_360,
    guards: [],
    proof: null,
    findings: [],
  };

  it('shows what was assigned, and how to go on and to undo it', () =>
    assert.equal(
      renderAssignment(answer, PAINT),
      `Step 2, assign, to ana (ana@example.com)

  model  assigned  batches  without owner
  Note     15,000       15              0

15,000 rows assigned in 12.4 s. Every row of these models has an owner.
To verify:    npm run migration:verify ana
To undo:      npm run migration:rollback -- --confirm --run 7f3a
Run 7f3a`,
    ));

  it('says what is proved, and what is not', () => {
    const proof = { rows: 14_000, batches: 14, unprovedRows: 1000, models: [] };
    assert.deepEqual(
      renderAssignment({ ...answer, proof }, PAINT)
        .split('\n')
        .slice(-6, -3),
      [
        '15,000 rows assigned in 12.4 s. Every row of these models has an owner.',
        'Proved: nothing but the owner changed in 14,000 rows (14 batches).',
        'Not proved: 1,000 rows that this run assigned without --proof.',
      ],
    );
    const one = renderAssignment(
      { ...answer, proof: { ...proof, rows: 1, batches: 1, unprovedRows: 0 } },
      PAINT,
    );
    assert.match(one, /\nProved: nothing but the owner changed in 1 row \(1 batch\)\.\nTo verify:/);
  });

  it('shows what is left', () => {
    const models = [{ model: 'Note', assigned: 14_999, unowned: 1, batches: 15 }];
    assert.equal(
      renderAssignment(
        { ...answer, ok: false, models, findings: [findings.triggerFires('Note', ['touch'])] },
        PAINT,
      ),
      `Step 2, assign, to ana (ana@example.com)

  model  assigned  batches  without owner
  Note     14,999       15              1

warning: Note: an update fires "touch": what it does to other columns or tables, rollback does not undo [TRIGGER_FIRES]
  Read what it does; disable it for the time of step 2 if it writes.

14,999 rows assigned in 12.4 s. 1 row still without an owner.
To carry on:  npm run migration:assign ana
To undo:      npm run migration:rollback -- --confirm --run 7f3a
Run 7f3a`,
    );
  });

  it('shows what a dry run would do', () => {
    const models = [{ model: 'Note', assigned: 0, unowned: 15_000, batches: 16 }];
    assert.equal(
      renderAssignment({ ...answer, dryRun: true, run: null, models, elapsedMs: 0 }, PAINT),
      `Step 2, assign, to ana (ana@example.com): a dry run

  model  to assign  batches (estimate)
  Note      15,000                  16

15,000 rows would be assigned. Nothing was changed.
To assign them:  npm run migration:assign ana`,
    );
  });
});

describe('step 3 as text', () => {
  const answer: VerifyAnswer = {
    command: 'production-safe',
    step: 3,
    ok: true,
    run: '7f3a',
    user: USER,
    models: AFTER,
    guards: [],
    proof: null,
    findings: [],
  };

  it('says what is verified, and what comes next', () =>
    assert.equal(
      renderVerification(answer, PAINT),
      `Step 3, verify, for ana (ana@example.com)

  model   column  phase       rows  unowned  this user  others  orphaned
  Folder  userId  optional       2        0          0       2         0
  Note    userId  optional  15,569        0     15,500      69         0

Verified: all 15,571 rows of 2 models have an owner that exists.
71 rows of them belong to other users.
Next is phase 3, which requires the owner. To see what it changes:
  npm run migration:schema -- --phase=3
Run 7f3a`,
    ));

  it('says how many of the rows are proved, verified or not', () => {
    const proof = { rows: 15_000, batches: 15, unprovedRows: 0, models: [] };
    const line = 'Proved: nothing but the owner changed in 15,000 rows (15 batches).';
    const verified = renderVerification({ ...answer, proof }, PAINT).split('\n');
    assert.equal(verified.indexOf(line), verified.indexOf('71 rows of them belong to other users.') + 1);
    const not = renderVerification({ ...answer, proof, ok: false }, PAINT).split('\n');
    assert.equal(not.indexOf(line), not.indexOf('Not verified: 0 errors.') + 1);
  });

  it('says that phase 3 is done, without a run', () => {
    const models = [report('Note', { rows: 2, ownedByUser: 2, phase: 'required' })];
    const lines = renderVerification(
      { ...answer, run: null, models, findings: [runFindings.noRun()] },
      PAINT,
    ).split('\n');
    assert.deepEqual(lines.slice(-4), [
      'info: the journal has no run for this user, but such as were rolled back: there are no keys to compare [NO_RUN]',
      '',
      'Verified: all 2 rows of 1 model have an owner that exists.',
      'The owner columns are required: phase 3 is done.',
    ]);
  });

  it('has the singular where it is due', () => {
    const models = [report('Note', { rows: 1, ownedByOthers: 1 })];
    const text = renderVerification({ ...answer, models }, PAINT);
    assert.match(
      text,
      /\nVerified: the 1 row of 1 model has an owner that exists\.\n1 row of them belongs to other users\.\n/,
    );
  });

  it('says what is wrong', () => {
    const found = [
      findings.unowned('Note', 2, 'ana'),
      runFindings.runStillOpen('7f3a', 'paused', 'npm run migration:assign ana'),
    ];
    const lines = renderVerification({ ...answer, ok: false, findings: found }, PAINT).split('\n');
    assert.deepEqual(lines.slice(-7), [
      'error: Note: 2 rows have no owner [UNOWNED]',
      '  Assign them: npm run migration:assign ana',
      'error: run 7f3a is paused, not completed [RUN_OPEN]',
      '  Carry it on: npm run migration:assign ana',
      '',
      'Not verified: 2 errors.',
      'Run 7f3a',
    ]);
  });
});
