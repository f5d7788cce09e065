import { ownerKeyUnsupported, ownerModelAmbiguous, ownerModelMissing } from '../errors.ts';
import { NO_SETTINGS, type OwnershipSettings } from '../settings.ts';
import { checkSettings } from './check-settings.ts';
import { type ClassifiedModel, classifyModels } from './classify.ts';
import { decideOwnerModel, type OwnerModel } from './owner-model.ts';
import type { Field, Model, PrismaSchema } from './parse.ts';

/** A model with exactly one owner column. */
export interface OwnedModel {
  model: Model;
  /** The field of the owner column. */
  owner: Field;
  /** The owner model's field that the owner column points at, nearly always its key. */
  references: Field;
}

/** What takes part in the migration, decided from the schema and the settings alone. */
export interface Decision {
  owner: OwnerModel;
  /** Parents before children. */
  owned: OwnedModel[];
  /** Models whose owner cannot be told, because several columns point at the owner model. */
  ambiguous: { model: Model; columns: string[] }[];
  /** Every other model that has a table, but the excluded ones. */
  others: Model[];
  /** Every model with its class, in the schema's order. */
  classified: ClassifiedModel[];
}

/**
 * Decides which model holds the users and which models they own. It never guesses: a schema in which that cannot be told
 * throws OWNER_MODEL_AMBIGUOUS, OWNER_MODEL_MISSING or OWNER_KEY_UNSUPPORTED, and a model of which it cannot is ambiguous.
 * Settings that do not fit the schema throw as `checkSettings` does.
 */
export function decideOwnership(schema: PrismaSchema, settings: OwnershipSettings = NO_SETTINGS): Decision {
  checkSettings(schema, settings);
  const decided = decideOwnerModel(schema.models, settings.ownerModel);
  if (decided.owner === null) {
    if (decided.problem === 'key') throw ownerKeyUnsupported(decided.model.name, decided.keyFields);
    if (decided.problem === 'ambiguous') throw ownerModelAmbiguous(decided.candidates);
    throw ownerModelMissing(
      schema.models.map(({ name }) => name),
      decided.candidates,
    );
  }
  const classified = classifyModels(schema, decided.owner, settings);
  const owned = classified.flatMap(({ model, owner }) =>
    owner ? [{ model, owner: owner.field, references: owner.references }] : [],
  );
  const isOther = ({ class: each, model }: ClassifiedModel) =>
    ['bareColumn', 'throughParent', 'shared'].includes(each) && model.hidden === null;
  return {
    owner: decided.owner,
    owned: sortParentsFirst(owned),
    ambiguous: classified
      .filter((each) => each.class === 'ambiguous')
      .map(({ model, columns }) => ({ model, columns })),
    others: classified.filter(isOther).map(({ model }) => model),
    classified,
  };
}

/** Orders models so that each comes after the models it points at; a circle keeps the schema's order. */
function sortParentsFirst(owned: readonly OwnedModel[]): OwnedModel[] {
  const byName = new Map(owned.map((each) => [each.model.name, each]));
  const sorted = new Set<OwnedModel>();
  const visiting = new Set<OwnedModel>();
  const visit = (each: OwnedModel | undefined) => {
    if (!each || sorted.has(each) || visiting.has(each)) return;
    visiting.add(each);
    for (const { to } of each.model.relations) visit(byName.get(to));
    sorted.add(each);
  };
  for (const each of owned) visit(each);
  return [...sorted];
}
