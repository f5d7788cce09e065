/** A name as SQLite quotes it, or bare. */
const NAME = '(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\\[[^\\]]*\\]|[^\\s",`[]+)';
/** The words between CREATE TRIGGER name and ON: (BEFORE | AFTER | INSTEAD OF)? UPDATE (OF column, ...)? */
const UPDATE_TRIGGER = new RegExp(
  `^\\s*CREATE\\b[\\s\\S]*?\\bTRIGGER\\b[\\s\\S]*?\\bUPDATE(?:\\s+OF\\s+(${NAME}(?:\\s*,\\s*${NAME})*))?\\s+ON\\b`,
  'i',
);

/**
 * Decides from its CREATE statement whether a trigger fires when a column is updated. SQLite keeps no such table.
 * In doubt (a name that itself reads like a trigger's head) it says yes: a warning too many, never one too few.
 */
export function firesOnUpdate(createTrigger: string, column: string): boolean {
  const match = UPDATE_TRIGGER.exec(withoutComments(createTrigger));
  if (!match) return false;
  const columns = match[1]?.match(new RegExp(NAME, 'g'))?.map(unquote);
  return !columns || columns.some((name) => name.toLowerCase() === column.toLowerCase());
}

function withoutComments(statement: string): string {
  const token = /"(?:[^"]|"")*"|'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  return statement.replace(token, (found) => (/^["']/.test(found) ? found : ' '));
}

function unquote(name: string): string {
  const [first] = name;
  if (first !== '"' && first !== '`' && first !== '[') return name;
  return name.slice(1, -1).replaceAll(`${first}${first}`, first);
}
