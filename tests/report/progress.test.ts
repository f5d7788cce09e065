import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { createProgress, describeProgress } from '../../src/report/progress.ts';
import { createDatabase } from '../helpers/database.ts';
import { ROOT, runProcess } from '../helpers/command-line.ts';
import { NOTES } from '../helpers/notes.ts';

/** What is written while `steps` happen, each so many milliseconds after the last. */
function record(
  isTTY: boolean,
  steps: { model?: string; assigned: number; total: number; after: number }[],
): string {
  let written = '';
  let clock = 0;
  const write = (text: string) => {
    written += text;
  };
  const { show, stop } = createProgress({ write, isTTY }, () => clock);
  for (const { model = 'Note', assigned, total, after } of steps) {
    clock += after;
    show({ model, assigned, total });
  }
  stop();
  return written;
}

describe('progress as text', () => {
  const cases: [assigned: number, total: number, elapsedMs: number, text: string][] = [
    [0, 10, 5000, '0 of 10 rows'],
    [900, 5678, 999, '900 of 5,678 rows'],
    [1000, 5000, 2000, '1,000 of 5,000 rows, 500 rows a second, about 8.0 s left (an estimate)'],
    [5000, 5000, 2000, '5,000 of 5,000 rows, 2,500 rows a second'],
    [12, 10, 2000, '12 of 10 rows, 6 rows a second'],
    [0, 0, 0, '0 of 0 rows'],
  ];
  for (const [assigned, total, elapsedMs, text] of cases)
    it(`is "${text}"`, () =>
      assert.equal(describeProgress({ model: 'Note', assigned, total }, elapsedMs), text));
});

describe('progress in a log', () => {
  it('is a plain line every ten seconds', () =>
    assert.equal(
      record(false, [
        { assigned: 100, total: 1000, after: 0 },
        { assigned: 200, total: 1000, after: 9_999 },
        { assigned: 300, total: 1000, after: 1 },
        { assigned: 400, total: 1000, after: 5_000 },
        { model: 'Tag', assigned: 50, total: 100, after: 5_000 },
      ]),
      'Note: 300 of 1,000 rows, 30 rows a second, about 23.3 s left (an estimate)\nTag: 50 of 100 rows\n',
    ));

  it('is silent for what is done at once', () =>
    assert.equal(
      record(
        false,
        [1, 2, 3, 4].map((assigned) => ({ assigned, total: 4, after: 1 })),
      ),
      '',
    ));
});

describe('a wait', () => {
  it('is a line when it begins, and one when it is over, also before there is a bar', () => {
    for (const isTTY of [false, true]) {
      let written = '';
      const { wait, stop } = createProgress({ write: (text) => (written += text), isTTY }, () => 0);
      wait('paused by \u001b[2Jana');
      wait(null);
      stop();
      assert.equal(written, 'Waiting: paused by  [2Jana.\nGoing on.\n');
    }
  });

  it('stands in the bar of a terminal', () => {
    let written = '';
    const { show, wait, stop } = createProgress({ write: (text) => (written += text), isTTY: true }, () => 0);
    show({ model: 'Note', assigned: 5, total: 10 });
    wait('paused by ana');
    stop();
    assert.match(written, /50 % \| waiting: paused by ana/);
  });
});

describe('progress on a terminal', () => {
  it('is a bar for each model, full at its end, also when rows arrived meanwhile', () => {
    const written = record(true, [
      { assigned: 1000, total: 2000, after: 0 },
      { assigned: 2000, total: 2000, after: 2000 },
      { model: 'Tag', assigned: 12, total: 10, after: 1 },
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of a terminal
    const lines = written.replace(/\u001b\[[\d;]*[A-Za-z]/g, '\r').split(/[\r\n]+/);
    assert.ok(
      lines.includes(`Note [${'='.repeat(24)}] 100 % | 2,000 of 2,000 rows, 1,000 rows a second`),
      written,
    );
    assert.ok(lines.includes(`Tag [${'='.repeat(24)}] 100 % | 12 of 10 rows`), written);
  });

  it('is a bar on a real one, and what was assigned stands below it', {
    skip: process.platform === 'win32' && 'there is no script(1)',
  }, async (t) => {
    const database = await createDatabase('sqlite', NOTES);
    t.after(database.drop);
    const command = `"${process.execPath}" "${ROOT}/dist/scripts/migration.js" production-safe ana --step=2`;
    const { code, stdout } = await runProcess('script', ['-qec', command, '/dev/null'], {
      cwd: database.folder,
      env: { DATABASE_URL: database.url, TERM: 'xterm' },
    });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Note \[={24}\] 100 % \| \d+ of \d+ rows/);
    assert.match(stdout, /\r?\n\d rows? assigned in /);
  });
});
