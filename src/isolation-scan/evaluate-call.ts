import type { Node } from '@babel/types';
import { asClient, evaluate, evaluateReturn } from './evaluate.ts';
import { importValue, moduleValue } from './imports.ts';
import { type Call, isMember, nameOf, unwrap } from './parse-code.ts';
import { fieldKey, openValue, type Project } from './project.ts';
import { findBinding, type Scope } from './scopes.ts';
import { evaluateText } from './sql-values.ts';
import { RAW, UNKNOWN, type Value } from './values.ts';

/** What a call returns. */
export function evaluateCall(project: Project, node: Call, scope: Scope): Value {
  const { callee } = node;
  const required = findRequired(callee, node.arguments, scope);
  if (required !== null) {
    const file = project.resolve(required, scope.module.file);
    return file ? moduleValue(project, file) : importValue(project, scope.module.file, required, '*');
  }
  if (isMember(callee)) {
    const name = nameOf(callee.property, callee.computed);
    const extended = name === '$extends' && asClient(project, evaluate(project, callee.object, scope));
    if (extended) return extended;
    // Of a model or of the client, as the extension that it stands in is of one or the other.
    if (name === 'getExtensionContext') return { kind: 'delegate', client: null, model: null };
    const method = name === 'bind' ? evaluate(project, callee.object, scope) : UNKNOWN;
    if (method.kind === 'method') return method;
  }
  const called = evaluate(project, callee, scope);
  const value = evaluateCalled(project, called);
  if (value.kind !== 'unknown') return value;
  const sql = evaluateText(project, node, scope);
  return sql.kind === 'unknown' ? evaluateWrapped(project, node, scope) : sql;
}

/** The module that is required or imported by a call. */
function findRequired(callee: Node, [first]: readonly Node[], scope: Scope): string | null {
  const isImport = callee.type === 'Import';
  const isRequire =
    callee.type === 'Identifier' && callee.name === 'require' && !findBinding('require', scope);
  return (isImport || isRequire) && first ? nameOf(first, true) : null;
}

function evaluateCalled(project: Project, called: Value): Value {
  switch (called.kind) {
    case 'function':
      return evaluateReturn(project, called.node, called.scope);
    case 'returning':
      return called.value;
    case 'client':
      return called;
    case 'library':
      if (called.name === 'isolate') return { kind: 'library', name: 'isolated' };
      return called.name === 'forUser' ? { kind: 'client', trust: 'forUser' } : UNKNOWN;
    case 'open':
      return evaluateCalled(project, called.declared);
    default:
      return UNKNOWN;
  }
}

/**
 * What an unknown function may return by its arguments: `cache(() => forUser(...))` and `singleton('db', () => ...)` what the
 * function does, `inject(PrismaService)` an instance, `context.get('db')` what is put under that name.
 */
function evaluateWrapped(project: Project, { callee, arguments: given }: Call, scope: Scope): Value {
  const [first] = given;
  if (first?.type === 'StringLiteral' && given.length === 1 && isMember(callee))
    return nameOf(callee.property) === 'get' ? openValue(project, fieldKey(first.value), UNKNOWN) : UNKNOWN;
  for (const each of given.slice(0, 3)) {
    const bare = unwrap(each);
    if (bare.type === 'ArrowFunctionExpression' || bare.type === 'FunctionExpression') {
      const value = evaluateReturn(project, bare, scope);
      if (asClient(project, value)) return value;
    }
  }
  const value =
    given.length === 1 && first?.type === 'Identifier' ? evaluate(project, first, scope) : UNKNOWN;
  if (value.kind === 'class') return { ...value, kind: 'instance' };
  return value.kind === 'prismaClient' ? RAW : UNKNOWN;
}

/** What `new` makes. */
export function evaluateNew(project: Project, node: Node & { type: 'NewExpression' }, scope: Scope): Value {
  const value = evaluate(project, node.callee, scope);
  if (value.kind === 'class') return { ...value, kind: 'instance' };
  if (value.kind === 'prismaClient') return RAW;
  const { callee } = node;
  const name =
    callee.type === 'MemberExpression'
      ? nameOf(callee.property)
      : callee.type === 'Identifier' && callee.name;
  return name === 'PrismaClient' ? RAW : UNKNOWN;
}
