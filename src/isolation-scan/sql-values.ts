import type { Node } from '@babel/types';
import { evaluate } from './evaluate.ts';
import { nameOf } from './parse-code.ts';
import type { Project } from './project.ts';
import { findBinding, type Scope } from './scopes.ts';
import { UNKNOWN, type Value } from './values.ts';

const FUNCTIONS = ['sql', 'raw', 'join'];

/** Which of `Prisma.sql`, `Prisma.raw` and `Prisma.join` a tag or a callee is, also without its namespace; null for any other. */
export function findSqlFunction(project: Project, node: Node, scope: Scope): string | null {
  const isMember = node.type === 'MemberExpression';
  const name = isMember ? nameOf(node.property, node.computed) : nameOf(node);
  if (name === null || !FUNCTIONS.includes(name)) return null;
  const isPrisma = isMember
    ? evaluate(project, node.object, scope).kind === 'prismaNamespace'
    : findBinding(name, scope)?.kind !== 'function';
  return isPrisma ? name : null;
}

/** A text as it is written down, or a piece of Prisma's SQL. */
export function evaluateText(project: Project, node: Node, scope: Scope): Value {
  const called =
    node.type === 'TaggedTemplateExpression' ? node.tag : node.type === 'CallExpression' ? node.callee : null;
  if (called && findSqlFunction(project, called, scope) === null) return UNKNOWN;
  return { kind: 'text', pieces: [{ node, scope }], isWhole: true };
}
