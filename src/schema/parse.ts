import { createHash } from 'node:crypto';
import { schemaInvalid, schemaTooLarge, schemaUnreadable } from '../errors.ts';
import { normaliseSchema, type SchemaFile } from './normalise.ts';
import { askParser } from './parser.ts';
import {
  type Block,
  isIgnored,
  listCompoundKeys,
  listHiddenFields,
  listRelations,
  scanBlocks,
  schemaOfBlock,
  tableOfBlock,
} from './scan.ts';

/** A scalar field, with the column it is kept in. */
export interface Field {
  name: string;
  column: string;
  /** Prisma's type: Int, BigInt, String, DateTime, an enum's name ..., with `[]` for a list. */
  type: string;
  /** The native type's name, like `Uuid` for `@db.Uuid`. */
  nativeType: string | null;
  isRequired: boolean;
  isUnique: boolean;
  /** The database or Prisma makes its values: `@default(uuid())`, `autoincrement()` and the like, but not `now()`. */
  isGenerated: boolean;
}

/** What the database does with a row when the row that it points at is deleted. */
export type OnDelete = 'Cascade' | 'Restrict' | 'NoAction' | 'SetNull' | 'SetDefault';

/** The side of a relation that holds the foreign key. */
export interface Relation {
  field: string;
  to: string;
  fields: string[];
  references: string[];
  /** As it is written; null where Prisma's default holds, which depends on whether the column is required. */
  onDelete: OnDelete | null;
}

/** A model, with the table it is kept in. */
export interface Model {
  name: string;
  table: { schema: string | null; name: string };
  fields: Field[];
  relations: Relation[];
  /** Models on the other side of an implicit many-to-many relation. */
  manyToMany: string[];
  /** Field names of the primary key and of every unique key, the primary key first. */
  uniqueKeys: string[][];
  /** What Prisma's client does not write: a view, or a model with @@ignore, which was read from the text. */
  hidden: 'view' | 'ignored' | null;
}

/** A schema, read. */
export interface PrismaSchema {
  models: Model[];
  /** A digest of all files: tells whether the schema changed between two runs. */
  fingerprint: string;
}

/** No schema that a person keeps is larger; and the parser would take minutes. */
export const MAX_CHARACTERS = 4_000_000;

/** As much of Prisma's data model (DMMF) as is read here. */
export interface DmmfField {
  name: string;
  dbName?: string | null;
  kind: 'scalar' | 'object' | 'enum' | 'unsupported';
  type: string;
  nativeType?: [string, string[]] | null;
  isRequired: boolean;
  isUnique: boolean;
  isId: boolean;
  isList: boolean;
  default?: unknown;
  relationName?: string;
  relationFromFields?: string[];
  relationToFields?: string[];
  relationOnDelete?: OnDelete;
}

/** A model as Prisma's parser has it. */
export interface DmmfModel {
  name: string;
  dbName: string | null;
  schema: string | null;
  fields: DmmfField[];
  primaryKey: { name: string | null; fields: string[] } | null;
  uniqueFields: string[][];
  uniqueIndexes: { name: string | null; fields: string[] }[];
}

/** Prisma's own data model of a schema, with both sides of every relation. */
export interface DataModel {
  models: DmmfModel[];
  enums: { name: string; dbName: string | null; values: unknown[] }[];
}

/**
 * Reads schema files with Prisma's own parser, whichever version they were written for. It asks the parser for the data
 * model alone: `getDMMF` of @prisma/get-dmmf builds the client's whole API with it, 200 times slower for 300 models.
 * Throws SCHEMA_INVALID with Prisma's message, file and line, SCHEMA_TOO_LARGE or SCHEMA_UNREADABLE.
 */
export function parseSchema(files: readonly SchemaFile[]): PrismaSchema {
  const { models } = readDataModel(files);
  const hash = createHash('sha256');
  for (const [path, text] of files) hash.update(path).update('\0').update(text).update('\0');
  const blocks = scanBlocks(files).filter(({ kind }) => kind === 'model' || kind === 'view');
  const byName = new Map(blocks.map((block) => [block.name, block]));
  const known = models.map((model) => readModel(model, byName, models));
  const ignored = blocks.filter((block) => block.kind === 'model' && isIgnored(block)).map(readIgnored);
  return { models: [...known, ...ignored], fingerprint: hash.digest('hex').slice(0, 16) };
}

/** Asks the parser for the data model. Throws as `parseSchema` does. */
export function readDataModel(files: readonly SchemaFile[]): DataModel {
  const size = files.reduce((total, [, text]) => total + text.length, 0);
  if (size > MAX_CHARACTERS) throw schemaTooLarge(size, MAX_CHARACTERS);
  const answer = askParser(normaliseSchema(files));
  if ('gaveUp' in answer) throw schemaUnreadable(answer.gaveUp);
  if ('error' in answer) throw schemaInvalid(shortenParserMessage(answer.error));
  return JSON.parse(answer.datamodel) as DataModel;
}

function readModel(
  model: DmmfModel,
  blocks: ReadonlyMap<string, Block>,
  models: readonly DmmfModel[],
): Model {
  const block = blocks.get(model.name);
  // The other side of a hidden relation is hidden too, and no column.
  const isColumn = ({ name, type }: Field) => !names.includes(name) && !blocks.has(type.replace('[]', ''));
  const scalars = model.fields.filter(({ kind }) => kind !== 'object');
  const names = model.fields.map(({ name }) => name);
  const idField = model.fields.find(({ isId }) => isId);
  const primaryKey = model.primaryKey?.fields ?? (idField ? [idField.name] : []);
  const uniqueKeys = [
    [...primaryKey],
    ...scalars.filter(({ isUnique }) => isUnique).map(({ name }) => [name]),
    ...model.uniqueFields.map((fields) => [...fields]),
  ];
  const hiddenRelations = block ? listRelations(block).filter(({ field }) => !names.includes(field)) : [];
  return {
    name: model.name,
    table: { schema: model.schema ?? null, name: model.dbName ?? model.name },
    fields: [...scalars.map(readField), ...(block ? readHiddenFields(block).filter(isColumn) : [])],
    relations: [...model.fields.filter(holdsForeignKey).map(readRelation), ...hiddenRelations],
    manyToMany: model.fields.filter((field) => isManyToMany(field, model, models)).map(({ type }) => type),
    uniqueKeys: uniqueKeys.filter((fields) => fields.length > 0),
    hidden: block?.kind === 'view' ? 'view' : null,
  };
}

function readField(field: DmmfField): Field {
  return {
    name: field.name,
    column: field.dbName ?? field.name,
    type: field.isList ? `${field.type}[]` : field.type,
    nativeType: field.nativeType?.[0] ?? null,
    isRequired: field.isRequired,
    isUnique: field.isUnique || field.isId,
    isGenerated: isFunction(field.default),
  };
}

/** A default that is a function, as the parser has it, and not the clock. */
function isFunction(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && value.name !== 'now';
}

function holdsForeignKey({ kind, relationFromFields }: DmmfField): boolean {
  return kind === 'object' && (relationFromFields?.length ?? 0) > 0;
}

function readRelation(field: DmmfField): Relation {
  const { name, type, relationFromFields, relationToFields, relationOnDelete } = field;
  return {
    field: name,
    to: type,
    fields: [...(relationFromFields ?? [])],
    references: [...(relationToFields ?? [])],
    onDelete: relationOnDelete ?? null,
  };
}

/** Whether a field and its opposite are both lists: then Prisma keeps the relation in a table of its own. */
function isManyToMany(field: DmmfField, model: DmmfModel, models: readonly DmmfModel[]): boolean {
  if (field.kind !== 'object' || !field.isList || holdsForeignKey(field)) return false;
  const opposite = models
    .find(({ name }) => name === field.type)
    ?.fields.find(
      (each) =>
        each.relationName === field.relationName &&
        (field.type !== model.name || each.name !== field.name) &&
        each.kind === 'object',
    );
  return opposite?.isList === true;
}

/** Fields that the client does not know are columns all the same. */
function readHiddenFields(block: Block): Field[] {
  return listHiddenFields(block).map(({ name, column, type, isId, isUnique }) => ({
    name,
    column,
    type: type.replace('?', ''),
    nativeType: null,
    isRequired: !type.endsWith('?'),
    isUnique: isId || isUnique,
    isGenerated: false,
  }));
}

function readIgnored(block: Block): Model {
  const fields = readHiddenFields(block).filter(({ type }) => !type.endsWith('[]'));
  const single = listHiddenFields(block).sort((a, b) => Number(b.isId) - Number(a.isId));
  return {
    name: block.name,
    table: { schema: schemaOfBlock(block), name: tableOfBlock(block) },
    fields,
    relations: listRelations(block),
    manyToMany: [],
    uniqueKeys: [
      ...single.filter(({ isId, isUnique }) => isId || isUnique).map(({ name }) => [name]),
      ...listCompoundKeys(block),
    ],
    hidden: 'ignored',
  };
}

/** Prisma's message without source excerpts: each error with its file and line, the first three of them. */
function shortenParserMessage(message: string): string {
  const text = message.startsWith('{') ? (JSON.parse(message) as { message: string }).message : message;
  const errors = [
    ...text.matchAll(/^error: (?:Error validating: )?(.+(?:\n(?!\s*-->|error: ).*)*)\n\s*--> {1,2}(\S.*)$/gm),
  ];
  if (errors.length === 0) return text.trim();
  const lines = errors
    .slice(0, 3)
    .map(([, what = '', place]) => `${place}: ${what.trim().replace(/\s*\n\s*/g, ' ')}`);
  return errors.length > 3 ? [...lines, `and ${errors.length - 3} more`].join('\n') : lines.join('\n');
}
