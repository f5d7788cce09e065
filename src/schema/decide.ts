import { ownerKeyUnsupported, ownerModelAmbiguous, ownerModelMissing } from '../errors.ts';
import type { Field, Model, PrismaSchema } from './parse.ts';

/** The model of users. */
interface OwnerModel {
  model: Model;
  key: Field;
  /** What a person calls a user by, the best first: fields like email and name. */
  labels: Field[];
  created: Field | null;
}

/** A model with exactly one relation to the owner model. */
export interface OwnedModel {
  model: Model;
  /** The field of the owner column. */
  owner: Field;
  /** The owner model's field that the owner column points at, nearly always its key. */
  references: Field;
}

/** What takes part in the migration, decided from the schema alone. */
export interface Decision {
  owner: OwnerModel;
  /** Parents before children. */
  owned: OwnedModel[];
  /** Models whose owner cannot be told, because several columns point at the owner model. */
  ambiguous: { model: Model; columns: string[] }[];
  /** Every other model: it belongs to nobody, or its phase 1 was not done. */
  others: Model[];
}

const OWNER_MODEL_NAME = /^users?$/i;
const LABEL_FIELDS = ['email', 'emailaddress', 'username', 'name', 'displayname', 'fullname'];
const CREATED_FIELDS = ['createdat', 'created_at', 'created', 'createdon'];

/**
 * Decides which model holds the users and which models they own. It never guesses: a schema that could be read in two
 * ways throws OWNER_MODEL_AMBIGUOUS, and a model that could is listed as ambiguous.
 */
export function decideOwnership(schema: PrismaSchema): Decision {
  const owner = decideOwnerModel(schema);
  const owned: OwnedModel[] = [];
  const ambiguous: Decision['ambiguous'] = [];
  const others: Model[] = [];
  for (const model of schema.models) {
    if (model === owner.model) continue;
    const relations = model.relations.filter(({ to }) => to === owner.model.name);
    const [relation] = relations;
    const field = model.fields.find(({ name }) => name === relation?.fields[0]);
    const references = owner.model.fields.find(({ name }) => name === relation?.references[0]);
    if (!relation || !field || !references) others.push(model);
    else if (relations.length > 1 || relation.fields.length > 1)
      ambiguous.push({ model, columns: relations.flatMap(({ fields }) => fields) });
    else owned.push({ model, owner: field, references });
  }
  return { owner, owned: sortParentsFirst(owned), ambiguous, others };
}

function decideOwnerModel(schema: PrismaSchema): OwnerModel {
  const candidates = schema.models.filter(
    ({ name, table }) => OWNER_MODEL_NAME.test(name) || OWNER_MODEL_NAME.test(table.name),
  );
  if (candidates.length > 1) throw ownerModelAmbiguous(candidates.map(({ name }) => name));
  const [model] = candidates;
  if (!model) throw ownerModelMissing(schema.models.map(({ name }) => name));
  const keyFields = model.uniqueKeys[0] ?? [];
  const key = model.fields.find(({ name }) => name === keyFields[0]);
  if (!key || keyFields.length > 1) throw ownerKeyUnsupported(model.name, keyFields);
  const byName = (names: string[]) =>
    names.flatMap((wanted) => model.fields.filter(({ name }) => name.toLowerCase() === wanted));
  return {
    model,
    key,
    labels: byName(LABEL_FIELDS).filter(({ type }) => type === 'String'),
    created: byName(CREATED_FIELDS).find(({ type }) => type === 'DateTime') ?? null,
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
