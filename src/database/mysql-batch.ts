import { batchChanged } from '../errors.ts';
import type { BatchPlan, BatchRows, Key, OwnerChange, Session, TableName, Transact } from './dialect.ts';
import { asText, compareKey, fromText, journaledKeys, NOW, quote, table } from './mysql-sql.ts';
import { empty, join, raw, type Sql, sql } from './sql.ts';

/**
 * One transaction: the keys are read without locks, journaled, and then updated one by one by their primary key. Where a
 * row was changed by the application in between, the count differs, and all of it is taken back and tried again. There is
 * no UPDATE ... RETURNING, and an update of a range would lock rows that it does not change.
 */
export function assignBatch(
  transact: Transact,
  plan: BatchPlan,
  { guard, journal }: { guard: (session: Session) => Promise<void>; journal: Sql },
): Promise<number> {
  const { batch, after, upTo, key, owner } = plan;
  return transact(async (session) => {
    await guard(session);
    const keys = await readKeys(session, plan);
    if (keys.length === 0) return 0;
    await session.execute(sql`
      INSERT INTO ${journal} (run, model, sequence, first_key, last_key, changed_rows, changed_keys, committed)
      VALUES (${batch.run}, ${batch.model}, ${batch.sequence}, ${after && JSON.stringify(after)}, ${JSON.stringify(upTo)},
              ${keys.length}, ${JSON.stringify(key.length === 1 ? keys.flat() : keys)}, ${NOW})`);
    const change = { ...plan, owner, keys: journaledKeys(journal, batch, key), from: null, to: plan.ownerId };
    const carryOut = async () => {
      const changed = await changeOwner(session, change);
      if (changed !== keys.length) throw batchChanged(batch.model, keys.length, changed);
      return changed;
    };
    const digested = async () => ({ rows: await carryOut(), sums: null });
    return plan.around ? plan.around(session, sourcesOf(plan, change.keys), digested) : carryOut();
  });
}

/** By the journaled keys, so that no lock is asked for or kept but those of the rows themselves. */
function sourcesOf({ table: name, key, owner }: BatchPlan, keys: Sql): BatchRows {
  const sameKey = join(
    key.map((column, i) => sql`t.${quote(column.name)} = k.${raw(`k${i}`)}`),
    ' AND ',
  );
  const from = sql`${keys} k STRAIGHT_JOIN ${table(name)} t ON ${sameKey}`;
  return {
    before: { from, where: sql`t.${quote(owner.name)} IS NULL`, lock: raw('FOR UPDATE') },
    after: { from, where: raw('1 = 1'), lock: empty },
    // As it does from its beginning.
    exactly: (work) => work(),
  };
}

async function readKeys(
  session: Session,
  { table: name, key, owner, after, upTo }: BatchPlan,
): Promise<Key[]> {
  const texts = key.map(
    ({ name: column, type }, i) => sql`${asText(quote(column), type)} AS ${raw(`k${i}`)}`,
  );
  const rows = await session.query<Record<string, string>>(sql`
    SELECT ${join(texts)} FROM ${table(name)}
     WHERE ${after ? sql`${compareKey(key, '>', after)} AND` : empty} ${compareKey(key, '<=', upTo)}
       AND ${quote(owner.name)} IS NULL`);
  return rows.map((row) => key.map((_, i) => row[`k${i}`] as string));
}

/** See `Dialect.changeOwner`. The join is walked from the keys to the table, which is looked up by its key. */
export async function changeOwner(session: Session, change: OwnerChange): Promise<number> {
  const { key, owner, keys, from, to } = change;
  const sameKey = key.map(({ name }, i) => sql`t.${quote(name)} = k.${raw(`k${i}`)}`);
  const column = sql`t.${quote(owner.name)}`;
  const isFrom = from === null ? sql`${column} IS NULL` : sql`${column} = ${fromText(from, owner.type)}`;
  return session.execute(sql`
    UPDATE ${keys} k STRAIGHT_JOIN ${table(change.table)} t ON ${join(sameKey, ' AND ')}
       SET ${column} = ${to === null ? sql`NULL` : fromText(to, owner.type)}${await keepOthers(session, change.table)}
     WHERE ${isFrom}`);
}

/** Columns with ON UPDATE CURRENT_TIMESTAMP stay as they are only where they are set to what they are. */
async function keepOthers(session: Session, { schema, name }: TableName): Promise<Sql> {
  const columns = await session.query<{ name: string }>(sql`
    SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${name} AND EXTRA LIKE '%on update%'`);
  const kept = columns.map((column) => sql`, t.${quote(column.name)} = t.${quote(column.name)}`);
  return kept.length > 0 ? join(kept, '') : empty;
}
