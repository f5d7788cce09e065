import type { DatabaseUrl } from './database-url.ts';
import type { Database } from './dialect.ts';

/** How a database makes others beside itself, for copies that are thrown away. */
export interface ScratchDialect {
  /** Creates an empty database that is made like this one. Throws the database's own error where the role may not. */
  create(database: Database, name: string): Promise<void>;
  /** Removes it with all that is in it; nothing where it is not there. */
  drop(database: Database, name: string): Promise<void>;
  /** The names of the databases that begin with `prefix`. */
  list(database: Database, prefix: string): Promise<string[]>;
  /** The longest name, in bytes. */
  longestName: number;
  /** The same server, or folder, and another database. */
  urlOf(url: DatabaseUrl, name: string): DatabaseUrl;
}

/** A server's URL with another database in it; `defaultSchema` stays where it is not the database itself. */
export function withDatabaseName(url: DatabaseUrl, name: string): DatabaseUrl {
  const changed = new URL(url.url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  const defaultSchema = url.provider === 'mysql' ? name : url.defaultSchema;
  return { ...url, name, url: changed.href, defaultSchema };
}
