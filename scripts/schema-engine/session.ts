import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { type FailedScript, originalError } from './adapter.ts';
import { type Database, openDatabase } from './database.ts';
import { panicReasonOrNull, startEngine } from './engine.ts';
import { Failure, migrationFailed } from './failure.ts';

/** A JSON-RPC 2.0 request, as Prisma writes it on one line. */
export interface Request {
  id: number;
  method: string;
  params?: Params;
}

/** The one part of the parameters that is read here; they go to the engine as they came. */
interface Params {
  migrationsList?: {
    migrationDirectories: { path: string; migrationFile: { content: { value?: string } } }[];
  };
}

type Method = (params: Params | undefined) => Promise<unknown>;

/** Answers requests on one database, one after the other; the engine starts with the first. */
export class Session {
  readonly #database: Database;
  readonly #factory: ReturnType<typeof bindMigrationAwareSqlAdapterFactory>;
  readonly #schemaFiles: [string, string][];
  #engine: SchemaEngine | undefined;
  #failedScript: FailedScript | undefined;
  #migrationsTableMissing = false;

  constructor(url: string | undefined, schemaFiles: [string, string][]) {
    this.#schemaFiles = schemaFiles;
    this.#database = openDatabase(url, {
      scriptFailed: (failed) => {
        this.#failedScript = failed;
      },
      migrationsTableMissing: () => {
        this.#migrationsTableMissing = true;
      },
    });
    this.#factory = bindMigrationAwareSqlAdapterFactory(this.#database.factory);
  }

  /** Returns the messages to write, the answer last; a request that fails is answered with its error. */
  async answer(request: Request): Promise<object[]> {
    this.#failedScript = undefined;
    this.#migrationsTableMissing = false;
    const { id, method, params } = request;
    try {
      const result = await this.#call(method, params);
      return [...printRequests(result), { jsonrpc: '2.0', id, result: result ?? null }];
    } catch (error) {
      const { code, message } = this.#failureFor(error, request);
      const data = { is_panic: panicReasonOrNull(error) !== null, error_code: code, message, meta: null };
      return [
        { jsonrpc: '2.0', id, error: { code: 4466, message: 'The data field holds the error.', data } },
      ];
    }
  }

  /** Closes the database, so that nothing but the database itself is left on disk. */
  close(): Promise<void> {
    return this.#database.close();
  }

  async #call(method: string, params: Params | undefined): Promise<unknown> {
    if (method === 'createDatabase') return { databaseName: await this.#database.create() };
    if (method === 'reset' && this.#database.empty) return this.#database.empty();
    this.#engine ??= await startEngine(this.#factory, this.#schemaFiles);
    if (method === 'getDatabaseVersion') return this.#engine.version();
    // The protocol's methods have the engine's names; a newer CLI may ask for one that it has not.
    const call = (this.#engine as unknown as Record<string, Method | undefined>)[method];
    if (!call) throw new Failure(undefined, `The offline schema engine has no method "${method}".`);
    const result = await call.call(this.#engine, params);
    const corrects = method === 'diagnoseMigrationHistory' && this.#migrationsTableMissing;
    return corrects ? { ...(result as object), hasMigrationsTable: false } : result;
  }

  #failureFor(error: unknown, { method, params }: Request): Pick<Failure, 'code' | 'message'> {
    const failed = this.#failedScript;
    const migration = params?.migrationsList?.migrationDirectories.find(
      ({ migrationFile }) => migrationFile.content.value === failed?.script,
    );
    if (method === 'applyMigrations' && failed && migration) return migrationFailed(migration.path, failed);
    const panicReason = panicReasonOrNull(error);
    if (panicReason !== null) return new Failure(undefined, panicReason);
    // The engine numbers an error that it cannot classify and leaves it to its host.
    const number = /External error id#(\d+)/.exec((error as Error).message)?.[1];
    const hidden = number && this.#factory.errorRegistry.consumeError(Number(number))?.error;
    if (!hidden) return error as Failure;
    return hidden instanceof Failure ? hidden : new Failure(undefined, originalError(hidden).message);
  }
}

/** The native engine has Prisma print a difference of schemas; the result of its `diff` has no text. */
function printRequests(result: unknown): object[] {
  const text = (result as { stdout?: unknown } | undefined)?.stdout;
  if (typeof text !== 'string') return [];
  return [{ jsonrpc: '2.0', id: 'print', method: 'print', params: { content: text } }];
}
