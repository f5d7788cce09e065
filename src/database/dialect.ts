import type { CopyDialect } from './copy.ts';
import type { DatabaseUrl, Provider } from './database-url.ts';
import type { DdlDialect } from './ddl.ts';
import type { DigestDialect } from './digest.ts';
import type { GuardDialect } from './guard.ts';
import type { JournalTable } from './journal-tables.ts';
import type { KeyDialect } from './keys.ts';
import type { Replication } from './replication.ts';
import type { RowSecurityDialect } from './row-security.ts';
import type { ScratchDialect } from './scratch.ts';
import type { SnapshotDialect } from './snapshot.ts';
import type { Sql } from './sql.ts';

/** A table as the database knows it; `schema` is its namespace (on SQLite always `main`). */
export interface TableName {
  schema: string;
  name: string;
}

/** A column with the type that the database gives it, ready to be used in a CAST. */
export interface Column {
  name: string;
  type: string;
}

/** What the database says of one table, and of how this role may use it. */
export interface TableInfo {
  columns: (Column & { nullable: boolean })[];
  /** The columns of the primary key and of each unique index that covers every row. */
  uniqueKeys: string[][];
  /** Names of the triggers that an UPDATE of the owner column would fire. */
  updateTriggers: string[];
  canRead: boolean;
  canUpdate: boolean;
  /** Without transactions a batch and its journal entry cannot be one. */
  isTransactional: boolean;
  /** Row-level security applies to this role: there may be rows that it cannot see. */
  hidesRows: boolean;
}

/** One connection inside a transaction. */
export interface Session {
  query<Row>(sql: Sql): Promise<Row[]>;
  /** Returns the number of rows that the statement changed. */
  execute(sql: Sql): Promise<number>;
}

/** A connection of somebody else's with an open transaction that holds locks. */
export interface LockHolder {
  id: string;
  user: string;
  /** What it does now, in the database's own word: "idle in transaction". */
  state: string;
  seconds: number;
  /** Its last statement, cut; empty where the database does not tell. */
  statement: string;
}

/**
 * The kinds of transactions. read: of one moment, and read-only. write: short, and only for who has the writer's lock.
 * signal: short, to say something to the process that has it.
 */
export type TransactionMode = 'read' | 'write' | 'signal';

/** Runs `work` in one transaction; nothing of it stays when `work` throws. */
export type Transact = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** A table whose rows are found by key and have an owner column. */
export interface KeyedTable {
  table: TableName;
  key: Column[];
  owner: Column;
}

/** A key as text, one element for each key column: so it survives JSON, whatever its type. */
export type Key = string[];

/** Rows, by their keys as a derived table, whose owner is to change; null is no owner. */
export interface OwnerChange extends KeyedTable {
  /** As `Dialect.journaledKeys` gives them. */
  keys: Sql;
  from: string | null;
  to: string | null;
}

/** Names one batch of the journal, or with `sequence` left out all batches of a model. */
export interface BatchId {
  run: string;
  model: string;
  sequence?: number;
}

/** Rows of a table, which is called t, as the parts of a SELECT. `lock` ends it: nobody changes the rows until the transaction ends. */
export interface RowSource {
  from: Sql;
  where: Sql;
  lock: Sql;
}

/** The rows of a batch: those that are about to be changed, and, once they are, those that were. */
export interface BatchRows {
  before: RowSource;
  after: RowSource;
  /** Has the session print values exactly while they are read, and not while triggers of the application may. */
  exactly: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How many rows a batch changed; `sums` as `DigestDialect.sum` gives them, null where the rows are to be read for it. */
export interface ChangedRows {
  rows: number;
  sums: string | null;
}

/**
 * Stands around the change of a batch, in its transaction: `change` carries it out, and digests some columns where that is cheap
 * while it does. Returns how many rows changed, or throws to take them back.
 */
export type AroundChange = (
  session: Session,
  rows: BatchRows,
  change: (columns: readonly Column[]) => Promise<ChangedRows>,
) => Promise<number>;

/** The unowned rows between two keys (`after` excluded, `upTo` included), and the owner they are to get. */
export interface BatchPlan extends KeyedTable {
  batch: Required<BatchId>;
  after: Key | null;
  upTo: Key;
  ownerId: string;
  around?: AroundChange;
}

/**
 * All that differs between databases. Adding one is one file that implements this and one row in `connect.ts`.
 * Values are always bound; names are always quoted here.
 */
export interface Dialect {
  provider: Provider;
  /** The server keeps the writer's lock, and frees it with the connection; otherwise the journal says who writes. */
  hasServerLock: boolean;
  /** Locks are held on rows; otherwise on all that there is. */
  locksRows: boolean;
  /** How long to stay away between two batches at the most, so that the application's writes get their turn. */
  pauseMs: number;

  quote(name: string): Sql;
  table(table: TableName): Sql;
  /** One of the journal's tables, wherever this database keeps them. */
  journal(table: JournalTable): Sql;
  /** The database's clock as text, ISO 8601 in UTC with milliseconds. */
  now: Sql;
  /** The server's version as text, in its own words. */
  serverVersion: Sql;
  /** A column's value as text. */
  asText(expression: Sql, type: string): Sql;
  /** Text as a value of a type: the inverse of `asText`. */
  fromText(text: string | Sql, type: string): Sql;
  /** A condition that the key of a row is beyond, or not beyond, another one. */
  compareKey(key: readonly Column[], operator: '>' | '<=', value: Key): Sql;
  /** Whether the owner column can hold every key of the owner: like text and varchar, `compatible` is not `same`. */
  compareTypes(ownerType: string, keyType: string): 'same' | 'compatible' | 'different';

  /**
   * The first statements of each transaction: read-only or timeouts on the server. Returns false where it is to write
   * and another connection has the writer's lock by now.
   */
  begin(session: Session, mode: TransactionMode): Promise<boolean>;
  /** Takes the lock of the one writer for this connection, until it ends; false when another connection has it. */
  lockWriter(session: Session): Promise<boolean>;
  /** Whether a column of a type holds a value whole. */
  canHold(type: string, value: string): boolean;
  /** Null when there is no such table. */
  inspectTable(session: Session, table: TableName, ownerColumn: string): Promise<TableInfo | null>;
  /** Why this role cannot write or keep a journal here, as a sentence; null when it can. */
  findWriteObstacle(session: Session): Promise<string | null>;

  /** Who holds locks on a table, the longest first; nobody where the database does not tell, or not this role. */
  listLockHolders(session: Session, table: TableName): Promise<LockHolder[]>;

  /** The other sessions: how many the server works for now, and of how many this role may not see it. Null without sessions. */
  readLoad(session: Session): Promise<{ active: number; hidden: number } | null>;
  /** What this server says of its replicas; null where it does not tell how far they are. */
  readReplication(session: Session): Promise<Replication | null>;
  /** Seconds that this server is behind its primary, `Infinity` where it has stopped to follow; null where it is no replica. */
  readOwnLag(session: Session): Promise<number | null>;
  /** Has the planner see a column that was just filled, where the database does not notice by itself. */
  refreshStatistics(transact: Transact, table: TableName): Promise<void>;

  /** Whether the journal has this table; without one: whether there is a journal. A journal of an earlier release lacks some. */
  journalExists(session: Session, table?: JournalTable): Promise<boolean>;
  /** Creates the journal where it is missing. Doing it again changes nothing. */
  createJournal(transact: Transact): Promise<void>;
  /** Where the journal is, in words. */
  journalPlace: string;
  /**
   * Drops the journal, once `check`, which runs first and in the same transaction where DDL can be in one, does not throw.
   * Returns whether its place stays, because something that is not ours is in it.
   */
  dropJournal(transact: Transact, check: (session: Session) => Promise<void>): Promise<boolean>;
  /** The journaled keys that are not rolled back, as a derived table with the columns k0, k1 ... in the key's types. */
  journaledKeys(batch: BatchId, key: readonly Column[]): Sql;
  /** Changes the owner of these rows where they still have the one before, and no other column. Returns how many had it. */
  changeOwner(session: Session, change: OwnerChange): Promise<number>;
  /**
   * Gives the planned rows their owner and journals their keys. `guard` runs first in each transaction and throws to
   * stop. Returns how many rows changed; where none did, nothing is journaled. When it throws, every changed row is
   * in the journal.
   */
  assignBatch(
    transact: Transact,
    plan: BatchPlan,
    guard: (session: Session) => Promise<void>,
  ): Promise<number>;
  /** The triggers that give an owner to rows which an old version of the application still writes without one. */
  guards: GuardDialect;
  /** Writes the migrations of phases 1 and 3, and their inverses. */
  ddl: DdlDialect;
  /** Indexes, foreign keys, and Prisma's own lock, as findings are about them. */
  keys: KeyDialect;
  /** What the conservation proof and the manifest of a backup are made of. */
  digests: DigestDialect;
  /** Databases beside this one, for copies that are thrown away. */
  scratch: ScratchDialect;
  /** What a backup asks of it. */
  snapshots: SnapshotDialect;
  /** What a rehearsal does to such copies. */
  copies: CopyDialect;
  /** Policies; null where the database has none. */
  rowSecurity: RowSecurityDialect | null;
}

/** An open database. */
export interface Database {
  url: DatabaseUrl;
  dialect: Dialect;
  /** One read-only transaction, which sees one moment of the database and cannot write, whatever `work` does. */
  read: Transact;
  /** One short writing transaction, of the process that has the writer's lock. */
  write: Transact;
  /** One short writing transaction, to say something to that process. */
  signal: Transact;
}
