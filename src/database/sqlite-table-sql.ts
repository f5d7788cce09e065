import type { OnDelete } from './ddl.ts';
import { type Edit, isName, isWord, type Token, tokenize } from './sqlite-tokens.ts';

/** A table's CREATE statement, taken apart (https://www.sqlite.org/lang_createtable.html). Everything else of it stays as it is written. */
export interface TableSql {
  sql: string;
  name: Token;
  columns: Definition[];
  constraints: Definition[];
  isAutoincrement: boolean;
  hasRowid: boolean;
}

/** One column, or one constraint of the table, and the comma before it. */
interface Definition {
  tokens: Token[];
  comma: Token | null;
}

/** The words that begin a constraint: of a column, after its type, and of a table. */
const COLUMN_CONSTRAINTS = [
  'CONSTRAINT',
  'PRIMARY',
  'NOT',
  'NULL',
  'UNIQUE',
  'CHECK',
  'DEFAULT',
  'COLLATE',
  'REFERENCES',
  'GENERATED',
  'AS',
  'DEFERRABLE',
];
const TABLE_CONSTRAINTS = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'];

/** Null for what is not an ordinary table, like a virtual one. */
export function readTableSql(sql: string): TableSql | null {
  const tokens = tokenize(sql);
  const open = tokens.findIndex(({ text }) => text === '(');
  const close = tokens.findIndex(({ text, depth }, i) => i > open && text === ')' && depth === 0);
  if (!isWord(tokens[0], 'CREATE') || !isWord(tokens[1], 'TABLE') || open < 3 || close < 0) return null;
  const definitions = splitDefinitions(tokens.slice(open + 1, close));
  const isConstraint = ({ tokens: [first] }: Definition) => isWord(first, ...TABLE_CONSTRAINTS);
  return {
    sql,
    name: tokens[open - 1] as Token,
    columns: definitions.filter((each) => !isConstraint(each)),
    constraints: definitions.filter(isConstraint).flatMap(splitConstraints),
    isAutoincrement: tokens.slice(open, close).some((token) => isWord(token, 'AUTOINCREMENT')),
    hasRowid: !tokens.slice(close).some((token) => isWord(token, 'WITHOUT')),
  };
}

function splitDefinitions(tokens: readonly Token[]): Definition[] {
  const definitions: Definition[] = [{ tokens: [], comma: null }];
  for (const token of tokens) {
    if (token.text === ',' && token.depth === 1) definitions.push({ tokens: [], comma: token });
    else definitions.at(-1)?.tokens.push(token);
  }
  return definitions;
}

/** Between constraints of a table there may be no comma. */
function splitConstraints({ tokens, comma }: Definition): Definition[] {
  const parts: Definition[] = [];
  for (const [i, token] of tokens.entries()) {
    const isNamed = isWord(tokens[i - 2], 'CONSTRAINT');
    const begins = token.depth === 1 && isWord(token, ...TABLE_CONSTRAINTS) && !isNamed;
    if (begins) parts.push({ tokens: [], comma: i === 0 ? comma : null });
    parts.at(-1)?.tokens.push(token);
  }
  return parts;
}

/** Edits that make a column NOT NULL. */
export function requireColumn(table: TableSql, column: string): Edit[] {
  const { tokens } = findColumn(table, column);
  const constraint = tokens.findIndex((token, i) => i > 0 && isConstraintWord(token));
  const last = (constraint < 0 ? tokens.at(-1) : tokens[constraint - 1]) as Token;
  return [{ start: last.end, end: last.end, text: ' NOT NULL' }];
}

function isConstraintWord(token: Token): boolean {
  return token.depth === 1 && isWord(token, ...COLUMN_CONSTRAINTS);
}

/** Edits that let a column be NULL. */
export function relaxColumn(table: TableSql, column: string): Edit[] {
  const { tokens } = findColumn(table, column);
  return tokens.flatMap((token, i) => {
    if (i === 0 || token.depth !== 1 || !isWord(token, 'NOT') || !isWord(tokens[i + 1], 'NULL')) return [];
    const first = isWord(tokens[i - 2], 'CONSTRAINT') ? tokens[i - 2] : token;
    const last =
      isWord(tokens[i + 2], 'ON') && isWord(tokens[i + 3], 'CONFLICT') ? tokens[i + 4] : tokens[i + 1];
    return [{ start: (first as Token).start, end: (last as Token).end, text: '' }];
  });
}

/** Edits that have the foreign keys of exactly this column to `user` do something else when a user is deleted. */
export function changeOnDelete(
  table: TableSql,
  { column, user, onDelete }: { column: string; user: string; onDelete: OnDelete },
): Edit[] {
  const keys = table.constraints.filter((each) => isForeignKeyOf(each, column));
  return [findColumn(table, column), ...keys].flatMap(({ tokens }) =>
    tokens.flatMap((token, i) => {
      const refers = token.depth === 1 && isWord(token, 'REFERENCES') && isName(tokens[i + 1], user);
      return refers && i > 0 ? replaceAction(tokens, i, onDelete) : [];
    }),
  );
}

/** Replaces the words after ON DELETE, or puts them behind the table and the columns that are referred to. */
function replaceAction(tokens: readonly Token[], references: number, onDelete: OnDelete): Edit[] {
  const after = tokens[references + 2]?.text === '(' ? closing(tokens, references + 2) : references + 1;
  for (let i = after + 1; i < tokens.length && !isWord(tokens[i], 'CONSTRAINT', 'REFERENCES'); i += 1) {
    if (!isWord(tokens[i], 'ON') || !isWord(tokens[i + 1], 'DELETE')) continue;
    const words = tokens.slice(i + 2, i + (isWord(tokens[i + 2], 'SET', 'NO') ? 4 : 3));
    if (words.map(({ text }) => text.toUpperCase()).join(' ') === onDelete) return [];
    return [{ start: (words[0] as Token).start, end: (words.at(-1) as Token).end, text: onDelete }];
  }
  const { end } = tokens[after] as Token;
  // What SQLite does where nothing is said.
  return onDelete === 'NO ACTION' ? [] : [{ start: end, end, text: ` ON DELETE ${onDelete}` }];
}

function closing(tokens: readonly Token[], open: number): number {
  return tokens.findIndex(({ text, depth }, i) => i > open && text === ')' && depth === tokens[open]?.depth);
}

/** Edits that take a column out, with the constraints of the table that are about nothing else. */
export function removeColumn(table: TableSql, column: string): Edit[] {
  const names = table.columns.map(({ tokens }) => tokens[0] as Token);
  const others = names.filter((name) => !isName(name, column));
  const isAboutIt = ({ tokens }: Definition) => {
    const open = tokens.findIndex(({ text }) => text === '(');
    const inside = tokens.slice(open + 1, closing(tokens, open));
    const mentions = (name: string) => inside.some((token) => isName(token, name));
    return mentions(column) && !others.some(({ text }) => inside.some((token) => isName(token, bare(text))));
  };
  const gone = [findColumn(table, column), ...table.constraints.filter(isAboutIt)];
  return gone.map((definition) => takeOut(table, definition, gone));
}

function bare(text: string): string {
  return /^["'`[]/.test(text) ? text.slice(1, -1) : text;
}

/** With the comma before it, unless a constraint that stays needs it; or, where it is the first, with the one behind it. */
function takeOut(
  { columns, constraints }: TableSql,
  definition: Definition,
  gone: readonly Definition[],
): Edit {
  const { tokens, comma } = definition;
  const [first, last] = [tokens[0] as Token, tokens.at(-1) as Token];
  const rest = constraints.slice(constraints.indexOf(definition) + 1);
  const nextComma = rest.findIndex((each) => each.comma !== null);
  const sameComma = constraints.includes(definition)
    ? rest.slice(0, nextComma < 0 ? undefined : nextComma)
    : [];
  if (comma && sameComma.every((each) => gone.includes(each)))
    return { start: comma.start, end: last.end, text: ' ' };
  const behind = columns[0] === definition ? columns[1]?.comma : null;
  return { start: first.start, end: behind?.end ?? last.end, text: ' ' };
}

function isForeignKeyOf({ tokens }: Definition, column: string): boolean {
  const at = tokens.findIndex((token) => isWord(token, 'FOREIGN'));
  return at >= 0 && isName(tokens[at + 3], column) && tokens[at + 4]?.text === ')';
}

function findColumn({ columns }: TableSql, column: string): Definition {
  return columns.find(({ tokens }) => isName(tokens[0], column)) as Definition;
}
