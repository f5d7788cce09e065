import type { Session, Transact } from './dialect.ts';
import {
  GUARD_PATTERN,
  type Guard,
  type GuardDialect,
  type GuardNote,
  groupTriggers,
  type TriggerRow,
  writeNote,
} from './guard.ts';
import { join, raw, type Sql, sql } from './sql.ts';
import { isBlob, quote } from './sqlite-sql.ts';

/** The second words of a guard's two counters: how often it gave an owner, and when last, in seconds. */
const COUNTERS = { hits: ' hits', last: ' last' };

/**
 * A trigger cannot set a column of the row that is written, so it updates the row afterwards; and it cannot write into the
 * journal's file. A table in the app's file would be drift for Prisma. So the hits are counted in sqlite_sequence, an
 * ordinary table of SQLite's own that Prisma does not look at (https://www.sqlite.org/autoinc.html).
 */
export const sqliteGuards: GuardDialect = {
  knowsRows: false,
  triggerOf: (guard) => `${guard}_insert`,
  list: listGuards,
  create: createGuard,
  drop: async (session, { name, triggers }) => {
    for (const trigger of triggers) await session.execute(sql`DROP TRIGGER IF EXISTS main.${quote(trigger)}`);
    await dropCounters(session, name);
  },
  listLeftovers: async (session) => {
    if (!(await hasSequences(session))) return [];
    const rows = await session.query<{ name: string }>(sql`
      SELECT DISTINCT substr(name, 1, length(name) - 5) AS name FROM main.sqlite_sequence s
       WHERE name LIKE ${GUARD_PATTERN} ESCAPE '!' AND substr(name, -5) IN (${COUNTERS.hits}, ${COUNTERS.last})
         AND NOT EXISTS (SELECT 1 FROM main.sqlite_master m
               WHERE m.type = 'trigger' AND m.name LIKE substr(s.name, 1, length(s.name) - 5) || '%') ORDER BY 1`);
    return rows.map(({ name }) => name);
  },
  dropLeftover: dropCounters,
  hasHits: async () => false,
  // Nobody asks for them: it is not known which rows they are.
  hitKeys: () => sql`(SELECT NULL AS k0 WHERE 0)`,
};

async function hasSequences(session: Session): Promise<boolean> {
  const found = await session.query(sql`SELECT 1 FROM main.sqlite_master WHERE name = 'sqlite_sequence'`);
  return found.length > 0;
}

async function listGuards(session: Session): Promise<Guard[]> {
  const triggers = await session.query<TriggerRow>(sql`
    SELECT name AS "trigger", 'main' AS "schema", tbl_name AS "table", sql AS source FROM main.sqlite_master
     WHERE type = 'trigger' AND name LIKE ${GUARD_PATTERN} ESCAPE '!' ORDER BY tbl_name, name`);
  const isCounted = triggers.length > 0 && (await hasSequences(session));
  return groupTriggers(triggers, 2, async ({ name }) => {
    if (!isCounted) return { hits: 0, lastHit: null };
    const [row] = await session.query<{ hits: bigint | null; last: string | null }>(sql`
      SELECT (SELECT seq FROM main.sqlite_sequence WHERE name = ${name + COUNTERS.hits}) AS hits,
             (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', seq, 'unixepoch') FROM main.sqlite_sequence
               WHERE name = ${name + COUNTERS.last} AND seq > 0) AS last`);
    return { hits: Number(row?.hits ?? 0), lastHit: row?.last ?? null };
  });
}

/** In one transaction: both triggers and both counters. */
function createGuard(transact: Transact, plan: GuardNote): Promise<void> {
  const owner = quote(plan.owner.name).sql;
  const create = (suffix: string, event: string, when: string) => sql`
    CREATE TRIGGER main.${quote(`${plan.name}${suffix}`)} AFTER ${raw(event)} ON ${quote(plan.table.name)}
      FOR EACH ROW WHEN ${raw(when)} BEGIN ${raw(`${writeNote(plan)}\n${writeBody(plan)}`)} END`;
  return transact(async (session) => {
    for (const suffix of ['_insert', '_update'])
      await session.execute(sql`DROP TRIGGER IF EXISTS main.${quote(`${plan.name}${suffix}`)}`);
    if (!(await hasSequences(session))) {
      const passing = sql`main.${quote(plan.name)}`;
      await session.execute(sql`CREATE TABLE ${passing} (id INTEGER PRIMARY KEY AUTOINCREMENT)`);
      await session.execute(sql`DROP TABLE ${passing}`);
    }
    await dropCounters(session, plan.name);
    for (const counter of Object.values(COUNTERS))
      await session.execute(
        sql`INSERT INTO main.sqlite_sequence (name, seq) VALUES (${plan.name + counter}, 0)`,
      );
    await session.execute(create('_insert', 'INSERT', `NEW.${owner} IS NULL`));
    await session.execute(create('_update', 'UPDATE', `OLD.${owner} IS NULL AND NEW.${owner} IS NULL`));
  });
}

/** changes() is of the statement before it in the trigger: nothing is counted where the row had got an owner meanwhile. */
function writeBody({ name, table: place, key, owner, ownerValue }: GuardNote): string {
  const column = quote(owner.name).sql;
  const sameKey = key.map((each) => `${quote(each.name).sql} = NEW.${quote(each.name).sql}`).join(' AND ');
  const value = isBlob(owner.type) ? `X'${ownerValue}'` : literal(ownerValue);
  return `UPDATE ${quote(place.name).sql} SET ${column} = ${value} WHERE ${sameKey} AND ${column} IS NULL;
UPDATE sqlite_sequence SET seq = CAST(strftime('%s', 'now') AS INTEGER)
 WHERE name = ${literal(name + COUNTERS.last)} AND changes() > 0;
UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = ${literal(name + COUNTERS.hits)} AND changes() > 0;`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function dropCounters(session: Session, name: string): Promise<void> {
  if (!(await hasSequences(session))) return;
  const names = join(Object.values(COUNTERS).map((counter): Sql => sql`${name + counter}`));
  await session.execute(sql`DELETE FROM main.sqlite_sequence WHERE name IN (${names})`);
}
