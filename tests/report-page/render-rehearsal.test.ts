import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { renderRehearsals } from '../../src/report-page/render-rehearsal.ts';
import { at, BAD_NAME } from '../helpers/report-answer.ts';

const MEASURE = { rows: 5000, elapsedMs: 1234, longestLockMs: 321, growthBytes: 2_621_440 };
const ANSWER = {
  command: 'rehearse',
  ok: false,
  copied: { backup: null, taken: at(0), tables: 5, rows: 12_345 },
  parts: [
    { part: 'phase1', state: 'nothingToDo', elapsedMs: 12, models: [] },
    {
      part: 'step3Again',
      state: 'held',
      elapsedMs: 1500,
      models: [
        { model: 'Note', ...MEASURE, production: { ...MEASURE, rows: 10_000 } },
        { model: null, ...MEASURE, production: null },
      ],
    },
  ],
  proof: {
    tables: [{ table: 'Note', rows: 5000, digest: 'ab12', same: false }],
    differences: [{ after: 'step2', table: 'Note', keys: [{ key: ['7'], what: 'changed' }] }],
  },
  elapsedMs: 2500,
  findings: [{ code: 'X', severity: 'error', model: 'Note', message: BAD_NAME, remedy: '' }],
};

function render(answer: unknown): string {
  return renderRehearsals([{ time: at(60), userId: 'ana', host: 'web-1', ok: false, answer }]).markup;
}

describe('a rehearsal', () => {
  const markup = render(ANSWER).replace(/\s+/g, ' ');

  it('has a line for each part, with its time', () => {
    assert.match(
      markup,
      /<th scope="row">phase 1<\/th><td>nothing to do<\/td><td class="number">0\.012<\/td>/,
    );
    assert.match(markup, /<th scope="row">step 3 again<\/th><td>held<\/td><td class="number">1\.500<\/td>/);
  });

  it('has what each model took, and what it may take in production', () => {
    const cells = [...markup.matchAll(/<td class="number[^"]*">([^<]*)<\/td>/g)].map(([, text]) => text);
    assert.match(
      cells.join(' '),
      /5,000 1\.234 0\.321 2\.50 10,000 1\.234 0\.321 2\.50 5,000 1\.234 0\.321 2\.50 – – – –/,
    );
    assert.match(markup, /<td>all at once<\/td>/);
  });

  it('has the proof over every table, and the keys that differ', () => {
    assert.match(markup, /Note<\/th><td class="number">5,000<\/td><td>no<\/td><td class="long"><code>ab12/);
    assert.match(markup, /<td>step 2<\/td><td class="long">\[\{&quot;key&quot;:\[&quot;7&quot;\]/);
  });

  it('has its findings, escaped', () => {
    assert.match(markup, /&lt;script&gt;alert\(1\)/);
    assert.doesNotMatch(markup, /<script>/);
  });

  it('is shown whatever another release made of it', () => {
    const parts = fc.oneof(
      fc.array(fc.dictionary(fc.constantFrom('part', 'state', 'models'), fc.jsonValue())),
      fc.jsonValue(),
    );
    const answers = fc.oneof(
      fc.jsonValue(),
      fc.record({ parts, proof: fc.jsonValue(), findings: fc.jsonValue(), copied: fc.jsonValue() }),
    );
    fc.assert(fc.property(answers, (answer) => assert.match(render(answer), /Rehearsal of/)));
  });
});
