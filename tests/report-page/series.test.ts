import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BatchRecord } from '../../src/ownership/history.ts';
import { describeWait } from '../../src/ownership/waits.ts';
import {
  measureBatches,
  pickWaits,
  planProgress,
  summarizeBatches,
  thin,
  thinBatches,
} from '../../src/report-page/series.ts';
import { at, listBatches } from '../helpers/report-answer.ts';

const STARTED = { time: at(0), what: 'started: {}' };

function batch(
  seconds: number,
  rows: number,
  rolledBack: number | null = null,
  reverted = rolledBack === null ? 0 : rows,
): BatchRecord {
  return {
    model: 'Note',
    rows,
    committed: at(seconds),
    rolledBack: rolledBack === null ? null : at(rolledBack),
    reverted,
  };
}

describe('progress', () => {
  it('adds up what is committed, and takes away what is rolled back', () => {
    const { of, points } = planProgress([batch(1, 100, 9), batch(2, 50, 8), batch(3, 7)], at(0));
    assert.equal(of, 6);
    assert.deepEqual(
      points.map(({ time, rows }) => [time, rows]),
      [
        [at(0), 0],
        [at(1), 100],
        [at(2), 150],
        [at(3), 157],
        [at(8), 107],
        [at(9), 7],
      ],
    );
  });

  it('takes away what a rollback took back, and not what it left', () => {
    const batches = [batch(1, 100, 8, 90), batch(2, 50, 9, 0)];
    assert.deepEqual(
      planProgress(batches, at(0)).points.map(({ rows }) => rows),
      [0, 100, 150, 60, 60],
    );
    const events = [STARTED, { time: at(7), what: 'rollback started' }];
    const [, back] = summarizeBatches(measureBatches(batches, events));
    assert.deepEqual([back?.work, back?.batches, back?.rows], ['rollback', 2, 90]);
  });

  it('is thinned to what a plot can show, and keeps its beginning and its end', () => {
    const { of, points } = planProgress(listBatches(100_000, 0.01), at(0));
    assert.equal(of, 100_001);
    assert.ok(points.length <= 500, String(points.length));
    assert.deepEqual([points[0]?.rows, points.at(-1)?.rows], [0, 10_000_000]);
  });
});

describe('batch times', () => {
  const secondsOf = (...parameters: Parameters<typeof measureBatches>) =>
    measureBatches(...parameters).map(({ seconds }) => seconds);

  it('go from one commit to the next, the first from the start of its process', () => {
    const events = [STARTED, { time: at(100), what: 'carried on: {}' }];
    assert.deepEqual(secondsOf([batch(2, 1), batch(2.5, 1), batch(101, 1)], events), [2, 0.5, 1]);
  });

  it('leave out the waits that are in the log', () => {
    const wait = { time: at(14), what: describeWait(12_000, 'paused by ana on web-1') };
    assert.deepEqual(secondsOf([batch(1, 1), batch(15, 1)], [STARTED, wait]), [1, 2]);
  });

  it('leave out no more of a wait than lies within the batch', () => {
    const wait = { time: at(3), what: describeWait(60_000, 'the replica is behind') };
    assert.deepEqual(secondsOf([batch(2, 1), batch(4, 1)], [STARTED, wait]), [2, 1]);
  });

  it('tell batches that were rolled back from those of step 2, in the order of time', () => {
    const events = [STARTED, { time: at(10), what: 'rollback started' }];
    const measured = measureBatches([batch(1, 5, 13), batch(3, 6, 11)], events);
    assert.deepEqual(
      measured.map(({ work, rows, seconds }) => [work, rows, seconds]),
      [
        ['assign', 5, 1],
        ['assign', 6, 2],
        ['rollback', 6, 1],
        ['rollback', 5, 2],
      ],
    );
  });

  it('are not made up where the log has no beginning', () => {
    assert.deepEqual(secondsOf([batch(1, 1), batch(3, 1)], []), [2]);
  });

  it('are not negative where the clock was set back', () => {
    assert.deepEqual(secondsOf([batch(1, 1)], [{ time: at(50), what: 'started: {}' }]), []);
  });

  it('are summed up over all of them, not over those that are drawn', () => {
    const batches = listBatches(10_000);
    const measured = measureBatches(batches, [STARTED]);
    const [summary] = summarizeBatches(measured);
    assert.ok(thinBatches(measured).points.length <= 1000);
    assert.deepEqual(summary, {
      work: 'assign',
      batches: 10_000,
      rows: 1_000_000,
      rowsPerSecond: 100,
      seconds: { median: 1, p95: 1, longest: 1 },
      rowsPerBatch: { least: 100, median: 100, most: 100 },
    });
  });

  it('keep the one slow batch among 100,000', () => {
    const measured = measureBatches([...listBatches(50_000, 0.01), batch(512.5, 7)], [STARTED]);
    const { of, points } = thinBatches(measured);
    assert.equal(of, 50_001);
    assert.ok(points.length <= 1000, String(points.length));
    assert.ok(points.some(({ seconds, rows }) => seconds === 12.5 && rows === 7));
  });
});

describe('thinning', () => {
  it('keeps the first, the last, the least and the greatest, in their order, and no more than was asked for', () => {
    const lists = fc.array(fc.integer(), { maxLength: 300 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 4, max: 50 }), (list, most) => {
        const points = list.map((value, i) => ({ value, i }));
        const kept = thin(points, { value: (point) => point.value, most });
        assert.ok(kept.length <= Math.max(most, 0));
        if (list.length <= most) return assert.deepEqual(kept, points);
        assert.deepEqual([kept[0], kept.at(-1)], [points[0], points.at(-1)]);
        const values = kept.map(({ value }) => value);
        assert.deepEqual([Math.min(...values), Math.max(...values)], [Math.min(...list), Math.max(...list)]);
        assert.ok(kept.every(({ i }, n) => n === 0 || i > (kept[n - 1]?.i ?? 0)));
      }),
    );
  });
});

describe('waits', () => {
  const waitsOf = (seconds: readonly number[]) =>
    pickWaits(
      seconds.map((each, i) => ({ time: at(i * 100), what: describeWait(each * 1000, `wait ${i}`) })),
    );

  it('are all there as long as they are few', () => {
    const { of, points } = waitsOf([3, 1, 2]);
    assert.deepEqual([of, points.map(({ cause }) => cause)], [3, ['wait 0', 'wait 1', 'wait 2']]);
  });

  it('are the longest where there are many, in their order', () => {
    const { of, points } = waitsOf(Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : i)));
    assert.deepEqual([of, points.length], [1000, 300]);
    assert.deepEqual([points[0]?.cause, points.at(-1)?.cause], ['wait 401', 'wait 999']);
  });
});
