import { isDeepStrictEqual } from 'node:util';
import type { SchemaFile } from '../normalise.ts';
import { type Field, type Model, type PrismaSchema, parseSchema, type Relation } from '../parse.ts';

/** What an edit adds to a model, or takes from it. */
export interface OwnerChange {
  model: string;
  field: Field;
  relations: Relation[];
}

/**
 * Reads an edited schema and compares it with the one before: it has what was added, and every other model, column, key and
 * relation is as it was. Anything else is a bug of the editor's, and no edit to be written: throws a plain Error.
 */
export function proveAdded(
  before: PrismaSchema,
  files: readonly SchemaFile[],
  added: readonly OwnerChange[],
): void {
  compare(addOwners(before, added), readEdited(files));
}

/** The same for what was taken away. */
export function proveRemoved(
  before: PrismaSchema,
  files: readonly SchemaFile[],
  removed: readonly OwnerChange[],
): void {
  compare(before, addOwners(readEdited(files), removed));
}

function readEdited(files: readonly SchemaFile[]): PrismaSchema {
  try {
    return parseSchema(files);
  } catch (cause) {
    throw new Error(`the edit of the schema is none that Prisma reads: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function addOwners({ models, fingerprint }: PrismaSchema, changes: readonly OwnerChange[]): PrismaSchema {
  const changed = models.map((model) => {
    const change = changes.find((each) => each.model === model.name);
    if (!change) return model;
    const { field, relations } = change;
    return { ...model, fields: [...model.fields, field], relations: [...model.relations, ...relations] };
  });
  return { models: changed, fingerprint };
}

function compare(wanted: PrismaSchema, found: PrismaSchema): void {
  const differs = (model: Model, i: number) => {
    const other = found.models[i];
    return !other || !isDeepStrictEqual(sortParts(model), sortParts(other));
  };
  const wrong = wanted.models.find(differs) ?? found.models[wanted.models.length];
  if (wrong) throw new Error(`the edit of the schema makes something else of ${wrong.name} than was wanted`);
}

/** A column's place in its model means nothing. */
function sortParts(model: Model): Model {
  const fields = [...model.fields].sort((a, b) => (a.name < b.name ? -1 : 1));
  const relations = [...model.relations].sort((a, b) => (a.field < b.field ? -1 : 1));
  return { ...model, fields, relations };
}
