import { join, relative } from 'node:path';
import type { DdlDialect } from '../database/ddl.ts';
import type { Database, Session } from '../database/dialect.ts';
import { migrationFailed, migrationsPending } from '../errors.ts';
import type { FileChange } from '../files.ts';
import { compareMigrations, listAppliedMigrations } from '../migrations/applied.ts';
import { listMigrations } from '../migrations/folder.ts';
import { planMigrations } from '../migrations/plan.ts';
import type { PhaseProject } from './plan.ts';

/** The owner columns that migrations are for, and who writes them. */
interface MigrationsRequest<Column> {
  columns: readonly Column[];
  write: (
    ddl: DdlDialect,
    session: Session,
    columns: readonly Column[],
  ) => ReturnType<DdlDialect['addOwners']>;
}

/**
 * Plans the folders of a phase's migrations, after all that the project has; none for no columns. Their SQL is made from the
 * database as it is, so nothing may wait to be applied before them: throws MIGRATION_FAILED or MIGRATIONS_PENDING.
 */
export async function planPhaseMigrations<Column>(
  { cwd, located }: PhaseProject,
  { dialect, url, read }: Database,
  { columns, write }: MigrationsRequest<Column>,
): Promise<FileChange[]> {
  if (columns.length === 0) return [];
  const stored = listMigrations(located.migrations);
  return read(async (session) => {
    const applied = await listAppliedMigrations(session, dialect, url.defaultSchema);
    const { failed, pending } = compareMigrations(stored, applied);
    if (failed[0] !== undefined) throw migrationFailed(failed[0]);
    if (pending.length > 0) throw migrationsPending(pending);
    const names = stored.map(({ name }) => name);
    const files = planMigrations(names, await write(dialect.ddl, session, columns), new Date());
    return files.map(({ folder, sql }) => ({
      path: relative(cwd, join(located.migrations, folder, 'migration.sql')),
      before: null,
      after: sql,
    }));
  });
}
