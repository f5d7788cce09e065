import { writeRefused } from './error.ts';
import { LOGIC } from './filter.ts';
import { listChildren } from './guard.ts';
import type { RelationMap } from './map.ts';
import { type Args, findRelation, getModel, isPlain, type Scoping, toList } from './scope.ts';

/** What a write does on its way, and what it asks about rows before it begins: the one must not change the answers of the other. */
export interface Course {
  /** Relations by which rows are hung on others, and those that are asked about. */
  moves: Set<string>;
  asks: Set<string>;
  /** Models whose rows are changed, and those of which only rows with certain columns are asked about. */
  changes: Set<string>;
  matches: Set<string>;
  /** Ask about all rows of a relation, whatever their columns. */
  isBroad: boolean;
}

export function beginCourse(isBroad: boolean): Course {
  return { moves: new Set(), asks: new Set(), changes: new Set(), matches: new Set(), isBroad };
}

/** Whether rows that are asked about by their columns may have others when they are written. */
export function mustAskMore({ changes, matches, isBroad }: Course): boolean {
  return !isBroad && [...matches].some((each) => changes.has(each));
}

/** Throws where rows may hang elsewhere when they are written than when they were asked about. */
export function refuseMoved(model: string, { moves, asks }: Course): void {
  if ([...asks].some((each) => moves.has(each)))
    throw writeRefused(model, 'rows cannot be linked, and deleted or changed as many, in one write');
}

/** A relation, called the same from both of its sides. */
function nameRelation(name: string, key: string, { to, opposite }: RelationMap): string {
  return [`${name}.${key}`, `${to}.${opposite}`].sort().join(' ');
}

/** Notes the relations that the answer to a filter of ours depends on. */
export function noteAsked(scoping: Scoping, name: string, where: Args, course: Course): void {
  const model = getModel(scoping, name);
  for (const [key, value] of Object.entries(where)) {
    const relation = findRelation(model, key);
    if (relation) course.asks.add(nameRelation(name, key, relation));
    const inner = relation && isPlain(value) ? Object.values(value) : LOGIC.has(key) ? toList(value) : [];
    for (const each of inner) if (isPlain(each)) noteAsked(scoping, relation?.to ?? name, each, course);
  }
}

/** Notes that rows that are there are hung on others: on new ones, or, by a link, on any. */
export function noteMoved(
  scoping: Scoping,
  { name, key, isLink }: { name: string; key: string; isLink: boolean },
  { moves }: Course,
): void {
  const relation = getModel(scoping, name).relations[key];
  if (!relation) return;
  const moved = nameRelation(name, key, relation);
  moves.add(moved);
  if (isLink) moves.add(linked(moved));
}

/** Notes that the row at the other end is asked about, which an upsert itself may make. */
export function noteUpserted(scoping: Scoping, name: string, key: string, { asks }: Course): void {
  const relation = getModel(scoping, name).relations[key];
  if (relation) asks.add(linked(nameRelation(name, key, relation)));
}

const linked = (relation: string) => `${relation} by a link`;

/** Whether a relation says whose rows are, and nothing else: rows of the user that are linked by it stay where they are. */
export function isToOwner({ map }: Scoping, name: string, key: string): boolean {
  const relation = map.models[name]?.relations[key];
  const ends = [
    [name, key],
    [relation?.to ?? '', relation?.opposite ?? ''],
  ] as const;
  return ends.some(([model, end]) => {
    const { scope, relations } = map.models[model] ?? {};
    return scope?.kind === 'owned' && scope.relation === end && relations?.[end]?.fields?.length === 1;
  });
}

/** Notes that a row has other values in columns, and what points at them as well. */
export function noteChanged(
  scoping: Scoping,
  name: string,
  fields: readonly string[],
  { changes }: Pick<Course, 'changes'>,
  seen: Set<RelationMap> = new Set(),
): void {
  if (fields.length === 0) return;
  changes.add(name);
  for (const { to, opposite } of Object.values(getModel(scoping, name).relations)) {
    const back = scoping.map.models[to]?.relations[opposite];
    if (!back?.references?.some((field) => fields.includes(field)) || seen.has(back)) continue;
    seen.add(back);
    noteChanged(scoping, to, back.fields ?? [], { changes }, seen);
  }
}

/** Notes that rows are deleted, and that what points at them does not any more. */
export function noteDeleted(
  scoping: Scoping,
  name: string,
  { changes }: Pick<Course, 'changes'>,
  seen: Set<string> = new Set(),
): void {
  if (seen.has(name)) return;
  seen.add(name);
  for (const [, { to }, isDeleted] of listChildren(scoping, name))
    if (isDeleted) noteDeleted(scoping, to, { changes }, seen);
    else changes.add(to);
}
