import type { Node } from '@babel/types';
import { asClient, evaluate, evaluateHandedClient, evaluateParameter } from './evaluate.ts';
import { evaluateType } from './evaluate-type.ts';
import { listParameterProperties } from './members.ts';
import { nameOf } from './parse-code.ts';
import { argumentKey, fieldKey, parameterKey, type Project } from './project.ts';
import { walkModule } from './read-module.ts';
import { findBinding, type Module, type Scope } from './scopes.ts';
import { type Trust, type Value, weaker } from './values.ts';

/** What flows into a parameter, or is put under a name: clients, and what is itself decided elsewhere. */
interface Inflow {
  trust: Trust | null;
  from: Map<string, Trust | null>;
}

export type Facts = Map<string, Inflow>;

/** Takes down every client that a module hands to a function, or puts under a name. */
export function collectFacts(project: Project, module: Module, facts: Facts): void {
  const patterns = new Set<Node>();
  walkModule(module, (node, scope) => {
    switch (node.type) {
      case 'ObjectPattern':
        for (const each of node.properties) patterns.add(each);
        break;
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        collectCall(project, { node, scope }, facts);
        break;
      case 'ObjectProperty':
        if (!patterns.has(node))
          collectField(project, facts, [nameOf(node.key, node.computed), node.value, scope]);
        break;
      case 'AssignmentExpression':
        if (node.left.type === 'MemberExpression')
          collectField(project, facts, [nameOf(node.left.property, node.left.computed), node.right, scope]);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        collectClass(project, { node, scope: module.scopes.get(node) ?? scope }, facts);
    }
  });
}

type Call = Node & { type: 'CallExpression' | 'OptionalCallExpression' | 'NewExpression' };

/** Only these can be clients, and are worth a look. */
const CAN_BE_CLIENT =
  /^(?:Identifier|ThisExpression|(?:Optional)?(?:Member|Call)Expression|NewExpression|(?:Await|TS\w+|Logical|Conditional)Expression)$/;

function collectCall(project: Project, { node, scope }: { node: Call; scope: Scope }, facts: Facts): void {
  node.arguments.forEach((argument, index) => {
    if (!CAN_BE_CLIENT.test(argument.type)) return;
    const value = evaluate(project, argument, scope);
    if (value.kind === 'function') {
      const client = evaluateHandedClient(project, { node: node.callee, scope }, [index, 0]);
      if (client) add(facts, parameterKey(value.scope.module.file, value.node, 0), client);
    }
    if (!isFlow(project, value)) return;
    const key = findParameter(project, { node, scope }, index);
    if (key !== null) add(facts, key, toFlow(project, value));
    const [first] = node.arguments;
    if (index === 1 && first?.type === 'StringLiteral')
      add(facts, fieldKey(first.value), toFlow(project, value));
  });
}

/** The key of the parameter that an argument goes to. */
function findParameter(
  project: Project,
  { node, scope }: { node: Call; scope: Scope },
  index: number,
): string | null {
  const callee = evaluate(project, node.callee, scope);
  if (callee.kind === 'open') return argumentKey(callee.key, index);
  if (callee.kind === 'function') return parameterKey(callee.scope.module.file, callee.node, index);
  if (callee.kind !== 'class') return null;
  const made = callee.node.body.body.find(
    (each) => each.type === 'ClassMethod' && each.kind === 'constructor',
  );
  return made ? parameterKey(callee.scope.module.file, made, index) : null;
}

function collectField(
  project: Project,
  facts: Facts,
  [name, node, scope]: [string | null, Node, Scope],
): void {
  if (name === null || !CAN_BE_CLIENT.test(node.type)) return;
  const value = evaluate(project, node, scope);
  if (isFlow(project, value)) add(facts, fieldKey(name), toFlow(project, value));
}

/** A field that is injected has the client that its type says. */
function collectClass(
  project: Project,
  { node, scope }: { node: Node & { type: 'ClassDeclaration' | 'ClassExpression' }; scope: Scope },
  facts: Facts,
): void {
  for (const { name, of } of listParameterProperties(node)) {
    const binding = findBinding(name, scope.module.scopes.get(of) ?? null);
    if (binding?.kind !== 'parameter') continue;
    const value = evaluateParameter(project, binding);
    if (isFlow(project, value)) add(facts, fieldKey(name), toFlow(project, value));
  }
  for (const each of node.body.body) {
    if (each.type !== 'ClassProperty' || each.value || each.typeAnnotation?.type !== 'TSTypeAnnotation')
      continue;
    const name = nameOf(each.key, each.computed);
    const isAssigned = name !== null && scope.module.fields.get(node)?.has(name);
    const value = evaluateType(project, each.typeAnnotation.typeAnnotation, scope);
    if (name !== null && !isAssigned && isFlow(project, value))
      add(facts, fieldKey(name), toFlow(project, value));
  }
}

interface Flow {
  key: string | null;
  trust: Trust | null;
}

function isFlow(project: Project, value: Value): boolean {
  return value.kind === 'open' || asClient(project, value) !== null;
}

function toFlow(project: Project, value: Value): Flow {
  const trust = asClient(project, value)?.trust ?? null;
  return { key: value.kind === 'open' ? value.key : null, trust };
}

function add(facts: Facts, key: string, flow: { key?: string | null; trust: Trust | null }): void {
  const inflow = facts.get(key) ?? { trust: null, from: new Map() };
  facts.set(key, inflow);
  if (flow.key) inflow.from.set(flow.key, weaker(inflow.from.get(flow.key) ?? null, flow.trust));
  else inflow.trust = weaker(inflow.trust, flow.trust);
}

/** Decides each by all that flows into it: one client that is not scoped is enough for it not to be. */
export function solveFacts(facts: Facts): Map<string, Trust> {
  const solved = new Map<string, Trust>();
  const visited = new Set<string>();
  const solve = (key: string): Trust | null => {
    if (visited.has(key)) return solved.get(key) ?? null;
    visited.add(key);
    const inflow = facts.get(key);
    let trust = inflow?.trust ?? null;
    for (const [source, declared] of inflow?.from ?? []) trust = weaker(trust, solve(source) ?? declared);
    if (trust) solved.set(key, trust);
    return trust;
  };
  for (const key of facts.keys()) solve(key);
  return solved;
}
