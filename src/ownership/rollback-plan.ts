import type { Database } from '../database/dialect.ts';
import { alreadyRequired, nothingToRollBack, runAlreadyRolledBack, runUnknown } from '../errors.ts';
import { countJournaled } from './count.ts';
import { listRunModels, listRuns, type Run, type RunModel } from './journal.ts';
import type { RollbackResult } from './rollback.ts';
import {
  countGuardRows,
  describeGuardRollback,
  type GuardRollback,
  planGuardRollback,
} from './rollback-guard.ts';

/** A run that can be undone, and its models in the order in which they were assigned. */
export interface RollbackPlan {
  run: Run;
  models: RunModel[];
  ofGuards: GuardRollback;
}

/**
 * Finds the run to undo: the last one that is not rolled back, or the named one. Throws NOTHING_TO_ROLL_BACK,
 * RUN_UNKNOWN, RUN_ROLLED_BACK, or ALREADY_REQUIRED where a column does not allow NULL any more.
 */
export function planRollback(database: Database, named: string | undefined): Promise<RollbackPlan> {
  const { dialect, url } = database;
  return database.read(async (session) => {
    const runs = await listRuns(session, dialect, url.defaultSchema);
    const run =
      named === undefined
        ? runs.find(({ status }) => status !== 'rolledBack')
        : runs.find(({ id }) => id === named);
    if (!run)
      throw named === undefined
        ? nothingToRollBack()
        : runUnknown(
            named,
            runs.map(({ id }) => id),
          );
    if (run.status === 'rolledBack') throw runAlreadyRolledBack(run.id, run.finished ?? '');
    const models = await listRunModels(session, dialect, run.id);
    const required: string[] = [];
    for (const { model, table, owner } of models) {
      const info = await dialect.inspectTable(session, table, owner.name);
      const column = info?.columns.find(({ name }) => name === owner.name);
      if (column && !column.nullable) required.push(model);
    }
    if (required.length > 0) throw alreadyRequired(run.id, required);
    return { run, models, ofGuards: await planGuardRollback(session, database, { run, runs, models }) };
  });
}

/** Counts what a rollback would do, in read-only transactions. */
export async function previewRollback(
  database: Database,
  { run, models, ofGuards }: RollbackPlan,
): Promise<RollbackResult> {
  const previews = [];
  for (const entry of models) {
    const { kept, unowned, journaled } = await database.read((session) =>
      countJournaled(session, database.dialect, entry),
    );
    const given = await database.read((session) =>
      countGuardRows(session, database, { entry, plan: ofGuards }),
    );
    const reverted = kept + unowned;
    previews.push({ model: entry.model, reverted: reverted + given, skipped: journaled - reverted });
  }
  const findings = describeGuardRollback(database, ofGuards);
  return {
    run: run.id,
    ownerId: run.ownerId,
    flags: run.flags,
    isFinished: true,
    cancelledBy: null,
    models: previews,
    findings,
  };
}
