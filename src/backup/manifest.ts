import type { Provider } from '../database/database-url.ts';
import type { TableName } from '../database/dialect.ts';
import type { Digest } from '../proof/digest.ts';

/** The file that says what a backup is, in the backup's folder. */
export const MANIFEST_FILE = 'manifest.json';

/** One file of a backup. */
export interface BackupFile {
  /** Inside the backup's folder; the directory format of PostgreSQL has many. */
  name: string;
  /** data: the app's tables and rows. objects: views, triggers, routines and events of MySQL. journal: where it is a database of its own. */
  role: 'data' | 'objects' | 'journal';
  bytes: number;
  sha256: string;
}

/** One table as it was at the moment of the backup. */
export interface BackupTable extends Digest {
  table: TableName;
}

/** What a backup is. Times are ISO 8601 in UTC. */
export interface Manifest {
  format: 1;
  database: { provider: Provider; name: string; host?: string };
  /** The moment that it is of, by the database's clock. */
  time: string;
  toolVersion: string;
  serverVersion: string;
  /** What made it: "pg_dump (PostgreSQL) 15.20", "mariadb-dump ...", "SQLite online backup 3.50". */
  dumpTool: string;
  /** How its data is written. */
  layout: 'pg-custom' | 'pg-directory' | 'sql-gzip' | 'sqlite-gzip';
  files: BackupFile[];
  tables: BackupTable[];
  /** When and how it was proved to restore; null where nobody did. */
  verified: { time: string; tables: number; rows: number } | null;
}
