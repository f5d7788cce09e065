import type { Function as FunctionNode, Node } from '@babel/types';
import { evaluateCall, evaluateNew } from './evaluate-call.ts';
import { evaluateType } from './evaluate-type.ts';
import { importValue } from './imports.ts';
import { anyMemberOf, memberOf } from './members.ts';
import { findOperation } from './operations.ts';
import { isMember, listChildren, nameOf, unwrap } from './parse-code.ts';
import { argumentKey, evaluateOnce, fieldKey, openValue, parameterKey, type Project } from './project.ts';
import { type Assigned, type Binding, findBinding, type Placed, type Scope } from './scopes.ts';
import { evaluateText } from './sql-values.ts';
import { type ClientValue, join, UNKNOWN, type Value } from './values.ts';

/** What an expression is; promises are taken for what they resolve to. */
export function evaluate(project: Project, node: Node, scope: Scope): Value {
  if (node.type === 'ThisExpression') return evaluateThis(scope);
  return evaluateOnce(project, node, () => evaluateNode(project, node, scope));
}

function evaluateNode(project: Project, node: Node, scope: Scope): Value {
  switch (node.type) {
    case 'Identifier':
      return evaluateName(project, node.name, scope);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion': {
      const value = evaluate(project, node.expression, scope);
      return value.kind === 'unknown' ? evaluateType(project, node.typeAnnotation, scope) : value;
    }
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return evaluate(project, unwrap(node), scope);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return evaluateMember(project, node, scope);
    case 'CallExpression':
    case 'OptionalCallExpression':
      return evaluateCall(project, node, scope);
    case 'NewExpression':
      return evaluateNew(project, node, scope);
    case 'LogicalExpression':
      return join([evaluate(project, node.left, scope), evaluate(project, node.right, scope)]);
    case 'ConditionalExpression':
      return join([evaluate(project, node.consequent, scope), evaluate(project, node.alternate, scope)]);
    case 'AssignmentExpression':
      return node.operator === '+=' ? UNKNOWN : evaluate(project, node.right, scope);
    case 'SequenceExpression':
      return evaluate(project, node.expressions.at(-1) ?? node, scope);
    default:
      return evaluateLiteral(project, node, scope);
  }
}

/** An object, a function, a class or a text, as it is written down. */
function evaluateLiteral(project: Project, node: Node, scope: Scope): Value {
  switch (node.type) {
    case 'ObjectExpression':
      return { kind: 'object', node, scope };
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { kind: 'function', node, scope };
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { kind: 'class', node, scope };
    case 'StringLiteral':
    case 'TemplateLiteral':
    case 'BinaryExpression':
    case 'TaggedTemplateExpression':
      return evaluateText(project, node, scope);
    default:
      return UNKNOWN;
  }
}

function evaluateThis({ self }: Scope): Value {
  if (!self) return UNKNOWN;
  const { node, scope } = self;
  return node.type === 'ObjectExpression'
    ? { kind: 'object', node, scope }
    : { kind: 'instance', node, scope };
}

function evaluateMember(
  project: Project,
  node: Node & { type: 'MemberExpression' | 'OptionalMemberExpression' },
  scope: Scope,
): Value {
  if (node.object.type === 'Super')
    return memberOf(project, evaluateThis(scope), nameOf(node.property) ?? '');
  const object = evaluate(project, node.object, scope);
  const name = nameOf(node.property, node.computed) ?? findText(project, node.property, scope);
  if (name !== null) return memberOf(project, object, name);
  if (object.kind === 'object') return anyMemberOf(project, object);
  const client = asClient(project, object);
  return client ? { kind: 'delegate', client, model: null } : UNKNOWN;
}

/** The name of a model or an operation that a constant stands for. */
export function findText(project: Project, node: Node, scope: Scope): string | null {
  const binding = node.type === 'Identifier' ? findBinding(node.name, scope) : null;
  if (binding?.kind !== 'variable' || !binding.init || binding.assigned.length > 0) return null;
  const init = unwrap(binding.init);
  if (init.type !== 'StringLiteral') return null;
  return project.delegates.has(init.value) || findOperation(init.value) ? init.value : null;
}

/** What a name is where it is read. */
export function evaluateName(project: Project, name: string, scope: Scope): Value {
  const binding = findBinding(name, scope);
  if (!binding) return project.delegates.has(name) ? UNKNOWN : openValue(project, fieldKey(name), UNKNOWN);
  switch (binding.kind) {
    case 'import':
      return importValue(project, scopeModule(scope), binding.source, binding.name);
    case 'function':
    case 'class':
      return evaluate(project, binding.node, binding.scope);
    case 'variable':
      return evaluateVariable(project, binding);
    case 'parameter':
      return evaluateParameter(project, binding);
  }
}

function scopeModule({ module }: Scope): string {
  return module.file;
}

function evaluateVariable(project: Project, binding: Binding & { kind: 'variable' }): Value {
  const { init, path, type, scope, assigned } = binding;
  const given = init ? follow(project, evaluate(project, init, scope), path) : UNKNOWN;
  const value = join([given, ...evaluateAll(project, assigned)]);
  if (value.kind !== 'unknown' || !type) return value;
  return follow(project, evaluateType(project, type, scope), path);
}

function evaluateAll(project: Project, assigned: readonly Assigned[]): Value[] {
  return assigned.map(({ node, scope, path }) => follow(project, evaluate(project, node, scope), path));
}

/** Goes down the way that a pattern takes. */
function follow(project: Project, value: Value, path: readonly (string | null)[]): Value {
  return path.reduce<Value>(
    (reached, name) => (name === null ? UNKNOWN : memberOf(project, reached, name)),
    value,
  );
}

/** What a parameter is: by the call that the function is written down in, else by its callers and its type. */
export function evaluateParameter(
  project: Project,
  { of, index, path, type, fallback, scope, assigned }: Binding & { kind: 'parameter' },
): Value {
  const declared = type ? evaluateType(project, type, scope) : UNKNOWN;
  const handed = evaluateHanded(project, of, index, scope);
  const key = parameterKey(scope.module.file, of, index);
  const whole = handed.kind === 'unknown' ? openValue(project, key, declared) : handed;
  const others = fallback ? [{ node: fallback, scope, path: [] }, ...assigned] : assigned;
  return join([follow(project, whole, path), ...evaluateAll(project, others)]);
}

/** What the call hands over that a function is an argument of. */
function evaluateHanded(project: Project, of: FunctionNode, index: number, { module }: Scope): Value {
  const caller = module.callers.get(of);
  if (!caller || !('callee' in caller.node)) return UNKNOWN;
  const { callee } = caller.node;
  const client = evaluateHandedClient(project, { node: callee, scope: caller.scope }, [caller.index, index]);
  if (client) return client;
  const value = evaluate(project, callee, caller.scope);
  if (value.kind !== 'function') return UNKNOWN;
  const key = argumentKey(parameterKey(value.scope.module.file, value.node, caller.index), index);
  return openValue(project, key, UNKNOWN);
}

/** The client that Prisma or the isolation library hands to a function that is an argument of theirs. */
export function evaluateHandedClient(
  project: Project,
  { node: callee, scope }: Placed,
  [argument, parameter]: [argument: number, parameter: number],
): ClientValue | null {
  if (parameter !== 0) return null;
  const name = isMember(callee) ? nameOf(callee.property, callee.computed) : null;
  if (isMember(callee) && argument === 0 && (name === '$transaction' || name === '$extends')) {
    const client = asClient(project, evaluate(project, callee.object, scope));
    return client && (name === '$extends' ? client : { ...client, isTransaction: true });
  }
  const value = argument === 2 ? evaluate(project, callee, scope) : UNKNOWN;
  const isLibrary = value.kind === 'library' && value.name === 'withUser';
  return isLibrary ? { kind: 'client', trust: 'withUser', isTransaction: true } : null;
}

/** The value as a client: one itself, or an instance of a class that extends it. */
export function asClient(project: Project, value: Value): ClientValue | null {
  if (value.kind === 'client') return value;
  if (value.kind === 'open') return asClient(project, value.declared);
  if (value.kind !== 'instance' || !value.node.superClass) return null;
  const parent = evaluate(project, value.node.superClass, value.scope);
  if (parent.kind === 'prismaClient') return { kind: 'client', trust: 'raw' };
  return parent.kind === 'class'
    ? asClient(project, { ...parent, kind: 'instance' })
    : asClient(project, parent);
}

/** What a function returns, whatever it is called with. */
export function evaluateReturn(project: Project, node: FunctionNode, declaredIn: Scope): Value {
  const scope = declaredIn.module.scopes.get(node) ?? declaredIn;
  const { body } = node;
  const type = node.returnType?.type === 'TSTypeAnnotation' ? node.returnType.typeAnnotation : null;
  const value =
    body.type === 'BlockStatement'
      ? evaluateOnce(project, body, () =>
          join(listReturns(body, scope).map((each) => evaluate(project, each.node, each.scope))),
        )
      : evaluate(project, body, scope);
  return value.kind === 'unknown' && type ? evaluateType(project, type, scope) : value;
}

/** What a function's own `return` statements return. */
function listReturns(node: Node, scope: Scope): Placed[] {
  const inner = scope.module.scopes.get(node) ?? scope;
  if (node.type === 'ReturnStatement') return node.argument ? [{ node: node.argument, scope: inner }] : [];
  return listChildren(node).flatMap((child) =>
    /Function|^Class|Method$|Expression$|Literal$/.test(child.type) ? [] : listReturns(child, inner),
  );
}
