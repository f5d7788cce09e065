import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { predict } from '../../src/rehearsal/predict.ts';

const MEASURE = { model: 'Note', rows: 100, elapsedMs: 50, longestLockMs: 20, growthBytes: 1000 };
const PRODUCTION = new Map([
  ['Note', { rows: 400, unowned: 200 }],
  ['Tag', { rows: 100, unowned: 0 }],
]);

describe('a prediction', () => {
  it('scales a phase by the rows, its locks too', () => {
    assert.deepEqual(predict('phase1', MEASURE, PRODUCTION), {
      rows: 400,
      elapsedMs: 200,
      longestLockMs: 80,
      growthBytes: 4000,
    });
  });

  it('scales step 2 by the rows without an owner, and leaves the locks of batches', () => {
    for (const part of ['step2', 'rollback'] as const) {
      assert.deepEqual(predict(part, MEASURE, PRODUCTION), {
        rows: 200,
        elapsedMs: 100,
        longestLockMs: 20,
        growthBytes: 2000,
      });
    }
  });

  it('adds up all models where one statement was for all', () => {
    assert.equal(predict('phase1', { ...MEASURE, model: null }, PRODUCTION)?.rows, 500);
  });

  it('is not made from no rows, or for a table that production does not have', () => {
    assert.equal(predict('phase1', { ...MEASURE, rows: 0 }, PRODUCTION), null);
    assert.equal(predict('phase1', { ...MEASURE, model: 'Log' }, PRODUCTION), null);
  });

  it('is not made where production, or one of the tables that are changed at once, is not counted', () => {
    assert.equal(predict('phase1', MEASURE, null), null);
    assert.equal(predict('phase1', { ...MEASURE, model: null }, null), null);
    const some = new Map([...PRODUCTION, ['Log', null] as const]);
    assert.equal(predict('phase1', { ...MEASURE, model: null }, some), null);
    assert.equal(predict('phase1', MEASURE, some)?.rows, 400);
  });

  it('is what was measured where both have no rows', () => {
    const empty = new Map([['Note', { rows: 0, unowned: 0 }]]);
    assert.equal(predict('phase1', { ...MEASURE, rows: 0 }, empty)?.elapsedMs, 50);
  });
});
