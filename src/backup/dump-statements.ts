/** One statement of a dump, with its delimiter, or a line that changes that; with the comments before it. */
export type DumpStatement = string;

/** What the tools set before an object, and set back after it, where it was made under another collation than the database's. */
const OF_DATABASE =
  /^(\s*(?:--.*\n\s*)*)ALTER\s+(?:DATABASE|SCHEMA)\s+(?:`(?:[^`]|``)*`|\S+)(?=\s+CHARACTER SET )/i;

/** In whatever quotes the server writes them, which depends on the mode that the object was made in. */
const DEFINER =
  /DEFINER\s*=\s*(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|'(?:[^']|'')*'|[\w$]+)@(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|'(?:[^']|'')*'|[\w$.%-]+)/gi;

/** A dump whose objects belong to whoever loads them. Pure. */
export function withoutDefiners(dump: string): string {
  return dump.replace(DEFINER, '');
}

/** Takes a dump of MySQL's tools apart: its delimiter stands at the end of a line, as the client reads it. Pure. */
export function splitDump(dump: string): DumpStatement[] {
  const statements: DumpStatement[] = [];
  let delimiter = ';';
  let lines: string[] = [];
  const close = () => {
    if (lines.length > 0) statements.push(lines.join('\n'));
    lines = [];
  };
  for (const line of dump.split('\n')) {
    const changed = /^DELIMITER (\S+)/.exec(line)?.[1];
    if (changed !== undefined) close();
    lines.push(line);
    if (changed !== undefined) delimiter = changed;
    if (changed !== undefined || line.trimEnd().endsWith(delimiter)) close();
  }
  close();
  return statements;
}

/**
 * Has the statements that change the collation of a database act on the one that the dump is loaded into, whatever it is called:
 * without a name they do (https://dev.mysql.com/doc/refman/8.4/en/alter-database.html). Bodies of routines stay as they are. Pure.
 */
export function aimDump(dump: string): string {
  return splitDump(dump)
    .map((statement) => statement.replace(OF_DATABASE, '$1ALTER DATABASE'))
    .join('\n');
}
