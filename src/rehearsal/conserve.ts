import type { TableShape } from '../database/digest.ts';
import type { Database, TableName } from '../database/dialect.ts';
import { tableOf } from '../ownership/target.ts';
import { findRowDifferences, type RowDifference } from '../proof/compare.ts';
import { type Digest, isSameDigest } from '../proof/digest.ts';
import { digestTable } from '../proof/digest-table.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { nameTable } from './measure.ts';

/** A table with the columns that have to stay as they are. */
export interface Watched {
  shape: TableShape;
  /** The owner column, which is not among them. */
  except: string | undefined;
}

/** What was in a table, in the order of the watched ones; null where the table, or a column of it, is gone. */
export type Contents = (Digest | null)[];

/** A table that does not hold what it did. */
export interface Difference {
  table: TableName;
  before: Digest;
  after: Digest | null;
  /** The first ones; none where rows have no key, or the table is gone. */
  keys: RowDifference[];
}

/**
 * Every table of a database as it is now: what is added to it later does not count. Of the models that get owners, the owner
 * column does not count either.
 */
export async function watchTables(database: Database, owned: readonly OwnedModel[]): Promise<Watched[]> {
  const { dialect, url } = database;
  const owners = new Map(
    owned.map(({ model, owner }) => [nameTable(tableOf(model, url.defaultSchema)), owner.column]),
  );
  return database.read(async (session) => {
    const watched: Watched[] = [];
    for (const table of await dialect.digests.listTables(session)) {
      const shape = await dialect.digests.describe(session, table);
      if (shape) watched.push({ shape, except: owners.get(nameTable(table)) });
    }
    return watched;
  });
}

/** Digests all rows of the watched tables, in the columns that they had when they were watched first. */
export async function digestWatched(database: Database, watched: readonly Watched[]): Promise<Contents> {
  const contents: Contents = [];
  for (const { shape, except } of watched) {
    const now = await database.read((session) => database.dialect.digests.describe(session, shape.table));
    const isWhole = shape.columns.every(
      ({ name }) => name === except || now?.columns.some((column) => column.name === name),
    );
    contents.push(isWhole ? await digestTable(database, shape, { except }) : null);
  }
  return contents;
}

/** The watched tables whose contents are not the same any more. Pure. */
export function findChanged(
  watched: readonly Watched[],
  before: Contents,
  after: Contents,
): (Omit<Difference, 'keys'> & { watched: Watched })[] {
  return watched.flatMap((each, i) => {
    const [old, now] = [before[i] ?? null, after[i] ?? null];
    if (old === null || (now !== null && isSameDigest(old, now))) return [];
    return [{ watched: each, table: each.shape.table, before: old, after: now }];
  });
}

/** The same, down to the keys: `original` is a copy that still holds what was before. */
export async function findDifferences(
  databases: { original: Database; changed: Database },
  ...contents: Parameters<typeof findChanged>
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const { watched, ...difference } of findChanged(...contents)) {
    const { shape, except } = watched;
    const keys = difference.after
      ? await findRowDifferences(databases.original, databases.changed, {
          shape: { ...shape, table: inCopy(shape.table, databases.original) },
          except,
          table: inCopy(shape.table, databases.changed),
        })
      : [];
    found.push({ ...difference, keys });
  }
  return found;
}

/** A database of MySQL is the schema of its tables, and each copy has a name of its own. */
function inCopy(table: TableName, { dialect, url }: Database): TableName {
  return dialect.provider === 'mysql' ? { ...table, schema: url.defaultSchema } : table;
}
