import { buildApp } from './app.ts';
import { forUser } from './for-user.ts';
import { DATABASE_URL, openPrisma, updateStatistics } from './open.ts';

const prisma = openPrisma(DATABASE_URL);
const app = buildApp({
  clientFor: (userId) => forUser(prisma, userId),
  adminId: process.env.ADMIN_ID,
});

updateStatistics(prisma)
  .then(() => app.listen({ port: Number(process.env.PORT ?? 3000) }))
  .then(console.log, console.error);
