import type { StoredMigration } from './folder.ts';
import { find, readsAt, splitAtCommas, splitStatements, type Token } from './statements.ts';

/** A column, as the database calls it. Without a schema, a table of that name in any schema is meant. */
export interface ColumnPlace {
  table: string;
  column: string;
  schema?: string;
}

/** What migrations did to a column, by their names. */
export interface ColumnHistory {
  /** Added it to a table that was there; null where CREATE TABLE had it, nobody did, or it was removed since. */
  addedBy: string | null;
  /** Made it NOT NULL, last; null where it was from the start, or is not by now. */
  requiredBy: string | null;
  /** Let it be NULL again, last; null where it never was NOT NULL, or is again. */
  relaxedBy: string | null;
  /** Removed it; null where it was never there, or is again. */
  removedBy: string | null;
}

interface State extends ColumnHistory {
  exists: boolean;
  isRequired: boolean;
}

/** What one statement does to the column. */
type Change = { exists: false } | { exists: true; isRequired: boolean } | { isRequired: boolean };

const START: State = {
  exists: false,
  isRequired: false,
  addedBy: null,
  requiredBy: null,
  relaxedBy: null,
  removedBy: null,
};

/** SQLite's table that a migration makes and then gives the name of the one that it replaces. */
interface Replacement {
  name: string;
  change: Change;
}

/**
 * Reads what became of a column out of the text of migrations, in their order, whether Prisma or this toolkit wrote them. It
 * understands the statements that they write; what else there is does not count.
 */
export function findColumnHistory(migrations: readonly StoredMigration[], place: ColumnPlace): ColumnHistory {
  let state = START;
  for (const migration of migrations) state = readMigration(state, migration, place);
  const { exists: _, isRequired: __, ...history } = state;
  return history;
}

function readMigration(before: State, { name, sql }: StoredMigration, place: ColumnPlace): State {
  const replacements: Replacement[] = [];
  let state = before;
  // SQLite's table is dropped before another one takes its name: only the end of the migration tells.
  let isDropped = false;
  for (const tokens of splitStatements(sql)) {
    const created = readCreateTable(tokens, place);
    const replaced = readRename(tokens, place, replacements);
    if (created) replacements.push(created);
    if (isDropTable(tokens, place)) isDropped = true;
    if (created?.name === place.table) {
      state = fromStart(created.change);
      isDropped = false;
    } else if (replaced) {
      state = apply(state, replaced.change, name);
      isDropped = false;
    } else for (const change of readAlterTable(tokens, place)) state = apply(state, change, name);
  }
  return isDropped ? START : state;
}

function fromStart(change: Change): State {
  const exists = 'exists' in change && change.exists;
  return { ...START, exists, isRequired: exists && 'isRequired' in change && change.isRequired };
}

function apply(state: State, change: Change, name: string): State {
  if ('exists' in change && !change.exists) return state.exists ? { ...START, removedBy: name } : state;
  const isRequired = 'isRequired' in change && change.isRequired;
  if (!state.exists) {
    if (!('exists' in change)) return state;
    return { ...START, exists: true, isRequired, addedBy: name };
  }
  if (isRequired === state.isRequired) return state;
  return isRequired
    ? { ...state, isRequired, requiredBy: name, relaxedBy: null }
    : { ...state, isRequired, requiredBy: null, relaxedBy: name };
}

/** A name, with the schema before it where there is one, and where it ends. */
function readName(tokens: readonly Token[], at: number): { parts: string[]; next: number } {
  const parts = [tokens[at]?.value ?? ''];
  let next = at + 1;
  while (tokens[next]?.kind === 'sign' && tokens[next]?.value === '.') {
    parts.push(tokens[next + 1]?.value ?? '');
    next += 2;
  }
  return { parts, next };
}

function isPlace(parts: readonly string[], { table, schema }: ColumnPlace): boolean {
  const named = parts.length > 1 ? parts.at(-2) : undefined;
  const isHere = named === undefined || schema === undefined || named === schema;
  return parts.at(-1) === table && isHere;
}

function isColumn(token: Token | undefined, column: string): boolean {
  return token !== undefined && ['word', 'name'].includes(token.kind) && token.value === column;
}

/** Every table that is created is remembered, because it may take the place of this one. */
function readCreateTable(tokens: readonly Token[], place: ColumnPlace): Replacement | null {
  if (!readsAt(tokens, 0, 'CREATE TABLE')) return null;
  const { parts, next } = readName(tokens, readsAt(tokens, 2, 'IF NOT EXISTS') ? 5 : 2);
  if (tokens[next]?.value !== '(') return null;
  const name = parts.at(-1) as string;
  if (name === place.table && !isPlace(parts, place)) return null;
  const column = splitAtCommas(tokens.slice(next + 1)).find(([first]) => isColumn(first, place.column));
  return { name, change: column ? { exists: true, isRequired: isNotNull(column) } : { exists: false } };
}

function readRename(
  tokens: readonly Token[],
  place: ColumnPlace,
  replacements: readonly Replacement[],
): Replacement | null {
  if (!readsAt(tokens, 0, 'ALTER TABLE')) return null;
  const { parts, next } = readName(tokens, 2);
  if (!readsAt(tokens, next, 'RENAME TO') || !isPlace(readName(tokens, next + 2).parts, place)) return null;
  return replacements.findLast(({ name }) => name === parts.at(-1)) ?? null;
}

function isDropTable(tokens: readonly Token[], place: ColumnPlace): boolean {
  if (!readsAt(tokens, 0, 'DROP TABLE')) return false;
  return isPlace(readName(tokens, readsAt(tokens, 2, 'IF EXISTS') ? 4 : 2).parts, place);
}

/** The statement may stand inside of a block, after BEGIN. */
function readAlterTable(tokens: readonly Token[], place: ColumnPlace): Change[] {
  const at = find(tokens, 'ALTER TABLE');
  if (at < 0 || !isStart(tokens, at)) return [];
  const afterOnly = readsAt(tokens, at + 2, 'ONLY') ? at + 3 : at + 2;
  const { parts, next } = readName(
    tokens,
    readsAt(tokens, afterOnly, 'IF EXISTS') ? afterOnly + 2 : afterOnly,
  );
  if (!isPlace(parts, place)) return [];
  return splitAtCommas(tokens.slice(next)).flatMap((action) => readAction(action, place.column) ?? []);
}

function isStart(tokens: readonly Token[], at: number): boolean {
  return (
    at === 0 ||
    readsAt(tokens, at - 1, 'BEGIN') ||
    readsAt(tokens, at - 1, 'THEN') ||
    readsAt(tokens, at - 1, 'LOOP')
  );
}

const ACTIONS = ['ADD', 'DROP', 'ALTER', 'MODIFY', 'CHANGE'];
/** What can be added or dropped that is no column. */
const OTHERS = ['CONSTRAINT', 'FOREIGN', 'PRIMARY', 'UNIQUE', 'INDEX', 'KEY', 'CHECK', 'FULLTEXT', 'SPATIAL'];

/** One action of ALTER TABLE on a column; null where it is another column's, or no change of these. */
function readAction(action: readonly Token[], column: string): Change | null {
  const verb = ACTIONS.find((word) => readsAt(action, 0, word));
  if (!verb || (action[1]?.kind === 'word' && OTHERS.includes(action[1].value.toUpperCase()))) return null;
  let at = readsAt(action, 1, 'COLUMN') ? 2 : 1;
  if (readsAt(action, at, 'IF NOT EXISTS')) at += 3;
  else if (readsAt(action, at, 'IF EXISTS')) at += 2;
  if (verb === 'CHANGE') at += 1;
  if (!isColumn(action[at], column)) return null;
  const rest = action.slice(at + 1);
  switch (verb) {
    case 'ADD':
      return { exists: true, isRequired: isNotNull(rest) };
    case 'DROP':
      return { exists: false };
    case 'ALTER':
      if (readsAt(rest, 0, 'SET NOT NULL')) return { isRequired: true };
      return readsAt(rest, 0, 'DROP NOT NULL') ? { isRequired: false } : null;
    default:
      return { isRequired: isNotNull(rest) };
  }
}

/** NOT NULL outside of brackets: a CHECK may have it inside. */
function isNotNull(definition: readonly Token[]): boolean {
  let depth = 0;
  return definition.some((token, i) => {
    if (token.kind === 'sign' && token.value === '(') depth += 1;
    if (token.kind === 'sign' && token.value === ')') depth -= 1;
    return depth === 0 && (readsAt(definition, i, 'NOT NULL') || readsAt(definition, i, 'PRIMARY KEY'));
  });
}
