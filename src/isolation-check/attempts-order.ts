import { isOwnership, link, type Way } from './links.ts';
import { type Attempt, type Plan, rowsAt } from './plan.ts';
import { hasValues, keyFieldsOf, plainWhere, type Row, type Shape } from './shape.ts';
import type { Side, World } from './world.ts';

/** The attempt to have rows ordered by those of another user, by a relation that leads to them. */
export function listOrderAttempt(shape: Shape, way: Way): Attempt {
  return way.relation.isList ? orderByCount(shape, way) : orderByColumn(shape, way);
}

/** Of two rows, the one that the target hangs on comes first only where the target is counted. */
function orderByCount(shape: Shape, way: Way): Attempt {
  const plan = (world: World, side: Side): Plan | null => {
    const isOwner = isOwnership(shape, way);
    if (isOwner && !world.isMade) return null;
    const start = isOwner ? world.row(side, way.from) : world.row('a', way.from, 2);
    const other = isOwner ? world.row(side === 'a' ? 'b' : 'a', way.from) : world.row('a', way.from, 3);
    const linked = link(world, { way, side, start, target: world.row(side, way.to) });
    const [key] = keyFieldsOf(shape, way.from);
    if (!linked || key === undefined) return null;
    const isBefore = isSmaller(other[key], start[key]);
    const orderBy = [{ [way.field]: { _count: 'desc' } }, { [key]: isBefore ? 'asc' : 'desc' }];
    const where = { OR: [plainWhere(shape, way.from, start), plainWhere(shape, way.from, other)] };
    const own = plainWhere(shape, way.from, start);
    return {
      setup: linked.steps,
      call: { model: way.from, method: 'findMany', args: { where, orderBy } },
      happened: (answer) => rowsAt(answer).length === 2 && hasValues(rowsAt(answer)[0] ?? null, own),
    };
  };
  return { model: way.to, kind: 'filter', operation: `orderBy ${way.from}.${way.field}`, isAll: true, plan };
}

/** Of three rows, the one that hangs on the target comes between the two others only where the target's key is looked at. */
function orderByColumn(shape: Shape, way: Way): Attempt {
  const plan = (world: World, side: Side): Plan | null => {
    if (isOwnership(shape, way) || !world.isMade) return null;
    const [less, target, more] = [
      world.row('a', way.to, 2),
      world.row(side, way.to),
      world.row('a', way.to, 3),
    ];
    const [key] = keyFieldsOf(shape, way.to);
    if (key === undefined || !isSmaller(less[key], target[key]) || !isSmaller(target[key], more[key]))
      return null;
    const hang = (nth: number, on: Row, by: Side) =>
      link(world, { way, side: by, start: world.row('a', way.from, nth), target: on });
    const linked = [hang(2, less, 'a'), hang(3, target, side), hang(4, more, 'a')].filter(
      (each) => each !== null,
    );
    const keys = linked.map(({ pair }) => plainWhere(shape, way.from, pair.start));
    if (keys.length < 3) return null;
    const args = { where: { OR: keys }, orderBy: [{ [way.field]: { [key]: 'asc' } }] };
    return {
      setup: linked.flatMap(({ steps }) => steps),
      call: { model: way.from, method: 'findMany', args },
      happened: (answer) => rowsAt(answer).length === 3 && hasValues(rowsAt(answer)[1], keys[1] as Row),
    };
  };
  return { model: way.to, kind: 'filter', operation: `orderBy ${way.from}.${way.field}`, plan };
}

function isSmaller(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) < 0;
  const isNumber = typeof one === 'number' || typeof one === 'bigint' || one instanceof Date;
  return isNumber ? Number(one) < Number(other) : String(one) < String(other);
}
