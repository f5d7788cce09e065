import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ScratchDialect } from './scratch.ts';

/** A copy has a folder beside the app's file, so that it is on the same disk, and what SQLite puts beside it goes with it. */
export const sqliteScratch: ScratchDialect = {
  longestName: 200,
  urlOf: (url, name) => {
    const file = join(dirname(url.url), name, 'copy.db');
    return { ...url, name: file, url: file };
  },
  create: async ({ url }, name) => {
    const folder = join(dirname(url.url), name);
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'copy.db'), '', { mode: 0o600 });
  },
  drop: async ({ url }, name) => rmSync(join(dirname(url.url), name), { recursive: true, force: true }),
  list: async ({ url }, prefix) =>
    readdirSync(dirname(url.url)).filter((name) => name.startsWith(prefix) && name !== basename(url.url)),
};
