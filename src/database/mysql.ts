import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaClient } from '../generated/mysql/client.ts';
import type { OpenedClient } from './connect.ts';
import type { DatabaseUrl } from './database-url.ts';
import type { Dialect, Session } from './dialect.ts';
import { createJournalTables, JOURNAL_TABLES } from './journal-tables.ts';
import { assignBatch, changeOwner } from './mysql-batch.ts';
import { mysqlCopies } from './mysql-copy.ts';
import { mysqlDdl } from './mysql-ddl.ts';
import { createMysqlDigests } from './mysql-digest.ts';
import { createMysqlGuards } from './mysql-guard.ts';
import { inspectTable } from './mysql-inspect.ts';
import { createMysqlKeys } from './mysql-keys.ts';
import { readLoad, readOwnLag } from './mysql-load.ts';
import { findObstacle, listLockHolders } from './mysql-privileges.ts';
import { mysqlScratch } from './mysql-scratch.ts';
import { createMysqlSnapshots } from './mysql-snapshot.ts';
import {
  asText,
  canHold,
  compareKey,
  compareTypes,
  fromText,
  journalDatabaseOf,
  journaledKeys,
  lockNameOf,
  NOW,
  quote,
  table,
} from './mysql-sql.ts';
import { readUrl } from './mysql-url.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** Seconds, and the least that MySQL takes. */
const LOCK_TIMEOUT_S = 1;
const STATEMENT_TIMEOUT_S = 30;
const CONNECT_TIMEOUT_MS = 5000;
/** What a new connection begins with: times in UTC, errors instead of cut values, and no long waits. */
const SESSION = [
  "SET SESSION time_zone = '+00:00'",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  `SET SESSION innodb_lock_wait_timeout = ${LOCK_TIMEOUT_S}`,
  // A process that is stopped in the middle of a batch must not keep its locks; MySQL has no such setting.
  `SET SESSION lock_wait_timeout = ${LOCK_TIMEOUT_S} /*M!100300 , idle_write_transaction_timeout = 60 */`,
];

/** Opens one connection, and only one: the writer's lock lives and dies with it. */
export function openMysql(url: DatabaseUrl): OpenedClient {
  const adapter = new PrismaMariaDb(
    {
      ...readUrl(new URL(url.url)),
      connectionLimit: 1,
      idleTimeout: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      acquireTimeout: CONNECT_TIMEOUT_MS,
      initSql: SESSION,
    },
    // Statements like START TRANSACTION cannot be prepared.
    { database: url.name, useTextProtocol: true },
  );
  return { client: new PrismaClient({ adapter }), dialect: createMysqlDialect(url) };
}

/** MySQL from 8.0.4 and MariaDB from 10.6, which have JSON_TABLE: https://dev.mysql.com/doc/, https://mariadb.com/kb/ */
function createMysqlDialect({ name: database }: DatabaseUrl): Dialect {
  const journalDatabase = journalDatabaseOf(database);
  const journal = (name: string): Sql => table({ schema: journalDatabase, name });
  const lock = lockNameOf(database);
  let isMariaDb: boolean | undefined;
  return {
    provider: 'mysql',
    hasServerLock: true,
    locksRows: true,
    // A row's lock goes to whoever waits for it as soon as a batch is committed.
    pauseMs: 0,
    quote,
    table,
    journal,
    now: NOW,
    serverVersion: raw('VERSION()'),
    asText,
    fromText,
    compareKey,
    compareTypes,
    canHold,
    begin: async (session, mode) => {
      isMariaDb ??= await isOfMariaDb(session);
      // Prisma has begun a transaction; ours is of another kind.
      await session.execute(sql`ROLLBACK`);
      if (isMariaDb)
        await session.execute(
          sql`SET SESSION max_statement_time = ${raw(String(mode === 'read' ? 0 : STATEMENT_TIMEOUT_S))}`,
        );
      if (mode === 'read') {
        await session.execute(sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`);
        await session.execute(sql`START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY`);
        return true;
      }
      // Without locks on the gaps between rows, in which the application inserts.
      await session.execute(sql`SET TRANSACTION ISOLATION LEVEL READ COMMITTED`);
      await session.execute(sql`START TRANSACTION`);
      return mode === 'signal' || takeLock(session, lock);
    },
    lockWriter: (session) => takeLock(session, lock),
    inspectTable,
    listLockHolders,
    readLoad,
    // The primary does not tell how far its replicas are.
    readReplication: async () => null,
    readOwnLag,
    // InnoDB counts anew by itself when a tenth of the rows has changed.
    refreshStatistics: async () => undefined,
    findWriteObstacle: (session) => findObstacle(session, journalDatabase),
    journalExists: async (session, name = 'event') => {
      const found = sql`SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${journalDatabase} AND TABLE_NAME = ${name}`;
      return (await session.query(found)).length > 0;
    },
    // DDL commits by itself here: each statement can be done again.
    createJournal: (transact) =>
      transact(async (session) => {
        const collation = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
        await session.execute(sql`CREATE DATABASE IF NOT EXISTS ${quote(journalDatabase)} ${raw(collation)}`);
        const types = {
          id: 'VARCHAR(191)',
          text: 'LONGTEXT',
          keys: 'LONGTEXT',
          serial: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
        };
        for (const statement of createJournalTables(journal, types)) await session.execute(statement);
      }),
    journalPlace: `the database "${journalDatabase}"`,
    dropJournal: (transact, check) =>
      transact(async (session) => {
        await check(session);
        const others = await session.query(sql`
          SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${journalDatabase} AND TABLE_NAME NOT IN (${join(JOURNAL_TABLES)})
          UNION ALL SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${journalDatabase}`);
        const remains = others.length > 0;
        if (remains) await session.execute(sql`DROP TABLE IF EXISTS ${join(JOURNAL_TABLES.map(journal))}`);
        else await session.execute(sql`DROP DATABASE IF EXISTS ${quote(journalDatabase)}`);
        return remains;
      }),
    journaledKeys: (batch, key) => journaledKeys(journal('batch'), batch, key),
    changeOwner: (session, change) => changeOwner(session, change),
    assignBatch: (transact, plan, guard) => assignBatch(transact, plan, { guard, journal: journal('batch') }),
    guards: createMysqlGuards(journalDatabase),
    ddl: mysqlDdl,
    keys: createMysqlKeys(database),
    digests: createMysqlDigests(database),
    scratch: mysqlScratch,
    snapshots: createMysqlSnapshots(database, journalDatabase),
    copies: mysqlCopies,
    rowSecurity: null,
  };
}

async function isOfMariaDb(session: Session): Promise<boolean> {
  const rows = await session.query<{ version: string }>(sql`SELECT VERSION() AS version`);
  return /mariadb/i.test(rows[0]?.version ?? '');
}

/** A connection can take its own lock again; after a reconnect this fails if another writer came in between. */
async function takeLock(session: Session, lock: string): Promise<boolean> {
  const rows = await session.query<{ mine: bigint | null }>(
    sql`SELECT IS_USED_LOCK(${lock}) <=> CONNECTION_ID() OR GET_LOCK(${lock}, 0) = 1 AS mine`,
  );
  return Number(rows[0]?.mine ?? 0) === 1;
}
