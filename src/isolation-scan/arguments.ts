import type { Node, ObjectExpression } from '@babel/types';
import { evaluate, evaluateReturn } from './evaluate.ts';
import { nameOf, unwrap } from './parse-code.ts';
import { type Project, readDeeper } from './project.ts';
import type { Placed, Scope } from './scopes.ts';

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
  const value = evaluate(project, bare, scope);
  return value.kind === 'object' ? { objects: [value], isWhole: true } : ANYTHING;
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
  return value.kind === 'object' ? { objects: [value], isWhole: true } : ANYTHING;
}

function merge(all: readonly Objects[]): Objects {
  return {
    objects: all.flatMap(({ objects }) => objects),
    isWhole: all.every(({ isWhole }) => isWhole),
  };
}

/** What an object has under its names; `isWhole`: nothing else can be in it. */
export interface Entries {
  entries: (Placed & { name: string })[];
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
      else if (!isUndefined(each.value)) read.entries.push({ name, node: each.value, scope });
      continue;
    }
    const { objects, isWhole } = readObjects(project, each.argument, scope);
    read.isWhole &&= isWhole;
    for (const object of objects) {
      const inner = readDeeper<Entries>(project, { entries: [], isWhole: false }, () =>
        readEntries(project, object),
      );
      read.entries.push(...inner.entries);
      read.isWhole &&= inner.isWhole;
    }
  }
  return read;
}

/** Prisma leaves out what is undefined. */
function isUndefined(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'undefined';
}
