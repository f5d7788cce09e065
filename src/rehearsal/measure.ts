import type { Database, TableName, Transact } from '../database/dialect.ts';
import { countRows } from '../ownership/count.ts';
import { tableOf } from '../ownership/target.ts';
import type { OwnedModel } from '../schema/decide.ts';

/** What one part of a rehearsal did to the rows of one model, and what it took. */
export interface Measure {
  /** Null where one statement was for all models. */
  model: string | null;
  rows: number;
  elapsedMs: number;
  /** The longest statement, or transaction of a batch, that had the writes of others wait. */
  longestLockMs: number;
  /** Of the table and its indexes; less than 0 where it shrank. */
  growthBytes: number;
}

/** How long one table was written, and for how long its locks were held at the most. */
type Times = Pick<Measure, 'elapsedMs' | 'longestLockMs'>;

/**
 * The same database, whose batches are timed by table, as `nameTable` names it: from `BEGIN` to `COMMIT`. What lies between two batches, like looking
 * for the next key, counts for the second one.
 */
export function timeBatches(database: Database): { timed: Database; times: Map<string, Times> } {
  const { dialect } = database;
  const times = new Map<string, Times>();
  let current: string | null = null;
  let mark = performance.now();
  const write: Transact = async (work) => {
    const outer = current;
    const started = performance.now();
    try {
      return await database.write(work);
    } finally {
      const now = performance.now();
      if (current !== null) {
        addTimes(times, current, { elapsedMs: now - mark, longestLockMs: now - started });
        mark = now;
      }
      current = outer;
    }
  };
  const timed: Database = {
    ...database,
    write,
    dialect: {
      ...dialect,
      assignBatch: async (transact, plan, guard) => {
        current = nameTable(plan.table);
        try {
          return await dialect.assignBatch(transact, plan, guard);
        } finally {
          current = null;
        }
      },
      changeOwner: (session, change) => {
        current = nameTable(change.table);
        return dialect.changeOwner(session, change);
      },
    },
  };
  return { timed, times };
}

function addTimes(times: Map<string, Times>, table: string, { elapsedMs, longestLockMs }: Times): void {
  const known = times.get(table) ?? { elapsedMs: 0, longestLockMs: 0 };
  times.set(table, {
    elapsedMs: known.elapsedMs + elapsedMs,
    longestLockMs: Math.max(known.longestLockMs, longestLockMs),
  });
}

/** A table as a key of maps. */
export function nameTable({ schema, name }: TableName): string {
  return `${schema}.${name}`;
}

/** How many rows and bytes a model's table has. */
export interface Extent {
  rows: number;
  bytes: number;
}

/** Measures the tables of models, by model; those that are not there are left out. */
export async function measureExtents(
  database: Database,
  owned: readonly OwnedModel[],
): Promise<Map<string, Extent>> {
  const { dialect, url } = database;
  const extents = new Map<string, Extent>();
  for (const { model } of owned) {
    const table = tableOf(model, url.defaultSchema);
    const rows = await database.read(async (session) =>
      (await dialect.inspectTable(session, table, '')) ? countRows(session, dialect, table) : null,
    );
    if (rows === null) continue;
    const bytes = await database.signal((session) => dialect.copies.sizeOf(session, table));
    extents.set(model.name, { rows, bytes });
  }
  return extents;
}
