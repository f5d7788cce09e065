import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { scanBlocks } from './scan.ts';

/** Never the project's own: installed, generated, or another program's. */
const SKIPPED = /^(node_modules|dist|build|out|coverage|migrations|\..*)$/;
/** A search for a hint must not become a walk through somebody's disk. */
const MOST = { folders: 2000, found: 5 };

/**
 * Lists whole schemas below a folder, nearest first, for an error to name: files with a datasource, or their folder where
 * the rest of the schema lies beside them. Nothing is decided by this.
 */
export function suggestSchemas(cwd: string): string[] {
  const found: string[] = [];
  const queue = [cwd];
  for (let seen = 0; seen < MOST.folders && found.length < MOST.found; seen++) {
    const folder = queue.shift();
    if (folder === undefined) break;
    const entries = listEntries(folder);
    found.push(...findWhole(folder, entries).map((path) => relative(cwd, path) || '.'));
    for (const entry of entries)
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) queue.push(join(folder, entry.name));
  }
  return found.slice(0, MOST.found);
}

function findWhole(folder: string, entries: readonly Dirent[]): string[] {
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'));
  const paths = files.map(({ name }) => join(folder, name));
  const whole = paths.filter((path) =>
    scanBlocks([[path, readFileSync(path, 'utf8')]]).some(({ kind }) => kind === 'datasource'),
  );
  const isFolder = whole.length === 1 && paths.length > 1;
  return isFolder ? [dirname(whole[0] ?? folder)] : whole;
}

/** A folder that may not be read holds nothing to suggest. */
function listEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
