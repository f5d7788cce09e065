import { batchChanged } from '../errors.ts';
import type {
  AroundChange,
  BatchPlan,
  ChangedRows,
  Column,
  RowSource,
  Session,
  Transact,
} from './dialect.ts';
import { postgresqlDigests, printExactly } from './postgresql-digest.ts';
import { compareKey, fromText, journal, journaledKeys, NOW, quote, table } from './postgresql-sql.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';

/**
 * The update and its journal entry are one statement, so the keys never leave the server. IS TRUE keeps the planner from
 * an index on the owner column: without statistics it would read all rows without an owner from it, for each batch.
 */
export function assignBatch(
  transact: Transact,
  plan: BatchPlan,
  guard: (session: Session) => Promise<void>,
): Promise<number> {
  return transact(async (session) => {
    await guard(session);
    const { around } = plan;
    if (around) return changeWatched(session, plan, around);
    return changeRows(session, plan);
  });
}

async function changeRows(session: Session, plan: BatchPlan): Promise<number> {
  const rows = await session.query<{ changed: bigint }>(sql`
    WITH changed AS (${update(plan, empty)})
    ${insert(plan)}
    RETURNING changed_rows AS changed`);
  return Number(rows[0]?.changed ?? 0);
}

function isPlanned({ key, owner, after, upTo }: BatchPlan): Sql {
  const beyond = after ? sql`${compareKey(key, '>', after)} AND` : empty;
  return sql`${beyond} ${compareKey(key, '<=', upTo)} AND (${quote(owner.name)} IS NULL) IS TRUE`;
}

function update(plan: BatchPlan, more: Sql): Sql {
  const { key, owner } = plan;
  const texts = key.map(({ name }) => sql`CAST(${quote(name)} AS text)`);
  const keyJson = key.length === 1 ? (texts[0] as Sql) : sql`json_build_array(${join(texts)})`;
  return sql`
    UPDATE ${table(plan.table)} t SET ${quote(owner.name)} = ${fromText(plan.ownerId, owner.type)}
     WHERE ${isPlanned(plan)}
    RETURNING ${keyJson} AS k ${more}`;
}

function insert({ batch, after, upTo }: BatchPlan): Sql {
  return sql`
    INSERT INTO ${journal('batch')} (run, model, sequence, first_key, last_key, changed_rows, changed_keys, committed)
    SELECT ${batch.run}, ${batch.model}, CAST(${batch.sequence} AS bigint), ${after && JSON.stringify(after)},
           ${JSON.stringify(upTo)}, count(*), json_agg(k), ${NOW}
      FROM changed HAVING count(*) > 0`;
}

function sourcesOf(plan: BatchPlan): Record<'before' | 'after', RowSource> {
  const { batch, key } = plan;
  const name = table(plan.table);
  const sameKey = key.map((column, i) => sql`t.${quote(column.name)} = k.k${raw(String(i))}`);
  return {
    before: { from: sql`${name} t`, where: isPlanned(plan), lock: raw('FOR NO KEY UPDATE OF t') },
    after: {
      from: sql`${journaledKeys(batch, key)} k, ${name} t`,
      where: join(sameKey, ' AND '),
      lock: empty,
    },
  };
}

/**
 * Where nothing but the update itself can change a row, it digests what it wrote, which costs much less than to look every row up
 * again. Where a trigger or a rule may, they find the settings of their session, and the rows are read when all are done.
 */
async function changeWatched(session: Session, plan: BatchPlan, around: AroundChange): Promise<number> {
  const [found] = await session.query<{ meddled: boolean }>(sql`SELECT ${isMeddledWith(plan)} AS meddled`);
  if (found?.meddled === false) {
    await postgresqlDigests.prepare(session);
    const rows = { ...sourcesOf(plan), exactly: <T>(work: () => Promise<T>) => work() };
    return around(session, rows, (columns) => changeDigested(session, plan, columns));
  }
  const exactly = <T>(work: () => Promise<T>) => printExactly(session, work);
  return around(session, { ...sourcesOf(plan), exactly }, async () => {
    const rows = await changeRows(session, plan);
    // What is deferred would come after all that can be looked at.
    await session.execute(sql`SET CONSTRAINTS ALL IMMEDIATE`);
    return { rows, sums: null };
  });
}

async function changeDigested(
  session: Session,
  plan: BatchPlan,
  columns: readonly Column[],
): Promise<ChangedRows> {
  const { row, sum } = postgresqlDigests;
  const rows = await session.query<{ n: bigint; sums: string | null; meddled: boolean }>(sql`
    WITH changed AS (${update(plan, sql`, ${row(columns, 't')} AS h`)}), journaled AS (${insert(plan)})
    SELECT count(*) AS n, ${sum(sql`h`)} AS sums, ${isMeddledWith(plan)} AS meddled FROM changed`);
  const { n = 0n, sums = null, meddled = true } = rows[0] ?? {};
  // The update locks out whoever creates a trigger, and this was asked once it had its lock.
  if (meddled) throw batchChanged(plan.batch.model, Number(n), 0);
  return { rows: Number(n), sums };
}

/** Whether a row of the table may change by more than the update: the triggers of foreign keys are the database's own, and 16 is UPDATE. */
function isMeddledWith({ table: { schema, name } }: BatchPlan): Sql {
  return sql`EXISTS (
    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${schema} AND c.relname = ${name}
       AND (c.relkind <> 'r' OR c.relhasrules OR c.relhassubclass
            OR EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 16 <> 0)))`;
}
