import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { describeWait, readWait } from '../../src/ownership/waits.ts';

const time = '2026-11-26T02:40:00.500Z';

describe('the event of a wait', () => {
  it('says how long it was, and why', () => {
    assert.equal(describeWait(12_345, 'paused by ana on web-1'), 'waited 12.3 s: paused by ana on web-1');
  });

  it('is read back, whatever the cause is called', () => {
    const causes = fc.oneof(fc.string(), fc.constantFrom('waited 1.0 s: x', 'a\nb', ''));
    fc.assert(
      fc.property(causes, fc.integer({ min: 0, max: 100_000_000 }), (cause, milliseconds) => {
        const wait = readWait({ time, what: describeWait(milliseconds, cause) });
        assert.equal(wait?.cause, cause);
        assert.ok(Math.abs((wait?.seconds ?? 0) * 1000 - milliseconds) <= 50);
        assert.equal(
          Date.parse(time) - Date.parse(wait?.from ?? ''),
          Math.round((wait?.seconds ?? 0) * 1000),
        );
      }),
    );
  });

  it('is told from other events', () => {
    for (const what of ['started: {}', 'waited for nothing', 'rolled back 5 rows', 'waited 5 s'])
      assert.equal(readWait({ time, what }), null);
  });
});
