import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { html } from '../../src/report-page/html.ts';
import { REPORT_BEGIN, renderPage } from '../../src/report-page/render-page.ts';
import { renderUnknown } from '../../src/report-page/render-unknown.ts';
import { readPlotLibrary } from '../../src/report-page/uplot.ts';
import { describeWait } from '../../src/ownership/waits.ts';
import { at, BAD_NAME, describeAnswer, describeRun, listBatches } from '../helpers/report-answer.ts';

const LIBRARY = readPlotLibrary();
const WAIT = { time: at(30), what: describeWait(3000, BAD_NAME) };
const EVIDENCE = {
  backups: [
    {
      time: at(1),
      path: `backups/${BAD_NAME}`,
      host: BAD_NAME,
      taken: at(0),
      verified: null,
      bytes: 5_000_000,
      rows: 1234,
      tables: 5,
      sha256: BAD_NAME,
    },
  ],
  restores: [{ time: at(2), path: BAD_NAME, by: BAD_NAME, taken: at(0), kept: BAD_NAME }],
  rehearsals: [
    {
      time: at(3),
      userId: BAD_NAME,
      host: BAD_NAME,
      ok: true,
      answer: { [BAD_NAME]: [{ [BAD_NAME]: BAD_NAME }] },
    },
  ],
};

describe('the page', () => {
  const page = renderPage(describeAnswer([describeRun(listBatches(40), [WAIT])], EVIDENCE), LIBRARY);

  it('begins as only a report does, so that it may be replaced by the next one', () => {
    assert.ok(page.startsWith(REPORT_BEGIN));
  });

  it('shows a name that is a script, everywhere, and runs it nowhere', () => {
    assert.doesNotMatch(page, /<script>alert/);
    assert.doesNotMatch(page, /"'&<\/title>/);
    const times =
      page.split('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;&lt;/title&gt;').length - 1;
    assert.ok(times >= 15, `${times} times`);
  });

  it('allows its own scripts alone, by their hashes, and no connection', () => {
    const [, escaped = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
    const policy = escaped.replaceAll('&#39;', "'");
    assert.match(policy, /^default-src 'none'; /);
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
    assert.equal(scripts.length, 2);
    for (const script of scripts) {
      const hash = createHash('sha256').update(script).digest('base64');
      assert.ok(policy.includes(`'sha256-${hash}'`), policy);
    }
    assert.doesNotMatch(page.replace(/<script>[\s\S]*?<\/script>/g, ''), /(?:src|href)="(?!#|data:,)/);
  });

  it('keeps the licence of the library that it has in it', () => {
    assert.match(page, /Copyright \(c\) \d+ Leon Sorokin[\s\S]+Permission is hereby granted/);
  });

  it('has no script where nothing is drawn', () => {
    const bare = renderPage(describeAnswer([]), LIBRARY);
    assert.doesNotMatch(bare, /<script/);
    assert.match(bare, /script-src (&#39;|')none/);
    assert.match(bare, /No run yet\./);
    assert.match(bare, /No batch was committed yet\./);
  });

  it('does not grow with the number of batches', () => {
    const [small, large] = [1000, 100_000].map((count) => {
      return renderPage(describeAnswer([describeRun(listBatches(count, 0.4))]), LIBRARY).length;
    }) as [number, number];
    assert.ok(large < 1.2 * small, `${large} bytes, and ${small} for 1,000 batches`);
    assert.ok(large < 500_000, `${large} bytes`);
  });

  it('says in words what is proved, and of which rows it is not', () => {
    const proof = {
      rows: 1234,
      batches: 1,
      unprovedRows: 1,
      models: [{ model: 'Note', rows: 1234, digest: 'ab12' }],
    };
    const shown = renderPage(describeAnswer([{ ...describeRun(listBatches(3)), proof }]), LIBRARY);
    assert.match(
      shown,
      /Run 6db8093e: nothing but the owner changed in 1,234 rows \(1 batch\)\. 1 row of this run is not proved\./,
    );
  });

  it('says what a rollback took back, and how many waits are shown', () => {
    const batches = listBatches(12).map((each) => ({ ...each, rolledBack: at(60), reverted: 90 }));
    const waits = Array.from({ length: 400 }, (_, i) => ({
      time: at(i + 70),
      what: describeWait(1000, 'x'),
    }));
    const run = describeRun(batches, [{ time: at(50), what: 'rollback started' }, ...waits]);
    const models = run.models.map((each) => ({ ...each, reverted: 1080 }));
    const text = renderPage(describeAnswer([{ ...run, models }]), LIBRARY);
    assert.match(
      text,
      /The rollback has taken the owner back from 1,080 rows of the 1,200 that step 2 had given it to\./,
    );
    assert.match(text, /Waits of run 6db8093e, the 300 longest of 400/);
  });

  it('has the flags of a run as they are typed', () => {
    const run = describeRun(listBatches(3));
    const flags = { ...run.flags, proof: true, rate: undefined };
    assert.match(
      renderPage(describeAnswer([{ ...run, flags }]), LIBRARY),
      /<code>--exclude=Tag --owner-column=Note=userId --pause-ms=20 --proof<\/code>/,
    );
  });

  it('says when a log is longer than what is shown of it', () => {
    const run = { ...describeRun(listBatches(3)), eventsLeftOut: 12_000 };
    assert.match(
      renderPage(describeAnswer([run]), LIBRARY),
      /12,000 more between the first and the last ones/,
    );
  });

  it('says what is not known where the schema could not be read', () => {
    const shown = renderPage(describeAnswer([], { checklist: null }), LIBRARY);
    assert.match(shown, /It could not be read\. The findings say why\./);
    assert.match(shown, /The schema could not be read, so it is not known what takes part\./);
  });

  it('groups findings that are the same of several models', () => {
    const finding = { code: 'NO_OWNER_INDEX', severity: 'warning' as const, message: 'no index' };
    const findings = ['Note', 'Tag'].map((model) => ({
      ...finding,
      model,
      remedy: `Apply:\n  CREATE INDEX ${model}`,
    }));
    const shown = renderPage(describeAnswer([], { findings }), LIBRARY);
    assert.match(shown, /<b>Note, Tag<\/b>: no index/);
    assert.match(shown, /<pre>CREATE INDEX Note\nCREATE INDEX Tag<\/pre>/);
  });
});

describe('an answer of any shape', () => {
  it('is shown whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { markup } = html`${renderUnknown(value)}`;
        assert.doesNotMatch(markup, /undefined|\[object/);
      }),
    );
  });

  it('becomes facts and tables, with numbers as numbers', () => {
    const { markup } = html`${renderUnknown({
      ok: true,
      growthBytes: 123456,
      phases: [
        { model: 'Note', longestLockMs: 12 },
        { model: 'Tag', longestLockMs: null },
      ],
    })}`;
    assert.match(markup, /<dt>ok<\/dt><dd>yes<\/dd>/);
    assert.match(markup, /<dt>growth bytes<\/dt><dd>123,456<\/dd>/);
    assert.match(markup, /<caption>phases<\/caption>/);
    assert.match(markup, /<td class="number">12<\/td>/);
  });
});
