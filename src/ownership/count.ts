import type { Column, Dialect, KeyedTable, Session, TableName } from '../database/dialect.ts';
import { join, raw, type Sql, sql } from '../database/sql.ts';
import { type Phase, phaseOf } from './target.ts';

/** Rows of one model by owner; the last four add up to the first. */
export interface OwnerCounts {
  rows: number;
  unowned: number;
  ownedByUser: number;
  ownedByOthers: number;
  /** Rows whose owner column holds a value that is no user's. */
  orphaned: number;
}

/** What to count: a table, its owner column, and where that column points. */
export interface CountOptions {
  table: TableName;
  owner: Column & { nullable: boolean };
  ownerValue: string;
  references: { table: TableName; column: string };
}

/**
 * Counts a table by owner in one pass, and a second one over the rows of others where there are any. It asks how many
 * rows have an owner, never which have none: verification must not lean on the condition that drove the update.
 */
export async function countByOwner(
  session: Session,
  dialect: Dialect,
  options: CountOptions,
): Promise<OwnerCounts> {
  const table = dialect.table(options.table);
  const owner = dialect.quote(options.owner.name);
  const user = dialect.fromText(options.ownerValue, options.owner.type);
  const [counted] = await session.query<{ total: bigint; owned: bigint; mine: bigint }>(sql`
    SELECT count(*) AS total, count(${owner}) AS owned, count(CASE WHEN ${owner} = ${user} THEN 1 END) AS mine FROM ${table}`);
  const [rows, owned, ownedByUser] = [counted?.total, counted?.owned, counted?.mine].map(Number) as [
    number,
    number,
    number,
  ];
  const orphaned = owned > ownedByUser ? await countOrphans(session, dialect, options) : 0;
  return {
    rows,
    unowned: rows - owned,
    ownedByUser,
    ownedByOthers: owned - ownedByUser - orphaned,
    orphaned,
  };
}

/** Counts the rows whose owner is no user's. */
export async function countOrphans(
  session: Session,
  dialect: Dialect,
  options: Omit<CountOptions, 'ownerValue'>,
): Promise<number> {
  const owner = sql`t.${dialect.quote(options.owner.name)}`;
  const { references } = options;
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM ${dialect.table(options.table)} t
     WHERE ${owner} IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM ${dialect.table(references.table)} u WHERE u.${dialect.quote(references.column)} = ${owner})`);
  return Number(rows[0]?.n ?? 0);
}

/** Counts the rows with and without an owner where whose they are cannot be compared: the owned ones as others'. */
export async function countOwned(
  session: Session,
  dialect: Dialect,
  table: TableName,
  owner: Column,
): Promise<Pick<OwnerCounts, 'rows' | 'unowned' | 'ownedByOthers'>> {
  const rows = await session.query<{ total: bigint; owned: bigint }>(
    sql`SELECT count(*) AS total, count(${dialect.quote(owner.name)}) AS owned FROM ${dialect.table(table)}`,
  );
  const { total, owned } = rows[0] ?? { total: 0n, owned: 0n };
  return { rows: Number(total), unowned: Number(total) - Number(owned), ownedByOthers: Number(owned) };
}

/** Counts all rows of a table. */
export async function countRows(session: Session, dialect: Dialect, table: TableName): Promise<number> {
  const rows = await session.query<{ n: bigint }>(sql`SELECT count(*) AS n FROM ${dialect.table(table)}`);
  return Number(rows[0]?.n ?? 0);
}

/** Whether a table has any row: it reads one. */
export async function hasRows(session: Session, dialect: Dialect, table: TableName): Promise<boolean> {
  return (await session.query(sql`SELECT 1 AS found FROM ${dialect.table(table)} LIMIT 1`)).length > 0;
}

/** Counts the values of a unique key that would occur twice if all unowned rows had this owner. */
export async function countCollisions(
  session: Session,
  dialect: Dialect,
  options: { table: TableName; owner: Column; ownerValue: string; uniqueKey: readonly string[] },
): Promise<number> {
  const owner = dialect.quote(options.owner.name);
  const others = options.uniqueKey
    .filter((name) => name !== options.owner.name)
    .map((name) => dialect.quote(name));
  const grouped = others.length > 0 ? sql`GROUP BY ${join(others)}` : raw('');
  const notNull = others.map((name): Sql => sql`${name} IS NOT NULL AND`);
  const rows = await session.query<{ n: bigint }>(sql`
    SELECT count(*) AS n FROM (
      SELECT count(*) AS c FROM ${dialect.table(options.table)}
       WHERE ${notNull.length > 0 ? join(notNull, ' ') : raw('')}
             (${owner} IS NULL OR ${owner} = ${dialect.fromText(options.ownerValue, options.owner.type)})
       ${grouped} HAVING count(*) > 1) d`);
  return Number(rows[0]?.n ?? 0);
}

/** What became of the rows whose keys a run journaled; the last four add up to the first. */
export interface JournaledCounts {
  journaled: number;
  kept: number;
  unowned: number;
  reassigned: number;
  deleted: number;
}

/** Compares a run's journaled keys of one model with the table. */
export async function countJournaled(
  session: Session,
  dialect: Dialect,
  options: KeyedTable & { run: string; model: string; ownerValue: string },
): Promise<JournaledCounts> {
  const { key, run, model } = options;
  const owner = sql`t.${dialect.quote(options.owner.name)}`;
  const present = sql`t.${dialect.quote(key[0]?.name ?? '')} IS NOT NULL`;
  const sameKey = join(
    key.map(({ name }, i) => sql`t.${dialect.quote(name)} = k.k${raw(String(i))}`),
    ' AND ',
  );
  const rows = await session.query<Record<'journaled' | 'present' | 'owned' | 'kept', bigint>>(sql`
    SELECT count(*) AS journaled, count(CASE WHEN ${present} THEN 1 END) AS present, count(${owner}) AS owned,
           count(CASE WHEN ${owner} = ${dialect.fromText(options.ownerValue, options.owner.type)} THEN 1 END) AS kept
      FROM ${dialect.journaledKeys({ run, model }, key)} k LEFT JOIN ${dialect.table(options.table)} t ON ${sameKey}`);
  const {
    journaled,
    present: there,
    owned,
    kept,
  } = rows[0] ?? { journaled: 0, present: 0, owned: 0, kept: 0 };
  return {
    journaled: Number(journaled),
    kept: Number(kept),
    unowned: Number(there) - Number(owned),
    reassigned: Number(owned) - Number(kept),
    deleted: Number(journaled) - Number(there),
  };
}

/** One model's line in a check or a verification. */
export interface ModelReport extends OwnerCounts {
  model: string;
  table: string;
  ownerColumn: string;
  phase: Phase;
}

/** Puts a model's line together, with the keys in the order in which they are documented. */
export function reportModel(
  name: { model: string; table: string; ownerColumn: string },
  column: { nullable: boolean } | null,
  counts: OwnerCounts,
): ModelReport {
  return { ...name, phase: phaseOf(column), ...counts };
}
