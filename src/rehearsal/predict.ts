import type { Database } from '../database/dialect.ts';
import { countOwned, countRows } from '../ownership/count.ts';
import { findOwnerColumn, tableOf } from '../ownership/target.ts';
import type { OwnedModel } from '../schema/decide.ts';
import type { Measure } from './measure.ts';
import type { PartName } from './part-log.ts';

/** The rows of a model in production, as they are now. */
export interface ProductionRows {
  rows: number;
  unowned: number;
}

/** What a part may take in production: an estimate, from the rows alone. */
export type Prediction = Omit<Measure, 'model'>;

/** Counts what production has now, by model; without an owner column all rows are without an owner. */
export function countProduction(
  { read, dialect, url }: Database,
  owned: readonly OwnedModel[],
): Promise<Map<string, ProductionRows>> {
  return read(async (session) => {
    const counts = new Map<string, ProductionRows>();
    for (const each of owned) {
      const table = tableOf(each.model, url.defaultSchema);
      const info = await dialect.inspectTable(session, table, each.owner.column);
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
 * Scales a measure to the rows of production; null where the copy had none to measure by. The longest lock of a part that goes
 * batch by batch stays as it is, because batches are steered by their time.
 */
export function predict(
  part: PartName,
  measure: Measure,
  production: ReadonlyMap<string, ProductionRows>,
): Prediction | null {
  const isInBatches = part === 'step2' || part === 'rollback';
  const counted = measure.model === null ? [...production.values()] : [production.get(measure.model)];
  const rows = counted.reduce((sum, each) => sum + (each?.[isInBatches ? 'unowned' : 'rows'] ?? 0), 0);
  if (counted.includes(undefined) || (measure.rows === 0 && rows > 0)) return null;
  const factor = measure.rows === 0 ? 1 : rows / measure.rows;
  return {
    rows,
    elapsedMs: Math.round(measure.elapsedMs * factor),
    longestLockMs: Math.round(measure.longestLockMs * (isInBatches ? 1 : factor)),
    growthBytes: Math.round(measure.growthBytes * factor),
  };
}
