import type { Node, TemplateLiteral } from '@babel/types';
import { evaluate } from './evaluate.ts';
import { nameOf, unwrap } from './parse-code.ts';
import type { Project } from './project.ts';
import type { Scope } from './scopes.ts';
import { findSqlFunction } from './sql-values.ts';

/** SQL as far as the code has it. `isWhole`: all that is missing are values that are bound. */
export interface SqlText {
  text: string;
  isWhole: boolean;
}

const NOT_KNOWN: SqlText = { text: '', isWhole: false };
const VALUE: SqlText = { text: ' ? ', isWhole: true };
/** Between pieces of which one is taken. */
const OR: SqlText = { text: ' , ', isWhole: true };
const DEEPEST = 20;

interface Place {
  scope: Scope;
  depth: number;
}

/** Reads SQL from a text, a template of Prisma's or a name of one. */
export function readSql(project: Project, node: Node, { scope, depth }: Place): SqlText {
  const bare = unwrap(node);
  if (depth > DEEPEST) return NOT_KNOWN;
  const read = (each: Node) => readSql(project, each, { scope, depth: depth + 1 });
  switch (bare.type) {
    case 'StringLiteral':
      return { text: bare.value, isWhole: true };
    case 'TemplateLiteral':
      return readParts(bare, read);
    case 'TaggedTemplateExpression':
      return readTemplate(project, bare.quasi, { scope, depth });
    case 'BinaryExpression':
      return merge(listSummands(bare).map((each) => (each === bare ? NOT_KNOWN : read(each))));
    case 'ConditionalExpression':
      return merge([read(bare.consequent), OR, read(bare.alternate)]);
    case 'CallExpression':
      return readFunction(project, bare, { scope, depth }) ?? readValue(project, bare, { scope, depth });
    default:
      return readValue(project, bare, { scope, depth });
  }
}

/** What a name, a property or a function of the application's stands for. */
function readValue(project: Project, node: Node, { scope, depth }: Place): SqlText {
  const isEmpty = node.type === 'MemberExpression' && nameOf(node.property) === 'empty';
  if (isEmpty) return { text: '', isWhole: true };
  const value = evaluate(project, node, scope);
  if (value.kind !== 'text') return NOT_KNOWN;
  const read = value.pieces.map((each) =>
    readSql(project, each.node, { scope: each.scope, depth: depth + 1 }),
  );
  return { ...mergeAny(read), ...(value.isWhole ? {} : { isWhole: false }) };
}

/** The parts of `a + b + c`, which may be thousands. */
function listSummands(node: Node): Node[] {
  const parts: Node[] = [];
  let rest = node;
  while (rest.type === 'BinaryExpression' && rest.operator === '+') {
    parts.unshift(rest.right);
    rest = rest.left;
  }
  return [rest, ...parts];
}

/** A template that binds its values: only another piece of SQL in it is text. */
export function readTemplate(project: Project, quasi: TemplateLiteral, { scope, depth }: Place): SqlText {
  return readParts(quasi, (node, before) => {
    const read = readInterpolated(project, node, { scope, depth: depth + 1 });
    return read ?? (TAKES_VALUE.test(before) ? VALUE : NOT_KNOWN);
  });
}

/** What stands before a value. Anywhere else SQL can have no value, so what is not known there is a piece of SQL. */
const TAKES_VALUE =
  /(?:[=<>(,+\-*/%|&^~@#[!]|\b(?:LIKE|ILIKE|SIMILAR TO|REGEXP|RLIKE|GLOB|MATCH|ESCAPE|IN|ANY|ALL|BETWEEN|BETWEEN\s+\?\s+AND|LIMIT|OFFSET|FIRST|NEXT|SELECT|WHEN|THEN|ELSE|IS|IS NOT|DISTINCT FROM|INTERVAL|AGAINST))\s*$/i;

/** Null for what may be a value and may be SQL. */
function readInterpolated(project: Project, node: Node, place: Place): SqlText | null {
  const bare = unwrap(node);
  const { scope, depth } = place;
  if (depth > DEEPEST) return NOT_KNOWN;
  const inner = (each: Node, at = scope) => readInterpolated(project, each, { scope: at, depth: depth + 1 });
  if (bare.type === 'TaggedTemplateExpression' && findSqlFunction(project, bare.tag, scope) === 'sql')
    return readTemplate(project, bare.quasi, place);
  if (bare.type === 'ConditionalExpression')
    return mergeKnown([inner(bare.consequent), inner(bare.alternate)]);
  if (bare.type === 'LogicalExpression')
    return bare.operator === '&&' ? inner(bare.right) : mergeKnown([inner(bare.left), inner(bare.right)]);
  if (/Literal$|^BinaryExpression$/.test(bare.type)) return VALUE;
  if (bare.type === 'CallExpression' && findSqlFunction(project, bare.callee, scope) !== null)
    return readFunction(project, bare, place);
  if (bare.type === 'MemberExpression' && nameOf(bare.property) === 'empty')
    return { text: '', isWhole: true };
  const value = evaluate(project, bare, scope);
  if (value.kind !== 'text') return null;
  const read = mergeKnown(value.pieces.map((each) => inner(each.node, each.scope)));
  return value.isWhole ? read : read && { ...read, isWhole: false };
}

/** `Prisma.raw('...')` and `Prisma.join([...])`; null for any other function. */
function readFunction(
  project: Project,
  { callee, arguments: [first] }: Node & { type: 'CallExpression' },
  { scope, depth }: Place,
): SqlText | null {
  const name = findSqlFunction(project, callee, scope);
  if (!first || name === null) return null;
  const place = { scope, depth: depth + 1 };
  if (name === 'raw') return readSql(project, first, place);
  if (name !== 'join') return null;
  const bare = unwrap(first);
  if (bare.type !== 'ArrayExpression') return null;
  return mergeKnown(bare.elements.map((each) => (each ? readInterpolated(project, each, place) : VALUE)));
}

/** Reads a template; `before` is all that stands before a place in it. */
function readParts(
  { quasis, expressions }: TemplateLiteral,
  read: (node: Node, before: string) => SqlText,
): SqlText {
  const whole: SqlText = { text: '', isWhole: true };
  for (const [index, { value }] of quasis.entries()) {
    const expression = expressions[index];
    whole.text += value.cooked ?? value.raw;
    if (!expression) continue;
    const { text, isWhole } = read(expression, whole.text);
    whole.text += text;
    whole.isWhole &&= isWhole;
  }
  return whole;
}

function merge(parts: readonly SqlText[]): SqlText {
  return { text: parts.map(({ text }) => text).join(''), isWhole: parts.every(({ isWhole }) => isWhole) };
}

function mergeAny(parts: readonly SqlText[]): SqlText {
  return merge(parts.flatMap((each, index) => (index > 0 ? [OR, each] : [each])));
}

/** Null where one of them is not known to be SQL. */
function mergeKnown(parts: readonly (SqlText | null)[]): SqlText | null {
  const known = parts.filter((each) => each !== null);
  if (known.length === parts.length) return mergeAny(known);
  const read = mergeAny(known);
  return known.some((each) => each !== VALUE) ? { ...read, isWhole: false } : null;
}

/** The reason in SQL that begins with a comment saying why it is not scoped, as the isolation library takes it. */
export function findMeaning({ text }: SqlText): string | null {
  const reason = /^\s*\/\*\s*unscoped:([\s\S]*?)\*\//.exec(text)?.[1]?.trim();
  return reason ? reason.replace(/\s+/g, ' ') : null;
}
