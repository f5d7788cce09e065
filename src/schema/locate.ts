import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { schemaNotFound, schemasAmbiguous, schemaTooLarge } from '../errors.ts';
import type { SchemaFile } from './normalise.ts';
import { MAX_CHARACTERS } from './parse.ts';
import { findPackage, refusePrisma8 } from './prisma-version.ts';
import { findConfigFile, loadConfigFile, type ProjectConfig } from './project-config.ts';
import { scanBlocks } from './scan.ts';
import { suggestSchemas } from './suggest.ts';

/** Where Prisma looks for a schema when nobody says where it is. */
const DEFAULT_PLACES = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'prisma'];

/** A schema as it lies on disk. */
export interface LocatedSchema {
  /** The file or folder, as it was named or found, relative to the project's folder. */
  path: string;
  /** Who said so: a flag, a file, or the default place. */
  source: string;
  /** Where a relative SQLite path in an older Prisma's URL starts. */
  folder: string;
  /** Where Prisma keeps this schema's migrations, whether it is there or not. */
  migrations: string;
  files: SchemaFile[];
  /** The config file that was loaded, with the URL that it names; null also where everything was said elsewhere. */
  config: ProjectConfig | null;
  /** The version of Prisma that the project has installed, where it has. */
  prismaVersion: string | null;
}

/** What decides where a project's schema is. */
export interface LocateOptions {
  cwd: string;
  /** For the config file. */
  env: Readonly<Record<string, string | undefined>>;
  schema: string | undefined;
  config: string | undefined;
  /** Whether the config file is asked for the database's URL, too. */
  needsUrl: boolean;
}

/**
 * Finds a project's schema as its Prisma does: `--schema`, the config file, `package.json` (up to Prisma 6), the default
 * places. Reads the file, or every `.prisma` file of a folder, nested ones included. A config file is loaded only where it
 * can say what nobody else said. Throws SCHEMA_NOT_FOUND with the places that were tried, SCHEMAS_AMBIGUOUS,
 * SCHEMA_TOO_LARGE, PRISMA_8, or what is wrong with the config file.
 */
export async function locateSchema(options: LocateOptions): Promise<LocatedSchema> {
  const { cwd, schema: named, env, needsUrl } = options;
  const prismaVersion = refusePrisma8(cwd);
  const isConfigNeeded = named === undefined || options.config !== undefined || needsUrl;
  const file = isConfigNeeded ? findConfigFile(cwd, options.config) : null;
  const config = file === null ? null : await loadConfigFile(file, { cwd, env, needsUrl });
  const said = findSaidPlace(options, config, prismaVersion);
  const found = said ? findPaths(cwd, [said.place]) : refuseSecond(cwd, findPaths(cwd, DEFAULT_PLACES));
  const [first] = found;
  if (!first) throw schemaNotFound(said ? [said.place] : DEFAULT_PLACES, suggestSchemas(cwd));
  const files = readFiles(cwd, first.files);
  const isFolder = first.files[0] !== first.path;
  if (isFolder && said?.source !== '--schema') refuseSecondDatasource(files);
  return {
    path: relative(cwd, first.path) || '.',
    source: said?.source ?? 'the default place',
    folder: isFolder ? first.path : dirname(first.path),
    migrations: config?.migrations ?? join(cwd, dirname(findMainFile(files)), 'migrations'),
    files,
    config,
    prismaVersion,
  };
}

/** Who says where the schema is; null where Prisma's default places decide. */
function findSaidPlace(
  { cwd, schema }: LocateOptions,
  config: ProjectConfig | null,
  prismaVersion: string | null,
): { place: string; source: string } | null {
  if (schema !== undefined) return { place: schema, source: '--schema' };
  if (config?.schema)
    return { place: relative(cwd, config.schema) || '.', source: relative(cwd, config.file) };
  const isRead = Number.parseInt(prismaVersion ?? '0', 10) < 7;
  const found = isRead ? findPackage(cwd) : null;
  const place = found?.content.prisma?.schema;
  if (!found || typeof place !== 'string') return null;
  return {
    place: relative(cwd, resolve(dirname(found.file), place)) || '.',
    source: relative(cwd, found.file),
  };
}

function findPaths(cwd: string, places: readonly string[]): { path: string; files: string[] }[] {
  const found = places.map((place) => {
    const path = resolve(cwd, place);
    return { path, files: listSchemaFiles(path) };
  });
  return found.filter(({ files }) => files.length > 0);
}

function listSchemaFiles(path: string): string[] {
  const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return found.isFile() ? [path] : [];
  return (
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.prisma') && !/(^|[\\/])(node_modules|migrations)[\\/]/.test(name))
      .map((name) => join(path, name))
      .filter(isFile)
      .sort()
      // A link that leads back into the folder would show each file again.
      .filter((file, i, all) => all.findIndex((each) => realpathSync(each) === realpathSync(file)) === i)
  );
}

function readFiles(cwd: string, files: readonly string[]): SchemaFile[] {
  const bytes = files.reduce((total, file) => total + statSync(file).size, 0);
  // A character takes up to four bytes in UTF-8, and what is larger than that is not even read.
  if (bytes > 4 * MAX_CHARACTERS) throw schemaTooLarge(bytes, MAX_CHARACTERS);
  const read = files.map((file): SchemaFile => [relative(cwd, file), readFileSync(file, 'utf8')]);
  const characters = read.reduce((total, [, text]) => total + text.length, 0);
  if (characters > MAX_CHARACTERS) throw schemaTooLarge(characters, MAX_CHARACTERS);
  return read;
}

/**
 * Prisma's versions do not agree on which default place goes first. Two of them with a datasource could both be meant;
 * `prisma` itself is a place for a folder of files, where nothing else is.
 */
function refuseSecond(cwd: string, found: { path: string; files: string[] }[]) {
  const places = found.filter(({ path }) => found.length === 1 || path !== join(cwd, 'prisma'));
  const whole = places.filter(({ files }) => listWithDatasource(readFiles(cwd, files)).length > 0);
  if (whole.length > 1) throw schemasAmbiguous(whole.map(({ path }) => relative(cwd, path)));
  return whole.length === 1 ? whole : places;
}

/** A folder is one schema; two datasources in it are two schemas, and which is meant is for people to say. */
function refuseSecondDatasource(files: readonly SchemaFile[]): void {
  const withDatasource = listWithDatasource(files);
  if (withDatasource.length > 1) throw schemasAmbiguous(withDatasource);
}

/** The file with the datasource says where the migrations are, in a folder of files. */
function findMainFile(files: readonly SchemaFile[]): string {
  return listWithDatasource(files)[0] ?? files[0]?.[0] ?? '';
}

function listWithDatasource(files: readonly SchemaFile[]): string[] {
  const isDatasource = ({ kind }: { kind: string }) => kind === 'datasource';
  return files.filter((file) => scanBlocks([file]).some(isDatasource)).map(([path]) => path);
}
