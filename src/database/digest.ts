import type { Column, Session, TableName } from './dialect.ts';
import type { Sql } from './sql.ts';

/** A table as far as its contents are digested. */
export interface TableShape {
  table: TableName;
  /** All but generated ones, which hold nothing of their own; by name, so that the order in the table does not matter. */
  columns: Column[];
  /** The primary key, else the first unique key without NULL; empty where there is neither. */
  key: Column[];
}

/**
 * All about digests that differs between databases. The digest of a row is the MD5 of its values in an exact and unambiguous
 * text, whatever the session prints floats, dates or bytes like; that of rows is the sum of theirs. It finds accidents, not
 * forgeries.
 */
export interface DigestDialect {
  /** The tables of the app with their rows: not the journal, not views; nothing that is another table's part. */
  listTables(session: Session): Promise<TableName[]>;
  /** Null where there is no such table. */
  describe(session: Session, table: TableName): Promise<TableShape | null>;
  /** What the session prints values like, until its transaction ends. */
  prepare(session: Session): Promise<void>;
  /** The digest of a row of `columns`, as 32 hexadecimal digits; never NULL. */
  row(columns: readonly Column[], alias: string): Sql;
  /** An aggregate over what `row` gave: both halves of the sum as decimal digits, with a comma between; NULL of no rows. */
  sum(rowDigest: Sql): Sql;
}
