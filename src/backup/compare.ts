import type { TableName } from '../database/dialect.ts';
import { type Digest, isSameDigest } from '../proof/digest.ts';
import type { BackupTable } from './manifest.ts';

/** A table that is not the same on both sides; null where a side does not have it. */
export interface TableChange {
  table: TableName;
  before: Digest | null;
  after: Digest | null;
}

/**
 * The tables that differ, in the order of `before`, then those that are new. `renamed` says that a schema of `before` has
 * another name in `after`: on MySQL a schema is the database, and a copy is another one. Pure.
 */
export function compareTables(
  before: readonly BackupTable[],
  after: readonly BackupTable[],
  renamed?: { before: string; after: string },
): TableChange[] {
  const back = (table: TableName): TableName =>
    renamed && table.schema === renamed.after ? { ...table, schema: renamed.before } : table;
  const keyOf = ({ schema, name }: TableName) => JSON.stringify([schema, name]);
  const left = new Map(after.map((each) => [keyOf(back(each.table)), each]));
  const changes: TableChange[] = [];
  for (const each of before) {
    const now = left.get(keyOf(each.table)) ?? null;
    left.delete(keyOf(each.table));
    if (!now || !isSameDigest(each, now))
      changes.push({ table: each.table, before: toDigest(each), after: now && toDigest(now) });
  }
  const added = [...left.values()].map((each) => ({
    table: back(each.table),
    before: null,
    after: toDigest(each),
  }));
  return [...changes, ...added];
}

function toDigest({ rows, digest }: BackupTable): Digest {
  return { rows, digest };
}
