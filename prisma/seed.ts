// Fills the sample's empty database, always with the same rows: npx ts-node prisma/seed.ts
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { config } from 'dotenv';
import { Prisma, PrismaClient } from './generated/client.ts';
import { makeShares, SETTINGS, USERS } from './seed-rows.ts';

const ROOT = join(__dirname, '..');
const CHUNK_ROWS = 1000;

/** A refusal: the message says what is wrong and what to type. */
class SeedRefusal extends Error {}

/** The database's file; a relative path starts at the repository's root, wherever the seed was started. */
function getDatabaseFile(): string {
  config({ path: join(ROOT, '.env'), quiet: true });
  const url = process.env.DATABASE_URL || 'file:./prisma/app.db';
  // The URL itself is not printed: another database's would have a password in it.
  if (!url.startsWith('file:')) {
    throw new SeedRefusal(
      'DATABASE_URL does not begin with file:, and the sample app uses SQLite. Nothing was written.\n' +
        'To seed the default database:  DATABASE_URL=file:./prisma/app.db npm run db:seed',
    );
  }
  const file = resolve(ROOT, url.slice('file:'.length));
  if (!existsSync(file)) throw new SeedRefusal(notMigrated(file));
  return file;
}

function notMigrated(file: string): string {
  return `${file} has no tables to seed. Nothing was written.\nTo create them:  npm run db:migrate`;
}

/** Counts every model of the sample in the database, parents first. */
async function countRows(prisma: PrismaClient): Promise<Record<Prisma.ModelName, number>> {
  return {
    AppSetting: await prisma.appSetting.count(),
    User: await prisma.user.count(),
    Project: await prisma.project.count(),
    Tag: await prisma.tag.count(),
    Note: await prisma.note.count(),
    NoteTag: await prisma.noteTag.count(),
    Attachment: await prisma.attachment.count(),
    ReminderRule: await prisma.reminderRule.count(),
  };
}

function chunksOf<T>(rows: T[]): T[][] {
  const count = Math.ceil(rows.length / CHUNK_ROWS);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * CHUNK_ROWS, (index + 1) * CHUNK_ROWS),
  );
}

/** Writes everything in one transaction: after an error the database is as empty as before. */
async function writeRows(prisma: PrismaClient): Promise<void> {
  await prisma.$transaction([
    prisma.appSetting.createMany({ data: SETTINGS }),
    prisma.user.createMany({ data: USERS }),
    ...makeShares().flatMap((share) => [
      ...chunksOf(share.projects).map((data) => prisma.project.createMany({ data })),
      ...chunksOf(share.tags).map((data) => prisma.tag.createMany({ data })),
      ...chunksOf(share.notes).map((data) => prisma.note.createMany({ data })),
      ...chunksOf(share.noteTags).map((data) => prisma.noteTag.createMany({ data })),
      ...chunksOf(share.attachments).map((data) => prisma.attachment.createMany({ data })),
      ...chunksOf(share.rules).map((data) => prisma.reminderRule.createMany({ data })),
    ]),
  ]);
}

async function seed(prisma: PrismaClient, file: string): Promise<void> {
  const before = Object.entries(await countRows(prisma)).filter(([, rows]) => rows > 0);
  if (before.length > 0) {
    const seen = before.map(([model, rows]) => `${model} ${rows.toLocaleString('en-US')}`).join(', ');
    throw new SeedRefusal(
      `${file} already has rows (${seen}). Nothing was written.\nTo delete them all and seed again:  npm run db:reset && npm run db:seed`,
    );
  }
  await writeRows(prisma);
  for (const [model, rows] of Object.entries(await countRows(prisma))) {
    console.log(`${model.padEnd(13)}${rows.toLocaleString('en-US').padStart(7)}`);
  }
}

async function main(): Promise<void> {
  const file = getDatabaseFile();
  const prisma = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${file}`, fileMustExist: true }),
  });
  try {
    await seed(prisma, file);
  } catch (error) {
    // P2021: a table is missing. https://www.prisma.io/docs/orm/reference/error-reference#p2021
    const isMissingTable = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2021';
    throw isMissingTable ? new SeedRefusal(notMigrated(file)) : error;
  } finally {
    await prisma.$disconnect();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof SeedRefusal ? `error: ${error.message}` : error);
  process.exitCode = 2;
});
