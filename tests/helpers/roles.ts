import type { TestContext } from 'node:test';
import type { TestDatabase } from './database.ts';
import { queryServer } from './query-server.ts';
import { nameOf } from './restore.ts';

/** Creates a role that may log in, for the test; `more` are its attributes. */
export async function createRole(t: TestContext, database: TestDatabase, more = ''): Promise<string> {
  const role = `r_${nameOf(database).slice(-12)}_${more.length}`;
  await queryServer(database, `CREATE ROLE ${role} LOGIN PASSWORD 'p@ss w/rd' ${more}`);
  t.after(() => queryServer(database, `DROP OWNED BY ${role}; DROP ROLE ${role}`));
  return role;
}

/** The same database for another role. */
export function as(database: TestDatabase, role: string, name = nameOf(database)): TestDatabase {
  const url = new URL(database.url);
  url.username = role;
  url.password = encodeURIComponent('p@ss w/rd');
  url.pathname = `/${name}`;
  return { ...database, url: url.href };
}
