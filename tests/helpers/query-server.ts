import { Client } from 'pg';
import type { Row, TestDatabase } from './database.ts';
import { connectMysql } from './mysql-database.ts';

/** Runs a statement on the database's server, in no database of ours. */
export async function queryServer({ provider, url }: TestDatabase, sql: string): Promise<Row[]> {
  if (provider === 'mysql') {
    const { query, close } = await connectMysql(new URL('/', url).href);
    return query(sql).finally(close);
  }
  const client = new Client({ connectionString: new URL('/postgres', url).href });
  await client.connect();
  return client
    .query<Row>(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}
