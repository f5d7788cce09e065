import type { DdlDialect } from '../database/ddl.ts';
import type { Database, Session } from '../database/dialect.ts';
import { migrationFailed, migrationsPending } from '../errors.ts';
import { compareMigrations, listAppliedMigrations } from '../migrations/applied.ts';
import { listMigrations } from '../migrations/folder.ts';
import { type MigrationFile, planMigrations } from '../migrations/plan.ts';

/** Asks the database for the migrations of a phase. */
export type WriteMigrations = (ddl: DdlDialect, session: Session) => ReturnType<DdlDialect['addOwners']>;

/**
 * Plans the folders of a phase's migrations, after all that the project has. Their SQL is made from the database as it is, so
 * nothing may wait to be applied before them: throws MIGRATION_FAILED or MIGRATIONS_PENDING.
 */
export async function planPhaseMigrations(
  { dialect, url, read }: Database,
  folder: string,
  write: WriteMigrations,
): Promise<MigrationFile[]> {
  const stored = listMigrations(folder);
  return read(async (session) => {
    const applied = await listAppliedMigrations(session, dialect, url.defaultSchema);
    const { failed, pending } = compareMigrations(stored, applied);
    if (failed[0] !== undefined) throw migrationFailed(failed[0]);
    if (pending.length > 0) throw migrationsPending(pending);
    const names = stored.map(({ name }) => name);
    return planMigrations(names, await write(dialect.ddl, session), new Date());
  });
}
