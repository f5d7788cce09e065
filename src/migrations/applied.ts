import type { Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import type { StoredMigration } from './folder.ts';

/** A row of Prisma's own table of migrations; times are as the database prints them. */
export interface AppliedMigration {
  name: string;
  started: string;
  /** Null while it is being applied, and where it failed. */
  finished: string | null;
  /** When somebody said that a failed one is to be taken for not applied. */
  rolledBack: string | null;
}

const TABLE = '_prisma_migrations';

/** What Prisma says of the migrations in this database, the first first; null where it keeps no table of them, or not for this role. */
export async function listAppliedMigrations(
  session: Session,
  dialect: Dialect,
  defaultSchema: string,
): Promise<AppliedMigration[] | null> {
  const table = { schema: defaultSchema, name: TABLE };
  const info = await dialect.inspectTable(session, table, '');
  if (!info?.canRead) return null;
  const text = (name: string) => {
    const type = info.columns.find((column) => column.name === name)?.type ?? '';
    return dialect.asText(dialect.quote(name), type);
  };
  return session.query<AppliedMigration>(sql`
    SELECT migration_name AS name, ${text('started_at')} AS started, ${text('finished_at')} AS finished,
           ${text('rolled_back_at')} AS ${dialect.quote('rolledBack')}
      FROM ${dialect.table(table)} ORDER BY started_at`);
}

/** Names of migrations by what became of them. */
export interface MigrationStates {
  applied: string[];
  /** Begun, and neither finished nor marked as rolled back: Prisma applies nothing before that is resolved. */
  failed: string[];
  /** In the project, and not applied. */
  pending: string[];
}

/** Holds the migrations of a project against what Prisma says of the database. */
export function compareMigrations(
  stored: readonly StoredMigration[],
  rows: readonly AppliedMigration[] | null,
): MigrationStates {
  const all = rows ?? [];
  const done = all.filter(({ finished, rolledBack }) => finished !== null && rolledBack === null);
  const applied = done.map(({ name }) => name);
  const isFailed = ({ finished, rolledBack }: AppliedMigration) => finished === null && rolledBack === null;
  return {
    applied,
    failed: all.filter(isFailed).map(({ name }) => name),
    pending: stored.map(({ name }) => name).filter((name) => !applied.includes(name)),
  };
}
