import type { DatabaseUrl } from './database-url.ts';
import type { Database, Session, TableName } from './dialect.ts';

/** What is done to copies alone, where nobody else works. */
export interface CopyDialect {
  /** Takes away what a copy could reach other servers by. */
  isolate(database: Database): Promise<void>;
  /**
   * Carries out the text of a migration on a connection of its own, whole, as Prisma's engine would: with the server's own
   * settings, and outside of a transaction. Returns the milliseconds that it took, without those of connecting. Throws the
   * database's own error, after which what was committed before it stays.
   */
  runScript(url: DatabaseUrl, script: string): Promise<number>;
  /** The bytes that a table takes with its indexes. MySQL counts anew first, which no read-only transaction lets it. */
  sizeOf(session: Session, table: TableName): Promise<number>;
}

/** What writers have to wait for: all but these, which let them go on while rows are read. */
const LETS_WRITES_GO_ON = /\bINDEX CONCURRENTLY\b|\bVALIDATE CONSTRAINT\b|\bALGORITHM=INPLACE, LOCK=NONE\b/;

/** Whether nobody waits for longer than an instant while a migration is carried out. It knows those that this toolkit writes. */
export function letsWritesGoOn(script: string): boolean {
  return LETS_WRITES_GO_ON.test(script.replace(/^--.*$/gm, ''));
}
