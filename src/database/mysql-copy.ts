import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { CopyDialect } from './copy.ts';
import { readUrl } from './mysql-url.ts';
import { table } from './mysql-sql.ts';
import { sql } from './sql.ts';

export const mysqlCopies: CopyDialect = {
  // What could is not loaded.
  isolate: async () => undefined,
  runScript: async (url, script) => {
    const settings = { ...readUrl(new URL(url.url)), connectionLimit: 1, multipleStatements: true };
    const adapter = await new PrismaMariaDb(settings, {
      database: url.name,
      useTextProtocol: true,
    }).connect();
    try {
      const started = performance.now();
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
      return performance.now() - started;
    } finally {
      await adapter.dispose();
    }
  },
  // InnoDB knows the size of a table from when it last counted; MySQL shows what it remembers of that.
  sizeOf: async (session, { schema, name }) => {
    await session.query(sql`ANALYZE TABLE ${table({ schema, name })}`);
    const [row] = await session.query<{ bytes: bigint | null }>(sql`
      SELECT DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES
       WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${name}`);
    return Number(row?.bytes ?? 0);
  },
};
