import type { Node } from '@babel/types';
import { evaluate, evaluateName, evaluateReturn } from './evaluate.ts';
import { importType, packageType } from './imports.ts';
import { memberOf } from './members.ts';
import { nameOf } from './parse-code.ts';
import { evaluateOnce, type Project } from './project.ts';
import { findBinding, type Scope } from './scopes.ts';
import { join, RAW, UNKNOWN, type Value } from './values.ts';

/** Types that have what their first argument has, as far as clients go. */
const TRANSPARENT = [
  'Promise',
  'Awaited',
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Omit',
  'Pick',
  'Exclude',
  'Extract',
  'Parameters',
  'InstanceType',
];

/** What something of a type is. */
export function evaluateType(project: Project, node: Node, scope: Scope): Value {
  return evaluateOnce(project, node, () => {
    switch (node.type) {
      case 'TSTypeReference': {
        const [first] = node.typeParameters?.params ?? [];
        return evaluateReference(project, node.typeName, { first, scope });
      }
      case 'TSExpressionWithTypeArguments': {
        const [first] = node.typeParameters?.params ?? [];
        return evaluateReference(project, node.expression, { first, scope });
      }
      case 'TSTypeQuery':
        return evaluateQuery(project, node.exprName, scope);
      case 'TSTypeLiteral':
      case 'TSInterfaceDeclaration':
        return { kind: 'typed', node, scope };
      case 'TSTypeAliasDeclaration':
      case 'TSParenthesizedType':
      case 'TSTypeOperator':
        return evaluateType(project, node.typeAnnotation as Node, scope);
      case 'TSUnionType':
      case 'TSIntersectionType':
        return join(node.types.map((each) => evaluateType(project, each, scope)));
      case 'TSFunctionType':
        return node.typeAnnotation
          ? { kind: 'returning', value: evaluateType(project, node.typeAnnotation.typeAnnotation, scope) }
          : UNKNOWN;
      case 'TSIndexedAccessType':
        return evaluateIndexed(project, node, scope);
      default:
        return UNKNOWN;
    }
  });
}

function evaluateReference(
  project: Project,
  name: Node,
  { first, scope }: { first: Node | undefined; scope: Scope },
): Value {
  if (name.type === 'TSQualifiedName') {
    const known = packageType(project, name.right.name);
    if (known.kind !== 'unknown' || name.left.type !== 'Identifier') return known;
    const binding = findBinding(name.left.name, scope);
    return binding?.kind === 'import' && binding.name === '*'
      ? importType(project, scope.module.file, binding.source, name.right.name)
      : UNKNOWN;
  }
  if (name.type !== 'Identifier') return UNKNOWN;
  if (first && TRANSPARENT.includes(name.name)) return evaluateType(project, first, scope);
  if (first && name.name === 'ReturnType') {
    const value = evaluateType(project, first, scope);
    if (value.kind === 'function') return evaluateReturn(project, value.node, value.scope);
    if (value.kind === 'returning') return value.value;
    const isLibrary = value.kind === 'library' && value.name === 'forUser';
    return isLibrary ? { kind: 'client', trust: 'forUser' } : UNKNOWN;
  }
  return evaluateNamedType(project, name.name, scope);
}

/** What something of a type is, by the type's name. */
export function evaluateNamedType(project: Project, name: string, scope: Scope): Value {
  for (let each: Scope | null = scope; each; each = each.parent) {
    const type = each.types.get(name);
    if (type) return evaluateType(project, type, each);
  }
  const binding = findBinding(name, scope);
  if (binding?.kind === 'import') return importType(project, scope.module.file, binding.source, binding.name);
  if (binding?.kind === 'class') {
    const value = evaluate(project, binding.node, binding.scope);
    return value.kind === 'class' ? { ...value, kind: 'instance' } : UNKNOWN;
  }
  const value = binding ? evaluateName(project, name, scope) : UNKNOWN;
  if (value.kind === 'prismaClient') return RAW;
  return binding ? UNKNOWN : packageType(project, name);
}

function evaluateQuery(project: Project, name: Node, scope: Scope): Value {
  if (name.type === 'Identifier') return evaluateName(project, name.name, scope);
  return name.type === 'TSQualifiedName'
    ? memberOf(project, evaluateQuery(project, name.left, scope), name.right.name)
    : UNKNOWN;
}

/** `Context['db']`, and the usual way to name a transaction: `Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]`. */
function evaluateIndexed(
  project: Project,
  { objectType, indexType }: Node & { type: 'TSIndexedAccessType' },
  scope: Scope,
): Value {
  const value = evaluateType(project, objectType, scope);
  const name = indexType.type === 'TSLiteralType' ? nameOf(indexType.literal) : null;
  if (value.kind === 'client' && (name === '0' || name === '$transaction'))
    return { ...value, isTransaction: true };
  return name === null ? UNKNOWN : memberOf(project, value, name);
}
