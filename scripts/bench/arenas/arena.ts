import type { Provider } from '../../../src/database/database-url.ts';

/** Bytes, at one moment. */
interface Sizes {
  /** What the database wrote into its log so far; on SQLite the log's size, for it is used again from its start. */
  log: number;
  /** The table with its indexes. */
  table: number;
  /** Our journal. */
  journal: number;
}

/** A database of its own for one way, the same for all of them at the start. */
export interface Copy {
  url: string;
  measure: () => Promise<Sizes>;
  countUnowned: () => Promise<number>;
  drop: () => Promise<void>;
}

/** A database server, or a folder for SQLite's files. */
export interface Arena {
  provider: Provider;
  /** With its version, and the settings that matter. */
  name: string;
  /** What the column of the log says. */
  log: string;
  /** Makes the table that is copied; the one before is dropped. */
  createTemplate: (rows: number) => Promise<void>;
  /** Everything of the copy is on the disk when it is handed out. */
  createCopy: () => Promise<Copy>;
  /** Drops whatever is left. */
  close: () => Promise<void>;
}

/** Sum of a column of sizes, which drivers read as text or number. */
export function toBytes(rows: readonly Record<string, unknown>[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
}
