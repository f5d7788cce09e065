import type { Database } from '../database/dialect.ts';
import { countOwned, countRows } from '../ownership/count.ts';
import { findOwnerColumn, tableOf } from '../ownership/target.ts';
import type { OwnedModel } from '../schema/decide.ts';
import type { Measure } from './measure.ts';
import type { PartName } from './part-log.ts';

/** The rows of a model in production, as they are now. */
interface ProductionRows {
  rows: number;
  unowned: number;
}

/** What a part may take in production: an estimate, from the rows alone. */
export type Prediction = Omit<Measure, 'model'>;

/** By model; null where production does not have the table, or it cannot be read. */
export type Production = ReadonlyMap<string, ProductionRows | null>;

/** Counts what production has now; without an owner column all rows are without an owner. */
export function countProduction(
  { read, dialect, url }: Database,
  owned: readonly OwnedModel[],
): Promise<Production> {
  return read(async (session) => {
    const counts = new Map<string, ProductionRows | null>();
    for (const each of owned) {
      const table = tableOf(each.model, url.defaultSchema);
      const info = await dialect.inspectTable(session, table, each.owner.column);
      counts.set(each.model.name, null);
      if (!info?.canRead) continue;
      const column = findOwnerColumn(each, info);
      if (column) counts.set(each.model.name, await countOwned(session, dialect, table, column));
      else {
        const rows = await countRows(session, dialect, table);
        counts.set(each.model.name, { rows, unowned: rows });
      }
    }
    return counts;
  });
}

/**
 * Scales a measure to the rows of production; null where the copy had none to measure by, or production was not counted. The longest lock of a part that goes
 * batch by batch stays as it is, because batches are steered by their time.
 */
export function predict(part: PartName, measure: Measure, production: Production | null): Prediction | null {
  if (production === null) return null;
  const isInBatches = part === 'step2' || part === 'rollback';
  const counted = measure.model === null ? [...production.values()] : [production.get(measure.model) ?? null];
  const rows = counted.reduce((sum, each) => sum + (each?.[isInBatches ? 'unowned' : 'rows'] ?? 0), 0);
  if (counted.includes(null) || (measure.rows === 0 && rows > 0)) return null;
  const factor = measure.rows === 0 ? 1 : rows / measure.rows;
  return {
    rows,
    elapsedMs: Math.round(measure.elapsedMs * factor),
    longestLockMs: Math.round(measure.longestLockMs * (isInBatches ? 1 : factor)),
    growthBytes: Math.round(measure.growthBytes * factor),
  };
}
