import { type Connection, connect } from './connection.ts';
import { openClient } from './prisma-client.ts';
import { OWNER } from './sample.ts';
import type { WayEnd } from './ways.ts';

/** All that a way works with. */
interface Task {
  url: string;
  /** Of the generated client. */
  schema: string;
  limitMs: number;
}

const BATCH_ROWS = 1000;

const RUNNERS: Record<string, (task: Task) => Promise<WayEnd>> = {
  'plain-update': async ({ url }) => {
    const connection = await openConnection(url);
    return time(() => connection.execute('UPDATE "Note" SET "userId" = ?', [OWNER]), connection.close);
  },
  'update-many': async ({ url, schema }) => {
    const client = await openClient(url, schema);
    return time(
      () => client.note.updateMany({ where: { userId: null }, data: { userId: OWNER } }),
      () => client.$disconnect(),
    );
  },
  'per-row': async ({ url, schema }) => {
    const client = await openClient(url, schema);
    return time(
      () =>
        client.$transaction(async (tx) => {
          const notes = await tx.note.findMany();
          for (const { id } of notes) await tx.note.update({ where: { id }, data: { userId: OWNER } });
        }),
      () => client.$disconnect(),
    );
  },
  'limit-loop': async ({ url, limitMs }) => {
    const connection = await openConnection(url);
    const batch = url.startsWith('mysql:')
      ? `UPDATE "Note" SET "userId" = ? WHERE "userId" IS NULL LIMIT ${BATCH_ROWS}`
      : `UPDATE "Note" SET "userId" = ? WHERE "id" IN (SELECT "id" FROM "Note" WHERE "userId" IS NULL LIMIT ${BATCH_ROWS})`;
    const deadline = performance.now() + limitMs;
    let isLimited = false;
    const end = await time(async () => {
      while ((await connection.execute(batch, [OWNER])) > 0) {
        isLimited = performance.now() > deadline;
        if (isLimited) return;
      }
    }, connection.close);
    return { ...end, isLimited };
  },
};

/** Connected already, as step 2 is when it begins to count, and Prisma's client. */
async function openConnection(url: string): Promise<Connection> {
  const connection = connect(url);
  await connection.query('SELECT 1');
  return connection;
}

async function time(work: () => Promise<unknown>, close: () => Promise<void>): Promise<WayEnd> {
  const started = performance.now();
  try {
    await work();
    return { elapsedMs: performance.now() - started };
  } catch (error) {
    return { elapsedMs: performance.now() - started, failed: (error as Error).message };
  } finally {
    await close();
  }
}

const [name = '', schema = '', limitMs] = process.argv.slice(2);
void RUNNERS[name]?.({ url: process.env.DATABASE_URL ?? '', schema, limitMs: Number(limitMs) }).then((end) =>
  process.stdout.write(`${JSON.stringify(end)}\n`),
);
