import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError, type SqlQuery } from '@prisma/driver-adapter-utils';
import { type Dialect, forEngine, type Observer, originalError } from './adapter.ts';
import { type PgAdapter, queryWithChar } from './char-columns.ts';
import type { Database } from './database.ts';
import { databaseDoesNotExist, Failure, invalidUrl, serverNotReachable } from './failure.ts';

/** A PostgreSQL database; the engine looks at the schema that the URL names with `?schema=`, or else at "public". */
export function postgresDatabase(url: string, observer: Observer): Database {
  const target = parseUrl(url);
  const name = decodeURIComponent(target.pathname.slice(1)) || 'postgres';
  const wrap = (adapter: PgAdapter) => forEngine(adapter, dialectOf(adapter), observer);
  return {
    factory: {
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: async () => wrap(await connect(target, name)),
      connectToShadowDb: async () => {
        const shadow = await createShadow(target, name);
        return { ...wrap(shadow.adapter), dispose: shadow.dispose };
      },
    },
    check: () => withConnection(target, name, async (adapter) => void (await adapter.queryRaw(SELECT_ONE))),
    create: async () => {
      await withConnection(target, 'postgres', (admin) => runScript(admin, `CREATE DATABASE ${quote(name)}`));
      return name;
    },
    // The server ends the sessions of a process that is gone.
    close: async () => {},
  };
}

const SELECT_ONE: SqlQuery = { sql: 'SELECT 1', args: [], argTypes: [] };

/**
 * The URL names the database, not a `database` setting beside it: the driver would follow the URL and open the main
 * database as its own shadow. One connection only, because the engine's lock belongs to a session.
 */
async function connect(target: URL, database: string): Promise<PgAdapter> {
  const url = new URL(target);
  url.pathname = `/${encodeURIComponent(database)}`;
  const schema = target.searchParams.get('schema') ?? 'public';
  const searchPath = quote(schema).replace(/[\\\s]/g, '\\$&');
  const settings = {
    connectionString: url.href,
    options: `-c search_path=${searchPath}`,
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  };
  // Without a listener, a connection that the server ends while it is idle would end this process.
  return new PrismaPg(settings, { schema, onPoolError: () => {} }).connect();
}

async function withConnection(target: URL, database: string, use: (adapter: PgAdapter) => Promise<void>) {
  const adapter = await connect(target, database);
  try {
    await use(adapter);
  } catch (error) {
    throw connectionFailure(error, target, database);
  } finally {
    await adapter.dispose();
  }
}

/** The adapter's own shadow database is dropped before its connection is closed, which PostgreSQL refuses. */
async function createShadow(target: URL, name: string) {
  const shadow = `prisma_migrate_shadow_db_${randomUUID()}`;
  await withConnection(target, name, (admin) => runScript(admin, `CREATE DATABASE ${quote(shadow)}`));
  const adapter = await connect(target, shadow);
  const dispose = async () => {
    await adapter.dispose();
    await withConnection(target, name, (admin) => runScript(admin, `DROP DATABASE ${quote(shadow)}`));
  };
  return { adapter, dispose };
}

/** Sends a script whole: the adapter would split it at every semicolon, also inside a function or a string. */
async function runScript(adapter: PgAdapter, script: string): Promise<void> {
  await adapter.underlyingDriver().query(script);
}

function dialectOf(adapter: PgAdapter): Dialect {
  return {
    queryRaw: (query) => queryWithChar(adapter, query),
    run: (script) => runScript(adapter, script),
    errorFor: (message) => ({
      kind: 'postgres',
      code: 'N/A',
      severity: 'ERROR',
      message,
      detail: undefined,
      column: undefined,
      hint: undefined,
    }),
  };
}

function connectionFailure(error: unknown, target: URL, database: string): Failure {
  const { code, message } = originalError(error);
  const kind = error instanceof DriverAdapterError ? error.cause.kind : undefined;
  const server = `${target.hostname}:${target.port || 5432}`;
  if (code === '3D000') return databaseDoesNotExist(database);
  if (code === '28P01') return new Failure('P1000', message);
  if (code === '28000') return new Failure('P1010', message);
  if (kind === 'DatabaseNotReachable' || code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return serverNotReachable(server);
  return new Failure(undefined, message);
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch (error) {
    throw invalidUrl((error as Error).message);
  }
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
