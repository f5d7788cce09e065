/** Words after which a table is named. */
const BEFORE_TABLE = new Set(
  'FROM JOIN INTO UPDATE TABLE TRUNCATE USING REFERENCES COPY LOCK ANALYZE'.split(' '),
);
/** Words that may stand between those and the table. */
const BETWEEN = new Set('ONLY IF NOT EXISTS TABLE LATERAL'.split(' '));
/** A list of tables ends with these. */
const AFTER_LIST = new Set(
  'WHERE ON SET GROUP ORDER HAVING LIMIT OFFSET UNION EXCEPT INTERSECT SELECT VALUES RETURNING WINDOW FETCH FOR'.split(
    ' ',
  ),
);

const TOKEN =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]\n]+)\]|([\p{L}_][\p{L}\p{N}_$]*)|[(),.;]/gu;

interface Token {
  /** In lower case. */
  name: string | null;
  sign: string;
  isQuoted: boolean;
}

/** The tables that SQL names where a table is named, in lower case, without their schemas. */
export function listTables(sql: string): Set<string> {
  const tokens = tokenise(sql);
  const tables = new Set<string>();
  let isExpected = false;
  const lists = [false];
  for (let at = 0; at < tokens.length; at++) {
    const { name, sign, isQuoted } = tokens[at] as Token;
    const word = isQuoted ? '' : (name ?? '').toUpperCase();
    if (sign === '(') lists.push(false);
    else if (sign === ')') lists.length > 1 && lists.pop();
    else if (sign === ',') isExpected = lists.at(-1) === true;
    else if (sign === ';') isExpected = false;
    else if (BEFORE_TABLE.has(word)) {
      isExpected = true;
      lists[lists.length - 1] = true;
    } else if (isExpected && BETWEEN.has(word)) continue;
    else if (AFTER_LIST.has(word)) {
      isExpected = false;
      lists[lists.length - 1] = false;
    } else if (isExpected && name !== null && tokens[at + 1]?.sign !== '.') {
      tables.add(name);
      isExpected = false;
    }
  }
  return tables;
}

function tokenise(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const [whole, double, backtick, bracket, word] of sql.matchAll(TOKEN)) {
    const quoted = double?.replaceAll('""', '"') ?? backtick ?? bracket;
    const name = (quoted ?? word)?.toLowerCase() ?? null;
    if (name !== null || /^[(),.;]$/.test(whole))
      tokens.push({ name, sign: name === null ? whole : '', isQuoted: quoted !== undefined });
  }
  return tokens;
}
