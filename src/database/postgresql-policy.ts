import { createHash } from 'node:crypto';
import { defaultName, quoteStandard as quote } from './ddl-names.ts';
import type { Column, TableName } from './dialect.ts';
import type { IsolatedTable, PolicyLink } from './row-security.ts';

/** What all of our policies are called: there is one on each table. */
export const POLICY = 'ownership_isolation';
/** How the name of a function ends that asks in place of a policy. */
export const FUNCTION_SUFFIX = '_is_own';
/** How the bodies of these functions begin. */
export const FUNCTION_BEGINS = 'SELECT EXISTS (SELECT 1 FROM ';
/** The longest name, in bytes. */
const MAX_NAME = 63;
/** Of a row that is pointed at. */
const [ALIAS, OTHER_ALIAS] = ['seen', 'seen_row'];

/** How tables are written: with their schema, or without it. */
export type Place = (table: TableName) => string;

/** A function that asks whether a row is seen. */
export interface PolicyFunction {
  name: string;
  /** Its name with its schema, and the types that it takes, as DROP FUNCTION takes them. */
  signature: string;
  body: string;
}

/** A policy as SQL. */
export interface PolicySql {
  using: string;
  check: string;
  functions: PolicyFunction[];
}

/** Writes the policy of a table, whose columns have these types. */
export function writePolicy(isolated: IsolatedTable, columns: readonly Column[], place: Place): PolicySql {
  const { table, owner, parents, links } = isolated;
  const seen = [
    ...(owner === null ? [] : [isUsers(owner, typeOf(columns, owner))]),
    ...parents.map((link) => isSeen(link, table, place)),
  ];
  const functions = links
    .filter(({ isCircular }) => isCircular)
    .map((link) => writeFunction(link, isolated, { columns, place }));
  const linked = links.map((link) => {
    const nulls = link.columns.map((column) => `${quote(column)} IS NULL`);
    const asked = link.isCircular
      ? `${place(functionName(link, isolated))}(${link.columns.map(quote).join(', ')})`
      : isSeen(link, table, place);
    return link.isOptional ? `(${[...nulls, asked].join(' OR ')})` : asked;
  });
  return { using: seen.join(' AND '), check: [...seen, ...linked].join(' AND '), functions };
}

/** The sub-select is evaluated once for a statement, not once for a row, and an index can be searched for its value. */
function isUsers(owner: string, type: string): string {
  return `${quote(owner)} = (SELECT nullif(current_setting('app.user_id', true), '')::${type})`;
}

/** By the policy of the table that is pointed at, which holds in here too. */
function isSeen({ table, columns, references }: PolicyLink, from: TableName, place: Place): string {
  const alias = from.name === ALIAS ? OTHER_ALIAS : ALIAS;
  const keys = references.map(
    (key, i) => `${alias}.${quote(key)} = ${quote(from.name)}.${quote(columns[i] ?? '')}`,
  );
  return `EXISTS (SELECT 1 FROM ${place(table)} ${alias} WHERE ${keys.join(' AND ')})`;
}

/** By table and columns; where that is too long, or several relations share the columns, with a digest of all that it asks. */
function functionName(link: PolicyLink, { table: { schema, name }, links }: IsolatedTable): TableName {
  const columns = link.columns.join('_');
  const plain = `${name}_${columns}${FUNCTION_SUFFIX}`;
  const isAlone = links.filter((each) => each.isCircular && each.columns.join('_') === columns).length === 1;
  if (isAlone && Buffer.byteLength(plain) <= MAX_NAME) return { schema, name: plain };
  const asked = JSON.stringify([name, link.columns, link.table, link.references]);
  const suffix = `_${createHash('sha256').update(asked).digest('hex').slice(0, 8)}${FUNCTION_SUFFIX}`;
  return { schema, name: defaultName(name, columns, { suffix, max: MAX_NAME }) };
}

function writeFunction(
  link: PolicyLink,
  isolated: IsolatedTable,
  { columns, place }: { columns: readonly Column[]; place: Place },
): PolicyFunction {
  const types = link.columns.map((column) => typeOf(columns, column));
  const keys = link.references.map((key, i) => `${ALIAS}.${quote(key)} = $${i + 1}`);
  const name = functionName(link, isolated);
  return {
    name: name.name,
    signature: `${place(name)}(${types.join(', ')})`,
    body: `${FUNCTION_BEGINS}${place(link.table)} ${ALIAS} WHERE ${keys.join(' AND ')})`,
  };
}

/** The type to cast to: with the length of a character type a longer text would be cut to it, and be another user's. */
function typeOf(columns: readonly Column[], name: string): string {
  const type = columns.find((column) => column.name === name)?.type ?? '';
  return type.replace(/^character varying(\(\d+\))?$/, 'text').replace(/^character(\(\d+\))?$/, 'bpchar');
}

/**
 * The statements that make a function, which has the rights of whoever asks. The role is granted it by name, because default
 * privileges may keep functions from everybody.
 */
export function createFunction({ signature, body }: PolicyFunction, role: string): string[] {
  const create = `CREATE OR REPLACE FUNCTION ${signature} RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT AS ${literalBody(body)}`;
  return [create, `GRANT EXECUTE ON FUNCTION ${signature} TO ${quote(role)}`];
}

/** Between dollars that are not in the text. */
function literalBody(body: string): string {
  let tag = '$seen$';
  for (let i = 1; body.includes(tag); i += 1) tag = `$seen${i}$`;
  return tag + body + tag;
}

/** A text, a name between quotes, a cast with its type, a word or number, or a sign. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|::(?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|\w+))?(?: varying)?(?:\(\d+\))?|[\w\u0080-\uffff]+|\S/g;

/**
 * An expression in the form in which what was written and what PostgreSQL prints of it are the same: it prints more brackets
 * and casts, names for what is selected, and no quotes where none are needed. Brackets say something around an OR alone.
 */
export function normaliseExpression(sql: string): string {
  const tokens = keepBracketsAroundOr(
    [...sql.matchAll(TOKEN)].map(([token]) => token).filter((token) => !token.startsWith('::')),
  );
  const plain = tokens.map((token) => {
    if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
    return token.startsWith("'") ? token : token.toLowerCase();
  });
  return plain.filter((token, i) => token !== 'as' && plain[i - 1] !== 'as').join(' ');
}

function keepBracketsAroundOr(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  const open: { at: number; hasOr: boolean }[] = [];
  for (const token of tokens) {
    const around = open.at(-1);
    if (around && /^or$/i.test(token)) around.hasOr = true;
    if (token === '(') open.push({ at: kept.length, hasOr: false });
    else if (token !== ')') kept.push(token);
    else if (open.pop()?.hasOr) {
      kept.splice(around?.at ?? 0, 0, '(');
      kept.push(')');
    }
  }
  return kept;
}
