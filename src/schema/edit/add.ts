import type { OwnedModel } from '../decide.ts';
import type { SchemaFile } from '../normalise.ts';
import type { OwnerModel } from '../owner-model.ts';
import type { PrismaSchema } from '../parse.ts';

/** What one model gets, or loses: the field and its relation, and the list on the owner model. */
export interface AddedOwner {
  model: string;
  field: string;
  relation: string;
  /** The database's name of the field. */
  column: string;
  /** The owner model's field of the list. */
  ownerList: string;
}

/** A model that is left as it is, and why. */
export interface Obstacle {
  model: string;
  reason: string;
}

/** The owner model, the models in question, and those that have an owner column already. */
export interface EditRequest {
  owner: OwnerModel;
  models: readonly string[];
  owned: readonly OwnedModel[];
}

/** Phase 1 in the schema: the files as they would be. */
export interface AddPlan {
  files: SchemaFile[];
  added: AddedOwner[];
  obstacles: Obstacle[];
}

export function planAddOwners(
  files: readonly SchemaFile[],
  _schema: PrismaSchema,
  _request: EditRequest,
): AddPlan {
  return { files: [...files], added: [], obstacles: [] };
}
