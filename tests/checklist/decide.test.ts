import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideChecklist, findNext } from '../../src/checklist/decide.ts';
import type { Evidence, ModelEvidence, RunEvidence } from '../../src/checklist/evidence.ts';
import { LINES, type LineName, type LineState, TICKED_LINES } from '../../src/checklist/lines.ts';
import type { Finding } from '../../src/ownership/findings.ts';

const NOTE: ModelEvidence = {
  model: 'Note',
  phase: 'optional',
  rows: 5,
  unowned: 0,
  orphaned: 0,
  isRequiredInSchema: false,
  addedBy: '1_add',
  requiredBy: null,
};
const RUN: RunEvidence = {
  id: '7f3a',
  status: 'completed',
  ownerId: 'ana',
  flags: {},
  isLive: false,
  assigned: 5,
  toAssign: 5,
  reverted: 0,
};
/** After step 2: phase 1 applied, one run completed, nothing ticked. */
const ASSIGNED: Evidence = {
  time: '2026-11-25T12:00:00.000Z',
  ticks: [],
  users: 2,
  models: [NOTE],
  ambiguous: [],
  migrations: { applied: ['1_add'], failed: [], pending: [] },
  run: RUN,
  rolledBack: null,
  chosen: { id: 'ana', label: 'ana@example.com' },
  checked: { errors: [], verification: [], verifyErrors: [] },
  isCounted: true,
  guards: 0,
};
/** Phase 1 applied, and no run yet. */
const READY: Evidence = {
  ...ASSIGNED,
  models: [{ ...NOTE, unowned: 4 }],
  run: null,
  chosen: null,
  checked: null,
};
const MISSING: Evidence = { ...READY, models: [{ ...NOTE, phase: 'missing' }] };
const REQUIRED: ModelEvidence = {
  ...NOTE,
  phase: 'required',
  isRequiredInSchema: true,
  requiredBy: '2_require',
};
const DONE: Evidence = {
  ...ASSIGNED,
  models: [REQUIRED],
  migrations: { ...ASSIGNED.migrations, applied: ['1_add', '2_require'] },
};

const failing = (code: string, message: string): Finding => {
  return { code, severity: 'error', model: 'Note', message, remedy: '' };
};
const withRun = (run: Partial<RunEvidence>, more: Partial<Evidence> = {}): Evidence => {
  return { ...ASSIGNED, ...more, run: { ...RUN, ...run } };
};
const withFindings = (findings: Finding[]): Evidence => {
  return { ...ASSIGNED, checked: { errors: findings, verification: findings, verifyErrors: findings } };
};

/** Every state that a line can have, with what is so and what proves it. */
const CASES: [line: LineName, state: LineState, evidence: Evidence, proof: string, remedy?: string][] = [
  [
    'phase1-schema',
    'open',
    { ...READY, models: [] },
    'no model has an owner column',
    'npm run migration:schema -- --phase=1',
  ],
  [
    'phase1-schema',
    'failed',
    { ...READY, ambiguous: ['Task'] },
    "several columns could be the owner's in Task",
    'npm run migration:models',
  ],
  ['phase1-schema', 'done', READY, '1 model: Note'],
  ['phase1-applied', 'done', READY, 'in 1 table, by 1_add'],
  [
    'phase1-applied',
    'open',
    MISSING,
    'no owner column in Note',
    'npx prisma migrate dev --name "add-optional-user-relations"',
  ],
  [
    'phase1-applied',
    'open',
    { ...MISSING, migrations: { applied: [], failed: [], pending: ['1_add'] } },
    'no owner column in Note',
    'npx prisma migrate deploy',
  ],
  [
    'phase1-applied',
    'failed',
    { ...MISSING, migrations: { applied: [], failed: ['1_add'], pending: ['1_add'] } },
    'migration 1_add failed',
    'npx prisma migrate resolve --rolled-back 1_add',
  ],
  [
    'users',
    'failed',
    { ...READY, users: null },
    'there is no table of users',
    'npm run migration:list-users',
  ],
  ['users', 'open', { ...READY, users: 0 }, 'there is no user yet', 'npm run migration:list-users'],
  ['users', 'done', READY, '2 users; none is chosen before step 1'],
  ['users', 'done', ASSIGNED, 'ana (ana@example.com)'],
  [
    'users',
    'failed',
    { ...ASSIGNED, chosen: null },
    'ana, of run 7f3a, is no user',
    'npm run migration:list-users',
  ],
  ['check', 'open', MISSING, 'after phase 1', ''],
  [
    'check',
    'open',
    READY,
    '4 rows without an owner in 1 model; no user is chosen yet',
    'npm run migration:list-users',
  ],
  ['check', 'done', { ...READY, models: [NOTE] }, 'there is nothing to assign'],
  ['check', 'done', withRun({ status: 'running', isLive: true }), 'run 7f3a began after it'],
  ['check', 'done', ASSIGNED, 'no error for ana, read at 2026-11-25T12:00:00.000Z'],
  ['check', 'failed', withFindings([failing('X', 'why')]), '1 error: why', 'npm run migration:check ana'],
  ['assign', 'open', MISSING, 'after phase 1', ''],
  ['assign', 'open', READY, 'no run yet', ''],
  ['assign', 'done', { ...READY, models: [NOTE] }, 'every row had an owner already'],
  [
    'assign',
    'open',
    withRun({ status: 'running', isLive: true, assigned: 2 }),
    'run 7f3a: 2 of 5 rows, by a process that works on it now',
    'npm run migration:status',
  ],
  [
    'assign',
    'open',
    withRun({ status: 'paused', assigned: 2 }),
    'run 7f3a: 2 of 5 rows; it is not finished',
    'npm run migration:assign ana',
  ],
  [
    'assign',
    'failed',
    withRun({ status: 'failed', assigned: 2, flags: { exclude: ['Log'] } }),
    'run 7f3a: 2 of 5 rows; it failed',
    'npm run migration:assign ana -- --exclude=Log',
  ],
  [
    'assign',
    'open',
    { ...ASSIGNED, models: [{ ...NOTE, unowned: 1 }] },
    '1 row without an owner since run 7f3a',
    'npm run migration:assign ana',
  ],
  ['assign', 'done', ASSIGNED, 'run 7f3a: 5 of 5 rows'],
  ['verify', 'open', READY, 'after step 2', ''],
  [
    'verify',
    'done',
    ASSIGNED,
    'every one of 5 rows has an owner who is there, read at 2026-11-25T12:00:00.000Z',
  ],
  ['verify', 'failed', withFindings([failing('X', 'why')]), '1 error: why', 'npm run migration:verify ana'],
  [
    'verify',
    'failed',
    { ...READY, models: [{ ...NOTE, orphaned: 2 }] },
    '2 rows with an owner who is no user',
    'npm run migration:list-users',
  ],
  ['phase3-schema', 'open', { ...READY, models: [] }, 'after phase 2', ''],
  ['phase3-schema', 'open', READY, 'after step 3', ''],
  ['phase3-schema', 'open', ASSIGNED, 'optional in Note', 'npm run migration:schema -- --phase=3'],
  ['phase3-schema', 'done', DONE, '1 model'],
  ['phase3-applied', 'open', ASSIGNED, 'the schema does not require it yet', ''],
  [
    'phase3-applied',
    'open',
    { ...ASSIGNED, models: [{ ...NOTE, isRequiredInSchema: true }] },
    'NULL is allowed in Note',
    'npx prisma migrate dev --name "make-user-fields-required"',
  ],
  [
    'phase3-applied',
    'failed',
    {
      ...ASSIGNED,
      models: [{ ...NOTE, isRequiredInSchema: true }],
      migrations: { applied: ['1_add'], failed: ['2_require'], pending: ['2_require'] },
    },
    'migration 2_require failed',
    'npx prisma migrate resolve --rolled-back 2_require',
  ],
  ['phase3-applied', 'done', DONE, 'in 1 table, by 2_require'],
  ['final-verify', 'open', ASSIGNED, 'after phase 3', ''],
  [
    'final-verify',
    'done',
    DONE,
    'every one of 5 rows has an owner who is there, read at 2026-11-25T12:00:00.000Z',
  ],
  [
    'final-verify',
    'failed',
    { ...withFindings([failing('ORPHANED', 'why')]), models: [REQUIRED] },
    '1 error: why',
    'npm run migration:verify ana',
  ],
  [
    'cleanup',
    'open',
    { ...ASSIGNED, guards: 1 },
    '1 guard in the database',
    'npm run migration:cleanup -- --confirm',
  ],
  ['cleanup', 'done', ASSIGNED, 'no guard in the database'],
  ['cleanup', 'notApplicable', READY, 'no run left one'],
  ['rollback', 'notApplicable', ASSIGNED, 'no run was rolled back'],
  ['rollback', 'done', { ...READY, rolledBack: '7f3a' }, 'run 7f3a was rolled back'],
  [
    'rollback',
    'open',
    withRun({ status: 'paused', reverted: 3 }),
    'run 7f3a is rolled back in part: 3 rows',
    'npm run migration:rollback -- --confirm --run 7f3a',
  ],
  ['restore', 'notApplicable', ASSIGNED, 'nobody said that it was needed'],
  ['no-loss', 'open', READY, 'held against the journal after step 2'],
  [
    'no-loss',
    'done',
    ASSIGNED,
    'no fewer rows and owners than before run 7f3a, read at 2026-11-25T12:00:00.000Z',
  ],
  [
    'no-loss',
    'failed',
    withFindings([{ ...failing('FEWER_THAN_BEFORE', 'rows: 4 now, 5 before the run'), severity: 'warning' }]),
    'Note: rows: 4 now, 5 before the run',
  ],
  ['all-assigned', 'open', MISSING, 'not counted'],
  ['all-assigned', 'open', READY, '4 rows of 5 without an owner'],
  ['all-assigned', 'done', ASSIGNED, '5 rows in 1 model'],
  [
    'all-assigned',
    'failed',
    { ...ASSIGNED, models: [{ ...NOTE, orphaned: 1 }] },
    '1 row with an owner who is no user',
  ],
  ['in-order', 'done', ASSIGNED, 'none began before'],
  [
    'in-order',
    'failed',
    { ...READY, models: [{ ...NOTE, unowned: 4, isRequiredInSchema: true }] },
    'phase3-schema before assign',
  ],
];

function findLine(evidence: Evidence, name: LineName) {
  const found = decideChecklist(evidence).find(({ line }) => line === name);
  assert.ok(found, `there is no line ${name}`);
  return found;
}

describe('a line of the checklist', () => {
  for (const [line, state, evidence, proof, remedy] of CASES)
    it(`${line} is ${state}: ${proof}`, () => {
      const found = findLine(evidence, line);
      assert.deepEqual([found.state, found.proof], [state, proof]);
      if (remedy !== undefined) assert.equal(found.remedy, remedy);
      if (state === 'done') assert.equal(found.remedy, '');
    });

  for (const line of TICKED_LINES)
    it(`${line} is done once somebody has ticked it, and the last tick is shown`, () => {
      const before = findLine(ASSIGNED, line);
      assert.equal(before.state, line === 'restore' ? 'notApplicable' : 'open');
      if (before.state === 'open') assert.ok(before.remedy.includes(`--tick=${line} --note=`), before.remedy);
      const tick = { line, note: 's3, nightly', by: 'ana on db1', time: '2026-11-25T11:00:00.000Z' };
      const { state, proof } = findLine({ ...ASSIGNED, ticks: [tick] }, line);
      assert.deepEqual([state, proof], ['done', 'ana on db1, 2026-11-25T11:00:00.000Z: s3, nightly']);
    });

  it('is there for each that the checklist has, once and in its order', () =>
    assert.deepEqual(
      decideChecklist(READY).map(({ line }) => line),
      Object.keys(LINES),
    ));

  it('names four models, and how many more there are', () => {
    const models = ['A', 'B', 'C', 'D', 'E', 'F'].map((model) => ({ ...NOTE, model }));
    assert.equal(findLine({ ...READY, models }, 'phase1-schema').proof, '6 models: A, B, C, D and 2 more');
  });
});

const ALL_TICKED = TICKED_LINES.map((line) => ({ line, note: 'done', by: 'ana', time: '2026-11-25' }));
const next = (evidence: Evidence) => findNext(decideChecklist(evidence), evidence)?.line ?? null;

describe('what is next', () => {
  it('is the first line that is open', () => assert.equal(next(READY), 'backup'));

  it('is what failed, whatever else is open before it', () =>
    assert.equal(next(withRun({ status: 'failed' })), 'assign'));

  it('is a run that is not finished, before lines that wait for a word', () =>
    assert.equal(next(withRun({ status: 'paused' })), 'assign'));

  it('is a rollback that is not finished, before carrying the run on', () =>
    assert.equal(next(withRun({ status: 'paused', reverted: 1 })), 'rollback'));

  it('is choosing the user, once all before is ticked', () =>
    assert.equal(next({ ...READY, ticks: ALL_TICKED }), 'check'));

  it('is phase 3, once step 3 has verified', () =>
    assert.equal(next({ ...ASSIGNED, ticks: ALL_TICKED }), 'phase3-schema'));

  it('is nothing when all is done', () => assert.equal(next({ ...DONE, ticks: ALL_TICKED }), null));
});
