import type { Function as FunctionNode, Node, ObjectExpression, Program } from '@babel/types';
import { listChildren, nameOf, unwrap } from './parse-code.ts';
import { declarePattern } from './patterns.ts';
import { findBinding, type Module, type Placed, type Scope } from './scopes.ts';

/** Reads the scopes of a module in one pass. Nothing is evaluated yet. */
export function readModule(file: string, program: Program): Module {
  const module: Module = {
    file,
    program,
    // It has the module in it, and is opened below.
    top: null as unknown as Scope,
    scopes: new Map(),
    exports: new Map(),
    stars: [],
    whole: null,
    fields: new Map(),
    callers: new Map(),
    owners: new Map(),
  };
  module.top = open({ module, node: program, parent: null, self: null, isFunction: true });
  const late: (() => void)[] = [];
  walk(module, (node, scope) => declare(node, scope, late));
  for (const each of late) each();
  return module;
}

interface Opened extends Pick<Scope, 'module' | 'parent' | 'self' | 'isFunction'> {
  node: Node;
}

function open({ node, ...rest }: Opened): Scope {
  const scope = { ...rest, names: new Map(), types: new Map() };
  rest.module.scopes.set(node, scope);
  return scope;
}

/** Calls back for every node of a module, with the scope that it stands in; the outer ones first. */
export function walkModule(module: Module, onNode: (node: Node, scope: Scope) => void): void {
  walk(module, (node, scope) => {
    onNode(node, scope);
    return module.scopes.get(node) ?? scope;
  });
}

/** Without recursion: a sum of ten thousand texts is ten thousand nodes deep. `enter` returns the scope of what is in a node. */
function walk({ program, top }: Module, enter: (node: Node, scope: Scope) => Scope): void {
  const waiting = program.body.toReversed().map((node): [Node, Scope] => [node, top]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, scope] = next;
    const inner = enter(node, scope);
    for (const child of listChildren(node).reverse()) waiting.push([child, inner]);
  }
}

/** Takes down what a node declares, and returns the scope of what is in it. */
function declare(node: Node, scope: Scope, late: (() => void)[]): Scope {
  const { module, self } = scope;
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return declareFunction(node, scope);
    case 'ClassDeclaration':
    case 'ClassExpression': {
      if (node.id) scope.names.set(node.id.name, { kind: 'class', node, scope });
      return open({ module, node, parent: scope, self: { node, scope }, isFunction: false });
    }
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'SwitchStatement':
    case 'CatchClause':
    case 'StaticBlock':
      return open({ module, node, parent: scope, self, isFunction: false });
    case 'AssignmentExpression':
      late.push(() =>
        recordAssignment(node.left, { node: node.operator === '+=' ? node : node.right, scope }),
      );
      return scope;
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      for (const [index, argument] of node.arguments.entries())
        module.callers.set(unwrap(argument), { node, scope, index });
      return scope;
    default:
      declareOther(node, scope);
      return scope;
  }
}

function declareVariables(node: Node & { type: 'VariableDeclaration' }, scope: Scope): void {
  const home = node.kind === 'var' ? nearestFunction(scope) : scope;
  for (const { id, init } of node.declarations)
    declarePattern(id, [], ({ name, path, type }) =>
      home.names.set(name, { kind: 'variable', init: init ?? null, path, type, scope, assigned: [] }),
    );
}

/** In the methods of an object `this` is the object. */
function declareMethods(node: ObjectExpression, scope: Scope): void {
  for (const each of node.properties) {
    const method = each.type === 'ObjectProperty' ? each.value : each;
    if (method.type === 'ObjectMethod' || method.type === 'FunctionExpression')
      scope.module.owners.set(method, { node, scope });
  }
}

function declareImports({ specifiers, source }: Node & { type: 'ImportDeclaration' }, scope: Scope): void {
  for (const each of specifiers) {
    const name = each.type === 'ImportSpecifier' ? nameOf(each.imported) : null;
    const imported = name ?? (each.type === 'ImportDefaultSpecifier' ? 'default' : '*');
    scope.names.set(each.local.name, { kind: 'import', source: source.value, name: imported });
  }
}

/** What has no scope of its own. */
function declareOther(node: Node, scope: Scope): void {
  const { module } = scope;
  switch (node.type) {
    case 'VariableDeclaration':
      declareVariables(node, scope);
      break;
    case 'ObjectExpression':
      declareMethods(node, scope);
      break;
    case 'ImportDeclaration':
      declareImports(node, scope);
      break;
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type === 'TSExternalModuleReference')
        scope.names.set(node.id.name, {
          kind: 'import',
          source: node.moduleReference.expression.value,
          name: '*',
        });
      break;
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      scope.types.set(node.id.name, node);
      break;
    case 'ExportAllDeclaration':
      module.stars.push(node.source.value);
      break;
    case 'ExportNamedDeclaration':
      exportNames(node, scope);
      break;
    case 'ExportDefaultDeclaration':
      module.exports.set('default', { node: node.declaration, scope });
      break;
    case 'TSExportAssignment':
      module.whole = { node: node.expression, scope };
      break;
  }
}

function exportNames(node: Node & { type: 'ExportNamedDeclaration' }, scope: Scope): void {
  const { exports } = scope.module;
  const { declaration, specifiers, source } = node;
  for (const each of specifiers) {
    const exported = nameOf(each.exported);
    const local = each.type === 'ExportSpecifier' ? nameOf(each.local) : '*';
    if (exported === null || local === null) continue;
    if (source) exports.set(exported, { source: source.value, name: local });
    else if (each.type === 'ExportSpecifier') exports.set(exported, { node: each.local, scope });
  }
  if (declaration?.type === 'VariableDeclaration') {
    for (const { id } of declaration.declarations)
      declarePattern(id, [], ({ name, node: place }) => exports.set(name, { node: place, scope }));
  } else if (declaration && 'id' in declaration && declaration.id?.type === 'Identifier')
    exports.set(declaration.id.name, { node: declaration.id, scope });
}

function declareFunction(node: FunctionNode, scope: Scope): Scope {
  if (node.type === 'FunctionDeclaration' && node.id)
    scope.names.set(node.id.name, { kind: 'function', node, scope });
  const hasOuterSelf = node.type === 'ArrowFunctionExpression' || node.type.startsWith('Class');
  const self = hasOuterSelf ? scope.self : (scope.module.owners.get(node) ?? null);
  const inner = open({ module: scope.module, node, parent: scope, self, isFunction: true });
  if (node.type === 'FunctionExpression' && node.id)
    inner.names.set(node.id.name, { kind: 'function', node, scope });
  node.params.forEach((parameter, index) => {
    const given = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    const fallback = given.type === 'AssignmentPattern' ? given.right : null;
    declarePattern(given, [], ({ name, path, type }) =>
      inner.names.set(name, {
        kind: 'parameter',
        of: node,
        index,
        path,
        type,
        fallback: path.length === 0 ? fallback : null,
        scope: inner,
        assigned: [],
      }),
    );
  });
  return inner;
}

function nearestFunction(scope: Scope): Scope {
  return scope.isFunction || !scope.parent ? scope : nearestFunction(scope.parent);
}

function recordAssignment(left: Node, right: Placed): void {
  const { module, self } = right.scope;
  if (left.type !== 'MemberExpression')
    declarePattern(left, [], ({ name, path }) => {
      const binding = findBinding(name, right.scope);
      if (binding?.kind === 'variable' || binding?.kind === 'parameter')
        binding.assigned.push({ ...right, path });
    });
  if (left.type !== 'MemberExpression') return;
  const name = nameOf(left.property, left.computed);
  const { object } = left;
  if (object.type === 'ThisExpression' && self && name !== null) {
    const fields = module.fields.get(self.node) ?? new Map<string, Placed[]>();
    module.fields.set(self.node, fields.set(name, [...(fields.get(name) ?? []), right]));
  }
  const isExports = object.type === 'Identifier' && object.name === 'exports';
  const isModule = object.type === 'Identifier' && object.name === 'module' && name === 'exports';
  if (isModule) module.whole = right;
  else if (name !== null && (isExports || isModuleExports(object))) module.exports.set(name, right);
}

function isModuleExports(node: Node): boolean {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return false;
  return node.object.name === 'module' && nameOf(node.property, node.computed) === 'exports';
}
