import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { Finding } from '../../src/ownership/findings.ts';
import {
  createPainter,
  describeDatabase,
  formatBytes,
  formatCount,
  formatDuration,
  plural,
  renderFindings,
  renderTable,
} from '../../src/report/text.ts';

const PLAIN = createPainter({ write: () => undefined }, {});
const ON_TERMINAL = { write: () => undefined, isTTY: true };

describe('numbers and durations', () => {
  it('have separators', () =>
    assert.deepEqual([0, 999, 1000, 15_569, 1_234_567].map(formatCount), [
      '0',
      '999',
      '1,000',
      '15,569',
      '1,234,567',
    ]));

  it('have the plural where it is due', () =>
    assert.deepEqual(
      [0, 1, 2, 1000].map((count) => plural(count, 'row')),
      ['0 rows', '1 row', '2 rows', '1,000 rows'],
    ));

  const durations: [milliseconds: number, text: string][] = [
    [0, '0 ms'],
    [819.6, '820 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [12_360, '12.4 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [60_000, '1 min 0 s'],
    [119_700, '2 min 0 s'],
    [200_400, '3 min 20 s'],
    [3_600_000, '60 min 0 s'],
  ];
  for (const [milliseconds, text] of durations) {
    it(`${milliseconds} ms are "${text}"`, () => assert.equal(formatDuration(milliseconds), text));
  }
});

describe('bytes', () => {
  const sizes: [bytes: number, text: string][] = [
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [99_940, '99.9 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [3_400_000_000, '3.4 GB'],
    [2_000_000_000_000_000, '2000 TB'],
  ];
  for (const [bytes, text] of sizes)
    it(`${bytes} bytes are "${text}"`, () => assert.equal(formatBytes(bytes), text));
});

describe('describeDatabase', () => {
  it('names the server, where there is one', () => {
    assert.equal(describeDatabase({ provider: 'sqlite', name: 'dev.db' }), 'dev.db (sqlite)');
    assert.equal(
      describeDatabase({ provider: 'postgresql', name: 'app', host: 'db.example.com' }),
      'app (postgresql) on db.example.com',
    );
  });
});

describe('renderTable', () => {
  it('sets words to the left and columns of numbers to the right, and leaves no space behind a line', () =>
    assert.equal(
      renderTable(
        ['model', 'rows', 'note'],
        [
          ['Note', 15_569, 'long text'],
          ['NoteTag', 3, ''],
        ],
      ),
      `  model      rows  note
  Note     15,569  long text
  NoteTag       3`,
    ));

  it('sets a column to the left that is not all numbers', () =>
    assert.equal(
      renderTable(
        ['a', 'b'],
        [
          [1, 'x'],
          ['', 'y'],
        ],
      ),
      '  a  b\n  1  x\n     y',
    ));

  it('is the head alone without rows', () =>
    assert.equal(renderTable(['model', 'rows'], []), '  model  rows'));
});

describe('renderFindings', () => {
  const finding = (
    severity: Finding['severity'],
    message: string,
    remedy = '',
    model: string | null = 'Note',
  ): Finding => {
    return { code: 'CODE', severity, model, message, remedy };
  };

  it('says what remedies have in common once, and then the rest of each', () =>
    assert.deepEqual(
      renderFindings(
        [
          finding('warning', 'first', 'Apply:\nCREATE 1;\nDROP 1;'),
          finding('warning', 'second', 'Apply:\nCREATE 2;'),
          finding('warning', 'third', 'Do that:\nCREATE 3;'),
        ],
        PLAIN,
      ),
      [
        '',
        'warning: Note: first [CODE]',
        'warning: Note: second [CODE]',
        '  Apply:',
        '  CREATE 1;',
        '  DROP 1;',
        '  CREATE 2;',
        'warning: Note: third [CODE]',
        '  Do that:',
        '  CREATE 3;',
      ],
    ));

  it('puts the gravest first, keeps their order otherwise, and says one remedy once', () =>
    assert.deepEqual(
      renderFindings(
        [
          finding('info', 'good to know', '', null),
          finding('warning', 'look at it', 'Look.'),
          finding('error', 'first', 'Do this: npm run x'),
          finding('error', 'second', 'Do this: npm run x', 'Tag'),
          finding('error', 'third', 'Do that.'),
        ],
        PLAIN,
      ),
      [
        '',
        'error: Note: first [CODE]',
        'error: Tag: second [CODE]',
        '  Do this: npm run x',
        'error: Note: third [CODE]',
        '  Do that.',
        'warning: Note: look at it [CODE]',
        '  Look.',
        'info: good to know [CODE]',
      ],
    ));

  it('is nothing at all without findings', () => assert.deepEqual(renderFindings([], PLAIN), []));

  it('has colours on a terminal, not where NO_COLOR is set, and the same words in both', () => {
    const [coloured, plain] = [{}, { NO_COLOR: '1' }].map((env) =>
      renderFindings([finding('error', 'no')], createPainter(ON_TERMINAL, env)).join('\n'),
    );
    assert.equal(coloured, '\n\u001b[31merror:\u001b[39m Note: no [CODE]');
    assert.equal(plain, '\nerror: Note: no [CODE]');
  });
});
