import assert from 'node:assert/strict';
import { withDatabase } from '../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import type { Database } from '../../src/database/dialect.ts';
import type { TableShape } from '../../src/database/digest.ts';
import { sql } from '../../src/database/sql.ts';
import type { Digest } from '../../src/proof/digest.ts';
import { type DigestOptions, digestTable, listRowDigests } from '../../src/proof/digest-table.ts';
import type { TestDatabase } from './database.ts';

/** Opens a test database as the commands do. */
export function openDatabase<T>(
  { url }: Pick<TestDatabase, 'url'>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const parsed = parseDatabaseUrl(url, []);
  if (typeof parsed === 'string') throw new Error(parsed);
  return withDatabase(parsed, work);
}

/** What is digested of a table of the app's own schema. */
export async function shapeOf({ url, dialect, read }: Database, name: string): Promise<TableShape> {
  const table = { schema: url.defaultSchema, name };
  const shape = await read((session) => dialect.digests.describe(session, table));
  return shape ?? assert.fail(`there is no table ${name}`);
}

/** The digest of a table, in chunks. */
export function digestOf(
  target: Pick<TestDatabase, 'url'>,
  name: string,
  options?: DigestOptions,
): Promise<Digest> {
  return openDatabase(target, async (database) =>
    digestTable(database, await shapeOf(database, name), options),
  );
}

/** The digests of the rows, in the order of their key, which is left out of them. */
export function rowDigestsOf(target: Pick<TestDatabase, 'url'>, name: string): Promise<string[]> {
  return openDatabase(target, async (database) => {
    const { dialect, read } = database;
    const shape = await shapeOf(database, name);
    const [key] = shape.key;
    const rows = await read(async (session) => {
      await dialect.digests.prepare(session);
      return listRowDigests(session, dialect, shape, { except: key?.name, within: sql`1 = 1` });
    });
    return rows.map(({ digest }) => digest);
  });
}
