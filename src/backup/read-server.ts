import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { sql } from '../database/sql.ts';
import type { Server } from './tools.ts';

/** The server that a tool has to fit; not for SQLite, which needs none. */
export function readServer(url: DatabaseUrl): Promise<Server> {
  return withDatabase(url, ({ read }) =>
    read(async (session) => {
      const [row] = await session.query<{ version: string }>(sql`SELECT version() AS version`);
      return { provider: url.provider === 'mysql' ? 'mysql' : 'postgresql', version: row?.version ?? '' };
    }),
  );
}
