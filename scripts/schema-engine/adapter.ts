import {
  DriverAdapterError,
  type Error as DriverError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';

/** What the engine does not report, and its host has to know to answer as the native engine does. */
export interface Observer {
  /** A migration script failed: the script, and the database's code and words, which the engine replaces by its own. */
  scriptFailed(failed: FailedScript): void;
  /** The engine was told that no migration is recorded, because the table that records them does not exist. */
  migrationsTableMissing(): void;
}

/** A script that the database refused, and why. */
export interface FailedScript {
  script: string;
  code: string;
  message: string;
}

/** What differs between databases in what the engine asks of an adapter. */
export interface Dialect {
  queryRaw(query: SqlQuery): Promise<SqlResultSet>;
  /** Runs a script of several statements. */
  run(script: string): Promise<void>;
  /** An error of a kind that makes the engine show this message unchanged. */
  errorFor(message: string): DriverError;
}

/** Kinds of errors that the adapters report and the engine cannot read. */
const UNREADABLE: ReadonlySet<DriverError['kind']> = new Set([
  'InconsistentColumnData',
  'InvalidInputValue',
  'RestrictViolation',
  'SocketTimeout',
]);

/**
 * Gives the engine an adapter that takes a script of several statements wherever the engine sends one, and that fails
 * with the database's own words.
 */
export function forEngine(adapter: SqlDriverAdapter, dialect: Dialect, observer: Observer): SqlDriverAdapter {
  const reword = (error: unknown) => new DriverAdapterError(dialect.errorFor(originalError(error).message));
  const readable = (error: unknown): never => {
    throw error instanceof DriverAdapterError && UNREADABLE.has(error.cause.kind) ? reword(error) : error;
  };
  const runScript = async (script: string) => {
    try {
      await dialect.run(script);
    } catch (error) {
      observer.scriptFailed({ script, ...originalError(error) });
      throw reword(error);
    }
  };
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => dialect.queryRaw(query).catch(readable),
    // Migrations for the shadow database and the text of `db execute` arrive here, without arguments.
    executeRaw: async (query) => {
      if (query.args.length > 0) return adapter.executeRaw(query).catch(readable);
      await runScript(query.sql);
      return 0;
    },
    executeScript: runScript,
    startTransaction: (isolationLevel) => adapter.startTransaction(isolationLevel),
    getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false },
    dispose: () => adapter.dispose(),
  };
}

/** The driver's own code and words for an error, from under what a Prisma adapter made of it. */
export function originalError(error: unknown): { code: string; message: string } {
  const { code, message, cause } = error as Error & { code?: string; cause?: Partial<DriverError> };
  return { code: cause?.originalCode ?? code ?? 'none', message: cause?.originalMessage ?? message };
}
