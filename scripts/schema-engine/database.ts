import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Observer } from './adapter.ts';
import { unsupportedDatabase } from './failure.ts';
import { postgresDatabase } from './postgres.ts';
import { sqliteDatabase } from './sqlite.ts';

/** A database as the schema engine needs it; nothing is opened or created before it is asked for. */
export interface Database {
  /** Connects to the database and to shadow databases, which are gone again when they are disposed. */
  factory: SqlMigrationAwareDriverAdapterFactory;
  /** Throws a Failure when the database cannot be connected to; its code P1003 says that there is none. */
  check(): Promise<void>;
  /** Creates the database and returns its name. */
  create(): Promise<string>;
  /** Removes everything in the database; left out where the engine can do that itself. */
  empty?: () => Promise<void>;
  /** Closes what the factory opened, where the end of the process would leave something behind. */
  close(): Promise<void>;
}

/** Picks the database by the protocol of its URL; without a URL, as for a diff of two schemas, an empty one in memory. */
export function openDatabase(url: string | undefined, observer: Observer): Database {
  if (url === undefined) return sqliteDatabase('file::memory:', observer);
  const protocol = url.slice(0, url.indexOf(':') + 1);
  if (protocol === 'file:') return sqliteDatabase(url, observer);
  if (protocol === 'postgresql:' || protocol === 'postgres:') return postgresDatabase(url, observer);
  throw unsupportedDatabase(protocol);
}
