import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaPg } from '@prisma/adapter-pg';
import { type GetPrismaClientConfig, getPrismaClient } from '@prisma/client/runtime/client';
import { normaliseSchema, type SchemaFile } from '../schema/normalise.ts';
import { type DataModel, readDataModel } from '../schema/parse.ts';
import type { DatabaseUrl, Provider } from './database-url.ts';
import { readUrl } from './mysql-url.ts';

/** An operation of a model, as Prisma has them all. */
type Operation = (args?: unknown) => PromiseLike<unknown>;

/** A Prisma client whose models are known at run time alone. */
export interface ModelClient {
  $extends: unknown;
  $transaction<T>(work: (tx: ModelClient) => Promise<T>, options?: object): Promise<T>;
  $queryRawUnsafe(sql: string, ...values: unknown[]): Promise<unknown>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $disconnect(): Promise<void>;
  [model: string]: unknown;
}

/** The operations of one model of such a client. */
export function modelOf(client: ModelClient, model: string): Record<string, Operation> {
  const name = model.replace(/^./, (letter) => letter.toLowerCase());
  return client[name] as Record<string, Operation>;
}

/**
 * Opens a Prisma client for any schema, without `prisma generate`: it is what generated code hands to Prisma's runtime, made
 * from the parser's data model. The runtime is pinned with the toolkit, whatever version the application has.
 */
export function openModelClient(url: DatabaseUrl, files: readonly SchemaFile[]): ModelClient {
  const config = createConfig(url.provider, files, readDataModel(files));
  // Prisma types the class by generated code, which there is none of.
  const Client = getPrismaClient(config) as unknown as new (options: object) => ModelClient;
  return new Client({ adapter: ADAPTERS[url.provider](url) });
}

/** Node.js has it, its types do not. */
const { WebAssembly: WEB_ASSEMBLY } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array) => unknown };
};

const BUSY_TIMEOUT_MS = 5000;

const ADAPTERS: Record<Provider, (url: DatabaseUrl) => object> = {
  sqlite: ({ url }) =>
    new PrismaBetterSqlite3({ url: `file:${url}`, timeout: BUSY_TIMEOUT_MS, fileMustExist: true }),
  postgresql: ({ url, defaultSchema }) =>
    new PrismaPg({ connectionString: url, max: 2 }, { schema: defaultSchema }),
  mysql: ({ url, name }) =>
    new PrismaMariaDb({ ...readUrl(new URL(url)), connectionLimit: 2 }, { database: name }),
};

function createConfig(
  provider: Provider,
  files: readonly SchemaFile[],
  { models, enums }: DataModel,
): GetPrismaClientConfig {
  const compiler = `@prisma/client/runtime/query_compiler_small_bg.${provider}`;
  const config = {
    previewFeatures: [],
    clientVersion: '7',
    engineVersion: '',
    activeProvider: provider,
    inlineSchema: normaliseSchema(files)
      .map(([, text]) => text)
      .join('\n'),
    runtimeDataModel: {
      models: Object.fromEntries(
        models.map(({ name, dbName, fields, ...keys }) => [
          name,
          { dbName, fields: fields.map(readField), ...keys },
        ]),
      ),
      enums: Object.fromEntries(enums.map(({ name, ...rest }) => [name, rest])),
      types: {},
    },
    // Prisma's cache of compiled queries goes without it: no operation is asked twice here.
    parameterizationSchema: { strings: [], graph: 'AAAA' },
    compilerWasm: {
      getRuntime: () => import(`${compiler}.js`),
      getQueryCompilerWasmModule: async () => {
        const { wasm } = (await import(`${compiler}.wasm-base64.js`)) as { wasm: string };
        return new WEB_ASSEMBLY.Module(Buffer.from(wasm, 'base64'));
      },
      importName: './query_compiler_small_bg.js',
    },
  };
  // Prisma's type has all that its parser knows of a field; the runtime gets these few from generated code too.
  return config as unknown as GetPrismaClientConfig;
}

function readField({
  name,
  kind,
  type,
  relationName,
  dbName,
}: DataModel['models'][number]['fields'][number]) {
  return { name, kind, type, ...(relationName && { relationName }), ...(dbName && { dbName }) };
}
