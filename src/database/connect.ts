import { writerLockLost } from '../errors.ts';
import type { DatabaseUrl, Provider } from './database-url.ts';
import type { Database, Dialect, Session, Transact, TransactionMode } from './dialect.ts';
import { classifyFailure, explainDriverError } from './driver-errors.ts';
import type { Sql } from './sql.ts';

/** As much of a Prisma client as the toolkit uses: it has no models, only SQL. */
export interface RawClient {
  $transaction<T>(
    work: (tx: RawSession) => Promise<T>,
    options: { maxWait: number; timeout: number },
  ): Promise<T>;
  $executeRaw(sql: Sql): Promise<number>;
  $disconnect(): Promise<void>;
}

interface RawSession {
  $queryRaw(sql: Sql): Promise<unknown>;
  $executeRaw(sql: Sql): Promise<number>;
}

/** What a database's file has to offer to this one. */
export interface OpenedClient {
  client: RawClient;
  dialect: Dialect;
  /** Ends a transaction that the driver left open when it failed. */
  recover?: (client: RawClient) => Promise<unknown>;
}

/** A provider's file is loaded only when its database is meant: starting the command line is most of its time. */
const OPENERS: Record<Provider, () => Promise<(url: DatabaseUrl) => OpenedClient>> = {
  postgresql: async () => (await import('./postgresql.ts')).openPostgresql,
  sqlite: async () => (await import('./sqlite.ts')).openSqlite,
  mysql: async () => (await import('./mysql.ts')).openMysql,
};

const CONNECT_TIMEOUT_MS = 10_000;
/** Counting a big table takes as long as it takes; batches are bounded by the server's own timeouts. */
const TRANSACTION_TIMEOUT_MS = { read: 6 * 60 * 60 * 1000, write: 10 * 60 * 1000, signal: 60 * 1000 };

/**
 * Opens the database, hands it to `work` and closes it again, whatever happens. Errors of the driver come out as
 * `ToolkitError`, with the password never in them.
 */
export async function withDatabase<T>(
  url: DatabaseUrl,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const open = await OPENERS[url.provider]();
  const { client, dialect, recover } = open(url);
  let hasWritten = false;
  const transact = (mode: TransactionMode): Transact => {
    return async (inside) => {
      let isDone = false;
      try {
        const result = await client.$transaction(
          async (tx) => {
            const session = toSession(tx);
            if (!(await dialect.begin(session, mode))) throw writerLockLost();
            const done = await inside(session);
            isDone = true;
            return done;
          },
          { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS[mode] },
        );
        hasWritten ||= mode !== 'read';
        return result;
      } catch (error) {
        // Where the answer to COMMIT was lost, nobody knows here whether it was carried out.
        const isUnknown = isDone && classifyFailure(error).failure === 'lost';
        hasWritten ||= mode !== 'read' && isUnknown;
        await recover?.(client);
        throw error;
      }
    };
  };
  try {
    return await work({
      url,
      dialect,
      read: transact('read'),
      write: transact('write'),
      signal: transact('signal'),
    });
  } catch (error) {
    throw explainDriverError(error, url, hasWritten);
  } finally {
    await client.$disconnect();
  }
}

function toSession(tx: RawSession): Session {
  return {
    query: <Row>(sql: Sql) => tx.$queryRaw(sql) as Promise<Row[]>,
    execute: (sql) => tx.$executeRaw(sql),
  };
}
