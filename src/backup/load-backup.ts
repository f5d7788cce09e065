import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { assertEmpty } from './assert-empty.ts';
import type { Environment } from './tools.ts';
import { loadMysql } from './load-mysql.ts';
import { loadPostgresql } from './load-postgresql.ts';
import { loadSqlite } from './load-sqlite.ts';
import type { Backup } from './read-backup.ts';

/** How far a backup is loaded; PostgreSQL's tool tells of tables, the others read bytes. */
export interface LoadProgress {
  done: number;
  total: number;
  unit: 'tables' | 'bytes';
}

/** What is loaded, and how. */
export interface LoadOptions {
  env: Environment;
  signal?: AbortSignal | undefined;
  /** The journal too, where it is a database or a file of its own; on PostgreSQL it always is in the data. */
  withJournal?: boolean;
  /** Views, triggers, routines and events of MySQL: only into a place that is to stay, as they may name other databases. */
  withObjects?: boolean;
  /** Owners and privileges of PostgreSQL, as far as the role may set them. */
  withOwners?: boolean;
  /** Connections of pg_restore. */
  jobs?: number;
  onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** What became of a load. */
export interface Loaded {
  /** Owners and privileges are those of the backup; otherwise everything belongs to the role that loaded it. */
  hasOwners: boolean;
}

/**
 * Loads a backup into a database that is there and has no tables. Throws TARGET_NOT_EMPTY before anything is written; after
 * any other error a part of the backup is in the database, which the caller throws away. Files are not held against the
 * manifest here: see `assertIntact`.
 */
export async function loadBackup(backup: Backup, target: DatabaseUrl, options: LoadOptions): Promise<Loaded> {
  await withDatabase(target, assertEmpty);
  options.signal?.throwIfAborted();
  switch (target.provider) {
    case 'postgresql':
      return loadPostgresql(backup, target, options);
    case 'mysql':
      return loadMysql(backup, target, options);
    case 'sqlite':
      return loadSqlite(backup, target, options);
  }
}
