import type { OwnedModel } from '../schema/decide.ts';
import type { StoredMigration } from './folder.ts';
import { type ColumnHistory, findColumnHistory } from './history.ts';

/** What migrations did to the owner column of a model. */
export function findOwnerHistory(
  stored: readonly StoredMigration[],
  { model, owner }: OwnedModel,
): ColumnHistory {
  const { schema, name } = model.table;
  return findColumnHistory(stored, {
    table: name,
    column: owner.column,
    ...(schema === null ? {} : { schema }),
  });
}
