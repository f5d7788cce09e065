import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseExpression } from '@babel/parser';
import type { Node } from '@babel/types';
import { nameOf } from './parse-code.ts';

/** Where a project's own names of modules lead: `@/*` to `src/*`. Folders are absolute. */
export interface ModulePaths {
  /** `baseUrl`; null where it is left out. */
  base: string | null;
  paths: [pattern: string, targets: string[]][];
}

/** Reads `paths` of a tsconfig.json or jsconfig.json, and of what it extends. Nothing where the file cannot be read. */
export function readModulePaths(file: string, depth = 0): ModulePaths {
  const { compilerOptions, extends: extended } = readJson(file);
  const { baseUrl, paths } = (compilerOptions ?? {}) as { baseUrl?: unknown; paths?: unknown };
  const folder = dirname(file);
  const parents = (Array.isArray(extended) ? extended : [extended]).filter(
    (each): each is string => typeof each === 'string' && each.startsWith('.'),
  );
  const inherited: ModulePaths = { base: null, paths: [] };
  if (depth < 5)
    for (const parent of parents) {
      const path = resolve(folder, parent);
      Object.assign(inherited, readModulePaths(path.endsWith('.json') ? path : `${path}.json`, depth + 1));
    }
  const base = typeof baseUrl === 'string' ? resolve(folder, baseUrl) : inherited.base;
  if (typeof paths !== 'object' || paths === null) return { base, paths: inherited.paths };
  const own = Object.entries(paths).map(([pattern, targets]): [string, string[]] => [
    pattern,
    (Array.isArray(targets) ? targets : []).map((target) => resolve(base ?? folder, String(target))),
  ]);
  return { base, paths: own };
}

/** A file of JSON with comments; empty where it is not there, or is none. */
export function readJson(file: string): Record<string, unknown> {
  try {
    if (!existsSync(file) || !statSync(file).isFile()) return {};
    const value = toValue(parseExpression(readFileSync(file, 'utf8')));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A literal as the value that it is; undefined for anything else. */
export function toValue(node: Node): unknown {
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return node.value;
    case 'NullLiteral':
      return null;
    case 'ArrayExpression':
      return node.elements.map((each) => (each ? toValue(each) : null));
    case 'ObjectExpression':
      return Object.fromEntries(
        node.properties.flatMap((each) => {
          if (each.type !== 'ObjectProperty') return [];
          const key = each.computed && each.key.type === 'ArrayExpression' ? '__proto__' : nameOf(each.key);
          return key === null ? [] : [[key, toValue(each.value)]];
        }),
      );
    default:
      return undefined;
  }
}

/** The nearest tsconfig.json or jsconfig.json above a file's folder. */
export function findTsconfig(folder: string): string | null {
  for (let each = folder; ; each = dirname(each)) {
    const found = ['tsconfig.json', 'jsconfig.json']
      .map((name) => join(each, name))
      .find((name) => existsSync(name));
    if (found) return found;
    if (each === dirname(each)) return null;
  }
}
