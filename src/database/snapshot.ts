import type { Session } from './dialect.ts';

/** What a backup asks a database about itself. */
export interface SnapshotDialect {
  /** Why a backup by this role would not have everything in it, as part of a sentence; null where it would. */
  findObstacle(session: Session): Promise<string | null>;
  /** What a backup cannot promise of this database, as a sentence; null where there is nothing. */
  findWeakness(session: Session): Promise<string | null>;
  /** The server's version in its own words, and about how many bytes its rows take there, without indexes. */
  measure(session: Session): Promise<{ version: string; bytes: number }>;
}
