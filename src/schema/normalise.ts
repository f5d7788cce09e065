import { BLOCK_END, BLOCK_START, type Block, blankComments, scanBlocks, splitLines } from './scan.ts';

/** A schema file: its path, and its text. */
export type SchemaFile = [path: string, text: string];

/** Required up to Prisma 6, an error from 7: connections are none of the parser's business here. */
const CONNECTION_LINE = /^\s*(url|directUrl|shadowDatabaseUrl)\s*=/;
/** All that a schema can need; an unknown or retired feature would be an error, so the schema's own list is dropped. */
const GENERATOR = [
  'generator ownership {',
  '  provider = "prisma-client"',
  '  previewFeatures = ["partialIndexes", "postgresqlExtensions", "views"]',
  '}',
].join('\n');

/**
 * Makes a schema of any Prisma version from 4 readable to the one pinned parser. Lines keep their numbers, so that the
 * parser's messages point at the right place.
 */
export function normaliseSchema(files: readonly SchemaFile[]): SchemaFile[] {
  const normalised = files.map(([path, text]): SchemaFile => [path, normaliseText(text)]);
  const [first, ...others] = normalised;
  return first ? [[first[0], `${first[1]}\n${GENERATOR}\n`], ...others] : [];
}

/** Comments go first: a commented-out block is none, and what is left can be read line by line. */
function normaliseText(text: string): string {
  let block: string | null = null;
  const lines = splitLines(blankComments(text)).map((line) => {
    block ??= BLOCK_START.exec(line)?.[1] ?? null;
    const inside = block;
    if (BLOCK_END.test(line)) block = null;
    if (inside === 'generator') return '';
    if (inside === 'datasource') return normaliseDatasource(line);
    return inside === 'view' ? normaliseView(line) : line;
  });
  return lines.join('\n');
}

function normaliseDatasource(line: string): string {
  if (CONNECTION_LINE.test(line)) return '';
  return line
    .replace(/^(\s*provider\s*=\s*)"postgres"/, '$1"postgresql"')
    .replace(/^(\s*)referentialIntegrity(\s*=)/, '$1relationMode$2');
}

/** Prisma 4 and 5 allowed a primary key in a view; for the parser of 7 it is a unique key, and one of them is enough. */
function normaliseView(line: string): string {
  if (/^\s*@@id\b/.test(line)) return line.replace('@@id', '@@unique');
  return line.replace(/(\s)@id\b(?:\([^)]*\))?/, /\s@unique\b/.test(line) ? '$1' : '$1@unique');
}

/** The provider that a schema's datasource names, or null where no file has a datasource. */
export function findProvider(files: readonly SchemaFile[]): string | null {
  const datasource = scanBlocks(files).find(({ kind }) => kind === 'datasource');
  const provider = findSetting(datasource, 'provider');
  return provider === 'postgres' ? 'postgresql' : provider;
}

/** Who keeps rows from pointing at none: the database, or Prisma's client, as up to 4.4 `referentialIntegrity` said. */
export function findRelationMode(files: readonly SchemaFile[]): 'foreignKeys' | 'prisma' {
  const datasource = scanBlocks(files).find(({ kind }) => kind === 'datasource');
  const mode = findSetting(datasource, 'relationMode') ?? findSetting(datasource, 'referentialIntegrity');
  return mode === 'prisma' ? 'prisma' : 'foreignKeys';
}

/** The variable or the text of the datasource's `url`, as Prisma up to 6 had it in the schema. */
export function findDatasourceUrl(
  files: readonly SchemaFile[],
): { variable: string } | { text: string } | null {
  const datasource = scanBlocks(files).find(({ kind }) => kind === 'datasource');
  for (const line of datasource?.lines ?? []) {
    const [, variable, text] =
      /^\s*url\s*=\s*(?:env\s*\(\s*"([^"]+)"\s*\)|"((?:\\.|[^"\\])*)")/.exec(line) ?? [];
    if (variable !== undefined) return { variable };
    if (text !== undefined) return { text };
  }
  return null;
}

function findSetting(block: Block | undefined, name: string): string | null {
  const pattern = new RegExp(`^\\s*${name}\\s*=\\s*"([^"]*)"`);
  return block?.lines.map((line) => pattern.exec(line)?.[1]).find((value) => value !== undefined) ?? null;
}
