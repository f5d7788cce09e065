import type { Node } from '@babel/types';
import type { IsolationMap } from '../isolation/map.ts';
import type { Finding } from '../ownership/findings.ts';
import { type Entries, readEntries, readObjects } from './arguments.ts';
import { isProtected, type Rules } from './by-hand.ts';
import { asClient, evaluate, findText } from './evaluate.ts';
import { describeSite } from './call-site.ts';
import { nestedNotScoped, operationComputed, parentClient } from './findings.ts';
import { isScoped, judgeCall } from './judge.ts';
import { ARGUMENTS, findOperation } from './operations.ts';
import { type Call, isCall, isMember, nameOf, unwrap } from './parse-code.ts';
import { findPassed } from './passed.ts';
import type { Project } from './project.ts';
import { judgeSql, type SqlNames } from './raw-sql.ts';
import { walkModule } from './read-module.ts';
import { findBinding, type Module, type Placed, type Scope } from './scopes.ts';
import type { DelegateValue, Value } from './values.ts';

/** A call that is listed. Lines and columns begin at 1. */
export interface FoundCall extends Finding {
  line: number;
  column: number;
  /** The line that the operation's name stands on. */
  operationLine: number;
  operation: string;
  /** Why SQL is meant not to be scoped. */
  meant?: string;
}

/** What a file is searched with. */
export interface Search {
  project: Project;
  map: IsolationMap;
  sql: SqlNames;
  module: Module;
  text: string;
}

/** Lists the calls of a module that are not scoped, or of which that cannot be told, and counts those on owned rows that are. */
export function findCalls(search: Search): { found: FoundCall[]; scoped: number } {
  const found: FoundCall[] = [];
  const done = new Set<Node>();
  let scoped = 0;
  const onScoped = () => {
    scoped++;
  };
  walkModule(search.module, (node, scope) => {
    const each = findAt(search, { node, scope, done, onScoped });
    if (!each) return;
    const { start, end } = each.operation.loc ?? {};
    const { start: from } = node.loc ?? {};
    found.push({
      ...each.finding,
      line: from?.line ?? 1,
      column: (from?.column ?? 0) + 1,
      operationLine: (start ?? end)?.line ?? 1,
      operation: each.name,
      ...(each.meant === undefined ? {} : { meant: each.meant }),
    });
  });
  return { found, scoped };
}

export interface Found {
  finding: Finding;
  /** The operation's name; empty where there is none that is known. */
  name: string;
  /** Its node. */
  operation: Node;
  meant?: string;
}

interface Visit {
  node: Node;
  scope: Scope;
  /** Nodes that a call further out has spoken for. */
  done: Set<Node>;
  onScoped: () => void;
}

function findAt(search: Search, visit: Visit): Found | null {
  const { node, scope, done } = visit;
  switch (node.type) {
    case 'CallExpression':
    case 'OptionalCallExpression':
      return findCall(search, visit, node) ?? findPassed(search, node.arguments, scope);
    case 'NewExpression':
      return findPassed(search, node.arguments, scope);
    case 'ArrayExpression':
      return findPassed(search, node.elements, scope);
    case 'TaggedTemplateExpression': {
      const called = findCalled(search, node.tag, scope);
      return called && findSql(search, visit, called);
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      if (done.has(node) || nameOf(node.property, node.computed) !== '$parent') return null;
      const client = asClient(search.project, evaluate(search.project, node.object, scope));
      if (!client || client.trust === 'raw') return null;
      return { finding: parentClient(null), name: '$parent', operation: node.property };
    }
    default:
      return null;
  }
}

/** What is called, by its name or one that stands for it, or what a tag of a template is. */
interface Called {
  /** Null where it is computed. */
  name: string | null;
  on: Value;
  /** The node of what it is called on. */
  object: Node;
  operation: Node;
}

function findCalled({ project }: Search, callee: Node, scope: Scope): Called | null {
  const bare = unwrap(callee);
  if (bare.type === 'Identifier') {
    const value = evaluate(project, bare, scope);
    return value.kind === 'method' ? { ...value, object: bare, operation: bare } : null;
  }
  if (!isMember(bare)) return null;
  const name = nameOf(bare.property, bare.computed) ?? findText(project, bare.property, scope);
  const object = unwrap(bare.object);
  const on = evaluate(project, object, scope);
  if (on.kind === 'method' && (name === 'call' || name === 'apply'))
    return { ...on, object, operation: bare.property };
  return { name, on, object, operation: bare.property };
}

function findSql(search: Search, { node, scope, done }: Visit, called: Called): Found | null {
  const found = judgeSql(search, { ...called, node, scope });
  if (found?.finding.code === 'PARENT_CLIENT') markParents(called.object, done);
  return found;
}

function findCall(search: Search, visit: Visit, node: Call): Found | null {
  const { scope, done, onScoped } = visit;
  const { project, map, text } = search;
  const called = findCalled(search, node.callee, scope);
  if (!called) return null;
  const { name, object, operation } = called;
  if (name?.startsWith('$')) return findSql(search, visit, called);
  if (name !== null && !findOperation(name)) return findFluent(search, { ...called, name }, scope);
  const delegate = toDelegate(called);
  if (!delegate) return null;
  const rules: Rules = { project, map };
  if (name === null) {
    const isListed = delegate.client?.trust === 'raw' && delegate.model && isProtected(rules, delegate.model);
    const site = describeSite(text, { object, delegate, operation: '' });
    return isListed ? { finding: operationComputed(site), name: '', operation } : null;
  }
  const given = listGiven(node);
  const [first] = given;
  const argument = first ? { node: first, scope } : null;
  if (!delegate.client && !looksLikePrisma(project, name, { argument, count: given.length })) return null;
  const site = describeSite(text, { object, delegate, operation: name });
  if (isScoped(rules, delegate)) onScoped();
  const finding = judgeCall(rules, { delegate, site, argument });
  if (finding?.code === 'PARENT_CLIENT') markParents(object, done);
  return finding && { finding, name, operation };
}

/** What an operation is called on; `anything[name].findMany()` is one of Prisma's as well. */
function toDelegate({ name, on, object }: Called): DelegateValue | null {
  if (on.kind === 'delegate') return on;
  const isComputed = isMember(object) && nameOf(object.property, object.computed) === null;
  const isPrisma = on.kind === 'unknown' && isComputed && findOperation(name)?.isCommon !== true;
  return isPrisma && name !== null ? { kind: 'delegate', client: null, model: null } : null;
}

/** The arguments of an operation: those of `call` after the first, and of `apply` none that is known. */
function listGiven({ callee, arguments: given }: Call): Node[] {
  const bare = unwrap(callee);
  const name = isMember(bare) ? nameOf(bare.property, bare.computed) : null;
  return name === 'call' || name === 'apply' ? given.slice(1) : given;
}

/** On something unknown: an operation that Prisma alone has, or arguments as Prisma takes them. */
function looksLikePrisma(
  project: Project,
  name: string,
  { argument, count }: { argument: { node: Node; scope: Scope } | null; count: number },
): boolean {
  if (count > 1) return false;
  if (!findOperation(name)?.isCommon) return true;
  if (!argument) return false;
  const { objects } = readObjects(project, argument.node, argument.scope);
  const read: Entries[] = objects.map((each) => readEntries(project, each));
  return read.some(({ entries }) => entries.some((entry) => ARGUMENTS.includes(entry.name)));
}

function markParents(node: Node, done: Set<Node>): void {
  if (!isMember(node)) return;
  done.add(node);
  markParents(node.object, done);
}

/** `prisma.user.findUnique(...).notes()` */
function findFluent(
  search: Search,
  { name, object, operation }: Called & { name: string },
  scope: Scope,
): Found | null {
  const { project, map } = search;
  const query = findQuery(object, scope);
  const called = isCall(query.node) ? findCalled(search, query.node.callee, query.scope) : null;
  if (called?.on.kind !== 'delegate' || !findOperation(called.name)?.returnsOne) return null;
  const { on: delegate } = called;
  if (delegate.model === null || delegate.client?.trust !== 'raw') return null;
  const rules: Rules = { project, map };
  const relations = map.models[delegate.model]?.relations ?? {};
  const relation = Object.hasOwn(relations, name) ? relations[name] : undefined;
  // The call that it starts from is listed where its own model is protected.
  if (!relation || !isProtected(rules, relation.to) || isProtected(rules, delegate.model)) return null;
  const site = describeSite(search.text, { object: called.object, delegate, operation: called.name ?? '' });
  return {
    finding: nestedNotScoped({ ...site, model: relation.to }, `${delegate.model}.${name}`),
    name,
    operation,
  };
}

/** The call itself, or the one that a name was given to without waiting for it. */
function findQuery(object: Node, scope: Scope): Placed {
  const binding = object.type === 'Identifier' ? findBinding(object.name, scope) : null;
  if (binding?.kind !== 'variable' || !binding.init || binding.path.length > 0)
    return { node: object, scope };
  return { node: binding.init, scope: binding.scope };
}
