import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The databases that the toolkit speaks to, by the names Prisma gives them. */
export const PROVIDERS = ['sqlite', 'postgresql', 'mysql'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A DATABASE_URL taken apart; `url` is a secret, everything else may be shown. */
export interface DatabaseUrl {
  provider: Provider;
  /** The database's name; for SQLite the path of the file from where the operator stands. */
  name: string;
  host?: string;
  /** What is handed to the driver: a URL, or for SQLite an absolute path. */
  url: string;
  /** The schema (namespace) of tables that name none: the URL's `schema`, `public`, or the database itself. */
  defaultSchema: string;
}

const PROTOCOLS: Record<string, Provider> = {
  'file:': 'sqlite',
  'postgres:': 'postgresql',
  'postgresql:': 'postgresql',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
};

/** What a person types to say that a database is meant: its name, of a file without the path to it. */
export function shortNameOf({ provider, name }: { provider: string; name: string }): string {
  return provider === 'sqlite' ? basename(name) : name;
}

/**
 * Takes a DATABASE_URL apart. A relative SQLite path is looked for in each of `folders`, in this order: Prisma 7
 * resolves it against the project, Prisma up to 6 against the schema's folder.
 * Returns a sentence that says what is wrong, never with the URL in it, when it is not usable.
 */
export function parseDatabaseUrl(text: string, folders: readonly string[]): DatabaseUrl | string {
  const protocol = /^[a-z+]+:/i.exec(text)?.[0].toLowerCase() ?? '';
  const provider = PROTOCOLS[protocol];
  if (!provider) {
    const seen = protocol ? `begins with "${protocol}"` : 'has no protocol';
    return `it ${seen}; it must begin with file:, postgresql: or mysql:`;
  }
  return provider === 'sqlite' ? parseFileUrl(text, folders) : parseServerUrl(text, provider);
}

function parseServerUrl(text: string, provider: Provider): DatabaseUrl | string {
  if (!URL.canParse(text))
    return 'it is not a valid URL (special characters in a password must be written as %XX)';
  if (!/^[a-z]+:\/\//i.test(text)) return 'it has no "//" after its protocol';
  const url = new URL(text);
  // What comes before it would be shown as the database's name.
  if (url.pathname.includes('@'))
    return 'it has an "@" behind its host: in a password "/" is written as %2F, and "@" in any part as %40';
  const name = decode(url.pathname.slice(1));
  if (name === null) return 'it has a "%" that is not followed by two hexadecimal digits';
  if (!name) return 'it names no database after the host';
  const defaultSchema = provider === 'postgresql' ? (url.searchParams.get('schema') ?? 'public') : name;
  return { provider, name, host: url.hostname || 'localhost', url: text, defaultSchema };
}

function parseFileUrl(text: string, folders: readonly string[]): DatabaseUrl | string {
  const path = pathOf(text.split('?')[0] ?? text);
  if (path === null) return 'it is not a valid file URL: write file:./path or file:///absolute/path';
  if (!path) return 'it names no file after file:';
  const places = [...new Set(isAbsolute(path) ? [path] : folders.map((folder) => resolve(folder, path)))];
  const found = places.filter((place) => existsSync(place));
  if (found.length > 1) return `it could mean ${found.join(' or ')}; write an absolute path`;
  const [file] = found;
  if (file === undefined) return `there is no database file at ${places.join(' or ')}`;
  if (!statSync(file).isFile()) return `${file} is not a file`;
  // The journal is found by the file's one real name, whatever link led to it.
  // As it is found from where the operator stands; up to Prisma 6 the text starts at the schema's folder.
  const [from = ''] = folders;
  const name = isAbsolute(path) || resolve(from, path) === file ? path : relative(from, file);
  return { provider: 'sqlite', name, url: realpathSync(file), defaultSchema: 'main' };
}

function pathOf(text: string): string | null {
  if (!text.startsWith('file://')) return text.slice('file:'.length);
  try {
    const path = fileURLToPath(text);
    return path === '/' ? '' : path;
  } catch {
    return null;
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
