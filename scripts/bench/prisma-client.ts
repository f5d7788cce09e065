import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Provider } from '../../src/database/database-url.ts';
import { schemaOf } from './sample.ts';

/** As much of the generated client as the ways use. */
interface Client {
  note: {
    findMany: () => Promise<{ id: string }[]>;
    update: (change: { where: { id: string }; data: { userId: string } }) => Promise<unknown>;
    updateMany: (change: { where: { userId: null }; data: { userId: string } }) => Promise<unknown>;
  };
  $transaction: (work: (tx: Client) => Promise<void>) => Promise<void>;
  $disconnect: () => Promise<void>;
}

/** Writes the app's schema into a new folder beside the compiled scripts and generates its client there. Returns its path. */
export function generateClient(folder: string, provider: Provider): string {
  const schema = join(folder, provider, 'schema.prisma');
  mkdirSync(dirname(schema));
  writeFileSync(schema, schemaOf(provider));
  const prisma = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  // Told of some existing program, Prisma fetches no schema engine: it would not start one here.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [prisma, 'generate', '--no-hints', '--schema', schema],
    { cwd: dirname(schema), env, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`prisma generate failed:\n${stdout}${stderr}`);
  return schema;
}

/** Opens the client that was generated beside the schema, with the adapter and the settings that Prisma's manual shows. */
export async function openClient(url: string, schema: string): Promise<Client> {
  const { PrismaClient } = createRequire(schema)('./client');
  const client = new PrismaClient({ adapter: createAdapter(url) });
  // The first use of a client loads its engine, and connects.
  await client.note.findFirst();
  return client;
}

function createAdapter(url: string) {
  if (url.startsWith('file:')) return new PrismaBetterSqlite3({ url });
  return url.startsWith('mysql:') ? new PrismaMariaDb(url) : new PrismaPg({ connectionString: url });
}
