import { format } from '@prisma/prisma-schema-wasm';
import { ToolkitError } from '../../src/errors.ts';
import { type Decision, decideOwnership } from '../../src/schema/decide.ts';
import { type AddPlan, planAddOwners } from '../../src/schema/edit/add.ts';
import { planRemoveOwners, type RemovePlan } from '../../src/schema/edit/remove.ts';
import type { SchemaFile } from '../../src/schema/normalise.ts';
import { type PrismaSchema, parseSchema } from '../../src/schema/parse.ts';
import { NO_SETTINGS, type OwnershipSettings } from '../../src/settings.ts';

/** How a text can be spelled without another meaning. */
export const SPELLINGS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'with CRLF': (text) => text.replaceAll('\n', '\r\n'),
  'with CR': (text) => text.replaceAll('\n', '\r'),
  'with a byte order mark': (text) => `\uFEFF${text}`,
  'with tabs': (text) => text.replace(/^ +/gm, '\t'),
  'without a last line end': (text) => text.trimEnd(),
  formatted: formatSchema,
};

/** Plans phase 1 for these models of a schema, or for all. */
export function addTo(files: readonly SchemaFile[], models?: readonly string[]): AddPlan {
  const { schema, decision, all } = read(files);
  return planAddOwners(files, schema, { ...decision, models: models ?? all });
}

/** Plans the removal of phase 1 from these models of a schema, or from all. */
export function removeFrom(
  files: readonly SchemaFile[],
  models?: readonly string[],
  settings: Partial<OwnershipSettings> = {},
): RemovePlan {
  const { schema, decision, all } = read(files, settings);
  return planRemoveOwners(files, schema, { ...decision, models: models ?? all });
}

/** Whether a schema can be read, and has an owner model that needs no choice. */
export function isDecided(files: readonly SchemaFile[]): boolean {
  try {
    return read(files).all.length > 0;
  } catch (error) {
    if (error instanceof ToolkitError) return false;
    throw error;
  }
}

function read(
  files: readonly SchemaFile[],
  settings: Partial<OwnershipSettings> = {},
): { schema: PrismaSchema; decision: Decision; all: string[] } {
  const schema = parseSchema(files);
  const decision = decideOwnership(schema, { ...NO_SETTINGS, ...settings });
  return { schema, decision, all: schema.models.map(({ name }) => name) };
}

/** A schema as `prisma format` writes it. */
export function formatSchema(text: string): string {
  const options = { textDocument: { uri: 'file:/a.prisma' }, options: { tabSize: 2, insertSpaces: true } };
  const [file] = JSON.parse(
    format(JSON.stringify([['a.prisma', text]]), JSON.stringify(options)),
  ) as SchemaFile[];
  return file?.[1] ?? '';
}
