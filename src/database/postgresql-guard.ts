import type { Column, Session, TableName } from './dialect.ts';
import {
  countJournaledHits,
  GUARD_PATTERN,
  type Guard,
  type GuardDialect,
  type GuardNote,
  groupTriggers,
  type HitRange,
  isHit,
  LAST_GUARD_PATTERN,
  lastOf,
  type TriggerRow,
  writeNote,
} from './guard.ts';
import { JOURNAL_SCHEMA } from './postgresql-inspect.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** How `postgresql.ts` writes names and values. */
interface Names {
  quote: (name: string) => Sql;
  table: (table: TableName) => Sql;
  journal: (name: string) => Sql;
  fromText: (text: string | Sql, type: string) => Sql;
  now: Sql;
}

/** Behind the name of the trigger that gives the owner. */
const AFTER_INSERT = '_new';

/**
 * A trigger before INSERT and UPDATE gives the owner. What it does before INSERT counts only once the row is there: with ON
 * CONFLICT there may be another row of that key, and then this one never is. A trigger after INSERT sees to that. One
 * function does both, in the journal's schema and with the rights of the role that created it: the application's role
 * needs none there.
 */
export function createPostgresqlGuards(names: Names): GuardDialect {
  const { journal } = names;
  return {
    knowsRows: true,
    triggerOf: lastOf,
    list: (session) => listGuards(session, names),
    create: (transact, plan) => transact((session) => createGuard(session, plan, names)),
    drop: (session, guard) => dropGuard(session, guard, names),
    listLeftovers: async (session) => {
      const rows = await session.query<{ name: string }>(sql`
        SELECT p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = ${JOURNAL_SCHEMA} AND p.proname LIKE ${GUARD_PATTERN} ESCAPE '!'
           AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgfoid = p.oid) ORDER BY 1`);
      return rows.map(({ name }) => name);
    },
    dropLeftover: async (session, name) => {
      await session.execute(sql`DROP FUNCTION IF EXISTS ${journal(name)}()`);
    },
    hasHits: (session) => hasHits(session),
    hitKeys: (hits, key) => hitKeys(hits, key, names),
  };
}

async function hasHits(session: Session): Promise<boolean> {
  const found = await session.query(
    sql`SELECT 1 FROM pg_tables WHERE schemaname = ${JOURNAL_SCHEMA} AND tablename = 'hit'`,
  );
  return found.length > 0;
}

async function listGuards(session: Session, { journal }: Names): Promise<Guard[]> {
  const triggers = await session.query<TriggerRow>(sql`
    SELECT t.tgname AS trigger, n.nspname AS schema, c.relname AS table, p.prosrc AS source
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE NOT t.tgisinternal AND NOT c.relispartition AND t.tgname LIKE ${LAST_GUARD_PATTERN} ESCAPE '!'
     ORDER BY n.nspname, c.relname, t.tgname`);
  if (triggers.length === 0) return [];
  const isCounted = await hasHits(session);
  return groupTriggers(triggers, 2, async (guard) =>
    isCounted ? countJournaledHits(session, journal('hit'), guard) : { hits: 0, lastHit: null },
  );
}

/** Text as a literal that reads the same whatever the server's settings are: statements like CREATE bind no values. */
function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** In one transaction: CREATE TRIGGER waits for the writers of its table, and lets them wait as long, up to our lock timeout. */
async function createGuard(
  session: Session,
  plan: GuardNote,
  { quote, table, journal, now }: Names,
): Promise<void> {
  const [before, after] = [lastOf(plan.name), `${lastOf(plan.name)}${AFTER_INSERT}`].map(quote) as [Sql, Sql];
  const owner = quote(plan.owner.name);
  const on = sql`ON ${table(plan.table)}`;
  // Hits that the trigger after INSERT is going to look for: those of transactions that are under way, and no others.
  const indexed = await session.query<{ name: string | null }>(
    sql`SELECT CAST(to_regclass(${`${JOURNAL_SCHEMA}.hit_open`}) AS text) AS name`,
  );
  if (!indexed[0]?.name)
    await session.execute(
      sql`CREATE INDEX hit_open ON ${journal('hit')} (xact, md5(row_key)) WHERE given IS NULL`,
    );
  await session.execute(sql`
    CREATE OR REPLACE FUNCTION ${journal(plan.name)}() RETURNS trigger LANGUAGE plpgsql
      SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${raw(literal(writeFunction(plan, { quote, journal, now })))}`);
  await session.execute(sql`DROP TRIGGER IF EXISTS ${before} ${on}`);
  await session.execute(sql`DROP TRIGGER IF EXISTS ${after} ${on}`);
  await session.execute(sql`
    CREATE TRIGGER ${before} BEFORE INSERT OR UPDATE ${on} FOR EACH ROW WHEN (NEW.${owner} IS NULL)
      EXECUTE PROCEDURE ${journal(plan.name)}()`);
  await session.execute(sql`
    CREATE TRIGGER ${after} AFTER INSERT ${on} FOR EACH ROW
      WHEN (CAST(NEW.${owner} AS text) = ${raw(literal(plan.ownerValue))}) EXECUTE PROCEDURE ${journal(plan.name)}()`);
  // Whoever may create a trigger may not remove it, unless the table is theirs; that is asked for here, too.
  const comment = raw(literal('A guard of prisma-ownership: migration:cleanup removes it.'));
  for (const trigger of [before, after])
    await session.execute(sql`COMMENT ON TRIGGER ${trigger} ${on} IS ${comment}`);
}

function writeFunction(
  plan: GuardNote,
  { quote, journal, now }: Pick<Names, 'quote' | 'journal' | 'now'>,
): string {
  const owner = quote(plan.owner.name).sql;
  const hit = journal('hit').sql;
  const texts = plan.key.map(({ name }) => `CAST(NEW.${quote(name).sql} AS text)`);
  const key = `CAST(json_build_array(${texts.join(', ')}) AS text)`;
  return `${writeNote(plan)}
BEGIN
  IF TG_WHEN = 'AFTER' THEN
    UPDATE ${hit} SET given = time
     WHERE given IS NULL AND xact = txid_current() AND md5(row_key) = md5(${key}) AND row_key = ${key}
       AND guard = ${literal(plan.name)};
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.${owner} IS NOT NULL THEN RETURN NEW; END IF;
  END IF;
  NEW.${owner} := ${literal(plan.ownerValue)};
  INSERT INTO ${hit} (scope, guard, model, owner_value, row_key, xact, time, given)
  VALUES (${[plan.scope, plan.name, plan.model, plan.ownerValue].map(literal).join(', ')}, ${key}, txid_current(),
          ${now.sql}, CASE TG_OP WHEN 'UPDATE' THEN ${now.sql} END);
  RETURN NEW;
END`;
}

async function dropGuard(
  session: Session,
  { name, table: place, triggers }: Pick<Guard, 'name' | 'table' | 'triggers'>,
  { quote, table, journal }: Names,
): Promise<void> {
  for (const trigger of triggers)
    await session.execute(sql`DROP TRIGGER IF EXISTS ${quote(trigger)} ON ${table(place)}`);
  await session.execute(sql`DROP FUNCTION IF EXISTS ${journal(name)}()`);
}

function hitKeys(hits: HitRange, key: readonly Column[], { journal, fromText }: Names): Sql {
  const columns = key.map(
    ({ type }, i) =>
      sql`${fromText(sql`(CAST(h.row_key AS json) ->> ${raw(String(i))})`, type)} AS k${raw(String(i))}`,
  );
  return sql`(SELECT DISTINCT ${join(columns)} FROM ${journal('hit')} h
     WHERE ${isHit(hits)})`;
}
