import { quoteWord } from '../shell.ts';
import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

/** `elsewhere`: schemas that were seen in other places below the folder, for a person to choose from. */
export function schemaNotFound(places: readonly string[], elsewhere: readonly string[]): ToolkitError {
  const verb = elsewhere.length > 1 ? 'there are some' : 'there is one';
  const seen = elsewhere.length > 0 ? `; ${verb} at ${elsewhere.join(', ')}` : '';
  return refusal(
    'SCHEMA_NOT_FOUND',
    `there is no Prisma schema at ${places.join(', ')}${seen}.`,
    nameSchema(elsewhere[0] ?? 'path/to/schema.prisma'),
  );
}

function nameSchema(path: string): string {
  return commands(
    'Name the file or folder, here and in every command:',
    `npm run migration:models -- --schema=${quoteWord(path)}`,
  );
}

export function schemaEmpty(path: string): ToolkitError {
  return refusal(
    'SCHEMA_EMPTY',
    `the schema ${path} has no model.`,
    'Name the right file or folder with --schema.',
  );
}

export function schemaInvalid(parserMessage: string): ToolkitError {
  const remedy = commands('Correct the schema; Prisma checks it with:', 'npx prisma validate');
  return refusal('SCHEMA_INVALID', `Prisma cannot read the schema.\n${parserMessage}`, remedy);
}

export function schemaUnreadable(why: string): ToolkitError {
  return refusal(
    'SCHEMA_UNREADABLE',
    `Prisma's parser gave no answer for the schema: ${why}. It is no Prisma schema, or has thousands of errors.`,
    commands('Name the right file or folder with --schema; Prisma checks it with:', 'npx prisma validate'),
  );
}

export function ownerModelMissing(models: readonly string[], candidates: readonly string[]): ToolkitError {
  const first = candidates[0] ?? models[0] ?? 'Account';
  const known =
    candidates.length > 0 ? `candidates are ${candidates.join(', ')}` : `the schema has ${models.join(', ')}`;
  return refusal(
    'OWNER_MODEL_MISSING',
    `no model is called or mapped "User" or "Users"; ${known}.`,
    commands(
      'The toolkit does not guess. Name the model that holds the users, or add one to the schema and migrate:',
      `npm run migration:models -- --owner-model=${first}`,
    ),
  );
}

export function ownerModelAmbiguous(candidates: readonly string[]): ToolkitError {
  return refusal(
    'OWNER_MODEL_AMBIGUOUS',
    `several models could hold the users: ${candidates.join(', ')}.`,
    commands(
      'The toolkit does not guess. Name one, with the flag or as "ownerModel" in ownership.config.json:',
      `npm run migration:models -- --owner-model=${candidates[0]}`,
    ),
  );
}

export function ownerKeyUnsupported(model: string, fields: readonly string[]): ToolkitError {
  const key = fields.length > 0 ? `the composite key (${fields.join(', ')})` : 'no key';
  return refusal(
    'OWNER_KEY_UNSUPPORTED',
    `the model ${model} has ${key}; one column must tell users apart.`,
    `Give ${model} a single @id.`,
  );
}

export function schemaTooLarge(characters: number, most: number): ToolkitError {
  const millions = (count: number) => `${(count / 1_000_000).toFixed(1)} million characters`;
  return refusal(
    'SCHEMA_TOO_LARGE',
    `the schema has ${millions(characters)}; no more than ${millions(most)} are read.`,
    'Name the right file or folder with --schema.',
  );
}

export function configFileNotFound(named: string): ToolkitError {
  return refusal(
    'CONFIG_FILE_NOT_FOUND',
    `there is no Prisma config file at ${named}.`,
    'Name the right one with --config.',
  );
}

/** `why` are the file's own words, in which a URL may stand: its password is not repeated. */
export function configFileFailed(file: string, why: string): ToolkitError {
  const words = why.replace(/(:\/\/)[^\s/@]*(?:\/[^\s@]*)?@/g, '$1***@').replace(/\.$/, '');
  return refusal(
    'CONFIG_FILE_FAILED',
    `the Prisma config file ${file} cannot be loaded: ${words}.`,
    'Correct it, set what it needs, or do without it: name the schema with --schema, and set DATABASE_URL.',
  );
}

export function configFileEndless(file: string, seconds: number): ToolkitError {
  return refusal(
    'CONFIG_FILE_ENDLESS',
    `the Prisma config file ${file} did not come to an end within ${seconds} seconds.`,
    'Correct it, or do without it: name the schema with --schema, and set DATABASE_URL.',
  );
}

export function prisma8Unsupported(where: string): ToolkitError {
  return refusal(
    'PRISMA_8',
    `this is a project of Prisma 8 (${where}), whose schema and config have another shape; Prisma 4 to 7 can be read.`,
    'Migrate ownership before moving to Prisma 8.',
  );
}

export function schemasAmbiguous(files: readonly string[]): ToolkitError {
  return refusal(
    'SCHEMAS_AMBIGUOUS',
    `several schemas could be meant: ${files.join(', ')}.`,
    nameSchema(files[0] ?? ''),
  );
}
