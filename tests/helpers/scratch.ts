import { readdirSync } from 'node:fs';
import type { TestDatabase } from './database.ts';

/** The scratch databases that a process has made for this one, or for another one of the same server. */
export async function listScratch(database: TestDatabase, pid = process.pid): Promise<string[]> {
  const isOurs = (name: string) => name.includes('_scratch_') && name.includes(`_${pid}_`);
  if (database.provider === 'sqlite') return readdirSync(database.folder).filter(isOurs);
  const rows = await database.query(
    database.provider === 'mysql'
      ? 'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA'
      : 'SELECT datname AS name FROM pg_database',
  );
  return rows.map(({ name }) => String(name)).filter(isOurs);
}
