import { createHash } from 'node:crypto';
import { get_datamodel as getDatamodel, validate } from '@prisma/prisma-schema-wasm';
import { schemaInvalid } from '../errors.ts';
import { listViews, normaliseSchema, type SchemaFile } from './normalise.ts';

/** A scalar field, with the column it is kept in. */
export interface Field {
  name: string;
  column: string;
  /** Prisma's type: Int, BigInt, String, DateTime, an enum's name ... */
  type: string;
  /** The native type's name, like `Uuid` for `@db.Uuid`. */
  nativeType: string | null;
  isRequired: boolean;
  isUnique: boolean;
}

/** The side of a relation that holds the foreign key. */
interface Relation {
  field: string;
  to: string;
  fields: string[];
  references: string[];
}

/** A model, with the table it is kept in. */
export interface Model {
  name: string;
  table: { schema: string | null; name: string };
  fields: Field[];
  relations: Relation[];
  /** Field names of the primary key and of every unique key, the primary key first. */
  uniqueKeys: string[][];
}

/** A schema, read; views are left out, they have no rows of their own. */
export interface PrismaSchema {
  models: Model[];
  /** A digest of all files: tells whether the schema changed between two runs. */
  fingerprint: string;
}

/** As much of Prisma's data model (DMMF) as is read here. */
interface DmmfField {
  name: string;
  dbName?: string | null;
  kind: 'scalar' | 'object' | 'enum' | 'unsupported';
  type: string;
  nativeType?: [string, string[]] | null;
  isRequired: boolean;
  isUnique: boolean;
  isId: boolean;
  relationFromFields?: string[];
  relationToFields?: string[];
}

interface DmmfModel {
  name: string;
  dbName: string | null;
  schema: string | null;
  fields: DmmfField[];
  primaryKey: { fields: string[] } | null;
  uniqueFields: string[][];
}

/**
 * Reads schema files with Prisma's own parser, whichever version they were written for. It asks the parser for the data
 * model alone: `getDMMF` of @prisma/get-dmmf builds the client's whole API with it, 200 times slower for 300 models.
 * Throws SCHEMA_INVALID with Prisma's message, file and line.
 */
export function parseSchema(files: readonly SchemaFile[]): PrismaSchema {
  const prismaSchema = files.map(([path, text]) => [path, normaliseSchema(text)]);
  try {
    validate(JSON.stringify({ prismaSchema, noColor: true }));
  } catch (error) {
    throw schemaInvalid(shortenParserMessage((error as Error).message));
  }
  const { models } = JSON.parse(getDatamodel(JSON.stringify({ prismaSchema }))) as { models: DmmfModel[] };
  const hash = createHash('sha256');
  for (const [path, text] of files) hash.update(path).update('\0').update(text).update('\0');
  const views = listViews(files);
  const tables = models.filter(({ name }) => !views.includes(name));
  return { models: tables.map(readModel), fingerprint: hash.digest('hex').slice(0, 16) };
}

function readModel(model: DmmfModel): Model {
  const scalars = model.fields.filter(({ kind }) => kind !== 'object');
  const idField = model.fields.find(({ isId }) => isId);
  const primaryKey = model.primaryKey?.fields ?? (idField ? [idField.name] : []);
  const uniqueKeys = [
    [...primaryKey],
    ...scalars.filter(({ isUnique }) => isUnique).map(({ name }) => [name]),
    ...model.uniqueFields.map((names) => [...names]),
  ];
  return {
    name: model.name,
    table: { schema: model.schema ?? null, name: model.dbName ?? model.name },
    fields: scalars.map((field) => ({
      name: field.name,
      column: field.dbName ?? field.name,
      type: field.type,
      nativeType: field.nativeType?.[0] ?? null,
      isRequired: field.isRequired,
      isUnique: field.isUnique || field.isId,
    })),
    relations: model.fields
      .filter((field) => field.kind === 'object' && (field.relationFromFields?.length ?? 0) > 0)
      .map((field) => ({
        field: field.name,
        to: field.type,
        fields: [...(field.relationFromFields ?? [])],
        references: [...(field.relationToFields ?? [])],
      })),
    uniqueKeys: uniqueKeys.filter((names) => names.length > 0),
  };
}

/** Prisma's message without source excerpts: each error with its file and line, the first three of them. */
function shortenParserMessage(message: string): string {
  const text = message.startsWith('{') ? (JSON.parse(message) as { message: string }).message : message;
  const errors = [...text.matchAll(/^error: (?:Error validating: )?(.+)\n\s*--> {1,2}(\S.*)$/gm)];
  if (errors.length === 0) return text.trim();
  const lines = errors.slice(0, 3).map(([, what, place]) => `${place}: ${what}`);
  return errors.length > 3 ? [...lines, `and ${errors.length - 3} more`].join('\n') : lines.join('\n');
}
