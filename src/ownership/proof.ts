import type { Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import { addDigests, type Digest, NOTHING } from '../proof/digest.ts';
import { listBatchTotals, listRunModels } from './journal.ts';

/** What is proved of a run: that nothing but the owner changed in these rows. Batches that were rolled back do not count. */
export interface RunProof {
  rows: number;
  batches: number;
  /** Rows that the run assigned without proof. */
  unprovedRows: number;
  models: ({ model: string } & Digest)[];
}

/** Adds up what the journal has; nothing is proved where a journal of an earlier release has no such table. */
export async function readProof(session: Session, dialect: Dialect, run: string): Promise<RunProof> {
  const proved = (await dialect.journalExists(session, 'proof'))
    ? await listProved(session, dialect, run)
    : [];
  const totals = await listBatchTotals(session, dialect, run);
  const models: RunProof['models'] = [];
  for (const { model } of await listRunModels(session, dialect, run)) {
    const own = proved.filter((batch) => batch.model === model);
    if (own.length > 0) models.push({ model, ...own.reduce(addDigests, NOTHING) });
  }
  const rows = models.reduce((sum, each) => sum + each.rows, 0);
  const assigned = totals.reduce((sum, total) => sum + total.rows - total.rolledBackRows, 0);
  return { rows, batches: proved.length, unprovedRows: assigned - rows, models };
}

async function listProved(
  session: Session,
  dialect: Dialect,
  run: string,
): Promise<({ model: string } & Digest)[]> {
  const rows = await session.query<{ model: string; n: bigint; digest: string }>(sql`
    SELECT p.model AS model, p.proved_rows AS n, p.digest AS digest
      FROM ${dialect.journal('proof')} p JOIN ${dialect.journal('batch')} b
        ON b.run = p.run AND b.model = p.model AND b.sequence = p.sequence
     WHERE p.run = ${run} AND b.committed IS NOT NULL AND b.rolled_back IS NULL AND b.voided IS NULL`);
  return rows.map(({ model, n, digest }) => ({ model, rows: Number(n), digest }));
}
