import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { html, toScriptJson, trusted } from '../../src/report-page/html.ts';

describe('html', () => {
  it('escapes every text, in lists and in templates within templates too', () => {
    const bad = `<b a="1" c='2'>&`;
    const escaped = '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;';
    const inner = html`<i>${bad}</i>`;
    assert.equal(
      html`<p title="${bad}">${[bad, inner]}</p>`.markup,
      `<p title="${escaped}">${escaped}<i>${escaped}</i></p>`,
    );
  });

  it('leaves out what is not there, and keeps numbers and trusted HTML', () => {
    assert.equal(html`${null}${false}${0}${trusted('<hr>')}`.markup, '0<hr>');
  });

  it('takes out control characters, which no page may have', () => {
    assert.equal(html`${'a\u0000\u0001\u001b[31mb\u009f'}`.markup, 'a [31mb ');
  });

  it('lets no text end an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { markup } = html`${text}`;
        assert.doesNotMatch(markup, /[<>"']/);
        assert.doesNotMatch(markup.replace(/&(amp|lt|gt|quot|#39);/g, ''), /&/);
      }),
    );
  });
});

describe('JSON in a script element', () => {
  it('cannot end the element, and is read back as it was', () => {
    const values = fc.oneof(fc.constantFrom('</script>', '<!--<script>', ']]>'), fc.string());
    fc.assert(
      fc.property(fc.array(values), (list) => {
        const { markup } = toScriptJson(list);
        assert.doesNotMatch(markup, /</);
        assert.deepEqual(JSON.parse(markup), list);
      }),
    );
  });
});
