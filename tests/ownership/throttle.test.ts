import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { estimateRate } from '../../src/ownership/control.ts';
import { isTooFar, type Limits, planPause } from '../../src/ownership/throttle.ts';

describe('the pause after a batch', () => {
  const cases: [what: string, limits: Limits, rows: number, elapsedMs: number, pauseMs: number][] = [
    ['is none without a limit', {}, 1000, 400, 0],
    ['is that of --pause-ms', { pauseMs: 250 }, 1000, 400, 250],
    ['fills up the time that --rate gives its rows', { rate: 1000 }, 1000, 400, 600],
    ['is none for a batch that was slower than --rate', { rate: 1000 }, 100, 400, 0],
    ['is the longer of the two', { rate: 1000, pauseMs: 700 }, 1000, 400, 700],
    ['is none for --rate where no row was changed', { rate: 1 }, 0, 5, 0],
  ];
  for (const [what, limits, rows, elapsedMs, pauseMs] of cases)
    it(what, () => assert.equal(planPause(limits, { rows, elapsedMs }), pauseMs));
});

describe('a replica that is behind', () => {
  it('holds a run beyond the limit, and then until it is no further than half of it', () => {
    const lags = [1.9, 2, 2.1, 1.5, 1.01, 1, 1.5];
    let isHeld = false;
    const held = lags.map((seconds) => {
      isHeld = isTooFar(seconds, 2, isHeld);
      return isHeld;
    });
    assert.deepEqual(held, [false, false, true, true, true, false, false]);
  });
});

describe('the rate of the last batches', () => {
  const at = (second: number, rows: number) => ({
    committed: `2024-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
    rows,
  });
  it('is not known from one batch, or from several at the same moment', () => {
    assert.equal(estimateRate([]), null);
    assert.equal(estimateRate([at(5, 100)]), null);
    assert.equal(estimateRate([at(5, 100), at(5, 100)]), null);
  });
  it('counts the rows that came after the oldest', () =>
    assert.equal(estimateRate([at(9, 300), at(7, 100), at(5, 5000)]), 100));
  it('is not known when the clock went back', () =>
    assert.equal(estimateRate([at(1, 300), at(7, 100)]), null));
});
