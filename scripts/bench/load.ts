import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './connection.ts';
import type { Sample } from './load-process.ts';
import { keyOf } from './sample.ts';

const PER_SECOND = 200;
/** So that one statement that waits does not make others wait that could go on. */
const CONNECTIONS = 8;

/**
 * The app: updates one row by its key, 200 times a second, until it is told to stop. What a statement takes is counted from
 * the time when it was due: who waits for a connection, or for a process that waits, waits too.
 */
async function load(url: string, rows: number): Promise<Sample[]> {
  const connection = connect(url, CONNECTIONS);
  const samples: Sample[] = [];
  let isStopped = false;
  process.on('message', () => {
    isStopped = true;
  });
  const update = async (due: number) => {
    const key = keyOf(1 + Math.floor(Math.random() * rows));
    let failed: string | null = null;
    try {
      const values = [`edited at ${Math.round(due)}`, key];
      if ((await connection.execute('UPDATE "Note" SET "title" = ? WHERE "id" = ?', values)) !== 1)
        failed = 'the row is not there';
    } catch (error) {
      failed = (error as Error).message.split('\n')[0] ?? '';
    }
    samples.push({ due: performance.timeOrigin + due, ms: performance.now() - due, failed });
  };
  await update(performance.now());
  process.send?.('ready');
  const pending: Promise<void>[] = [];
  for (let due = performance.now(); !isStopped; ) {
    for (const now = performance.now(); due <= now; due += 1000 / PER_SECOND) pending.push(update(due));
    await sleep(due - performance.now());
  }
  await Promise.all(pending);
  await connection.close();
  return samples;
}

// Whoever started it is gone: so is the database.
process.once('disconnect', () => process.exit());
void load(process.env.DATABASE_URL ?? '', Number(process.argv[2])).then((samples) =>
  process.send?.(samples, () => process.disconnect()),
);
