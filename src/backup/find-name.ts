/** What may stand between a name and its dot: blanks, comments, and the end of a comment that the server carries out. */
const GAP = '(?:\\s|/\\*[\\s\\S]*?\\*/|--[^\\n]*\\n|#[^\\n]*\\n|\\*/)*';
/** Also within a text, where a quote is doubled or has a backslash before it. */
const QUOTE = '\\\\?["`]+';
/** Letters of names; no other one may be beside a name without quotes. */
const LETTER = '[\\w$\\u0080-\\u{10ffff}]';

/** Whether SQL of MySQL names something of a database, like a table: by its name, however it is spelt, and a dot. Pure. */
export function namesTableOf(sql: string, database: string): boolean {
  return find(sql, database, `${GAP}\\.`);
}

/** Whether SQL of MySQL has a name in it, however it is spelt. Pure. */
export function hasName(sql: string, name: string): boolean {
  return find(sql, name, '');
}

/** Small and capital letters are the same on some servers, so they are here. Comments of whole lines, as dumps have them, do not count. */
function find(sql: string, name: string, then: string): boolean {
  const quoted = [name, name.replaceAll('`', '``'), name.replaceAll('"', '""')].map(escapePattern).join('|');
  const bare = `(?<!${LETTER}|["\`])${escapePattern(name)}(?!${LETTER}|["\`])`;
  const pattern = new RegExp(`(?:${QUOTE}(?:${quoted})${QUOTE}|${bare})${then}`, 'iu');
  return pattern.test(sql.replace(/^[ \t]*--.*$/gm, ''));
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
