import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { createProgress } from '../../src/report/progress.ts';

function record(isTTY: boolean, steps: { assigned: number; total: number }[]): string {
  let written = '';
  const show = createProgress({
    write: (text) => {
      written += text;
    },
    isTTY,
  });
  for (const step of steps) show({ model: 'Note', ...step });
  return written;
}

describe('progress', () => {
  it('ends with a whole line on a terminal', () =>
    assert.equal(
      record(true, [{ assigned: 1_500_000, total: 1_500_000 }]),
      '\r\u001b[KNote: 1,500,000 of 1,500,000 rows (100 %)\n',
    ));

  it('does not exceed 100 % when rows arrive meanwhile', () =>
    assert.equal(record(true, [{ assigned: 12, total: 10 }]), '\r\u001b[KNote: 12 of 10 rows (100 %)\n'));

  it('is complete where there was nothing to do', () =>
    assert.equal(record(true, [{ assigned: 0, total: 0 }]), '\r\u001b[KNote: 0 of 0 rows (100 %)\n'));

  it('stays silent in a log for what is done at once', () => {
    const steps = [1, 2, 3, 4].map((assigned) => ({ assigned, total: 4 }));
    assert.equal(record(false, steps), '');
  });
});
