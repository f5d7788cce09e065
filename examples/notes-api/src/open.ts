import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaClient } from '../prisma/generated/client.ts';

/** Opens a database by its URL. */
export function openPrisma(url: string): PrismaClient {
  return new PrismaClient({ adapter: new PrismaBetterSqlite3({ url }) });
}

/**
 * Has SQLite look at how its rows are spread, which it does only when it is asked to. Without that it believes that a user has
 * ten notes, and goes through all of them where another index leads to one.
 */
export async function updateStatistics(prisma: PrismaClient): Promise<void> {
  await prisma.$queryRaw`PRAGMA optimize = 0x10002`;
}

export const DATABASE_URL = process.env.DATABASE_URL ?? 'file:./prisma/notes.db';
