import { join, relative } from 'node:path';
import { type DatabaseUrl, PROVIDERS, parseDatabaseUrl } from './database/database-url.ts';
import { readEnvFile } from './env-file.ts';
import {
  configurationInvalid,
  databaseUrlInvalid,
  databaseUrlMissing,
  environmentUnset,
  flagsContradict,
  providerDiffers,
  providerUnsupported,
  schemaEmpty,
  ToolkitError,
} from './errors.ts';
import { checkSettings } from './schema/check-settings.ts';
import { type Decision, decideOwnership } from './schema/decide.ts';
import { type LocatedSchema, locateSchema } from './schema/locate.ts';
import { findDatasourceUrl, findProvider } from './schema/normalise.ts';
import { type PrismaSchema, parseSchema } from './schema/parse.ts';
import { type OwnershipSettings, readSettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the settings come from: nothing else is read. */
export interface RawConfig {
  env: Environment;
  cwd: string;
  /** `--schema` and `--config`, as typed. */
  schema?: string | undefined;
  config?: string | undefined;
  /** `--owner-model`, `--owner-column` and `--exclude`: they go before the settings file. */
  ownerModel?: string | undefined;
  ownerColumn?: Record<string, string> | undefined;
  exclude?: readonly string[] | undefined;
}

/** The database that is meant, and which source of its URL won. */
export interface DatabaseConfig {
  url: DatabaseUrl;
  urlSource: string;
}

/** The schema that is meant, read, with what was decided about it. */
export interface SchemaConfig {
  located: LocatedSchema;
  schema: PrismaSchema;
  settings: OwnershipSettings;
}

/** The settings, checked. */
export interface Config extends DatabaseConfig, SchemaConfig {
  decision: Decision;
}

/**
 * Reads and checks all settings. Throws one error that names every problem, with nothing of the URL in it. `found` is the
 * schema where it was located before: it is not looked for again.
 */
export async function loadConfig(raw: RawConfig, found?: LocatedSchema): Promise<Config> {
  const problems: ToolkitError[] = [];
  const collect = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ToolkitError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const settings = await collect(() => mergeSettings(raw));
  const located = found ?? (await collect(() => locate(raw, { needsUrl: !raw.env.DATABASE_URL })));
  const schema = located && (await collect(() => parseLocated(located)));
  const decision = settings && schema && (await collect(() => decideOwnership(schema, settings)));
  // Where the schema was not found, what it says of the URL is not known; then nothing is said of it.
  const isUrlKnown = located !== undefined || raw.env.DATABASE_URL !== undefined;
  const database = isUrlKnown ? await collect(() => readDatabase(raw, located)) : undefined;
  const all = [...new Map(problems.map((problem) => [problem.message, problem])).values()];
  if (all.length > 1) throw configurationInvalid(all);
  if (all[0]) throw all[0];
  if (!settings || !located || !schema || !decision || !database)
    throw new Error('a setting is missing without a problem');
  return { ...database, located, schema, settings, decision };
}

/** Reads the schema and the settings, for commands that need no database: what only it needs is no obstacle. */
export async function loadSchemaConfig(raw: RawConfig): Promise<SchemaConfig> {
  const settings = mergeSettings(raw);
  const located = await locate(raw, { needsUrl: false });
  const schema = parseLocated(located);
  checkSettings(schema, settings);
  return { located, schema, settings };
}

/** Reads the database's URL alone, for commands that need no schema, which is not there where it could not be located. */
export async function loadDatabaseUrl(
  raw: RawConfig,
): Promise<DatabaseConfig & { located: LocatedSchema | undefined }> {
  let located: LocatedSchema | undefined;
  try {
    located = await locate(raw, { needsUrl: !raw.env.DATABASE_URL });
  } catch (error) {
    // Without a schema a relative SQLite path starts at the working directory.
    if (!(error instanceof ToolkitError) || raw.schema !== undefined || !findVariable(raw, 'DATABASE_URL'))
      throw error;
  }
  return { ...readDatabaseUrl(raw, located), located };
}

/** A flag goes before all that the file says of the same model. */
function mergeSettings({ cwd, ownerModel, ownerColumn = {}, exclude = [] }: RawConfig): OwnershipSettings {
  const settings = readSettings(cwd);
  const chosen = Object.keys(ownerColumn);
  const [both] = chosen.filter((name) => exclude.includes(name));
  if (both !== undefined) throw flagsContradict(both);
  const without = (models: Record<string, string>, names: readonly string[]) =>
    Object.fromEntries(Object.entries(models).filter(([name]) => !names.includes(name)));
  return {
    ownerModel: ownerModel ?? settings.ownerModel,
    ownerColumns: without({ ...settings.ownerColumns, ...ownerColumn }, exclude),
    exclude: {
      ...without(settings.exclude, chosen),
      ...Object.fromEntries(exclude.map((name) => [name, 'by --exclude'])),
    },
    nullMeans: without(settings.nullMeans, [...chosen, ...exclude]),
  };
}

function locate(raw: RawConfig, { needsUrl }: { needsUrl: boolean }): Promise<LocatedSchema> {
  const env = { ...readEnvFile(join(raw.cwd, '.env'), raw.env), ...raw.env };
  return locateSchema({ cwd: raw.cwd, env, schema: raw.schema, config: raw.config, needsUrl });
}

function parseLocated(located: LocatedSchema): PrismaSchema {
  const schema = parseSchema(located.files);
  if (schema.models.length === 0) throw schemaEmpty(located.path);
  return schema;
}

/** The URL, held against the schema's provider. Throws PROVIDER_UNSUPPORTED before a URL is missed that is of no use. */
function readDatabase(raw: RawConfig, located: LocatedSchema | undefined): DatabaseConfig {
  const provider = located ? findProvider(located.files) : null;
  if (located && provider && !PROVIDERS.some((each) => each === provider))
    throw providerUnsupported(provider, located.path);
  const database = readDatabaseUrl(raw, located);
  if (located && provider && provider !== database.url.provider)
    throw providerDiffers(database.url.provider, provider, located.path);
  return database;
}

function readDatabaseUrl(raw: RawConfig, located: LocatedSchema | undefined): DatabaseConfig {
  const { text, name, source } = findDatabaseUrl(raw, located);
  const url = parseDatabaseUrl(text.trim(), located ? [raw.cwd, located.folder] : [raw.cwd]);
  if (typeof url === 'string') throw databaseUrlInvalid(`${name} (from ${source})`, url);
  return { url, urlSource: `${name} from ${source}` };
}

/** A URL as text, what it is called, and where that was said. */
interface FoundUrl {
  text: string;
  name: string;
  source: string;
}

/**
 * The environment's DATABASE_URL goes before everything; then what the config file says (Prisma 7), or the schema (up to
 * 6), whatever variable that names; and where nothing names one, DATABASE_URL of a `.env` file, the project's before the one
 * beside the schema. A variable that is named and not set is no reason to take another one: it could be another database.
 */
function findDatabaseUrl(raw: RawConfig, located: LocatedSchema | undefined): FoundUrl {
  const { env, cwd } = raw;
  if (env.DATABASE_URL) return { text: env.DATABASE_URL, name: 'DATABASE_URL', source: 'the environment' };
  const config = located?.config;
  if (config?.url) return { text: config.url, name: 'the URL', source: relative(cwd, config.file) };
  const own = located ? findDatasourceUrl(located.files) : null;
  const inConfig = config?.unset ?? [];
  if (own && 'text' in own && inConfig.length === 0)
    return { text: own.text, name: 'the URL', source: located?.path ?? '' };
  const named = inConfig.length > 0 ? inConfig : own && 'variable' in own ? [own.variable] : [];
  for (const name of named.length > 0 ? named : ['DATABASE_URL']) {
    const found = findVariable(raw, name, located);
    if (found) return found;
  }
  const [variable] = named;
  if (variable === undefined) throw databaseUrlMissing();
  const where = config && inConfig.length > 0 ? relative(cwd, config.file) : (located?.path ?? '');
  throw environmentUnset(variable, where);
}

/** A setting that is no URL of the database: from the environment, else from `.env` in the project. */
export function findSetting(raw: RawConfig, name: string): string | null {
  return findVariable(raw, name)?.text ?? null;
}

/** A variable of the environment or of a `.env` file: the project's, then the one beside the schema, as Prisma up to 6. */
function findVariable({ env, cwd }: RawConfig, name: string, located?: LocatedSchema): FoundUrl | null {
  if (env[name]) return { text: env[name], name, source: 'the environment' };
  const folders = located ? [cwd, located.folder, join(cwd, 'prisma')] : [cwd];
  for (const file of new Set(folders.map((folder) => join(folder, '.env')))) {
    const text = readEnvFile(file, env)[name];
    if (text) return { text, name, source: relative(cwd, file) };
  }
  return null;
}
