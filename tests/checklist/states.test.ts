import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideChecklist, findNext } from '../../src/checklist/decide.ts';
import type { Evidence, ModelEvidence, RunEvidence } from '../../src/checklist/evidence.ts';
import { LINES, type LineName, type LineState, TICKED_LINES } from '../../src/checklist/lines.ts';
import type { Finding } from '../../src/ownership/findings.ts';
import type { Safety } from '../../src/ownership/safety.ts';
import { CASES } from './cases.ts';

const TICKED: readonly LineState[] = ['done', 'open'];

/** The states that each line can have; every other one would be a mistake. */
const STATES: Record<LineName, readonly LineState[]> = {
  backup: TICKED,
  staging: ['done', 'failed', 'open'],
  team: TICKED,
  'phase1-schema': ['done', 'failed', 'open'],
  'phase1-applied': ['done', 'failed', 'open'],
  users: ['done', 'failed', 'open'],
  check: ['done', 'failed', 'open'],
  assign: ['done', 'failed', 'open'],
  verify: ['done', 'failed', 'open'],
  app: TICKED,
  'phase3-schema': ['done', 'open'],
  'phase3-applied': ['done', 'failed', 'open'],
  'final-verify': ['done', 'failed', 'open'],
  filter: ['done', 'failed', 'open'],
  isolation: ['done', 'failed', 'open'],
  monitor: TICKED,
  cleanup: ['done', 'notApplicable', 'open'],
  rollback: ['done', 'notApplicable', 'open'],
  restore: ['done', 'notApplicable'],
  'no-loss': ['done', 'failed', 'notApplicable', 'open'],
  'all-assigned': ['done', 'failed', 'open'],
  performance: TICKED,
  'in-order': ['done', 'failed'],
};

const MODEL: ModelEvidence = {
  model: 'Note',
  phase: 'optional',
  rows: 5,
  unowned: 0,
  orphaned: 0,
  isRequiredInSchema: false,
  addedBy: '1_add',
  requiredBy: null,
};
const MODELS: ModelEvidence[][] = [
  [],
  [{ ...MODEL, phase: 'missing', unowned: 5 }],
  [{ ...MODEL, unowned: 4 }],
  [MODEL, { ...MODEL, model: 'Tag', orphaned: 1 }],
  [MODEL],
  [{ ...MODEL, isRequiredInSchema: true }],
  [{ ...MODEL, phase: 'required', isRequiredInSchema: true, requiredBy: '2_require' }],
];
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
const RUNS: (RunEvidence | null)[] = [
  null,
  RUN,
  { ...RUN, status: 'running', isLive: true, assigned: 2 },
  { ...RUN, status: 'paused', assigned: 2 },
  { ...RUN, status: 'failed', assigned: 2 },
  { ...RUN, status: 'paused', reverted: 3 },
];
const finding = (code: string, severity: Finding['severity']): Finding => {
  return { code, severity, model: 'Note', message: 'why', remedy: '' };
};
const FOUND = [[], [finding('ORPHANED', 'error')], [finding('FEWER_THAN_BEFORE', 'warning')]];
const MIGRATIONS = [
  { applied: ['1_add', '2_require'], failed: [], pending: [] },
  { applied: [], failed: ['1_add'], pending: ['1_add'] },
  { applied: ['1_add'], failed: [], pending: ['2_require'] },
];
const NOON = '2026-11-25T12:00:00.000Z';
const BACKUP = {
  path: 'b',
  host: 'db1',
  taken: NOON,
  verified: NOON,
  bytes: 1,
  rows: 5,
  tables: 1,
  sha256: '',
};
const SAFETIES: Safety[] = [
  { time: NOON, backups: [], rehearsal: null, restore: null },
  {
    time: NOON,
    backups: [BACKUP],
    rehearsal: {
      kind: 'rehearsal',
      time: NOON,
      body: { userId: 'ana', host: 'db1', ok: false, answer: null },
    },
    restore: { kind: 'restore', time: NOON, body: { path: 'b', by: 'ana', taken: NOON, kept: null } },
  },
];
const ISOLATIONS: Evidence['isolation'][] = [
  { check: null, scan: null },
  {
    check: {
      kind: 'isolationCheck',
      time: NOON,
      body: {
        ok: false,
        ways: [{ way: 'extension', attempts: 9, leaks: 2, notTried: 0 }],
        leaks: 2,
        host: 'db1',
      },
    },
    scan: {
      kind: 'isolationScan',
      time: NOON,
      body: { dir: 'src', files: 1, errors: 2, warnings: 0, ignored: 0, meant: 0, host: 'db1', ok: false },
    },
  },
];
const ALL_TICKED = TICKED_LINES.map((line) => ({ line, note: 'done', by: 'ana', time: '2026-11-25' }));

/** What can be found together, as far as `gatherEvidence` finds it: every mixture. */
function* mixEvidence(): Generator<Evidence> {
  for (const models of MODELS)
    for (const run of RUNS)
      for (const found of FOUND)
        for (const users of [null, 0, 2])
          for (const migrations of MIGRATIONS)
            for (const ticks of [[], ALL_TICKED])
              for (const safety of SAFETIES)
                for (const guards of [0, 1]) {
                  const isChosen = run !== null && users === 2;
                  const errors = found.filter(({ severity }) => severity === 'error');
                  const isChecked = isChosen && !run?.isLive;
                  yield {
                    time: '2026-11-25T12:00:00.000Z',
                    ticks,
                    safety,
                    // With the one as with the other: they have no lines in common.
                    isolation: ISOLATIONS[SAFETIES.indexOf(safety)] as Evidence['isolation'],
                    users,
                    models: users === null ? [] : models,
                    ambiguous: guards === 1 && users === 2 ? ['Task'] : [],
                    migrations,
                    run,
                    rolledBack: run === null && guards === 0 ? '9c1d' : null,
                    chosen: isChosen ? { id: 'ana', label: 'ana' } : null,
                    checked: isChecked ? { errors, verification: found, verifyErrors: errors } : null,
                    isCounted: users !== null && !run?.isLive,
                    guards,
                  };
                }
}

describe('the states of the checklist', () => {
  const seen = new Map<string, Set<LineState>>();
  const add = (line: string, state: LineState) => seen.set(line, (seen.get(line) ?? new Set()).add(state));
  const sorted = () =>
    Object.fromEntries(Object.keys(LINES).map((line) => [line, [...(seen.get(line) ?? [])].sort()]));

  it('are these, whatever is found', () => {
    seen.clear();
    for (const evidence of mixEvidence())
      for (const { line, state } of decideChecklist(evidence)) add(line, state);
    assert.deepEqual(sorted(), STATES);
  });

  it('have a test each, with the proof', () => {
    seen.clear();
    for (const [line, state] of CASES) add(line, state);
    // These two have a test for each line that is ticked.
    for (const line of TICKED_LINES) for (const state of STATES[line]) add(line, state);
    assert.deepEqual(sorted(), STATES);
  });

  it('say what proves them, and what to do of none that is done', () => {
    for (const evidence of mixEvidence())
      for (const { line, state, proof, remedy } of decideChecklist(evidence)) {
        assert.notEqual(proof, '', line);
        if (state === 'done' || state === 'notApplicable') assert.equal(remedy, '', line);
        if (state === 'failed' && line !== 'in-order' && line !== 'all-assigned')
          assert.notEqual(remedy, '', line);
      }
  });

  it('leave something to do as long as any is open or failed', () => {
    for (const evidence of mixEvidence()) {
      const lines = decideChecklist(evidence);
      const isDone = lines.every(({ state }) => state === 'done' || state === 'notApplicable');
      assert.equal(findNext(lines, evidence) === null, isDone, JSON.stringify(evidence));
    }
  });
});
