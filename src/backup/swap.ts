import type { DatabaseUrl, Provider } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import type { OtherSession } from '../database/session-list.ts';
import type { Finding } from '../ownership/findings.ts';
import type { Operator } from '../ownership/writer.ts';
import type { Backup } from './read-backup.ts';
import type { Environment } from './tools.ts';

/** How long a swap waits for others to leave the database, in milliseconds. */
export const WAIT_FOR_OTHERS_MS = 10_000;

/** A copy that is loaded and verified, and the database whose place it is to take. */
export interface SwapPlan {
  url: DatabaseUrl;
  scratch: DatabaseUrl;
  /** The name that the old database gets; for SQLite a path. */
  kept: string;
  backup: Backup;
  env: Environment;
  operator: Operator;
  signal?: AbortSignal | undefined;
  waitMs?: number;
}

/** A database that was replaced. */
export interface Swapped {
  /** Where the old one is; null where there was nothing in it. */
  kept: string | null;
  findings: Finding[];
}

/** How the databases of a provider take each other's place. */
export interface Swapper {
  /** The name that the old database gets; `stamp` is "20261126-024500". */
  nameKept(url: DatabaseUrl, stamp: string): string;
  /** How the old database is removed once nobody needs it, as a command or a statement. */
  describeRemoval(kept: string): string;
  /** How the old database takes its place again, as statements, or as commands of a shell, when nobody uses it. */
  describeUndo(url: DatabaseUrl, kept: string): string | Promise<string>;
  /** Records in the database what that takes, once all that a restore writes is written. */
  recordUndo(url: DatabaseUrl, kept: string): Promise<void>;
  /** Others who have the database open, as far as it tells. */
  listSessions(database: Database): Promise<OtherSession[]>;
  /** Why there may be others who are not in that list, as part of a sentence; null where there are none. */
  findBlindness(database: Database): Promise<string | null>;
  /** Why this role cannot put another database in the place of this one, as part of a sentence; null where it can. */
  findObstacle(database: Database): Promise<string | null>;
  /** Makes the copy one that can take the place, before it is verified. */
  prepare(url: DatabaseUrl, scratch: DatabaseUrl): Promise<void>;
  /**
   * Puts the copy in the place of the database, and keeps the old one. When it throws, the old one is in its place as it was,
   * unless the error says otherwise. Nobody of this process may be connected to either.
   */
  swap(plan: SwapPlan): Promise<Swapped>;
  /** Puts back what a restore took away that was killed while it swapped. Returns whether there was anything. */
  repair(database: Database, settings: Pick<SwapPlan, 'env' | 'signal'>): Promise<boolean>;
}

const SWAPPERS: Record<Provider, () => Promise<Swapper>> = {
  postgresql: async () => (await import('./swap-postgresql.ts')).postgresqlSwapper,
  mysql: async () => (await import('./swap-mysql.ts')).mysqlSwapper,
  sqlite: async () => (await import('./swap-sqlite.ts')).sqliteSwapper,
};

/** The one of a provider; its file is loaded only when it is meant. */
export function getSwapper(provider: Provider): Promise<Swapper> {
  return SWAPPERS[provider]();
}

/** Cuts a name to so many bytes, between two characters. */
export function cutName(name: string, bytes: number): string {
  let cut = name;
  while (Buffer.byteLength(cut) > bytes) cut = [...cut].slice(0, -1).join('');
  return cut;
}
