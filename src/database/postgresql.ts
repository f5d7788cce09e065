import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/postgresql/client.ts';
import { changeOwnerIn } from './change-owner.ts';
import type { OpenedClient } from './connect.ts';
import type { DatabaseUrl } from './database-url.ts';
import type { Dialect, Session, Transact, TransactionMode } from './dialect.ts';
import { createJournalTables, JOURNAL_TABLES } from './journal-tables.ts';
import { assignBatch } from './postgresql-batch.ts';
import { postgresqlCopies } from './postgresql-copy.ts';
import { createPostgresqlDdl } from './postgresql-ddl.ts';
import { postgresqlDigests } from './postgresql-digest.ts';
import { createPostgresqlGuards } from './postgresql-guard.ts';
import { findWriteObstacle, inspectTable, JOURNAL_SCHEMA, listLockHolders } from './postgresql-inspect.ts';
import { postgresqlKeys } from './postgresql-keys.ts';
import { readLoad, readReplication, refreshStatistics } from './postgresql-load.ts';
import { createPostgresqlRowSecurity } from './postgresql-rls.ts';
import { postgresqlScratch } from './postgresql-scratch.ts';
import { compareKey, fromText, journal, journaledKeys, NOW, quote, table } from './postgresql-sql.ts';
import { postgresqlSnapshots } from './postgresql-snapshot.ts';
import { join, raw, sql } from './sql.ts';

/** The advisory lock of the one writer: the letters "owner" as a number, the same in every release. */
const WRITER_LOCK = raw(String(0x6f_77_6e_65_72));
const LOCK_TIMEOUT = '300ms';
/** Counting a big table takes as long as it takes. */
const STATEMENT_TIMEOUT = { read: '6h', write: '30s', signal: '30s' };
/** A process that is stopped in the middle of a batch must not keep its locks. */
const IDLE_TIMEOUT = '60s';
const CHARACTER_TYPE = /^(text|citext|character varying(\(\d+\))?|character\(\d+\))$/;
const INTEGER_TYPES = ['smallint', 'integer', 'bigint'];

/** Opens one connection, and only one: the writer's lock lives and dies with it. */
export function openPostgresql(url: DatabaseUrl): OpenedClient {
  const connection = {
    connectionString: url.url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 10_000,
  };
  const adapter = new PrismaPg({ ...connection, application_name: 'prisma-ownership' });
  const { defaultSchema } = url;
  const dialect = {
    ...postgresql,
    ddl: createPostgresqlDdl(defaultSchema),
    rowSecurity: createPostgresqlRowSecurity(defaultSchema),
  };
  return { client: new PrismaClient({ adapter }), dialect };
}

/** PostgreSQL: https://www.postgresql.org/docs/current/ */
export const postgresql: Dialect = {
  provider: 'postgresql',
  hasServerLock: true,
  locksRows: true,
  // A row's lock goes to whoever waits for it as soon as a batch is committed.
  pauseMs: 0,
  quote,
  table,
  journal,
  now: NOW,
  serverVersion: raw(`current_setting('server_version')`),
  asText: (expression) => sql`CAST(${expression} AS text)`,
  fromText,
  compareKey,
  compareTypes,
  canHold: (type, value) =>
    [...value].length <= Number(/^character.*\((\d+)\)$/.exec(type)?.[1] ?? Number.POSITIVE_INFINITY),
  begin,
  lockWriter: async (session) => {
    const rows = await session.query<{ mine: boolean }>(
      sql`SELECT pg_try_advisory_lock(${WRITER_LOCK}) AS mine`,
    );
    return rows[0]?.mine === true;
  },
  inspectTable,
  findWriteObstacle,
  listLockHolders,
  readLoad,
  readReplication,
  // The primary tells.
  readOwnLag: async () => null,
  refreshStatistics,
  journalExists: async (session, name = 'event') => {
    const found = sql`SELECT 1 FROM pg_tables WHERE schemaname = ${JOURNAL_SCHEMA} AND tablename = ${name}`;
    return (await session.query(found)).length > 0;
  },
  createJournal: (transact) =>
    transact(async (session) => {
      await session.execute(sql`CREATE SCHEMA IF NOT EXISTS ${quote(JOURNAL_SCHEMA)}`);
      const serial = 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
      const types = { id: 'TEXT', text: 'TEXT', keys: 'JSON', serial };
      for (const statement of createJournalTables(journal, types)) await session.execute(statement);
    }),
  journalPlace: `the schema "${JOURNAL_SCHEMA}"`,
  dropJournal,
  journaledKeys,
  changeOwner: (session, change) => changeOwnerIn(postgresql, session, change),
  assignBatch,
  ddl: createPostgresqlDdl('public'),
  keys: postgresqlKeys,
  digests: postgresqlDigests,
  scratch: postgresqlScratch,
  snapshots: postgresqlSnapshots,
  copies: postgresqlCopies,
  rowSecurity: createPostgresqlRowSecurity('public'),
  guards: createPostgresqlGuards({ quote, table, journal, fromText, now: NOW }),
};

function compareTypes(ownerType: string, keyType: string): 'same' | 'compatible' | 'different' {
  if (ownerType === keyType) return 'same';
  if (CHARACTER_TYPE.test(ownerType) && CHARACTER_TYPE.test(keyType)) return 'compatible';
  const [owner, key] = [INTEGER_TYPES.indexOf(ownerType), INTEGER_TYPES.indexOf(keyType)];
  return key >= 0 && owner > key ? 'compatible' : 'different';
}

async function begin(session: Session, mode: TransactionMode): Promise<boolean> {
  if (mode === 'read') await session.execute(sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`);
  // The same connection can take its own lock again; after a reconnect this fails if another writer came in between.
  const rows = await session.query<{ mine: boolean }>(sql`
    SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true), set_config('statement_timeout', ${STATEMENT_TIMEOUT[mode]}, true),
           set_config('idle_in_transaction_session_timeout', ${IDLE_TIMEOUT}, true),
           ${mode === 'write' ? sql`pg_try_advisory_xact_lock(${WRITER_LOCK})` : sql`true`} AS mine`);
  return rows[0]?.mine === true;
}

/** All or nothing: where DROP SCHEMA finds something that was not looked for, the tables are still there. */
function dropJournal(transact: Transact, check: (session: Session) => Promise<void>): Promise<boolean> {
  return transact(async (session) => {
    await check(session);
    await session.execute(sql`DROP TABLE IF EXISTS ${join(JOURNAL_TABLES.map(journal))}`);
    const others = await session.query(sql`
      SELECT 1 FROM pg_namespace n WHERE n.nspname = ${JOURNAL_SCHEMA} AND (
        EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid) OR EXISTS (SELECT 1 FROM pg_proc WHERE pronamespace = n.oid)
        OR EXISTS (SELECT 1 FROM pg_type WHERE typnamespace = n.oid))`);
    if (others.length > 0) return true;
    await session.execute(sql`DROP SCHEMA IF EXISTS ${quote(JOURNAL_SCHEMA)}`);
    return false;
  });
}
