import { PrismaPg } from '@prisma/adapter-pg';
import type { CopyDialect } from './copy.ts';
import { quoteStandard } from './ddl-names.ts';
import { raw, sql } from './sql.ts';

export const postgresqlCopies: CopyDialect = {
  // Without a mapping of the user nobody gets to a foreign server, and what needs it raises an error.
  isolate: ({ signal }) =>
    signal(async (session) => {
      const mappings = await session.query<{ user: string | null; server: string }>(sql`
        SELECT CASE WHEN umuser = 0 THEN NULL ELSE usename END AS user, srvname AS server FROM pg_user_mappings`);
      for (const { user, server } of mappings) {
        const whose = user === null ? 'PUBLIC' : quoteStandard(user);
        await session.execute(raw(`DROP USER MAPPING FOR ${whose} SERVER ${quoteStandard(server)}`));
      }
    }),
  runScript: async ({ url, defaultSchema }, script) => {
    const settings = { connectionString: url, max: 1, application_name: 'prisma-ownership' };
    // Without a listener, a connection that the server ends while it is idle would end this process.
    const adapter = await new PrismaPg(settings, { onPoolError: () => undefined }).connect();
    const run = (text: string) => adapter.executeRaw({ sql: text, args: [], argTypes: [] });
    try {
      // Migrations name the tables of the connection's own schema without it.
      await run(`SET search_path TO ${quoteStandard(defaultSchema)}`);
      const started = performance.now();
      await run(script);
      return performance.now() - started;
    } finally {
      await adapter.dispose();
    }
  },
  sizeOf: async (session, { schema, name }) => {
    const [row] = await session.query<{ bytes: bigint | null }>(sql`
      SELECT sum(pg_total_relation_size(p.relid))::bigint AS bytes
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL (SELECT relid FROM pg_partition_tree(c.oid) UNION SELECT c.oid) p
       WHERE n.nspname = ${schema} AND c.relname = ${name}`);
    return Number(row?.bytes ?? 0);
  },
};
