import type { App } from '../app.ts';

interface Totals {
  users: bigint;
  notes: bigint;
  sizeBytes: bigint | null;
}

/** The one place that sees everybody's rows, and says so. */
export function adminRoutes(app: App, adminId?: string): void {
  app.get('/admin/totals', async ({ db, userId }, reply) => {
    if (userId !== adminId) return reply.code(403).send({ error: 'for the administrator alone' });
    // A scoped client runs no SQL, except with such a comment at its beginning: they are found by searching for it.
    const [totals] = await db.$queryRaw<
      Totals[]
    >`/* unscoped: totals of the installation, for its administrator */
      SELECT (SELECT count(*) FROM "User") AS users,
             (SELECT count(*) FROM "Note") AS notes,
             (SELECT sum("sizeBytes") FROM "Attachment") AS "sizeBytes"`;
    return Object.fromEntries(Object.entries(totals ?? {}).map(([name, value]) => [name, Number(value)]));
  });
}
