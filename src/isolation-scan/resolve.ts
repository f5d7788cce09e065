import { statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { listEntries, listWorkspacePackages } from './packages.ts';
import { findTsconfig, type ModulePaths, readModulePaths } from './tsconfig.ts';

/** Finds the file that an import means; null for a package from elsewhere, and where there is none. */
export type Resolver = (source: string, from: string) => string | null;

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** TypeScript writes imports with the extension that the compiled file has. */
const COMPILED: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
/** Names that frameworks give to the project's own folders, mostly in a configuration that is generated. */
const USUAL_ALIAS = /^(?:[@~#]|~~|@@|\$lib)\//;

/** Makes a resolver for the project that a folder is in. */
export function createResolver(folder: string): Resolver {
  const packages = listWorkspacePackages(folder);
  const configs = new Map<string, ModulePaths & { folder: string }>();
  const known = new Map<string, string | null>();
  return (source, from) => {
    const key = `${dirname(from)}\0${source}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = find(source, dirname(from), { packages, configs });
    const own = result?.includes(`${sep}node_modules${sep}`) ? null : result;
    known.set(key, own);
    return own;
  };
}

interface Project {
  packages: ReadonlyMap<string, string>;
  configs: Map<string, ModulePaths & { folder: string }>;
}

function find(source: string, folder: string, { packages, configs }: Project): string | null {
  if (/^\.{1,2}(?:\/|$)/.test(source) || source.startsWith('/')) return findFile(resolve(folder, source));
  let config = configs.get(folder);
  if (!config) {
    const file = findTsconfig(folder);
    const root = file ? dirname(file) : folder;
    config = { ...(file ? readModulePaths(file) : { base: null, paths: [] }), folder: root };
    configs.set(folder, config);
  }
  const places = [...listPlaces(source, config), ...listPackagePlaces(source, packages)];
  if (USUAL_ALIAS.test(source)) {
    const rest = source.slice(source.indexOf('/') + 1);
    const homes = source.startsWith('$lib/') ? ['src/lib'] : ['src', '.', 'app', 'server'];
    places.push(...homes.map((home) => join(config.folder, home, rest)));
  }
  for (const place of places) {
    const file = findFile(place);
    if (file) return file;
  }
  return null;
}

/** By `paths` and `baseUrl`; the pattern with the longest beginning goes first. */
function listPlaces(source: string, { base, paths }: ModulePaths): string[] {
  const matching = paths.flatMap(([pattern, targets]) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) return pattern === source ? [{ length: pattern.length, targets }] : [];
    if (!source.startsWith(before) || !source.endsWith(after)) return [];
    const rest = source.slice(before.length, source.length - after.length);
    return [{ length: before.length, targets: targets.map((target) => target.replace('*', () => rest)) }];
  });
  const sorted = matching.sort((a, b) => b.length - a.length).flatMap(({ targets }) => targets);
  return base === null ? sorted : [...sorted, join(base, source)];
}

function listPackagePlaces(source: string, packages: ReadonlyMap<string, string>): string[] {
  const parts = source.split('/');
  const length = source.startsWith('@') ? 2 : 1;
  const folder = packages.get(parts.slice(0, length).join('/'));
  return folder === undefined ? [] : listEntries(folder, parts.slice(length).join('/'));
}

/** A file of code, as it is named, with an extension, or as the index of a folder. */
function findFile(path: string): string | null {
  const extension = EXTENSIONS.find((each) => path.endsWith(each));
  const bare = extension ? path.slice(0, -extension.length) : path;
  const candidates = [
    ...(extension ? [path, ...(COMPILED[extension] ?? []).map((each) => bare + each)] : []),
    ...EXTENSIONS.map((each) => path + each),
    ...EXTENSIONS.map((each) => join(path, `index${each}`)),
  ];
  return candidates.find(isFile) ?? null;
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
