import { listMigrations } from '../migrations/folder.ts';
import { type ColumnHistory, findColumnHistory } from '../migrations/history.ts';
import type { OwnedModel } from '../schema/decide.ts';
import type { PhaseProject } from './plan.ts';

/** What the project's migrations did to an owner column. */
export function findHistory({ located }: PhaseProject, { model, owner }: OwnedModel): ColumnHistory {
  const { schema, name } = model.table;
  return findColumnHistory(listMigrations(located.migrations), {
    table: name,
    column: owner.column,
    ...(schema === null ? {} : { schema }),
  });
}
