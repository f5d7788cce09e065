import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { prisma8Unsupported } from '../errors.ts';

/** As much of a package.json as is read here. */
interface Package {
  version?: unknown;
  prisma?: { schema?: unknown };
  dependencies?: Record<string, unknown>;
  devDependencies?: Record<string, unknown>;
}

/** Packages of Prisma that a project has. */
const [CLI, CLIENT] = ['prisma', '@prisma/client'];

/**
 * The version of Prisma that a project has installed, or null. Throws PRISMA_8 when it is 8, and where none is installed
 * when its package.json asks for 8.
 */
export function refusePrisma8(cwd: string): string | null {
  const version = findInstalled(cwd);
  if (Number.parseInt(version ?? '0', 10) >= 8) throw prisma8Unsupported(`prisma ${version} is installed`);
  const found = version === null ? findPackage(cwd) : null;
  const wanted = [CLI, CLIENT]
    .map((name) => found?.content.devDependencies?.[name] ?? found?.content.dependencies?.[name])
    .find((range) => typeof range === 'string');
  if (found && typeof wanted === 'string' && isPrisma8(wanted))
    throw prisma8Unsupported(`${relative(cwd, found.file)} asks for prisma "${wanted}"`);
  return version;
}

/** The nearest package.json at or above a folder, or null. */
export function findPackage(cwd: string): { file: string; content: Package } | null {
  return findAbove(cwd, 'package.json');
}

/** Ours brings a client of its own, which can lie in the project's folder; so a client counts only where one is asked for. */
function findInstalled(cwd: string): string | null {
  const wanted = findPackage(cwd)?.content;
  const isClientWanted = CLIENT in { ...wanted?.dependencies, ...wanted?.devDependencies };
  for (const name of isClientWanted ? [CLI, CLIENT] : [CLI]) {
    const version = findAbove(cwd, join('node_modules', name, 'package.json'))?.content.version;
    if (typeof version === 'string') return version;
  }
  return null;
}

function findAbove(cwd: string, name: string): { file: string; content: Package } | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, name);
    const content = readPackage(file);
    if (content) return { file, content };
    if (dirname(folder) === folder) return null;
  }
}

/** Null where there is no such file, or none that can be read: npm itself has something to say about that. */
function readPackage(file: string): Package | null {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return typeof content === 'object' && content !== null ? content : null;
  } catch {
    return null;
  }
}

/** "^8.0.0", ">=8" and "next" are; "latest", "workspace:*" and "^7 || ^8" can be something else. */
function isPrisma8(range: string): boolean {
  const [, major] = /^(?:workspace:|npm:prisma@)?[\^~>=v ]*(\d+)/.exec(range) ?? [];
  return range === 'next' || Number(major ?? 0) >= 8;
}
