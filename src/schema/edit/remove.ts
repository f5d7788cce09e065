import type { OwnedModel } from '../decide.ts';
import type { SchemaFile } from '../normalise.ts';
import type { Model, PrismaSchema, Relation } from '../parse.ts';
import type { AddedOwner, EditRequest, Obstacle } from './add.ts';
import {
  type FieldLine,
  findRelationName,
  listAttributeFields,
  readBlockAttribute,
  readField,
} from './field-line.ts';
import { changeModelLines, listModelLines, type ModelLine } from './lines.ts';
import { type OwnerChange, proveRemoved } from './prove.ts';
import { findEmptyLine, listComments } from './take-out.ts';

/** Phase 1 taken out of the schema: the files as they would be. */
export interface RemovePlan {
  files: SchemaFile[];
  removed: AddedOwner[];
  obstacles: Obstacle[];
}

interface Removal {
  removed: AddedOwner;
  change: OwnerChange;
  /** The lines to be taken out. */
  lines: ModelLine[];
}

type LinesOf = (model: string) => ModelLine[];

/**
 * Plans the inverse of phase 1 by what stands in the schema: the owner field, the relations over it alone with their lists, the
 * index on it alone, and the empty line that would be left at the end of the model. Comments stay, those on these lines as
 * lines of their own. A column that is required, or that something else uses, is an obstacle.
 */
export function planRemoveOwners(
  files: readonly SchemaFile[],
  schema: PrismaSchema,
  request: EditRequest,
): RemovePlan {
  const lines = listModelLines(files);
  const linesOf = (model: string) => lines.filter((line) => line.model === model);
  const removals: Removal[] = [];
  const obstacles: Obstacle[] = [];
  for (const model of new Set(request.models)) {
    const removal = planRemoval(model, { ...request, schema, linesOf });
    if ('reason' in removal) obstacles.push({ model, reason: removal.reason });
    else removals.push(removal);
  }
  if (removals.length === 0) return { files: [...files], removed: [], obstacles };
  const taken = removals.flatMap((removal) => [
    ...removal.lines,
    ...findEmptyLine(linesOf(removal.removed.model), removal.lines),
  ]);
  const isTaken = ({ file, number }: ModelLine) =>
    taken.some((each) => each.file === file && each.number === number);
  const changed = changeModelLines(files, (line) => (isTaken(line) ? listComments(line) : line.text));
  proveRemoved(
    schema,
    changed,
    removals.map(({ change }) => change),
  );
  return { files: changed, removed: removals.map(({ removed }) => removed), obstacles };
}

function planRemoval(
  name: string,
  { owner, owned, schema, linesOf }: EditRequest & { schema: PrismaSchema; linesOf: LinesOf },
): Removal | { reason: string } {
  if (!schema.models.some((each) => each.name === name)) return { reason: 'the schema has no such model' };
  const found = owned.find(({ model }) => model.name === name);
  if (!found) return { reason: 'it has no owner column' };
  const { model, owner: field } = found;
  const lines = linesOf(name);
  const users = owner.model.name;
  const reason = findObstacle(found, lines, users);
  if (reason !== null) return { reason };
  const relations = model.relations.filter(({ fields }) => fields.join() === field.name);
  const opposites = relations.map((relation) => findOpposite(relation, model, linesOf));
  const lists = opposites.flatMap((each) => each ?? []);
  const own = relations.findIndex(({ to }) => to === users);
  const [relation, list] = [relations[own], opposites[own]];
  if (!relation || !list || lists.length < relations.length)
    return { reason: `the other side of its relation was not found in ${users}` };
  const names = [field.name, ...relations.map((each) => each.field)];
  const isOurs = (line: ModelLine) =>
    names.includes(readField(line)?.name ?? '') || isIndexOn(line, field.name);
  return {
    removed: {
      model: name,
      field: field.name,
      relation: relation.field,
      column: field.column,
      ownerList: list.field.name,
    },
    change: { model: name, field, relations },
    lines: [...lines.filter(isOurs), ...lists.map(({ line }) => line)],
  };
}

/** Why an owner column cannot be taken out; null where it can. */
function findObstacle(
  { model, owner: { name, isRequired, isUnique } }: OwnedModel,
  lines: readonly ModelLine[],
  users: string,
): string | null {
  if (isRequired) return `its owner column ${name} is required still: phase 3 comes off first`;
  const uses = model.relations.filter(({ fields }) => fields.includes(name));
  if (!uses.some(({ to, fields }) => to === users && fields.length === 1))
    return `its owner column ${name} has no relation to ${users} alone, so phase 1 did not write it`;
  const wide = uses.find(({ fields }) => fields.length > 1);
  if (wide) return `its relation ${wide.field} is over ${wide.fields.join(', ')}`;
  const other = lines.find(
    (line) =>
      readBlockAttribute(line) !== null &&
      listAttributeFields(line.code).includes(name) &&
      !isIndexOn(line, name),
  );
  if (other) return `its owner column ${name} is in ${other.code.trim()}`;
  return isUnique ? `its owner column ${name} is unique, so phase 1 did not write it` : null;
}

/** Whether a line is an index on this field and no other. */
function isIndexOn(line: ModelLine, field: string): boolean {
  return readBlockAttribute(line) === 'index' && listAttributeFields(line.code).join() === field;
}

/** The field on the other side: the one of this model's type whose relation has the same name, or has none either. */
function findOpposite(
  relation: Relation,
  model: Model,
  linesOf: LinesOf,
): { line: ModelLine; field: FieldLine } | null {
  const own = readFields(linesOf(model.name)).find(({ field }) => field.name === relation.field);
  const others = readFields(linesOf(relation.to)).filter(
    ({ line, field }) => field.type === model.name && line !== own?.line,
  );
  return others.find(({ field }) => own && findRelationName(field) === findRelationName(own.field)) ?? null;
}

function readFields(lines: readonly ModelLine[]): { line: ModelLine; field: FieldLine }[] {
  return lines.flatMap((line) => {
    const field = readField(line);
    return field ? [{ line, field }] : [];
  });
}
