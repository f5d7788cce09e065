import type { Column, Session, Transact } from './dialect.ts';
import {
  countJournaledHits,
  GUARD_PATTERN,
  type Guard,
  type GuardDialect,
  type GuardNote,
  groupTriggers,
  type HitRange,
  isHit,
  type TriggerRow,
  writeNote,
} from './guard.ts';
import { asText, fromText, NOW, quote, table } from './mysql-sql.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** Behind a guard's name: when its trigger fires. First those that count, so that no row gets an owner uncounted. */
const EVENTS = [
  ['_ai', 'AFTER INSERT'],
  ['_au', 'AFTER UPDATE'],
  ['_bi', 'BEFORE INSERT'],
  ['_bu', 'BEFORE UPDATE'],
] as const;

/**
 * Before INSERT and UPDATE a trigger gives the owner, after it another one counts: only then the number is known that the
 * server counts up, and that the row is there in spite of INSERT IGNORE. The first tells the second by a variable of the
 * session. They run with the rights of the user who created them: the application's needs none in the journal.
 */
export function createMysqlGuards(journalDatabase: string): GuardDialect {
  const hit = table({ schema: journalDatabase, name: 'hit' });
  return {
    knowsRows: true,
    triggerOf: (guard) => `${guard}_bi`,
    list: (session) => listGuards(session, journalDatabase, hit),
    create: (transact, plan) => createGuard(transact, plan, hit),
    drop: async (session, { table: { schema }, triggers }) => {
      for (const trigger of [...triggers].sort(byWorkDone))
        await session.execute(sql`DROP TRIGGER IF EXISTS ${table({ schema, name: trigger })}`);
    },
    // Everything of a guard but its hits goes with the table.
    listLeftovers: async () => [],
    dropLeftover: async () => undefined,
    hasHits: (session) => hasHits(session, journalDatabase),
    hitKeys: (hits, key) => hitKeys(hits, key, hit),
  };
}

async function hasHits(session: Session, journalDatabase: string): Promise<boolean> {
  const found = await session.query(
    sql`SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${journalDatabase} AND TABLE_NAME = 'hit'`,
  );
  return found.length > 0;
}

/** Those of this database: each other one has a journal of its own. */
async function listGuards(session: Session, journalDatabase: string, hit: Sql): Promise<Guard[]> {
  const triggers = await session.query<TriggerRow>(sql`
    SELECT TRIGGER_NAME AS \`trigger\`, EVENT_OBJECT_SCHEMA AS \`schema\`, EVENT_OBJECT_TABLE AS \`table\`, ACTION_STATEMENT AS source
      FROM information_schema.TRIGGERS WHERE TRIGGER_NAME LIKE ${GUARD_PATTERN} ESCAPE '!' AND EVENT_OBJECT_SCHEMA = database()
     ORDER BY EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, ACTION_TIMING DESC, EVENT_MANIPULATION`);
  if (triggers.length === 0) return [];
  const isCounted = await hasHits(session, journalDatabase);
  return groupTriggers(triggers, EVENTS.length, async (guard) =>
    isCounted ? countJournaledHits(session, hit, guard) : { hits: 0, lastHit: null },
  );
}

/** Each trigger by itself, as DDL commits by itself here. */
async function createGuard(transact: Transact, plan: GuardNote, hit: Sql): Promise<void> {
  for (const [suffix, event] of EVENTS) {
    const trigger = table({ schema: plan.table.schema, name: `${plan.name}${suffix}` });
    const body = raw(`BEGIN ${writeNote(plan)}\n${writeBody(plan, event, hit)}\nEND`);
    await transact(async (session) => {
      await session.execute(sql`DROP TRIGGER IF EXISTS ${trigger}`);
      await session.execute(
        sql`CREATE TRIGGER ${trigger} ${raw(event)} ON ${table(plan.table)} FOR EACH ROW ${body}`,
      );
    });
  }
}

function writeBody(plan: GuardNote, event: (typeof EVENTS)[number][1], hit: Sql): string {
  const owner = quote(plan.owner.name).sql;
  const isHit = `@${plan.name}`;
  const value = fromText(raw(literal(plan.ownerValue)), plan.owner.type).sql;
  if (event.startsWith('BEFORE')) {
    const before = event === 'BEFORE UPDATE' ? ` AND OLD.${owner} IS NULL` : '';
    return `SET ${isHit} = NEW.${owner} IS NULL${before};
IF ${isHit} THEN SET NEW.${owner} = ${value}; END IF;`;
  }
  const texts = plan.key.map(({ name, type }) => asText(raw(`NEW.${quote(name).sql}`), type).sql);
  const values = [plan.scope, plan.name, plan.model, plan.ownerValue].map(literal).join(', ');
  // Without the journal the application's writes still go on: no such database, no such table.
  return `DECLARE CONTINUE HANDLER FOR 1049, 1146 BEGIN END;
IF ${isHit} THEN
  SET ${isHit} = FALSE;
  INSERT INTO ${hit.sql} (scope, guard, model, owner_value, row_key, time, given)
  VALUES (${values}, JSON_ARRAY(${texts.join(', ')}), ${NOW.sql}, ${NOW.sql});
END IF;`;
}

/** Text as a literal that reads the same in every SQL mode. */
function literal(text: string): string {
  return `CONVERT(X'${Buffer.from(text, 'utf8').toString('hex')}' USING utf8mb4)`;
}

/** Those that give an owner before those that count it. */
function byWorkDone(one: string, other: string): number {
  return Number(/_a[iu]$/.test(one)) - Number(/_a[iu]$/.test(other));
}

function hitKeys(hits: HitRange, key: readonly Column[], hit: Sql): Sql {
  const columns = key.map(({ type }, i) => {
    const text = sql`JSON_UNQUOTE(JSON_EXTRACT(h.row_key, ${raw(`'$[${i}]'`)}))`;
    return sql`${fromText(text, type)} AS ${raw(`k${i}`)}`;
  });
  return sql`(SELECT DISTINCT ${join(columns)} FROM ${hit} h
     WHERE ${isHit(hits)})`;
}
