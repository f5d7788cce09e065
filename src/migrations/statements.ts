/** A word, a name or a sign of a migration; `value` is a name without its quotes, and a word as it is written. */
export interface Token {
  kind: 'word' | 'name' | 'text' | 'sign';
  value: string;
}

/** Comments, names between quotes, texts, words and signs, in the ways of all three databases. */
const TOKEN =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|[\w\u0080-\uffff]+|\S/g;

/**
 * The statements of a migration as tokens. What stands between dollars, like the body of a DO, comes as statements of its own,
 * whose first words are those of the block. Lenient: what cannot be read is a statement that means nothing.
 */
export function splitStatements(sql: string): Token[][] {
  const statements: Token[][] = [[]];
  for (const [text, tag] of sql.matchAll(TOKEN)) {
    if (/^(--|#|\/\*)/.test(text)) continue;
    if (tag !== undefined) {
      // The body of a function is not carried out.
      if (!readsAt(statements.at(-1) ?? [], 0, 'DO')) continue;
      const body = text.slice(tag.length + 2, -(tag.length + 2));
      statements.push(...splitStatements(body), []);
    } else if (text === ';') statements.push([]);
    else statements.at(-1)?.push(toToken(text));
  }
  return statements.filter((tokens) => tokens.length > 0);
}

function toToken(text: string): Token {
  const [first = ''] = text;
  if (first === "'") return { kind: 'text', value: text };
  if (text.length > 1 && ['"', '`', '['].includes(first))
    return { kind: 'name', value: text.slice(1, -1).replaceAll(`${first}${first}`, first) };
  return { kind: /^[\w\u0080-\uffff]/.test(text) ? 'word' : 'sign', value: text };
}

/** Whether tokens are these words or signs, from a place on. */
export function readsAt(tokens: readonly Token[], at: number, words: string): boolean {
  return words.split(' ').every((word, i) => {
    const token = tokens[at + i];
    return token !== undefined && ['word', 'sign'].includes(token.kind) && token.value.toUpperCase() === word;
  });
}

/** Where these words begin, at `from` or behind it; -1 where they are not. */
export function find(tokens: readonly Token[], words: string, from = 0): number {
  for (let at = from; at < tokens.length; at += 1) if (readsAt(tokens, at, words)) return at;
  return -1;
}

/** The parts between the commas that stand outside of brackets. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'sign' && token.value === '(') depth += 1;
    if (token.kind === 'sign' && token.value === ')') depth -= 1;
    if (depth === 0 && token.kind === 'sign' && token.value === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
