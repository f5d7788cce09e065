import type { Class, Node } from '@babel/types';
import { asClient, evaluate, evaluateParameter, evaluateReturn } from './evaluate.ts';
import { evaluateType } from './evaluate-type.ts';
import { exportValue, packageMember } from './imports.ts';
import { findOperation, RAW_OPERATIONS } from './operations.ts';
import { nameOf } from './parse-code.ts';
import { fieldKey, openValue, type Project } from './project.ts';
import { findBinding, type Placed, type Scope } from './scopes.ts';
import { type ClientValue, join, UNKNOWN, type Value } from './values.ts';

/** What a property of a value is. */
export function memberOf(project: Project, value: Value, name: string): Value {
  switch (value.kind) {
    case 'client':
      return memberOfClient(project, value, name);
    case 'module':
      return exportValue(project, value.file, name);
    case 'package':
      return packageMember(value.source, name);
    case 'library':
      return value.name === 'isolated' && (name === 'forUser' || name === 'withUser')
        ? { kind: 'library', name }
        : UNKNOWN;
    case 'object':
      return orField(project, name, memberOfObject(project, value, name));
    case 'class':
    case 'instance':
      return memberOfClass(project, value, name);
    case 'typed':
      return memberOfType(project, value, name);
    case 'open':
      return orField(project, name, memberOf(project, value.declared, name));
    case 'delegate':
      if (findOperation(name)) return { kind: 'method', on: value, name };
      return value.model === null ? memberOfUnknown(project, name) : UNKNOWN;
    default:
      return memberOfUnknown(project, name);
  }
}

/** A model's name on something unknown: a client, perhaps. For other names, what is put under them anywhere. */
function memberOfUnknown(project: Project, name: string): Value {
  const model = project.delegates.get(name);
  if (model !== undefined) return { kind: 'delegate', client: null, model };
  return name.startsWith('$') ? UNKNOWN : openValue(project, fieldKey(name), UNKNOWN);
}

/** What is known of it, or else what is put under that name anywhere. */
function orField(project: Project, name: string, value: Value): Value {
  return value.kind === 'unknown' ? memberOfUnknown(project, name) : value;
}

function memberOfClient(project: Project, client: ClientValue, name: string): Value {
  if (name === '$parent')
    return client.trust === 'raw' ? client : { kind: 'client', trust: 'raw', isParent: true };
  if (RAW_OPERATIONS.includes(name)) return { kind: 'method', on: client, name };
  const model = project.delegates.get(name);
  return model === undefined ? UNKNOWN : { kind: 'delegate', client, model };
}

/** What an object has under a name that is computed: any of what is in it. */
export function anyMemberOf(project: Project, value: Value & { kind: 'object' }): Value {
  const inner = value.scope.module.scopes.get(value.node) ?? value.scope;
  return join(
    value.node.properties.map((each) => {
      if (each.type === 'ObjectProperty') return evaluate(project, each.value, inner);
      const spread = each.type === 'SpreadElement' ? evaluate(project, each.argument, inner) : UNKNOWN;
      return spread.kind === 'object' ? anyMemberOf(project, spread) : UNKNOWN;
    }),
  );
}

function memberOfObject(project: Project, { node, scope }: Value & { kind: 'object' }, name: string): Value {
  const inner = scope.module.scopes.get(node) ?? scope;
  const assigned = scope.module.fields.get(node)?.get(name) ?? [];
  const found = node.properties.toReversed().flatMap((each) => {
    if (each.type === 'SpreadElement') {
      const value = memberOf(project, evaluate(project, each.argument, inner), name);
      return value.kind === 'unknown' || value.kind === 'open' ? [] : [value];
    }
    if (nameOf(each.key, each.computed) !== name) return [];
    if (each.type === 'ObjectProperty') return [evaluate(project, each.value, inner)];
    return [each.kind === 'get' ? evaluateReturn(project, each, inner) : functionValue(each, inner)];
  });
  return join([found[0] ?? UNKNOWN, ...assigned.map((each) => evaluate(project, each.node, each.scope))]);
}

function functionValue(node: Node, scope: Scope): Value {
  return { kind: 'function', node: node as (Value & { kind: 'function' })['node'], scope };
}

type ClassValue = Value & { kind: 'class' | 'instance' };

/** By the class's own body, what is assigned to `this`, and then by what it extends. */
function memberOfClass(project: Project, value: ClassValue, name: string): Value {
  const own = memberOfBody(project, value, name);
  if (own) return own;
  // `this` of a static method is taken for an instance.
  const shared = value.kind === 'instance' ? memberOfBody(project, { ...value, kind: 'class' }, name) : null;
  if (shared) return shared;
  const client = value.kind === 'instance' ? asClient(project, value) : null;
  const { superClass } = value.node;
  if (!superClass) return orField(project, name, UNKNOWN);
  const parent = evaluate(project, superClass, value.scope);
  if (parent.kind === 'class') return memberOfClass(project, { ...parent, kind: value.kind }, name);
  return client ? memberOfClient(project, client, name) : orField(project, name, UNKNOWN);
}

function memberOfBody(project: Project, { node, scope, kind }: ClassValue, name: string): Value | null {
  const inner = scope.module.scopes.get(node) ?? scope;
  const isStatic = kind === 'class';
  const values: Value[] = [];
  let declared: Value | null = null;
  for (const each of node.body.body) {
    if (!('key' in each) || !('static' in each) || (each.static ?? false) !== isStatic) continue;
    if (nameOf(each.key, 'computed' in each && each.computed === true) !== name) continue;
    if (each.type === 'ClassMethod' || each.type === 'ClassPrivateMethod')
      return each.kind === 'get' ? evaluateReturn(project, each, inner) : functionValue(each, inner);
    if (!('value' in each)) continue;
    if (each.value) values.push(evaluate(project, each.value, inner));
    const annotation = 'typeAnnotation' in each ? each.typeAnnotation : null;
    declared =
      annotation?.type === 'TSTypeAnnotation'
        ? evaluateType(project, annotation.typeAnnotation, inner)
        : UNKNOWN;
  }
  const assigned: Placed[] = scope.module.fields.get(node)?.get(name) ?? [];
  values.push(...assigned.map((each) => evaluate(project, each.node, each.scope)));
  const parameter = isStatic ? null : findParameterProperty(project, node, inner, name);
  if (parameter) values.push(parameter);
  const value = join(values);
  if (value.kind !== 'unknown') return value;
  return declared ?? (values.length > 0 ? UNKNOWN : null);
}

/** `constructor(private readonly prisma: PrismaService)`. */
function findParameterProperty(project: Project, node: Class, scope: Scope, name: string): Value | null {
  const found = listParameterProperties(node).find((each) => each.name === name);
  const binding = found && findBinding(name, scope.module.scopes.get(found.of) ?? null);
  return binding?.kind === 'parameter' ? evaluateParameter(project, binding) : null;
}

/** The parameters of a constructor that become fields. */
export function listParameterProperties(node: Class): { name: string; of: Node }[] {
  return node.body.body.flatMap((each) => {
    if (each.type !== 'ClassMethod' || each.kind !== 'constructor') return [];
    return each.params.flatMap((parameter) => {
      if (parameter.type !== 'TSParameterProperty') return [];
      const { parameter: given } = parameter;
      const target = given.type === 'AssignmentPattern' ? given.left : given;
      return target.type === 'Identifier' ? [{ name: target.name, of: each }] : [];
    });
  });
}

/** A property of an interface or an object type; a client in it can be a scoped one, which has the same type. */
function memberOfType(project: Project, { node, scope }: Value & { kind: 'typed' }, name: string): Value {
  const members =
    node.type === 'TSInterfaceDeclaration'
      ? node.body.body
      : node.type === 'TSTypeLiteral'
        ? node.members
        : [];
  for (const each of members) {
    if (!('key' in each) || nameOf(each.key) !== name) continue;
    const annotation = 'typeAnnotation' in each ? each.typeAnnotation : null;
    const value =
      annotation?.type === 'TSTypeAnnotation'
        ? evaluateType(project, annotation.typeAnnotation, scope)
        : UNKNOWN;
    if (each.type === 'TSMethodSignature') return { kind: 'returning', value };
    return value.kind === 'client' ? openValue(project, fieldKey(name), value) : value;
  }
  const parents = node.type === 'TSInterfaceDeclaration' ? (node.extends ?? []) : [];
  for (const parent of parents) {
    const value = memberOf(project, evaluateType(project, parent, scope), name);
    if (value.kind !== 'unknown') return value;
  }
  return orField(project, name, UNKNOWN);
}
