import type { SchemaFile } from '../normalise.ts';
import type { PrismaSchema } from '../parse.ts';
import type { AddedOwner, EditRequest, Obstacle } from './add.ts';

/** Phase 1 taken out of the schema: the files as they would be. */
export interface RemovePlan {
  files: SchemaFile[];
  removed: AddedOwner[];
  obstacles: Obstacle[];
}

export function planRemoveOwners(
  files: readonly SchemaFile[],
  _schema: PrismaSchema,
  _request: EditRequest,
): RemovePlan {
  return { files: [...files], removed: [], obstacles: [] };
}
