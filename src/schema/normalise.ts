/** A schema file: its path, and its text. */
export type SchemaFile = [path: string, text: string];

const BLOCK_START = /^\s*(datasource|generator|view)\s+\w+\s*\{/;
const BLOCK_END = /^\s*\}/;
/** Required up to Prisma 6, an error from 7: connections are none of the parser's business here. */
const CONNECTION_LINE = /^\s*(url|directUrl|shadowDatabaseUrl)\s*=/;
const PREVIEW_LINE = /^(\s*)previewFeatures\s*=/;

/**
 * Makes a schema of any Prisma version readable to the one pinned parser: drops connection lines, spells the provider
 * `postgres` in full and replaces preview features, of which an unknown one would be an error. Lines keep their numbers,
 * so that the parser's messages point at the right place.
 */
export function normaliseSchema(text: string): string {
  let block: string | null = null;
  let inPreviewFeatures = false;
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const normalised = lines.map((line) => {
    if (inPreviewFeatures) {
      inPreviewFeatures = !line.includes(']');
      return '';
    }
    block = BLOCK_START.exec(line)?.[1] ?? block;
    if (BLOCK_END.test(line)) block = null;
    // Prisma 5 allowed a primary key in a view; for the parser of 7 it is a unique key.
    if (block === 'view') return line.replace(/(\s)@id\b/, '$1@unique').replace(/^(\s*)@@id\b/, '$1@@unique');
    if (block === 'datasource' && CONNECTION_LINE.test(line)) return '';
    if (block === 'datasource') return line.replace(/^(\s*provider\s*=\s*)"postgres"/, '$1"postgresql"');
    if (block === 'generator' && PREVIEW_LINE.test(line)) {
      inPreviewFeatures = !line.includes(']');
      return line.replace(
        /^(\s*)previewFeatures.*$/,
        '$1previewFeatures = ["postgresqlExtensions", "views"]',
      );
    }
    return line;
  });
  return normalised.join('\n');
}

/** The provider that a schema's datasource names, or null where no file has a datasource. */
export function findProvider(files: readonly SchemaFile[]): string | null {
  for (const [, text] of files) {
    const datasource = /^\s*datasource\s+\w+\s*\{([\s\S]*?)^\s*\}/m.exec(text.replace(/^\s*\/\/.*$/gm, ''));
    const provider = /^\s*provider\s*=\s*"(\w+)"/m.exec(datasource?.[1] ?? '')?.[1];
    if (provider) return provider === 'postgres' ? 'postgresql' : provider;
  }
  return null;
}

/** The names of a schema's views: the parser hands them out among the models. */
export function listViews(files: readonly SchemaFile[]): string[] {
  return files.flatMap(([, text]) =>
    [...text.matchAll(/^\s*view\s+(\w+)\s*\{/gm)].map(([, name]) => name as string),
  );
}
