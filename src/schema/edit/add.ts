import type { OwnedModel } from '../decide.ts';
import { findOtherRole } from '../names.ts';
import type { SchemaFile } from '../normalise.ts';
import type { OwnerModel } from '../owner-model.ts';
import type { Model, PrismaSchema } from '../parse.ts';
import { findRelationName, readField } from './field-line.ts';
import { type Addition, describeChange, insertAround, listInsertions } from './insert.ts';
import { changeModelLines, listModelLines, type ModelLine } from './lines.ts';
import {
  chooseListName,
  chooseOwnerNames,
  chooseRelationName,
  listUsedNames,
  type UsedNames,
} from './owner-names.ts';
import { findFieldPlace, placeIndex } from './place.ts';
import { proveAdded } from './prove.ts';

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

/** What is known before the first model, and what the models before have taken. */
interface Context extends EditRequest {
  schema: PrismaSchema;
  used: UsedNames[];
  linesOf: (model: string) => ModelLine[];
  takenInOwner: Set<string>;
  takenRelations: Set<string>;
}

/**
 * Plans phase 1 in the schema: every model gets an optional owner field with the type of the owner's key, its relation with
 * `onDelete: Restrict`, an index, and a list on the owner model. No other line changes. A model in which that is not plain is
 * an obstacle, and the others are planned all the same.
 */
export function planAddOwners(
  files: readonly SchemaFile[],
  schema: PrismaSchema,
  request: EditRequest,
): AddPlan {
  const context = prepare(files, schema, request);
  const additions: Addition[] = [];
  const obstacles: Obstacle[] = [];
  for (const model of new Set(request.models)) {
    const addition = planAddition(model, context);
    if ('reason' in addition) obstacles.push({ model, reason: addition.reason });
    else additions.push(addition);
  }
  if (additions.length === 0) return { files: [...files], added: [], obstacles };
  const insertions = listInsertions(additions, request.owner, context.linesOf(request.owner.model.name));
  const changed = changeModelLines(files, (line) => insertAround(line, insertions));
  proveAdded(
    schema,
    changed,
    additions.map((addition) => describeChange(addition, request.owner)),
  );
  const added = additions.map(({ relationName: _, lines: __, ...each }) => each);
  return { files: changed, added, obstacles };
}

function prepare(files: readonly SchemaFile[], schema: PrismaSchema, request: EditRequest): Context {
  const lines = listModelLines(files);
  const linesOf = (model: string) => lines.filter((line) => line.model === model);
  const fields = lines.flatMap((line) => readField(line) ?? []);
  return {
    ...request,
    schema,
    used: listUsedNames(request.owned, request.owner),
    linesOf,
    takenInOwner: new Set(linesOf(request.owner.model.name).flatMap((line) => readField(line)?.name ?? [])),
    takenRelations: new Set(fields.flatMap((field) => findRelationName(field) ?? [])),
  };
}

function planAddition(name: string, context: Context): Addition | { reason: string } {
  const { owner, schema, takenInOwner, takenRelations } = context;
  const model = schema.models.find((each) => each.name === name);
  if (!model) return { reason: 'the schema has no such model' };
  const lines = context.linesOf(name);
  const reason = findObstacle(model, lines, context);
  if (reason !== null) return { reason };
  const fields = lines.flatMap((line) => readField(line) ?? []);
  const taken = new Set([...fields.map((field) => field.name), ...model.fields.map((field) => field.name)]);
  const names = chooseOwnerNames(model, taken, { ...context, models: schema.models });
  if ('reason' in names) return names;
  const chosen = chooseListName(model, takenInOwner, { owner, models: schema.models });
  if ('reason' in chosen) return chosen;
  const ownerFields = context.linesOf(owner.model.name).flatMap((line) => readField(line) ?? []);
  const isRelated =
    fields.some(({ type }) => type === owner.model.name) || ownerFields.some(({ type }) => type === name);
  const relationName = isRelated ? chooseRelationName(model, takenRelations) : null;
  takenInOwner.add(chosen.list);
  if (relationName !== null) takenRelations.add(relationName);
  return { model: name, ...names, ownerList: chosen.list, relationName, lines };
}

/** Why a model cannot get an owner column; null where it can. */
function findObstacle(
  model: Model,
  lines: readonly ModelLine[],
  { owner, owned, linesOf }: Context,
): string | null {
  const users = owner.model.name;
  if (model.name === users) return 'it is the owner model itself';
  if (model.hidden === 'view') return 'it is a view';
  if (model.hidden === 'ignored') return 'Prisma ignores it (@@ignore)';
  const column = owned.find((each) => each.model.name === model.name)?.owner.name;
  if (column !== undefined) return `it has the owner column ${column} already`;
  // A reviewer or an assignee is not the owner; whoever else it is may be.
  const columns = model.relations
    .filter((relation) => relation.to === users && findOtherRole(model, relation) === null)
    .flatMap(({ fields }) => fields);
  if (columns.length > 0) return `it points at ${users} already, by ${[...new Set(columns)].join(', ')}`;
  if (owner.model.hidden !== null) return `Prisma ignores ${users} (@@ignore)`;
  const ownerLines = linesOf(users);
  if (!findFieldPlace(ownerLines)) return `its list has no place in the text of ${users}`;
  return findFieldPlace(lines) && placeIndex(lines, '') ? null : 'a new field has no place in its text';
}
