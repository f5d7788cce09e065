import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson } from './tsconfig.ts';

/** Deep enough for `packages/db`, `apps/web` and one more. */
const DEPTH = 3;

/** The packages of the workspace that a folder is in, by name, with their folders. */
export function listWorkspacePackages(folder: string): Map<string, string> {
  const packages = new Map<string, string>();
  collect(findWorkspace(folder), DEPTH, packages);
  return packages;
}

/** The nearest folder above that says it is a workspace; else the folder itself. */
function findWorkspace(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    const isOne =
      existsSync(join(each, 'pnpm-workspace.yaml')) ||
      existsSync(join(each, 'lerna.json')) ||
      readJson(join(each, 'package.json')).workspaces !== undefined;
    if (isOne) return each;
    if (each === dirname(each)) return folder;
  }
}

function collect(folder: string, depth: number, packages: Map<string, string>): void {
  const { name } = readJson(join(folder, 'package.json'));
  if (typeof name === 'string' && !packages.has(name)) packages.set(name, folder);
  if (depth === 0) return;
  for (const entry of readFolder(folder)) {
    const isOther = entry.name === 'node_modules' || entry.name.startsWith('.');
    if (entry.isDirectory() && !isOther) collect(join(folder, entry.name), depth - 1, packages);
  }
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Where the code of a package may begin, the likeliest first; `subpath` is what follows its name. */
export function listEntries(folder: string, subpath: string): string[] {
  const { exports, main, module, types } = readJson(join(folder, 'package.json'));
  const key = subpath === '' ? '.' : `./${subpath}`;
  const isMap = typeof exports === 'object' && exports !== null;
  const entry = isMap && key in exports ? (exports as Record<string, unknown>)[key] : undefined;
  const named = listTargets(entry ?? (subpath === '' ? exports : undefined));
  const whole = subpath === '' ? [module, main, types].filter((each) => typeof each === 'string') : [];
  const usual = subpath === '' ? ['src/index', 'index', 'src', 'lib/index'] : [subpath, `src/${subpath}`];
  return [...named, ...whole, ...usual].map((each) => join(folder, each));
}

/** Whatever the conditions of an export lead to. */
function listTargets(entry: unknown): string[] {
  if (typeof entry === 'string') return [entry];
  return typeof entry === 'object' && entry !== null ? Object.values(entry).flatMap(listTargets) : [];
}
