import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import { type Dialect, forEngine, type Observer, originalError } from './adapter.ts';
import type { Database } from './database.ts';
import { databaseDoesNotExist } from './failure.ts';

/** A SQLite file; a relative path starts at the working directory, which Prisma sets before it starts the engine. */
export function sqliteDatabase(url: string, observer: Observer): Database {
  const file = fileOf(url);
  const sqlite = new PrismaBetterSqlite3({ url: file });
  const connection = lazyAdapter(sqlite, file);
  const wrap = (adapter: SqlDriverAdapter) => forEngine(adapter, dialectOf(adapter, observer), observer);
  return {
    factory: {
      provider: sqlite.provider,
      adapterName: sqlite.adapterName,
      connect: async () => wrap(connection),
      connectToShadowDb: async () => wrap(await sqlite.connectToShadowDb()),
    },
    check: async () => assertExists(file),
    create: async () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '', { flag: 'a' });
      return file;
    },
    // The engine would delete the rows and keep the tables, so that no migration could be applied afterwards.
    empty: async () => {
      await connection.dispose();
      truncateSync(file);
    },
    // The engine locks the file exclusively, and then SQLite deletes the journal only when it closes.
    close: () => connection.dispose(),
  };
}

/** Opens the file at the first query, because a comparison of schemas needs no database, and again after `dispose`. */
function lazyAdapter(sqlite: PrismaBetterSqlite3, file: string): SqlDriverAdapter {
  let opened: Promise<SqlDriverAdapter> | undefined;
  const open = () => {
    assertExists(file);
    opened ??= sqlite.connect();
    return opened;
  };
  return {
    provider: sqlite.provider,
    adapterName: sqlite.adapterName,
    queryRaw: async (query) => (await open()).queryRaw(query),
    executeRaw: async (query) => (await open()).executeRaw(query),
    executeScript: async (script) => (await open()).executeScript(script),
    startTransaction: async (isolationLevel) => (await open()).startTransaction(isolationLevel),
    dispose: async () => {
      await (await opened)?.dispose();
      opened = undefined;
    },
  };
}

/** As the engine itself creates it. */
const MIGRATIONS_TABLE = `CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);`;

/**
 * The engine takes a missing migrations table for a broken database, so it gets the empty table that it means. For the same
 * reason it never creates it to note a migration that was applied by hand: then it is created here.
 */
async function queryMigrationsOrNone(adapter: SqlDriverAdapter, query: SqlQuery, observer: Observer) {
  try {
    return await adapter.queryRaw(query);
  } catch (error) {
    if (originalError(error).message !== 'no such table: _prisma_migrations') throw error;
    if (/^\s*INSERT\b/i.test(query.sql)) {
      await adapter.executeScript(MIGRATIONS_TABLE);
      return adapter.queryRaw(query);
    }
    observer.migrationsTableMissing();
    return { columnNames: [], columnTypes: [], rows: [] };
  }
}

function dialectOf(adapter: SqlDriverAdapter, observer: Observer): Dialect {
  return {
    queryRaw: (query) => queryMigrationsOrNone(adapter, query, observer),
    run: (script) => adapter.executeScript(script),
    // The prefix keeps the engine from reading "no such table" and telling of a missing Prisma model instead.
    errorFor: (message) => ({ kind: 'sqlite', extendedCode: 1, message: `SQLite: ${message}` }),
  };
}

function assertExists(file: string): void {
  if (file !== ':memory:' && !existsSync(file)) throw databaseDoesNotExist(basename(file));
}

function fileOf(url: string): string {
  const path = url.replace(/^file:/, '').replace(/\?.*$/, '');
  return path === ':memory:' ? path : resolve(path);
}
