import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from './database.ts';

/** Runs the migrations of a project in their order, where Prisma itself is not what is tested. */
export async function applyMigrations({ folder, run }: Pick<TestDatabase, 'folder' | 'run'>): Promise<void> {
  const migrations = join(folder, 'migrations');
  for (const name of readdirSync(migrations).sort())
    if (/^\d/.test(name)) await run(readFileSync(join(migrations, name, 'migration.sql'), 'utf8'));
}
