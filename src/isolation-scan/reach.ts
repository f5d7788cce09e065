import type { RelationMap } from '../isolation/map.ts';
import { type Entries, readEntries, readObjects } from './arguments.ts';
import { filtersByOwner, isProtected, type Rules, scopeOf } from './by-hand.ts';
import { readDeeper } from './project.ts';
import type { Placed } from './scopes.ts';

/** Rows that a call reaches through a relation. `isHeld`: the arguments keep them to one user. */
interface Reached {
  model: string;
  /** `User.notes` */
  by: string;
  isHeld: boolean;
}

export interface Reach {
  reached: Reached[];
  /** What is included or selected is written down. */
  isWhole: boolean;
}

/** A model that is looked at. `isHeld`: its rows are one user's. */
interface At {
  rules: Rules;
  model: string;
  isHeld: boolean;
  reach: Reach;
}

/** Everything that the arguments of a call reach beyond its own model, in what they read, filter by and write. */
export function findReach(
  rules: Rules,
  model: string,
  { argument, isHeld }: { argument: Placed | null; isHeld: boolean },
): Reach {
  const reach: Reach = { reached: [], isWhole: true };
  if (!argument) return reach;
  const at: At = { rules, model, isHeld, reach };
  if (!eachEntry(at, argument, (entry) => visitArgument(at, entry))) reach.isWhole = false;
  return reach;
}

/** Calls back for every entry of every object that an argument can be; false where there can be others. */
function eachEntry(
  { rules }: At,
  { node, scope }: Placed,
  onEntry: (entry: Entries['entries'][number]) => void,
): boolean {
  const { objects, isWhole } = readObjects(rules.project, node, scope);
  let isAll = isWhole;
  for (const object of objects) {
    const read = readEntries(rules.project, object);
    isAll &&= read.isWhole;
    readDeeper(rules.project, undefined, () => {
      for (const entry of read.entries) onEntry(entry);
    });
  }
  return isAll;
}

function visitArgument(at: At, entry: Entries['entries'][number]): void {
  switch (entry.name) {
    case 'include':
    case 'select':
      if (!visitSelection(at, entry)) at.reach.isWhole = false;
      break;
    case 'where':
      visitFilter(at, entry);
      break;
    case 'orderBy':
      eachEntry(at, entry, ({ name }) => {
        const relation = findRelation(at, name);
        if (relation && isProtected(at.rules, relation.to)) note(at, name, relation, false);
      });
      break;
    case 'data':
    case 'create':
    case 'update':
      visitData(at, entry);
  }
}

function findRelation({ rules, model }: At, name: string): RelationMap | null {
  const relations = rules.map.models[model]?.relations ?? {};
  return Object.hasOwn(relations, name) ? (relations[name] ?? null) : null;
}

function note({ reach, model }: At, name: string, { to }: RelationMap, isHeld: boolean): void {
  reach.reached.push({ model: to, by: `${model}.${name}`, isHeld });
}

/** Whether rows behind a relation belong to whom the row that it starts from belongs to. */
function belongs({ rules, model, isHeld }: At, name: string, { to, opposite }: RelationMap): boolean {
  const own = scopeOf(rules.map, model);
  const other = scopeOf(rules.map, to);
  if (!isHeld) return false;
  if ((own.kind === 'owned' || own.kind === 'through') && own.relation === name) return true;
  return (other.kind === 'owned' || other.kind === 'through') && other.relation === opposite;
}

function visitSelection(at: At, selection: Placed): boolean {
  return eachEntry(at, selection, (entry) => {
    if (entry.name === '_count') {
      visitCount(at, entry);
      return;
    }
    const relation = findRelation(at, entry.name);
    if (relation && !isFalse(entry)) visitRead(at, relation, entry);
  });
}

function isFalse({ node }: Placed): boolean {
  return node.type === 'BooleanLiteral' && !node.value;
}

function visitRead(at: At, relation: RelationMap, entry: Entries['entries'][number]): void {
  const { rules, reach } = at;
  const where = readWhere(at, entry);
  const isHeld =
    belongs(at, entry.name, relation) || (where !== null && filtersByOwner(rules, relation.to, where));
  if (isProtected(rules, relation.to)) note(at, entry.name, relation, isHeld);
  const inner: At = { rules, model: relation.to, isHeld, reach };
  eachEntry(at, entry, (each) => visitArgument(inner, each));
}

function readWhere(at: At, entry: Placed): Placed | null {
  let where: Placed | null = null;
  eachEntry(at, entry, (each) => {
    if (each.name === 'where') where = each;
  });
  return where;
}

/** `_count: true` counts every list; with `select` those that it names. */
function visitCount(at: At, entry: Placed): void {
  if (entry.node.type === 'BooleanLiteral') {
    const relations = Object.entries(at.rules.map.models[at.model]?.relations ?? {});
    for (const [name, relation] of relations)
      if (entry.node.value && relation.isList && isProtected(at.rules, relation.to))
        note(at, name, relation, belongs(at, name, relation));
    return;
  }
  eachEntry(at, entry, (each) => {
    if (each.name === 'select') visitSelection(at, each);
  });
}

const LOGIC = ['AND', 'OR', 'NOT', 'some', 'none', 'every', 'is', 'isNot'];

function visitFilter(at: At, filter: Placed): void {
  eachEntry(at, filter, (entry) => {
    if (LOGIC.includes(entry.name)) visitFilter(at, entry);
    const relation = findRelation(at, entry.name);
    if (!relation || isNull(inside(at, entry))) return;
    const { rules, reach, isHeld } = at;
    const isByOwner =
      belongs(at, entry.name, relation) || filtersByOwner(rules, relation.to, inside(at, entry));
    if (isProtected(rules, relation.to)) note(at, entry.name, relation, isByOwner);
    visitFilter({ rules, model: relation.to, isHeld: isHeld && isByOwner, reach }, entry);
  });
}

/** That there is no such row says nothing of any. */
function isNull({ node }: Placed): boolean {
  return node.type === 'NullLiteral';
}

/** What a filter on a relation says of the other side. */
function inside(at: At, entry: Placed): Placed {
  let found = entry;
  eachEntry(at, entry, (each) => {
    if (['some', 'none', 'every', 'is', 'isNot'].includes(each.name)) found = each;
  });
  return found;
}

/** These take rows by their keys, whoever they belong to. */
const TAKES_ANY = ['connect', 'connectOrCreate', 'set'];

function visitData(at: At, data: Placed): void {
  const { rules, reach } = at;
  eachEntry(at, data, (entry) => {
    const relation = findRelation(at, entry.name);
    if (!relation) return;
    eachEntry(at, entry, (write) => {
      const isByOwner = filtersByOwner(rules, relation.to, write);
      const isHeld = isByOwner || (belongs(at, entry.name, relation) && !TAKES_ANY.includes(write.name));
      if (isProtected(rules, relation.to) && !isEmptyList(write)) note(at, entry.name, relation, isHeld);
      const inner: At = { rules, model: relation.to, isHeld, reach };
      if (write.name === 'create' || write.name === 'update') visitData(inner, write);
    });
  });
}

/** `set: []` lets go of all, and takes none. */
function isEmptyList({ node }: Placed): boolean {
  return node.type === 'ArrayExpression' && node.elements.length === 0;
}
