import type { Evidence, ModelEvidence, RunEvidence } from '../../src/checklist/evidence.ts';
import type { LineName, LineState } from '../../src/checklist/lines.ts';
import type { BackupEvidence } from '../../src/ownership/evidence.ts';
import type { Finding } from '../../src/ownership/findings.ts';

export const NOTE: ModelEvidence = {
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
  started: '2026-11-25T11:30:00.000Z',
  flags: {},
  isLive: false,
  assigned: 5,
  toAssign: 5,
  proved: 0,
  reverted: 0,
};
/** After step 2: phase 1 applied, one run completed, nothing ticked. */
export const ASSIGNED: Evidence = {
  time: '2026-11-25T12:00:00.000Z',
  ticks: [],
  safety: { time: '2026-11-25T12:00:00.000Z', backups: [], rehearsal: null, restore: null },
  isolation: { check: null, scan: null },
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
export const READY: Evidence = {
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
export const DONE: Evidence = {
  ...ASSIGNED,
  models: [REQUIRED],
  migrations: { ...ASSIGNED.migrations, applied: ['1_add', '2_require'] },
};

const failing = (code: string, message: string): Finding => {
  return { code, severity: 'error', model: 'Note', message, remedy: '' };
};
export const withRun = (run: Partial<RunEvidence>, more: Partial<Evidence> = {}): Evidence => {
  return { ...ASSIGNED, ...more, run: { ...RUN, ...run } };
};
const withFindings = (findings: Finding[]): Evidence => {
  return { ...ASSIGNED, checked: { errors: findings, verification: findings, verifyErrors: findings } };
};

const TAKEN = '2026-11-25T11:00:00.000Z';

function withBackup(evidence: Evidence, backup: Partial<BackupEvidence>): Evidence {
  const made = {
    path: 'backups/app-1',
    host: 'db1',
    taken: TAKEN,
    verified: TAKEN,
    bytes: 1,
    rows: 5,
    tables: 1,
    sha256: '',
  };
  return { ...evidence, safety: { ...evidence.safety, backups: [{ ...made, ...backup }] } };
}

function withRehearsal(ok: boolean): Evidence {
  const body = { userId: 'ana', host: 'db1', ok, answer: null };
  const rehearsal = { kind: 'rehearsal', time: '2026-11-25T11:30:00.000Z', body } as const;
  return { ...READY, safety: { ...READY.safety, rehearsal } };
}

function withRestore(evidence: Evidence): Evidence {
  const body = { path: 'backups/app-1', by: 'ana on db1', taken: TAKEN, kept: null };
  const restore = { kind: 'restore', time: '2026-11-25T11:40:00.000Z', body } as const;
  return { ...evidence, safety: { ...evidence.safety, restore } };
}

/** A check of two ways. */
function withCheck(
  body: { ok: boolean; leaks: number; notTried: number },
  ticks: Evidence['ticks'] = [],
): Evidence {
  const { notTried, ...rest } = body;
  const ways = [
    { way: 'extension', attempts: 848, leaks: body.leaks, notTried },
    { way: 'rls', attempts: 860, leaks: 0, notTried: 0 },
  ];
  const time = '2026-11-25T11:30:00.000Z';
  const check = { kind: 'isolationCheck', time, body: { ...rest, ways, host: 'db1' } } as const;
  return { ...DONE, ticks, isolation: { check, scan: null } };
}

function withScan(errors: number): Evidence {
  const body = {
    dir: 'src',
    files: 12,
    errors,
    warnings: 0,
    ignored: 1,
    meant: 2,
    host: 'db1',
    ok: errors === 0,
  };
  const scan = { kind: 'isolationScan', time: '2026-11-25T11:30:00.000Z', body } as const;
  return { ...DONE, isolation: { check: null, scan } };
}

function tick(line: LineName, time = TAKEN) {
  return { line, note: 'in s3', by: 'ana', time };
}

/** Rows are fewer than before the run, which is no error of step 3. */
export function withLoss(): Evidence {
  const fewer: Finding = {
    ...failing('FEWER_THAN_BEFORE', 'rows: 4 now, 5 before the run'),
    severity: 'warning',
  };
  return { ...ASSIGNED, checked: { errors: [], verification: [fewer], verifyErrors: [] } };
}

/** Every state that a line can have, with what is so and what proves it. */
export const CASES: [line: LineName, state: LineState, evidence: Evidence, proof: string, remedy?: string][] =
  [
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
    ['phase1-applied', 'done', { ...READY, models: [{ ...NOTE, addedBy: null }] }, 'in 1 table'],
    ['phase1-applied', 'open', { ...READY, models: [] }, 'no model has an owner column', ''],
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
    ['check', 'open', { ...READY, models: [], users: null, isCounted: false }, 'after phase 1', ''],
    ['check', 'open', { ...READY, users: null, isCounted: false }, 'not all rows could be counted', ''],
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
    [
      'check',
      'failed',
      {
        ...withFindings([failing('X', 'why')]),
        run: { ...RUN, flags: { models: ['Note'], exclude: ['Log'] } },
      },
      '1 error: why',
      'npm run migration:check ana -- --exclude=Log',
    ],
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
    [
      'assign',
      'open',
      {
        ...withRun({ flags: { models: ['Note'], exclude: ['Log'] } }),
        models: [NOTE, { ...NOTE, model: 'Tag', unowned: 2 }],
      },
      '2 rows without an owner since run 7f3a',
      'npm run migration:assign ana -- --exclude=Log',
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
      'done',
      { ...READY, models: [NOTE] },
      'every one of 5 rows has an owner who is there, read at 2026-11-25T12:00:00.000Z',
    ],
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
    ['phase3-applied', 'open', { ...READY, models: [] }, 'no model has an owner column', ''],
    [
      'phase3-applied',
      'open',
      {
        ...ASSIGNED,
        models: [{ ...NOTE, isRequiredInSchema: true }],
        migrations: { applied: ['1_add'], failed: [], pending: ['2_require'] },
      },
      'NULL is allowed in Note',
      'npx prisma migrate deploy',
    ],
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
      'filter',
      'open',
      DONE,
      'no scan yet, and nobody has said so: --tick=filter',
      'npm run migration:isolation -- --scan=src',
    ],
    ['filter', 'done', { ...DONE, ticks: [tick('filter')] }, `ana, ${TAKEN}: in s3`],
    [
      'filter',
      'done',
      withScan(0),
      'every call is scoped, or says why not, in 12 files of src, 2026-11-25T11:30:00.000Z',
    ],
    [
      'filter',
      'failed',
      withScan(3),
      '3 calls without a scope in 12 files of src, 2026-11-25T11:30:00.000Z',
      'npm run migration:isolation -- --scan=src',
    ],
    [
      'isolation',
      'open',
      DONE,
      'no check yet, and nobody has said so: --tick=isolation',
      'npm run migration:isolation -- --check',
    ],
    ['isolation', 'done', { ...DONE, ticks: [tick('isolation')] }, `ana, ${TAKEN}: in s3`],
    [
      'isolation',
      'done',
      withCheck({ ok: true, leaks: 0, notTried: 0 }),
      'no leak in 1,708 attempts (extension, rls), checked at 2026-11-25T11:30:00.000Z',
    ],
    [
      'isolation',
      'open',
      withCheck({ ok: true, leaks: 0, notTried: 2 }, [tick('isolation')]),
      'no leak, but 2 of 1,708 attempts could not be tried, checked at 2026-11-25T11:30:00.000Z',
      'npm run migration:isolation -- --check',
    ],
    [
      'isolation',
      'done',
      withCheck({ ok: true, leaks: 0, notTried: 2 }, [tick('isolation', '2026-11-25T11:45:00.000Z')]),
      'ana, 2026-11-25T11:45:00.000Z: in s3',
    ],
    [
      'isolation',
      'failed',
      withCheck({ ok: false, leaks: 7, notTried: 0 }, [tick('isolation', '2026-11-25T11:45:00.000Z')]),
      '7 leaks, checked at 2026-11-25T11:30:00.000Z',
      'npm run migration:isolation -- --check',
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
    [
      'rollback',
      'open',
      withRun({ status: 'running', isLive: true, reverted: 3 }),
      'run 7f3a is rolled back in part: 3 rows',
      'npm run migration:status',
    ],
    ['restore', 'notApplicable', ASSIGNED, 'nobody said that it was needed'],
    ['no-loss', 'open', READY, 'held against the journal after step 2'],
    ['no-loss', 'notApplicable', { ...READY, models: [NOTE] }, 'no run changed anything'],
    [
      'no-loss',
      'done',
      ASSIGNED,
      'no fewer rows and owners than before run 7f3a, read at 2026-11-25T12:00:00.000Z',
    ],
    ['no-loss', 'failed', withLoss(), 'Note: rows: 4 now, 5 before the run', 'npm run migration:verify ana'],
    ['all-assigned', 'open', MISSING, 'not all rows were counted'],
    ['all-assigned', 'open', { ...ASSIGNED, isCounted: false }, 'not all rows were counted'],
    [
      'check',
      'failed',
      { ...withFindings([failing('ROWS_HIDDEN', 'rows may be hidden')]), isCounted: false },
      '1 error: rows may be hidden',
      'npm run migration:check ana',
    ],
    [
      'verify',
      'open',
      { ...ASSIGNED, isCounted: false, chosen: null, checked: null },
      'not all rows could be counted',
    ],
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
    [
      'backup',
      'open',
      READY,
      'none is known, and nobody has said so: --tick=backup',
      'npm run migration:backup -- --verify',
    ],
    ['backup', 'done', withBackup(READY, {}), 'backups/app-1 on db1, of 2026-11-25T11:00:00.000Z, verified'],
    [
      'backup',
      'open',
      withBackup(READY, { verified: null }),
      'backups/app-1 is not verified',
      'npm run migration:backup -- --verify',
    ],
    [
      'backup',
      'open',
      withBackup(READY, { taken: '2026-11-24T11:59:00.000Z' }),
      'backups/app-1 is of 2026-11-24T11:59:00.000Z: too old',
    ],
    // The run began half an hour before now.
    [
      'backup',
      'done',
      withBackup(ASSIGNED, { taken: '2026-11-24T11:31:00.000Z' }),
      'backups/app-1 on db1, of 2026-11-24T11:31:00.000Z, verified',
    ],
    [
      'backup',
      'open',
      withBackup(ASSIGNED, { taken: '2026-11-25T11:31:00.000Z' }),
      'backups/app-1 is of 2026-11-25T11:31:00.000Z: after the run began',
      'npm run migration:status -- --tick=backup --note="where it is"',
    ],
    [
      'backup',
      'open',
      withBackup(ASSIGNED, { taken: '2026-11-24T11:29:00.000Z' }),
      'backups/app-1 is of 2026-11-24T11:29:00.000Z: too old',
      'npm run migration:status -- --tick=backup --note="where it is"',
    ],
    ['backup', 'done', { ...READY, ticks: [tick('backup')] }, 'ana, 2026-11-25T11:00:00.000Z: in s3'],
    [
      'staging',
      'open',
      READY,
      'no rehearsal yet, and nobody has said so: --tick=staging',
      'npm run migration:list-users',
    ],
    ['staging', 'done', withRehearsal(true), 'rehearsed for ana, 2026-11-25T11:30:00.000Z'],
    [
      'staging',
      'failed',
      withRehearsal(false),
      'the rehearsal of 2026-11-25T11:30:00.000Z did not hold',
      'npm run migration:rehearse ana',
    ],
    [
      'staging',
      'failed',
      { ...withRehearsal(false), ticks: [tick('staging')] },
      'the rehearsal of 2026-11-25T11:30:00.000Z did not hold',
    ],
    [
      'staging',
      'done',
      { ...withRehearsal(false), ticks: [tick('staging', '2026-11-25T11:45:00.000Z')] },
      'ana, 2026-11-25T11:45:00.000Z: in s3',
    ],
    [
      'no-loss',
      'done',
      withRun({ proved: 5 }),
      'no fewer rows and owners than before run 7f3a, read at 2026-11-25T12:00:00.000Z; proved for 5 rows that nothing but the owner changed',
    ],
    ['restore', 'notApplicable', READY, 'nobody said that it was needed'],
    [
      'restore',
      'done',
      withRestore(READY),
      'ana on db1, 2026-11-25T11:40:00.000Z: from backups/app-1, of 2026-11-25T11:00:00.000Z',
    ],
  ];
