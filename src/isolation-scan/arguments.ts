import type { Node, ObjectExpression } from '@babel/types';
import { evaluate, evaluateReturn } from './evaluate.ts';
import { nameOf, unwrap } from './parse-code.ts';
import { type Project, readDeeper } from './project.ts';
import type { Placed, Scope } from './scopes.ts';
import type { Value } from './values.ts';

/** The objects that an argument can be, and whether that is all that it can be. */
export interface Objects {
  objects: Placed<ObjectExpression>[];
  isWhole: boolean;
}

const NOTHING: Objects = { objects: [], isWhole: true };
const ANYTHING: Objects = { objects: [], isWhole: false };

/** Reads an argument that is an object, one of several, or an array of them. */
export function readObjects(project: Project, node: Node, scope: Scope): Objects {
  return readDeeper(project, ANYTHING, () => readNode(project, node, scope));
}

function readNode(project: Project, node: Node, scope: Scope): Objects {
  const bare = unwrap(node);
  switch (bare.type) {
    case 'ObjectExpression':
      return { objects: [{ node: bare, scope }], isWhole: true };
    case 'ConditionalExpression':
      return merge([bare.consequent, bare.alternate].map((each) => readObjects(project, each, scope)));
    case 'LogicalExpression': {
      const right = readObjects(project, bare.right, scope);
      return bare.operator === '&&' ? right : merge([readObjects(project, bare.left, scope), right]);
    }
    case 'ArrayExpression':
      return merge(bare.elements.map((each) => (each ? readObjects(project, each, scope) : NOTHING)));
    case 'BooleanLiteral':
    case 'NullLiteral':
      return NOTHING;
    case 'CallExpression':
      return readCall(project, bare, scope);
  }
  if (bare.type === 'Identifier' && bare.name === 'undefined') return NOTHING;
  return toObjects(evaluate(project, bare, scope));
}

function toObjects(value: Value): Objects {
  return value.kind === 'object' ? { objects: [value], isWhole: value.isAny !== true } : ANYTHING;
}

/** `rows.map((row) => ({ ... }))`, `Prisma.validator<...>()({ ... })`, or a function of the application's. */
function readCall(project: Project, node: Node & { type: 'CallExpression' }, scope: Scope): Objects {
  const [first] = node.arguments;
  const { callee } = node;
  if (callee.type === 'CallExpression' && first) return readObjects(project, first, scope);
  const isMap = callee.type === 'MemberExpression' && nameOf(callee.property) === 'map';
  const given = isMap && first ? unwrap(first) : null;
  const value =
    given?.type === 'ArrowFunctionExpression' || given?.type === 'FunctionExpression'
      ? evaluateReturn(project, given, scope)
      : evaluate(project, node, scope);
  return toObjects(value);
}

function merge(all: readonly Objects[]): Objects {
  return {
    objects: all.flatMap(({ objects }) => objects),
    isWhole: all.every(({ isWhole }) => isWhole),
  };
}

/** What an object has under a name. `isSure`: it is there whatever else is, and nothing takes its place. */
type Entry = Placed & { name: string; isSure: boolean };

/** What an object has under its names; `isWhole`: nothing else can be in it. */
export interface Entries {
  entries: Entry[];
  isWhole: boolean;
}

/** Reads an object, with what is spread into it. */
export function readEntries(project: Project, { node, scope }: Placed<ObjectExpression>): Entries {
  const read: Entries = { entries: [], isWhole: true };
  for (const each of node.properties) {
    if (each.type === 'ObjectMethod') continue;
    if (each.type === 'ObjectProperty') {
      const name = nameOf(each.key, each.computed);
      if (name === null) read.isWhole = false;
      else if (!isUndefined(each.value))
        read.entries.push({ name, node: each.value, scope, isSure: !mayBeUndefined(each.value) });
      continue;
    }
    const spread = readSpread(project, each.argument, scope);
    // What is spread in after may take the place of what was there.
    if (!spread.isWhole) for (const entry of read.entries) entry.isSure = false;
    read.entries.push(...spread.entries);
    read.isWhole &&= spread.isWhole;
  }
  return read;
}

/** What is spread in: sure is what every object has that it can be. */
function readSpread(project: Project, argument: Node, scope: Scope): Entries {
  const { objects, isWhole } = readObjects(project, argument, scope);
  const read = objects.map((object) =>
    readDeeper<Entries>(project, { entries: [], isWhole: false }, () => readEntries(project, object)),
  );
  const bare = unwrap(argument);
  const isAlways = isWhole && !(bare.type === 'LogicalExpression' && bare.operator === '&&');
  const isSure = (name: string) =>
    isAlways && read.every(({ entries }) => entries.some((each) => each.name === name && each.isSure));
  return {
    entries: read.flatMap(({ entries }) => entries.map((each) => ({ ...each, isSure: isSure(each.name) }))),
    isWhole: isWhole && read.every((each) => each.isWhole),
  };
}

/** Prisma leaves out what is undefined. */
function isUndefined(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'undefined';
}

/** `session?.user.id`, and `isAdmin ? undefined : userId`: where it is, rows of all are meant. */
function mayBeUndefined(node: Node): boolean {
  const bare = unwrap(node);
  switch (bare.type) {
    case 'OptionalMemberExpression':
    case 'OptionalCallExpression':
      return true;
    case 'ConditionalExpression':
      return mayBeUndefined(bare.consequent) || mayBeUndefined(bare.alternate);
    case 'LogicalExpression':
      return bare.operator === '&&' || mayBeUndefined(bare.right);
    default:
      return isUndefined(bare);
  }
}
