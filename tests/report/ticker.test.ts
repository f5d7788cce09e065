import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTicker } from '../../src/report/ticker.ts';

/** A ticker on a clock that is set by hand. */
function create(isTTY: boolean) {
  let clock = 0;
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const ticker = createTicker({ write, isTTY }, () => clock);
  return {
    ticker,
    showAt: (milliseconds: number, text: string) => {
      clock = milliseconds;
      ticker.show(text);
    },
    written: () => written,
  };
}

describe('createTicker', () => {
  it('writes a plain line every ten seconds where stderr is no terminal', () => {
    const { showAt, ticker, written } = create(false);
    for (let at = 0; at <= 25_000; at += 1000) showAt(at, `at ${at}`);
    ticker.stop();
    assert.equal(written(), 'at 10000, after 10.0 s\nat 20000, after 20.0 s\n');
  });

  it('keeps one line up to date on a terminal, four times a second, and takes it off at the end', () => {
    const { showAt, ticker, written } = create(true);
    for (let at = 0; at <= 500; at += 100) showAt(at, `at ${at}`);
    ticker.stop();
    ticker.stop();
    const clear = '\r\u001b[K';
    assert.equal(written(), `${clear}at 0, after 0 ms${clear}at 300, after 300 ms${clear}`);
  });

  it('writes nothing that a terminal would obey', () => {
    const { showAt, written } = create(false);
    showAt(10_000, 'a\u001b[2Jb');
    assert.equal(written(), 'a [2Jb, after 10.0 s\n');
  });
});
