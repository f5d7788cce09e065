import { DATABASE_URL, openPrisma } from '../src/open.ts';
import { makeRows, USERS } from './rows.ts';
import { addRows } from './world.ts';

/** Fills an empty database with the rows that the tests have of Ana and Ben. */
async function seed(): Promise<void> {
  const prisma = openPrisma(DATABASE_URL);
  await prisma.user.createMany({ data: USERS });
  for (const [index, word] of (['ana', 'ben'] as const).entries())
    await addRows(prisma, makeRows(word, word, index + 1));
  await prisma.$disconnect();
}

seed().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
