/** Text that is HTML already. Only `html` makes it, so that whatever else is put into a page is escaped. */
export interface Html {
  readonly markup: string;
}

/** What can be put into a template: nothing, text that is escaped, HTML as it is, or a list of these. */
export type Content = Html | string | number | null | false | readonly Content[];

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, in texts and in quoted attributes alike; numbers get their separators elsewhere. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  const parts = strings.map((text, i) => (i < values.length ? text + toMarkup(values[i] ?? null) : text));
  return { markup: parts.join('') };
}

/** HTML that this package wrote itself, or took from a package of its own. Never for what a database or a person says. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Escaped for a text or a quoted attribute, without the control characters that a page may not have. */
function escapeHtml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
      .replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '')
  );
}

/** A value as JSON for a script element: no text in it can end the element. */
export function toScriptJson(value: unknown): Html {
  return trusted(JSON.stringify(value).replace(/</g, '\\u003c'));
}

function toMarkup(content: Content): string {
  if (content === null || content === false) return '';
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  if ('markup' in content) return content.markup;
  return content.map(toMarkup).join('');
}
