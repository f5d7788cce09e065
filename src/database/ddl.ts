import type { Session, TableName } from './dialect.ts';

/** What the database does with a row when its user is deleted, in SQL's words. */
export type OnDelete = 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'NO ACTION' | 'SET DEFAULT';

/** The owner column of one table, as a migration adds or changes it. Names are the database's. */
export interface OwnerColumn {
  /** The Prisma model, for the names of migrations. */
  model: string;
  table: TableName;
  column: string;
  /** Where it points. */
  references: { table: TableName; column: string };
  /** What its foreign key does once the migration is applied; null without foreign keys (relationMode = "prisma"). */
  onDelete: OnDelete | null;
}

/** One migration: the rest of its folder's name after the time, and the text of its `migration.sql`. */
export interface Migration {
  name: string;
  sql: string;
}

/**
 * Writes the migrations of the phases, none of which this toolkit applies. Each method reads the catalogue in a read
 * transaction, and returns the migrations in the order in which they are to be applied. Applied by `prisma migrate deploy`,
 * they leave what Prisma's own would, so that it sees no drift.
 */
export interface DdlDialect {
  /** Phase 1: a column that may be NULL, of the type of what it points at, its foreign key, and its index. */
  addOwners(session: Session, columns: readonly OwnerColumn[]): Promise<Migration[]>;
  /** Phase 3: NULL is no longer allowed. A NULL that is there makes the SQL raise before anything is changed. */
  requireOwners(session: Session, columns: readonly OwnerColumn[]): Promise<Migration[]>;
  /** The inverse of phase 3: NULL is allowed again, and the foreign key does what `onDelete` says. */
  relaxOwners(session: Session, columns: readonly OwnerColumn[]): Promise<Migration[]>;
  /**
   * The inverse of phase 1: the column goes, with its foreign key and its indexes. More owners in it than `owners` says, table
   * by table in the order of `columns`, make the SQL raise before anything is changed.
   */
  removeOwners(
    session: Session,
    columns: readonly (OwnerColumn & { owners: number })[],
  ): Promise<Migration[]>;
}
