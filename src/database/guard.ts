import { createHash } from 'node:crypto';
import type { Column, KeyedTable, Session, TableName, Transact } from './dialect.ts';
import { empty, type Sql, sql } from './sql.ts';

/** What a guard is to do: give rows of a table that come without an owner to one user. */
interface GuardPlan extends KeyedTable {
  model: string;
  /** The schema that tables without @@schema live in, as in the journal's runs. */
  scope: string;
  ownerId: string;
  ownerValue: string;
}

/** A guard as the database's catalogue has it, whatever the journal says. */
export interface Guard extends GuardPlan {
  /** What its triggers' names have in common, and what its hits are counted under. */
  name: string;
  /** Its triggers, the one that gives the owner first. */
  triggers: string[];
  /** False where creating it was cut off, so that some triggers are missing: it may give an owner or not. */
  isWhole: boolean;
  /** When it was created, by the database's clock. */
  since: string;
  /** How many rows it gave an owner. */
  hits: number;
  lastHit: string | null;
}

/** The hits of a guard for one owner, or of them those that a range of ids holds, both ends included. */
export interface HitRange {
  guard: string;
  ownerValue: string;
  /** None before this time; null is no bound. */
  since: string | null;
  ids?: { from: number; upTo: number };
}

/** All of the guard that differs between databases. */
export interface GuardDialect {
  /** The journal knows the keys of the rows that a guard gave an owner; otherwise only how many they are. */
  knowsRows: boolean;
  /** What the trigger of a guard that gives the owner at INSERT is called. */
  triggerOf(guard: string): string;
  /** All guards of the database, in every scope. */
  list(session: Session): Promise<Guard[]>;
  /**
   * Creates a guard, or what is missing of it. On MySQL each trigger commits by itself: what was created when this throws
   * is found by `list`, and records nothing and gives nothing until it is whole.
   */
  create(transact: Transact, plan: GuardNote): Promise<void>;
  /** Removes a guard; what it counted outside of the journal is gone with it. */
  drop(session: Session, guard: Pick<Guard, 'name' | 'table' | 'triggers'>): Promise<void>;
  /** Names of guards of which something is left although their triggers are gone: a migration made the table anew. */
  listLeftovers(session: Session): Promise<string[]>;
  dropLeftover(session: Session, name: string): Promise<void>;
  /** Whether the journal has a table of hits: one that an earlier release created has not, and on SQLite it stays empty. */
  hasHits(session: Session): Promise<boolean>;
  /** The keys of hits as a derived table with the columns k0, k1 ..., each key once. */
  hitKeys(hits: HitRange, key: readonly Column[]): Sql;
}

const PREFIX = 'ownership_guard_';
/** PostgreSQL fires triggers in the order of their names, and the guard must be the last to look for an owner. */
const LAST = 'zz_';
/** How much of a table's name is in its guard's: with all that is added, PostgreSQL's 63 bytes are enough. */
const TABLE_CHARACTERS = 24;

/** The name of the guard of a table, in characters that need no care anywhere. */
export function guardNameOf({ schema, name }: TableName): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([schema, name]))
    .digest('hex')
    .slice(0, 8);
  return `${PREFIX}${name.replace(/\W/g, '_').slice(0, TABLE_CHARACTERS)}_${digest}`;
}

/** The name on PostgreSQL of the trigger that gives the owner. */
export function lastOf(guard: string): string {
  return `${LAST}${guard}`;
}

/** Whether a trigger is called like those of a guard. */
export function isGuardTrigger(trigger: string): boolean {
  return trigger.startsWith(PREFIX) || trigger.startsWith(`${LAST}${PREFIX}`);
}

/** Patterns for LIKE with the escape character `!`. */
export const GUARD_PATTERN = `${PREFIX.replaceAll('_', '!_')}%`;
export const LAST_GUARD_PATTERN = `${LAST.replaceAll('_', '!_')}${GUARD_PATTERN}`;

/** What a trigger says of its guard, as a comment in its text: so the catalogue alone tells all of it. */
export type GuardNote = GuardPlan & { name: string; since: string };

const NOTE = /\/\* prisma-ownership (\{.*?\}) \*\//s;

/** The comment, in ASCII and without anything that could end it or that a driver would take for a parameter. */
export function writeNote({
  name,
  since,
  model,
  scope,
  ownerId,
  ownerValue,
  table,
  key,
  owner,
}: GuardNote): string {
  const json = JSON.stringify({ name, since, model, scope, ownerId, ownerValue, table, key, owner });
  const escaped = json.replace(/[^\w\s{}[\]":,.()\\-]|[^\x20-\x7e]/g, (found) =>
    [...Array(found.length).keys()]
      .map((i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return `/* prisma-ownership ${escaped} */`;
}

/** Null for a trigger that only happens to be called like ours. */
export function readNote(source: string): GuardNote | null {
  const [, json] = NOTE.exec(source) ?? [];
  return json === undefined ? null : (JSON.parse(json) as GuardNote);
}

/** A trigger as the catalogue has it. */
export interface TriggerRow {
  trigger: string;
  schema: string;
  table: string;
  source: string;
}

/** Puts the triggers of each guard together. */
export async function groupTriggers(
  rows: readonly TriggerRow[],
  triggersOfWhole: number,
  countHits: (guard: GuardNote) => Promise<Pick<Guard, 'hits' | 'lastHit'>>,
): Promise<Guard[]> {
  const guards = new Map<string, Guard>();
  for (const { trigger, schema, table, source } of rows) {
    const note = readNote(source);
    if (!note) continue;
    const id = JSON.stringify([note.name, schema, table]);
    // A table may have been renamed since.
    const place = { table: { schema, name: table }, triggers: [], isWhole: false };
    const guard = guards.get(id) ?? { ...note, ...place, ...(await countHits(note)) };
    guard.triggers.push(trigger);
    guard.isWhole = guard.triggers.length === triggersOfWhole;
    guards.set(id, guard);
  }
  return [...guards.values()];
}

/** Counts the hits that the journal has of a guard, since it was created. */
export async function countJournaledHits(
  session: Session,
  hit: Sql,
  { name, ownerValue, since }: GuardNote,
): Promise<Pick<Guard, 'hits' | 'lastHit'>> {
  const [counted] = await session.query<{ hits: bigint; last: string | null }>(sql`
    SELECT count(*) AS hits, max(given) AS last FROM ${hit}
     WHERE guard = ${name} AND owner_value = ${ownerValue} AND given >= ${since}`);
  return { hits: Number(counted?.hits ?? 0), lastHit: counted?.last ?? null };
}

/** The condition that rows of the journal's table h are these hits, and no rollback has undone them. */
export function isHit({ guard, ownerValue, since, ids }: HitRange): Sql {
  return sql`h.guard = ${guard} AND h.owner_value = ${ownerValue} AND h.given IS NOT NULL AND h.run IS NULL
    ${since === null ? empty : sql`AND h.given >= ${since}`} ${ids ? sql`AND h.id BETWEEN ${ids.from} AND ${ids.upTo}` : empty}`;
}
