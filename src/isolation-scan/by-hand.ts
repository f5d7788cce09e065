import type { Node, ObjectExpression } from '@babel/types';
import type { IsolationMap, Scope as ModelScope } from '../isolation/map.ts';
import { type Objects, readEntries, readObjects } from './arguments.ts';
import { type Project, readDeeper } from './project.ts';
import type { Placed } from './scopes.ts';

/** What the rules about arguments go by. */
export interface Rules {
  project: Project;
  map: IsolationMap;
}

/** Whether the rows of a model are of one user, or may be: a call on them has to be scoped. */
export function isProtected({ map }: Rules, model: string): boolean {
  return ['owned', 'through', 'closed'].includes(scopeOf(map, model).kind);
}

export function scopeOf(map: IsolationMap, model: string): ModelScope {
  const found = Object.hasOwn(map.models, model) ? map.models[model]?.scope : undefined;
  return found ?? { kind: 'closed', reason: 'it is not in the schema that was read' };
}

/** Whether every filter that an argument can be names the owner. */
export function filtersByOwner(rules: Rules, model: string, where: Placed | null): boolean {
  return everyObject(rules, where, (object) => namesOwner(rules, model, object));
}

/** Whether every row that is written has its owner named. */
export function writesOwner(rules: Rules, model: string, data: Placed | null): boolean {
  return everyObject(rules, data, (object) => {
    const scope = scopeOf(rules.map, model);
    return readEntries(rules.project, object).entries.some((entry) => {
      if (!entry.isSure) return false;
      if (scope.kind === 'owned' && entry.name === scope.field) return !isNull(entry.node);
      if (scope.kind === 'owned' && entry.name === scope.relation) return true;
      if (scope.kind !== 'through' || entry.name !== scope.relation) return false;
      const parent = rules.map.models[model]?.relations[scope.relation]?.to;
      return parent !== undefined && filtersByOwner(rules, parent, take(rules, entry, 'connect'));
    });
  });
}

function everyObject(
  { project }: Rules,
  argument: Placed | null,
  holds: (object: Placed<ObjectExpression>) => boolean,
): boolean {
  const read: Objects = argument
    ? readObjects(project, argument.node, argument.scope)
    : { objects: [], isWhole: true };
  return (
    read.isWhole && read.objects.length > 0 && readDeeper(project, false, () => read.objects.every(holds))
  );
}

/** By the owner column, the relation of it, a key of several fields with it in it, or the row that it hangs on. */
function namesOwner(rules: Rules, model: string, object: Placed<ObjectExpression>): boolean {
  const { map, project } = rules;
  const scope = scopeOf(map, model);
  const known = map.models[model];
  return readEntries(project, object).entries.some((entry) => {
    if (!entry.isSure) return false;
    if (entry.name === 'AND') return someObject(rules, entry, (each) => namesOwner(rules, model, each));
    if (entry.name === 'OR') return everyObject(rules, entry, (each) => namesOwner(rules, model, each));
    if (scope.kind === 'users') return entry.name === map.ownerKey && isEqual(rules, entry);
    if (scope.kind === 'owned') {
      if (entry.name === scope.field) return isEqual(rules, entry);
      if (entry.name === scope.relation) return isOneUser(rules, take(rules, entry, 'is') ?? entry);
      return (
        known?.keys.includes(entry.name) === true &&
        someObject(rules, entry, (each) =>
          readEntries(project, each).entries.some(({ name }) => name === scope.field),
        )
      );
    }
    if (scope.kind !== 'through' || entry.name !== scope.relation) return false;
    const parent = known?.relations[scope.relation]?.to;
    if (parent === undefined) return false;
    return filtersByOwner(rules, parent, take(rules, entry, 'is') ?? entry);
  });
}

function someObject(
  { project }: Rules,
  { node, scope }: Placed,
  holds: (object: Placed<ObjectExpression>) => boolean,
): boolean {
  const { objects } = readObjects(project, node, scope);
  return readDeeper(project, false, () => objects.some(holds));
}

/** A filter on the owner by something that tells who it is, like an address or a session. */
function isOneUser(rules: Rules, filter: Placed): boolean {
  return someObject(rules, filter, (object) =>
    readEntries(rules.project, object).entries.some(
      (entry) => entry.isSure && !['NOT', 'OR', 'isNot'].includes(entry.name) && isEqual(rules, entry),
    ),
  );
}

function isNull(node: Node): boolean {
  return node.type === 'NullLiteral';
}

const SAMENESS = ['equals', 'in', 'is', 'some'];

/** A value, or a filter that asks for the same: `{ not: ... }` and `{ gt: ... }` are about others as well. */
function isEqual({ project }: Rules, { node, scope }: Placed): boolean {
  if (isNull(node)) return false;
  const { objects } = readObjects(project, node, scope);
  return objects.every((object) =>
    readEntries(project, object).entries.some(({ name, isSure }) => isSure && SAMENESS.includes(name)),
  );
}

/** A property of an argument; the last one where there are several. */
export function take({ project }: Rules, argument: Placed | null, name: string): Placed | null {
  if (!argument) return null;
  const { objects } = readObjects(project, argument.node, argument.scope);
  const entries = objects.flatMap((object) => readEntries(project, object).entries);
  return entries.findLast((entry) => entry.name === name) ?? null;
}
