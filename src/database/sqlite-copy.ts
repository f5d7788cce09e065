import BetterSqlite3 from 'better-sqlite3';
import type { CopyDialect } from './copy.ts';
import { sql } from './sql.ts';

export const sqliteCopies: CopyDialect = {
  // Triggers of one file cannot name another one.
  isolate: async () => undefined,
  runScript: async ({ url }, script) => {
    const file = new BetterSqlite3(url, { fileMustExist: true });
    try {
      const started = performance.now();
      file.exec(script);
      return performance.now() - started;
    } finally {
      file.close();
    }
  },
  // https://www.sqlite.org/dbstat.html
  sizeOf: async (session, { name }) => {
    const [row] = await session.query<{ bytes: bigint | null }>(sql`
      SELECT sum(pgsize) AS bytes FROM dbstat
       WHERE name IN (SELECT name FROM main.sqlite_master WHERE tbl_name = ${name} AND type IN ('table', 'index'))`);
    return Number(row?.bytes ?? 0);
  },
};
