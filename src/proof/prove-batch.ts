import type { AroundChange, BatchId, Column, Dialect, RowSource } from '../database/dialect.ts';
import type { TableShape } from '../database/digest.ts';
import { sql } from '../database/sql.ts';
import { batchChanged, proofFailed } from '../errors.ts';
import { isSameDigest, toDigest } from './digest.ts';
import { digestSource } from './digest-table.ts';

/** A batch that is to be proved, and for whom. */
export interface ProvedBatch {
  shape: TableShape;
  owner: Column;
  batch: Required<BatchId>;
  userId: string;
}

/**
 * Digests the rows of a batch before and after their change, without the owner column, and journals what was the same. Throws
 * PROOF_FAILED where they differ, and BATCH_CHANGED, to be tried again, where rows came in between; both take the batch back.
 */
export function proveBatch(dialect: Dialect, { shape, owner, batch, userId }: ProvedBatch): AroundChange {
  const columns = withoutOwner(shape, owner);
  return async (session, rows, change) => {
    const digest = (source: RowSource) =>
      rows.exactly(() => digestSource(session, dialect, { columns, source }));
    const before = await digest(rows.before);
    const { rows: changed, sums } = await change(columns);
    if (changed !== before.rows) throw batchChanged(batch.model, before.rows, changed);
    if (changed === 0) return 0;
    const after = sums === null ? await digest(rows.after) : toDigest(changed, sums);
    if (!isSameDigest(before, after))
      throw proofFailed({ ...batch, userId, rows: 0, keys: [], columns: [], triggers: [] });
    await session.execute(sql`
      INSERT INTO ${dialect.journal('proof')} (run, model, sequence, proved_rows, digest)
      VALUES (${batch.run}, ${batch.model}, ${batch.sequence}, ${after.rows}, ${after.digest})`);
    return changed;
  };
}

/** What is proved to stay as it is. */
export function withoutOwner(shape: TableShape, owner: Column): Column[] {
  return shape.columns.filter(({ name }) => name !== owner.name);
}
