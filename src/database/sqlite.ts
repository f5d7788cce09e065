import { accessSync, appendFileSync, constants, existsSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaClient } from '../generated/sqlite/client.ts';
import type { OpenedClient, RawClient } from './connect.ts';
import type { DatabaseUrl } from './database-url.ts';
import type { Dialect, Session, TableInfo, TableName, Transact } from './dialect.ts';
import { createJournalTables, JOURNAL_TABLES } from './journal-tables.ts';
import { raw, sql } from './sql.ts';
import { assignBatch, changeOwner } from './sqlite-batch.ts';
import { sqliteCopies } from './sqlite-copy.ts';
import { sqliteDdl } from './sqlite-ddl.ts';
import { addDigestFunctions, type FunctionHost, sqliteDigests } from './sqlite-digest.ts';
import { sqliteGuards } from './sqlite-guard.ts';
import { sqliteKeys } from './sqlite-keys.ts';
import { sqliteScratch } from './sqlite-scratch.ts';
import { createSqliteSnapshots } from './sqlite-snapshot.ts';
import {
  asText,
  compareKey,
  compareTypes,
  fromText,
  JOURNAL_SCHEMA,
  journal,
  journaledKeys,
  journalFileOf,
  NOW,
  quote,
  table,
} from './sqlite-sql.ts';
import { firesOnUpdate } from './sqlite-triggers.ts';

const BUSY_TIMEOUT_MS = 2000;

/** Prisma's adapter, whose connection can digest rows as well; Prisma gives no way to it but its own field. */
class DigestingSqlite extends PrismaBetterSqlite3 {
  override async connect() {
    const adapter = await super.connect();
    addDigestFunctions((adapter as unknown as { client: FunctionHost }).client);
    return adapter;
  }
}

/** Opens the file, which must exist, over one connection. */
export function openSqlite(url: DatabaseUrl): OpenedClient {
  const adapter = new DigestingSqlite({
    url: `file:${url.url}`,
    timeout: BUSY_TIMEOUT_MS,
    fileMustExist: true,
  });
  // A COMMIT that waited too long for a reader leaves the transaction open, with the write lock in its hand.
  const recover = (client: RawClient) => client.$executeRaw(sql`ROLLBACK`).catch(() => undefined);
  return { client: new PrismaClient({ adapter }), dialect: createSqliteDialect(url.url), recover };
}

/**
 * SQLite: https://www.sqlite.org/lang.html. The journal is an attached file beside the app's own, because a table in
 * the app's file would be drift for Prisma.
 */
function createSqliteDialect(file: string): Dialect {
  const journalFile = journalFileOf(file);
  /** The connection still has a journal's file that was removed: what is tried again needs the new one. */
  let isRemoved = false;
  return {
    provider: 'sqlite',
    hasServerLock: false,
    locksRows: false,
    // Who waits for the file's lock looks again every 100 ms at the latest (sqliteDefaultBusyCallback).
    pauseMs: 110,
    quote,
    table,
    journal,
    now: NOW,
    serverVersion: raw('sqlite_version()'),
    asText,
    fromText,
    compareKey,
    compareTypes,
    // Lengths of types are not enforced (datatype3.html, section 3).
    canHold: () => true,
    begin: async (session, mode) => {
      if (mode !== 'read') await session.execute(sql`ROLLBACK`);
      await session.query(sql`PRAGMA query_only = ${raw(mode === 'read' ? 'ON' : 'OFF')}`);
      if (isRemoved && mode !== 'read') {
        await detach(session);
        isRemoved = false;
      }
      if (existsSync(journalFile)) await attach(session, journalFile);
      // The write lock first, and at once: a read transaction that turns into a writing one fails without waiting.
      if (mode !== 'read') await session.execute(sql`BEGIN IMMEDIATE`);
      return true;
    },
    // The file has no lock that lives as long as a connection: the journal's run says which process writes.
    lockWriter: async () => true,
    inspectTable,
    findWriteObstacle: async () => findFileObstacle(file),
    // The file's lock has no name on it.
    listLockHolders: async () => [],
    readLoad: async () => null,
    readReplication: async () => null,
    readOwnLag: async () => null,
    // The planner asks for statistics only where somebody has made them, with ANALYZE.
    refreshStatistics: async () => undefined,
    journalExists: async (session, name = 'event') =>
      (await isAttached(session)) &&
      (await session.query(sql`SELECT 1 FROM ${raw(JOURNAL_SCHEMA)}.sqlite_master WHERE name = ${name}`))
        .length > 0,
    createJournal: (transact) => {
      // The driver opens files that exist; an empty one is an empty database, attached by the transaction's `begin`.
      const isNew = !existsSync(journalFile);
      appendFileSync(journalFile, '');
      return transact(async (session) => {
        const types = { id: 'TEXT', text: 'TEXT', keys: 'TEXT', serial: 'INTEGER PRIMARY KEY' };
        for (const statement of createJournalTables(journal, types)) await session.execute(statement);
      }).catch((error: unknown) => {
        if (isNew && statSync(journalFile).size === 0) {
          unlinkSync(journalFile);
          isRemoved = true;
        }
        throw error;
      });
    },
    journalPlace: `the file "${basename(journalFile)}"`,
    dropJournal: (transact, check) => dropJournal(transact, check, journalFile),
    journaledKeys,
    changeOwner,
    assignBatch,
    guards: sqliteGuards,
    ddl: sqliteDdl,
    keys: sqliteKeys,
    digests: sqliteDigests,
    scratch: sqliteScratch,
    snapshots: createSqliteSnapshots(file, journalFile),
    copies: sqliteCopies,
    rowSecurity: null,
  };
}

/** The tables first, in a transaction that no run can begin in; then the file, where it is empty and still not in use. */
async function dropJournal(
  transact: Transact,
  check: (session: Session) => Promise<void>,
  journalFile: string,
): Promise<boolean> {
  await transact(async (session) => {
    await check(session);
    for (const name of JOURNAL_TABLES) await session.execute(sql`DROP TABLE IF EXISTS ${journal(name)}`);
  });
  return transact(async (session) => {
    const rest = await session.query(
      sql`SELECT 1 FROM ${raw(JOURNAL_SCHEMA)}.sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'`,
    );
    if (rest.length > 0) return true;
    // A file is let go of outside of transactions only; the one that is under way has nothing in it.
    await session.execute(sql`ROLLBACK`);
    await detach(session);
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${journalFile}${suffix}`, { force: true });
    await session.execute(sql`BEGIN IMMEDIATE`);
    return false;
  });
}

async function isAttached(session: Session): Promise<boolean> {
  return (
    (await session.query(sql`SELECT 1 FROM pragma_database_list WHERE name = ${JOURNAL_SCHEMA}`)).length > 0
  );
}

async function detach(session: Session): Promise<void> {
  if (await isAttached(session)) await session.execute(sql`DETACH DATABASE ${raw(JOURNAL_SCHEMA)}`);
}

async function attach(session: Session, file: string): Promise<void> {
  if (!(await isAttached(session)))
    await session.execute(sql`ATTACH DATABASE ${file} AS ${raw(JOURNAL_SCHEMA)}`);
}

async function inspectTable(
  session: Session,
  { name }: TableName,
  ownerColumn: string,
): Promise<TableInfo | null> {
  const columns = await session.query<{ name: string; type: string; notnull: bigint; pk: bigint }>(
    sql`SELECT name, type, "notnull", pk FROM pragma_table_info(${name}, 'main')`,
  );
  if (columns.length === 0) return null;
  const indexed = await session.query<{ index: string; name: string }>(sql`
    SELECT l.name AS "index", i.name AS name FROM pragma_index_list(${name}, 'main') l, pragma_index_info(l.name, 'main') i
     WHERE l."unique" = 1 AND l.partial = 0 ORDER BY l.name, i.seqno`);
  const triggers = await session.query<{ name: string; sql: string }>(
    sql`SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = ${name} COLLATE NOCASE ORDER BY name`,
  );
  const primaryKey = columns.filter(({ pk }) => pk > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
  const indexes = [...new Set(indexed.map(({ index }) => index))];
  return {
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      // A primary key counts as NOT NULL, as Prisma writes it; SQLite itself would allow NULL in most.
      nullable: Number(column.notnull) === 0 && Number(column.pk) === 0,
    })),
    uniqueKeys: [
      primaryKey.map((column) => column.name),
      ...indexes.map((index) => indexed.filter((row) => row.index === index).map((row) => row.name)),
    ].filter((names) => names.length > 0),
    updateTriggers: triggers
      .filter((trigger) => firesOnUpdate(trigger.sql, ownerColumn))
      .map(({ name }) => name),
    canRead: true,
    canUpdate: true,
    isTransactional: true,
    hidesRows: false,
  };
}

function findFileObstacle(file: string): string | null {
  for (const path of [file, dirname(file)]) {
    try {
      accessSync(path, constants.W_OK);
    } catch {
      return `${path} is not writable for this user`;
    }
  }
  return null;
}
