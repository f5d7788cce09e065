import { batchChanged, ToolkitError } from '../errors.ts';
import { changeOwnerIn } from './change-owner.ts';
import type { BatchPlan, OwnerChange, Session, Transact } from './dialect.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';
import { asText, compareKey, fromText, journal, journaledKeys, NOW, quote, table } from './sqlite-sql.ts';

/**
 * One transaction in rollback-journal mode, where SQLite commits two files as one. In WAL mode it does not
 * (https://www.sqlite.org/lang_attach.html), so there the journal entry is committed before the rows and marked after;
 * an entry that a crash or an error left unmarked is settled by `reconcile`.
 */
export async function assignBatch(
  transact: Transact,
  plan: BatchPlan,
  guard: (session: Session) => Promise<void>,
): Promise<number> {
  const mode = await transact((session) =>
    session.query<{ journal_mode: string }>(sql`PRAGMA main.journal_mode`),
  );
  if (mode[0]?.journal_mode !== 'wal') {
    return transact(async (session) => {
      await guard(session);
      const planned = await writeAhead(session, plan);
      if (planned > 0) {
        await changeRows(session, plan, planned);
        await markCommitted(session, plan);
      }
      return planned;
    });
  }
  const planned = await transact(async (session) => {
    await guard(session);
    return writeAhead(session, plan);
  });
  if (planned === 0) return 0;
  // Each transaction asks first whether this process still has the run: another one may have taken it over meanwhile.
  const guarded = (work: (session: Session) => Promise<unknown>) =>
    transact(async (session) => {
      await guard(session);
      await work(session);
    });
  try {
    await guarded((session) => changeRows(session, plan, planned));
  } catch (error) {
    // Known not to be committed; of any other error that is found out by `reconcile`.
    if (error instanceof ToolkitError && ['BATCH_CHANGED', 'PROOF_FAILED'].includes(error.code)) {
      const entry = sql`DELETE FROM ${journal('batch')} WHERE ${isBatch(plan)} AND committed IS NULL`;
      await guarded((session) => session.execute(entry));
    }
    throw error;
  }
  await guarded((session) => markCommitted(session, plan));
  return planned;
}

function isBatch({ batch }: BatchPlan): Sql {
  return sql`run = ${batch.run} AND model = ${batch.model} AND sequence = ${batch.sequence}`;
}

function isPlanned({ key, owner, after, upTo }: BatchPlan): Sql {
  const beyond = after ? sql`${compareKey(key, '>', after)} AND` : empty;
  // Without IS TRUE the planner takes an index on the owner column, and reads all rows without an owner for each batch.
  return sql`${beyond} ${compareKey(key, '<=', upTo)} AND (${quote(owner.name)} IS NULL) IS TRUE`;
}

/** Journals the keys of the planned rows; returns how many they are. */
async function writeAhead(session: Session, plan: BatchPlan): Promise<number> {
  const { batch, key, after, upTo } = plan;
  const texts = key.map(({ name, type }) => asText(quote(name), type));
  const keyJson = key.length === 1 ? (texts[0] as Sql) : sql`json_array(${join(texts)})`;
  await session.execute(sql`
    INSERT INTO ${journal('batch')} (run, model, sequence, first_key, last_key, changed_rows, changed_keys)
    SELECT ${batch.run}, ${batch.model}, ${batch.sequence}, ${after && JSON.stringify(after)}, ${JSON.stringify(upTo)},
           count(*), json_group_array(${keyJson})
      FROM ${table(plan.table)} WHERE ${isPlanned(plan)} HAVING count(*) > 0`);
  const rows = await session.query<{ n: bigint }>(
    sql`SELECT changed_rows AS n FROM ${journal('batch')} WHERE ${isBatch(plan)}`,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Throws, and so changes nothing, when the rows are not the journaled ones any more. */
async function changeRows(session: Session, plan: BatchPlan, planned: number): Promise<void> {
  const { key, batch, around } = plan;
  const keys = journaledKeys(batch, key);
  const change = async () => {
    const changed = await changeOwner(session, { ...plan, keys, from: null, to: plan.ownerId });
    if (changed !== planned) throw batchChanged(batch.model, planned, changed);
    return changed;
  };
  if (!around) return void (await change());
  // The transaction has the write lock of all that there is.
  const sameKey = join(
    key.map(({ name }, i) => sql`t.${quote(name)} = k.k${raw(String(i))}`),
    ' AND ',
  );
  const after = { from: sql`${keys} k CROSS JOIN ${table(plan.table)} t`, where: sameKey, lock: empty };
  const before = { ...after, where: sql`${sameKey} AND t.${quote(plan.owner.name)} IS NULL` };
  await around(session, { before, after, exactly: (work) => work() }, async () => ({
    rows: await change(),
    sums: null,
  }));
}

async function markCommitted(session: Session, plan: BatchPlan): Promise<void> {
  await session.execute(sql`UPDATE ${journal('batch')} SET committed = ${NOW} WHERE ${isBatch(plan)}`);
}

/** See `Dialect.changeOwner`. */
export function changeOwner(session: Session, change: OwnerChange): Promise<number> {
  return changeOwnerIn({ quote, table, fromText }, session, change);
}
