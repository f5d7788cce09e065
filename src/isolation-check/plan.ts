import { hasValues, plainWhere, type Row, type Shape, uniqueWhere } from './shape.ts';
import type { Call, RawCall, Side, Step, World } from './world.ts';

/** What an attempt is at, as the columns of the table. */
export const KINDS = [
  'read',
  'count',
  'relation',
  'filter',
  'create',
  'update',
  'delete',
  'nested',
  'link',
  'raw',
] as const;
export type Kind = (typeof KINDS)[number];

/** One way to get at a row of a model, tried on a row of the other user, and on the user's own for comparison. */
export interface Attempt {
  /** The model whose row it is about. */
  model: string;
  /** As an application would write it. */
  operation: string;
  kind: Kind;
  /** A client may refuse it whole, as raw SQL: that own rows are refused says nothing. */
  isAll?: true;
  /** Null where it does not apply to such a row. Throws CannotMake. */
  plan: (world: World, side: Side) => Plan | null;
}

/** An attempt with its rows. */
export interface Plan {
  /** What is done before, with no client that scopes it. */
  setup?: Step[];
  call: Call | RawCall;
  /** What is read after, with no client that scopes it. */
  look?: Step[];
  /** Whether it came off: the row was told about, or changed. `result` is undefined where it threw. */
  happened: (result: unknown, seen: readonly unknown[]) => boolean;
}

/** Attempts of one kind, by the names that `named` makes of those of their plans. */
export function listOfKind<Make>(
  { model, kind, named }: Pick<Attempt, 'model' | 'kind'> & { named: (name: string) => string },
  makes: Record<string, Make>,
  plan: (make: Make, world: World, side: Side) => Plan | null,
): Attempt[] {
  return Object.entries(makes).map(([name, make]) => {
    return { model, kind, operation: named(name), plan: (world, side) => plan(make, world, side) };
  });
}

/** The rows that stand in an answer, in the field that `path` leads to. */
export function rowsAt(answer: unknown, ...path: string[]): Row[] {
  const rows = (Array.isArray(answer) ? answer : [answer]).filter(
    (each): each is Row => typeof each === 'object' && each !== null,
  );
  const [field, ...rest] = path;
  return field === undefined ? rows : rows.flatMap((row) => rowsAt(row[field], ...rest));
}

/** Whether an answer has this row in it. */
export function tells(shape: Shape, model: string, row: Row, ...path: string[]): Plan['happened'] {
  const key = plainWhere(shape, model, row);
  return (answer) => rowsAt(answer, ...path).some((each) => hasValues(each, key));
}

export function hasRows(answer: unknown): boolean {
  return rowsAt(answer).length > 0;
}

/** Reads one row as it is. */
export function readRow(shape: Shape, model: string, row: Row, as: Side): Step {
  return { as, model, method: 'findUnique', args: { where: uniqueWhere(shape, model, row) } };
}

/** The count that `updateMany` and the like answer. */
export function countIn(answer: unknown): number {
  const { count } = (answer ?? {}) as { count?: number };
  return count ?? 0;
}
