import type { RelationMap } from '../isolation/map.ts';
import { readRow } from './plan.ts';
import { getMap, hasValues, plainWhere, pointAt, type Row, type Shape, uniqueWhere } from './shape.ts';
import type { Side, Step, World } from './world.ts';

/** A relation of another model that leads to the model whose rows are tried to be got at. */
export interface Way {
  from: string;
  field: string;
  relation: RelationMap;
  /** The same relation, from the other side. */
  back: RelationMap;
  to: string;
}

/** Every relation that leads to rows of a model. */
export function listWays({ map }: Shape, to: string): Way[] {
  return Object.entries(map.models).flatMap(([from, { scope, relations }]) =>
    scope.kind === 'closed'
      ? []
      : Object.entries(relations).flatMap(([field, relation]) => {
          const back = map.models[to]?.relations[relation.opposite];
          return relation.to === to && back ? [{ from, field, relation, back, to }] : [];
        }),
  );
}

/** Names operations by the relation that they go by: "connect in Post.tags". */
export function nameBy({ from, field }: Way): (operation: string) => string {
  return (operation) => `${operation} ${from}.${field}`;
}

/** The relation between a user and the rows that are his. */
export function isOwnership(shape: Shape, { from, to, relation }: Way): boolean {
  const { scope } = getMap(shape, to);
  return from === shape.map.ownerModel && scope.kind === 'owned' && scope.relation === relation.opposite;
}

/** The row that a user begins with: his own, or what everybody sees; of owned rows the owner himself. */
export function startOf(world: World, way: Way, side: Side): Row {
  return world.row(isOwnership(world.shape, way) ? side : 'a', way.from);
}

/** Another row of the user, which hangs on nothing yet; the user himself is the only one of his model. */
export function anotherOf(world: World, model: string): Row {
  return world.row('a', model, model === world.shape.map.ownerModel ? 1 : 2);
}

/** The two rows of an attempt, linked or about to be. */
export interface Pair {
  way: Way;
  start: Row;
  /** The row that is to be got at, as it is once it is linked. */
  target: Row;
  side: Side;
}

/**
 * Links the row of a user to the target, with no client that scopes it. Null where such a link makes the target the user's, or
 * cannot be: then the rows of the other user are never found by it.
 */
export function link(world: World, { way, start, target, side }: Pair): { steps: Step[]; pair: Pair } | null {
  const { shape } = world;
  const { from, to, field, relation, back } = way;
  const pair = { way, start, target, side };
  if (isOwnership(shape, way)) return { steps: [], pair };
  if (decidesOwner(shape, way)) return null;
  if (relation.fields) {
    const data = pointAt(relation, target);
    if (hasValues(start, data)) return { steps: [], pair };
    const step = update(shape, from, start, data);
    return { steps: [{ as: 'a', ...step }], pair: { ...pair, start: { ...start, ...data } } };
  }
  if (back.fields) {
    const data = pointAt(back, start);
    if (hasValues(target, data)) return { steps: [], pair };
    const step = update(shape, to, target, data);
    return { steps: [{ as: side, ...step }], pair: { ...pair, target: { ...target, ...data } } };
  }
  const step = update(shape, from, start, { [field]: { connect: uniqueWhere(shape, to, target) } });
  return { steps: [{ as: 'a', ...step }], pair };
}

/** One of the two rows is its owner's by this very relation, or the owner column is in its foreign key. */
export function decidesOwner(shape: Shape, { from, to, field, relation, back }: Way): boolean {
  return (
    isTied(shape, { model: from, field, relation }) ||
    isTied(shape, { model: to, field: relation.opposite, relation: back })
  );
}

export function isTied(
  shape: Shape,
  { model, field, relation }: { model: string; field: string; relation: RelationMap },
): boolean {
  const { scope } = getMap(shape, model);
  if (scope.kind === 'through') return scope.relation === field;
  return scope.kind === 'owned' && (relation.fields ?? []).includes(scope.field);
}

function update(shape: Shape, model: string, row: Row, data: Row): Omit<Step, 'as'> {
  return { model, method: 'update', args: { where: uniqueWhere(shape, model, row), data } };
}

/** Reads whether the two rows are linked, and says so of what was read. */
export function readLink(
  { shape }: World,
  { way, start, target }: Pair,
): { look: Step[]; isLinked: (seen: readonly unknown[]) => boolean } {
  const { from, to, field, relation, back } = way;
  if (relation.fields) return readPointing(shape, from, start, pointAt(relation, target));
  if (back.fields) return readPointing(shape, to, target, pointAt(back, start));
  const where = { ...plainWhere(shape, from, start), [field]: { some: plainWhere(shape, to, target) } };
  const look: Step[] = [{ as: 'a', model: from, method: 'count', args: { where } }];
  return { look, isLinked: ([seen]) => Number(seen ?? 0) > 0 };
}

/**
 * A row whose foreign key may be in its own key, and by which it may have become the other user's. Where its key changes, another
 * row may have the new one: it is linked only if the old one is gone.
 */
function readPointing(shape: Shape, model: string, row: Row, data: Row): ReturnType<typeof readLink> {
  const moved = { ...row, ...data };
  const isMoved = !hasValues(plainWhere(shape, model, row), plainWhere(shape, model, moved));
  const read = (each: Row) => (['a', 'b'] as const).map((as) => readRow(shape, model, each, as));
  return {
    look: [...read(moved), ...(isMoved ? read(row) : [])],
    isLinked: ([byA, byB, ...old]) =>
      [byA, byB].some((each) => hasValues(each as Row, data)) && old.every((each) => (each ?? null) === null),
  };
}
