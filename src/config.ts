import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'dotenv';
import { type DatabaseUrl, parseDatabaseUrl } from './database/database-url.ts';
import {
  configurationInvalid,
  databaseUrlInvalid,
  databaseUrlMissing,
  providerDiffers,
  schemaEmpty,
  ToolkitError,
} from './errors.ts';
import { type Decision, decideOwnership } from './schema/decide.ts';
import { type LocatedSchema, locateSchema } from './schema/locate.ts';
import { findProvider } from './schema/normalise.ts';
import { parseSchema } from './schema/parse.ts';

/** What the settings come from: nothing else is read. */
export interface RawConfig {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** `--schema`, as typed. */
  schema: string | undefined;
}

/** The settings, checked. */
export interface Config {
  url: DatabaseUrl;
  /** Which source of DATABASE_URL won. */
  urlSource: string;
  schemaPath: string;
  fingerprint: string;
  decision: Decision;
}

/** Reads and checks all settings. Throws one error that names every problem, with nothing of the URL in it. */
export function loadConfig(raw: RawConfig): Config {
  const problems: ToolkitError[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ToolkitError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const located = collect(() => locateSchema(raw.cwd, raw.schema));
  const schema = located && collect(() => parseSchema(located.files));
  const decision = located && schema && collect(() => decide(schema, located));
  const database = collect(() => readDatabaseUrl(raw, located));
  const provider = located && findProvider(located.files);
  if (located && database && provider && provider !== database.url.provider) {
    problems.push(providerDiffers(database.url.provider, provider, located.path));
  }
  if (problems.length > 1) throw configurationInvalid(problems);
  if (problems[0]) throw problems[0];
  if (!located || !schema || !decision || !database)
    throw new Error('a setting is missing without a problem');
  return { ...database, schemaPath: located.path, fingerprint: schema.fingerprint, decision };
}

/** Reads DATABASE_URL alone, for commands that need no schema. */
export function loadDatabaseUrl(raw: RawConfig): { url: DatabaseUrl; urlSource: string } {
  let located: LocatedSchema | undefined;
  try {
    located = locateSchema(raw.cwd, raw.schema);
  } catch (error) {
    // Without a schema a relative SQLite path starts at the working directory.
    if (!(error instanceof ToolkitError) || raw.schema !== undefined) throw error;
  }
  return readDatabaseUrl(raw, located);
}

function decide(schema: ReturnType<typeof parseSchema>, located: LocatedSchema): Decision {
  if (schema.models.length === 0) throw schemaEmpty(located.path);
  return decideOwnership(schema);
}

function readDatabaseUrl(
  raw: RawConfig,
  located: LocatedSchema | undefined,
): { url: DatabaseUrl; urlSource: string } {
  const found = findDatabaseUrl(raw, located?.folder);
  if (!found) throw databaseUrlMissing();
  const folders = located ? [raw.cwd, located.folder] : [raw.cwd];
  const url = parseDatabaseUrl(found.text.trim(), folders);
  if (typeof url === 'string') throw databaseUrlInvalid(found.source, url);
  return { url, urlSource: found.source };
}

/** The environment wins over `.env`, and the project's `.env` over the one beside the schema, as in Prisma. */
function findDatabaseUrl({ env, cwd }: RawConfig, schemaFolder: string | undefined) {
  if (env.DATABASE_URL) return { text: env.DATABASE_URL, source: 'the environment' };
  const files = [join(cwd, '.env'), ...(schemaFolder ? [join(schemaFolder, '.env')] : [])];
  for (const file of new Set(files)) {
    const text = existsSync(file) ? parse(readFileSync(file, 'utf8')).DATABASE_URL : undefined;
    if (text) return { text, source: relative(cwd, file) };
  }
  return null;
}
