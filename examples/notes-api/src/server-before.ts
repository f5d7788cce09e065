import { buildApp } from './app.ts';
import { DATABASE_URL, openPrisma, updateStatistics } from './open.ts';

const prisma = openPrisma(DATABASE_URL);
const app = buildApp({
  clientFor: () => prisma,
  adminId: process.env.ADMIN_ID,
});

updateStatistics(prisma)
  .then(() => app.listen({ port: Number(process.env.PORT ?? 3000) }))
  .then(console.log, console.error);
