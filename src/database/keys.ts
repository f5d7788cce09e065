import type { OnDelete } from './ddl.ts';
import { defaultName } from './ddl-names.ts';
import type { Session, TableName } from './dialect.ts';

/** An index, as the catalogue has it. */
export interface Index {
  name: string;
  /** In their order; null for an expression, or a part of a column. */
  columns: (string | null)[];
  isUnique: boolean;
  isPrimary: boolean;
  /** It covers every row. */
  isWhole: boolean;
  /** It is part of the table's definition, as UNIQUE in CREATE TABLE makes one. */
  isConstraint: boolean;
  /** invalid: building it failed, so that writes keep it up and no query uses it. building: somebody may be at it now. */
  state: 'valid' | 'invalid' | 'building';
  /** The SQL that builds an invalid one again; null where there is no need to. */
  rebuild: string | null;
}

/** What the database does with rows of a table when the row that they point at is deleted. */
export interface ForeignKey {
  columns: string[];
  /** The name of the table that it points at. */
  table: string;
  onDelete: OnDelete;
}

/** The keys of one table; none where there is no such table. */
export interface TableKeys {
  indexes: Index[];
  foreignKeys: ForeignKey[];
  /** Its rows are in other tables: its indexes cannot be built while writes go on. */
  isPartitioned: boolean;
}

/** An index that is to be. */
export interface NewIndex {
  columns: readonly string[];
  isUnique: boolean;
}

/** Where an index is. */
export interface IndexPlace {
  table: TableName;
  isPartitioned: boolean;
}

/** The session that has Prisma's migration lock. */
export interface MigrationLock {
  session: string;
  /** What it calls itself; empty where it says nothing. */
  application: string;
  /** The state that it is in, in the database's own word, and for how long; null where this role may not see it. */
  state: string | null;
  seconds: number | null;
  /** SQL that ends it. */
  end: string;
}

/** All about keys that differs between databases. */
export interface KeyDialect {
  inspect(session: Session, table: TableName): Promise<TableKeys>;
  /** SQL while which the application can go on, in the names that Prisma gives; it is shown, and never run by us. */
  createIndex(place: IndexPlace, index: NewIndex): string;
  /** Null where the index goes only with the table. */
  dropIndex(place: IndexPlace, index: Index): string | null;
  /** Such a statement cannot be in a transaction, and so not with another one in a migration. */
  standsAlone: boolean;
  /** Null where nobody has it, or the database has no such lock. */
  findMigrationLock(session: Session): Promise<MigrationLock | null>;
}

/** What Prisma calls an index that its schema gives no name. */
export function nameIndex(table: TableName, { columns, isUnique }: NewIndex, max: number): string {
  return defaultName(table.name, columns.join('_'), { suffix: isUnique ? '_key' : '_idx', max });
}
