import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A migration as Prisma keeps it: the name of its folder, and its SQL. */
export interface StoredMigration {
  name: string;
  sql: string;
}

/** The migrations of a project in the order in which Prisma applies them; none where the folder is not there. */
export function listMigrations(folder: string): StoredMigration[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return (
    readdirSync(folder)
      // Looking under a file, like migration_lock.toml, is an error.
      .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory())
      .filter((name) => statSync(join(folder, name, 'migration.sql'), { throwIfNoEntry: false })?.isFile())
      .map((name) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  );
}
