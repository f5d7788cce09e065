import type { Database, Session } from '../database/dialect.ts';
import { join, raw, sql } from '../database/sql.ts';
import { addEvent, listRunModels, type RunModel } from './journal.ts';

/**
 * Settles the journal entries that a crash left unmarked, which happens on SQLite in WAL mode only, where the entry is
 * committed before its rows. The rows of a batch are committed all or none; so where a journaled row still has no owner,
 * none was, and the entry is dropped: whatever owner the others have is not ours. So it is where no row has our owner.
 * Otherwise the batch is marked committed.
 */
export async function reconcile({ dialect, write }: Database, run: string): Promise<void> {
  await write(async (session) => {
    const open = await session.query<{ model: string; sequence: bigint }>(
      sql`SELECT model, sequence FROM ${dialect.journal('batch')} WHERE run = ${run} AND committed IS NULL`,
    );
    if (open.length === 0) return;
    const models = await listRunModels(session, dialect, run);
    for (const { model, sequence } of open) {
      const entry = models.find((each) => each.model === model);
      const isBatch = sql`run = ${run} AND model = ${model} AND sequence = ${sequence}`;
      const isApplied = entry !== undefined && (await wasApplied(session, dialect, entry, Number(sequence)));
      const statement = isApplied
        ? sql`UPDATE ${dialect.journal('batch')} SET committed = ${dialect.now} WHERE ${isBatch}`
        : sql`DELETE FROM ${dialect.journal('batch')} WHERE ${isBatch}`;
      await session.execute(statement);
      if (!isApplied && (await dialect.journalExists(session, 'proof')))
        await session.execute(sql`DELETE FROM ${dialect.journal('proof')} WHERE ${isBatch}`);
      const outcome = isApplied ? 'its rows were changed' : 'its rows were not changed';
      await addEvent(
        session,
        dialect,
        run,
        `settled batch ${sequence} of ${model} after an interruption: ${outcome}`,
      );
    }
  });
}

async function wasApplied(
  session: Session,
  dialect: Database['dialect'],
  entry: RunModel,
  sequence: number,
): Promise<boolean> {
  const sameKey = entry.key.map(({ name }, i) => sql`t.${dialect.quote(name)} = k.k${raw(String(i))}`);
  const owner = sql`t.${dialect.quote(entry.owner.name)}`;
  const keys = dialect.journaledKeys({ run: entry.run, model: entry.model, sequence }, entry.key);
  const isOurs = sql`${owner} = ${dialect.fromText(entry.ownerValue, entry.owner.type)}`;
  const rows = await session.query<{ present: bigint; owned: bigint; ours: bigint }>(sql`
    SELECT count(*) AS present, count(${owner}) AS owned, count(CASE WHEN ${isOurs} THEN 1 END) AS ours
      FROM ${keys} k JOIN ${dialect.table(entry.table)} t ON ${join(sameKey, ' AND ')}`);
  const { present, owned, ours } = rows[0] ?? { present: 0n, owned: 0n, ours: 0n };
  return Number(ours) > 0 && Number(owned) === Number(present);
}
