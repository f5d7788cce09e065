import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideChecklist, findNext } from '../../src/checklist/decide.ts';
import type { Evidence } from '../../src/checklist/evidence.ts';
import { LINES, type LineName, TICKED_LINES } from '../../src/checklist/lines.ts';
import { ASSIGNED, CASES, DONE, NOTE, READY, withLoss, withRun } from './cases.ts';

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
      if (before.state === 'open')
        assert.match(before.remedy + before.proof, new RegExp(`--tick=${line}\\b`));
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

  it('is what sums up the rest, where only that failed', () =>
    assert.equal(
      next({ ...withLoss(), ...DONE, checked: withLoss().checked, ticks: ALL_TICKED }),
      'no-loss',
    ));

  it('is nothing when all is done', () => assert.equal(next({ ...DONE, ticks: ALL_TICKED }), null));
});
