import type { Node } from '@babel/types';
import type { IsolationMap } from '../isolation/map.ts';
import type { Finding } from '../ownership/findings.ts';
import { type Entries, readEntries, readObjects } from './arguments.ts';
import { isProtected, type Rules } from './by-hand.ts';
import { asClient, evaluate } from './evaluate.ts';
import { describeSite } from './call-site.ts';
import { delegatePassed, nestedNotScoped, parentClient } from './findings.ts';
import { isScoped, judgeCall } from './judge.ts';
import { ARGUMENTS, findOperation } from './operations.ts';
import { nameOf, unwrap } from './parse-code.ts';
import type { Project } from './project.ts';
import { judgeSql, type SqlNames } from './raw-sql.ts';
import { walkModule } from './read-module.ts';
import type { Module, Scope } from './scopes.ts';

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

type Member = Node & { type: 'MemberExpression' | 'OptionalMemberExpression' };

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
      operation: each.finding.code === 'MODEL_PASSED' ? '' : (nameOf(each.operation) ?? ''),
      ...(each.meant === undefined ? {} : { meant: each.meant }),
    });
  });
  return { found, scoped };
}

interface Found {
  finding: Finding;
  /** The node of the operation's name. */
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
    case 'OptionalCallExpression': {
      const { callee } = node;
      const isMember = callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression';
      const found = isMember && findCall(search, visit, { callee, given: node.arguments });
      return found || findPassed(search, node.arguments, scope);
    }
    case 'TaggedTemplateExpression': {
      const tag = unwrap(node.tag);
      if (tag.type !== 'MemberExpression') return null;
      const found = judgeSql(search, { callee: tag, node, scope });
      if (found?.finding.code === 'PARENT_CLIENT') markParents(tag.object, done);
      return found;
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      if (done.has(node) || nameOf(node.property, node.computed) !== '$parent') return null;
      const client = asClient(search.project, evaluate(search.project, node.object, scope));
      if (!client || client.trust === 'raw') return null;
      return { finding: parentClient(null), operation: node.property };
    }
    default:
      return null;
  }
}

function findCall(
  search: Search,
  { node, scope, done, onScoped }: Visit,
  { callee, given }: { callee: Member; given: Node[] },
): Found | null {
  const { project, map } = search;
  const name = nameOf(callee.property, callee.computed);
  if (name === null) return null;
  if (name.startsWith('$')) {
    const found = judgeSql(search, { callee, node, scope });
    if (found?.finding.code === 'PARENT_CLIENT') markParents(callee.object, done);
    return found;
  }
  const object = unwrap(callee.object);
  if (!findOperation(name)) return findFluent(search, object, { callee, name, scope });
  const delegate = evaluate(project, object, scope);
  if (delegate.kind !== 'delegate') return null;
  const rules: Rules = { project, map };
  const [first] = given;
  const argument = first ? { node: first, scope } : null;
  if (!delegate.client && !looksLikePrisma(project, name, { argument, count: given.length })) return null;
  const site = describeSite(search.text, { object, delegate, operation: name });
  if (isScoped(rules, delegate)) onScoped();
  const finding = judgeCall(rules, { delegate, site, argument });
  if (finding?.code === 'PARENT_CLIENT') markParents(object, done);
  return finding && { finding, operation: callee.property };
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
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return;
  done.add(node);
  markParents(node.object, done);
}

/** `prisma.user.findUnique(...).notes()` */
function findFluent(
  search: Search,
  object: Node,
  { callee, name, scope }: { callee: Member; name: string; scope: Scope },
): Found | null {
  const { project, map } = search;
  const isCall = object.type === 'CallExpression' || object.type === 'OptionalCallExpression';
  const inner = isCall ? object.callee : null;
  if (inner?.type !== 'MemberExpression' && inner?.type !== 'OptionalMemberExpression') return null;
  const operation = nameOf(inner.property, inner.computed);
  if (!findOperation(operation)?.returnsOne) return null;
  const delegate = evaluate(project, inner.object, scope);
  if (delegate.kind !== 'delegate' || delegate.model === null || delegate.client?.trust !== 'raw')
    return null;
  const rules: Rules = { project, map };
  const relations = map.models[delegate.model]?.relations ?? {};
  const relation = Object.hasOwn(relations, name) ? relations[name] : undefined;
  // The call that it starts from is listed where its own model is protected.
  if (!relation || !isProtected(rules, relation.to) || isProtected(rules, delegate.model)) return null;
  const site = describeSite(search.text, { object: inner.object, delegate, operation: operation ?? '' });
  const finding = nestedNotScoped({ ...site, model: relation.to }, `${delegate.model}.${name}`);
  return { finding, operation: callee.property };
}

/** `paginate(prisma.note, ...)` */
function findPassed(search: Search, given: readonly Node[], scope: Scope): Found | null {
  const { project, map } = search;
  for (const each of given) {
    const node = unwrap(each);
    if (node.type !== 'MemberExpression') continue;
    const delegate = evaluate(project, node, scope);
    if (delegate.kind !== 'delegate' || delegate.client?.trust !== 'raw' || delegate.model === null) continue;
    if (!isProtected({ project, map }, delegate.model)) continue;
    const site = describeSite(search.text, { object: node, delegate, operation: '' });
    return { finding: delegatePassed(site), operation: node.property };
  }
  return null;
}
