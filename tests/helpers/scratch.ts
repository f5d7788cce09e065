import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import { tagOf } from '../../src/scratch/scratch.ts';
import type { TestDatabase } from './database.ts';
import { queryServer } from './query-server.ts';

/** Of commands in this process, and of those in processes of their own. */
const HOSTS = ['test-host', hostname()];

/** The scratch databases of this database that are there, with their journals: all, or those that one process has made. */
export async function listScratch(database: TestDatabase, pid?: number): Promise<string[]> {
  const url = parseDatabaseUrl(database.url, [database.folder]);
  assert.ok(typeof url !== 'string', String(url));
  const tags = HOSTS.map((host) => `${tagOf(url, host)}${pid === undefined ? '' : `${pid}_`}`);
  return (await listNames(database, url.url)).filter((name) => tags.some((tag) => name.includes(tag)));
}

async function listNames(database: TestDatabase, file: string): Promise<string[]> {
  if (database.provider === 'sqlite') return readdirSync(dirname(file));
  const rows = await queryServer(
    database,
    database.provider === 'mysql'
      ? 'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA'
      : 'SELECT datname AS name FROM pg_database',
  );
  return rows.map(({ name }) => String(name));
}
