/** A word of a statement, a name, a literal or a sign; blanks and comments are in between. */
export interface Token {
  text: string;
  start: number;
  end: number;
  /** How many brackets it is in; a bracket itself is outside of what it opens. */
  depth: number;
}

/** https://www.sqlite.org/lang_keywords.html: a name has four ways to be quoted, each end doubled where it is part of the name. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$\u0080-\uffff]+|\S/g;

/** Takes a statement apart. */
export function tokenize(statement: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const { 0: text, index } of statement.matchAll(TOKEN)) {
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    if (text === ')') depth -= 1;
    tokens.push({ text, start: index, end: index + text.length, depth });
    if (text === '(') depth += 1;
  }
  return tokens;
}

/** Whether a token is a word of the language: one that is quoted is a name. */
export function isWord(token: Token | undefined, ...words: string[]): boolean {
  return token !== undefined && words.includes(token.text.toUpperCase());
}

/** Whether a token can be this name. SQLite takes a word between single quotes for a name where it needs one. */
export function isName(token: Token | undefined, name: string): boolean {
  return token !== undefined && unquote(token.text).toLowerCase() === name.toLowerCase();
}

function unquote(text: string): string {
  const [first = ''] = text;
  if (!['"', "'", '`', '['].includes(first)) return text;
  return text.slice(1, -1).replaceAll(`${first}${first}`, first);
}

/** What is put in the place of a part of a text. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Carries out edits that do not overlap. */
export function edit(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((done, { start, end, text: put }) => done.slice(0, start) + put + done.slice(end), text);
}
