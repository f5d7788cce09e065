import { Sql } from '@prisma/client/runtime/client';
import { isolate } from '../../src/isolation/index.ts';
import { BLOG } from './blog.ts';
import { FILTERS } from './filter-attempts.ts';
import { HELD_MODELS, HELD_TRIES, tryHeld } from './held.ts';
import { tryOut } from './matrix.ts';
import { NESTED } from './nested-attempts.ts';
import { OWN } from './own-attempts.ts';
import { READS } from './read-attempts.ts';
import { type App, openApp } from './world.ts';
import { WRITES } from './write-attempts.ts';

/** The first expectation of the matrix that does not hold; null where all do. */
async function findFailure(app: App): Promise<string | null> {
  const client = isolate(app.map).forUser(app.client, 'a');
  for (const attempt of [...READS, ...FILTERS, ...WRITES, ...NESTED]) {
    const { leaks } = await tryOut(app, client, attempt);
    if (leaks.length > 0) return attempt.name;
  }
  for (const { says, ...attempt } of OWN) {
    const { answer, error } = await tryOut(app, client, attempt);
    if (error || !says(answer as never)) return `own rows: ${attempt.name}`;
  }
  const asked = (client as unknown as { $queryRaw(sql: Sql): Promise<unknown> }).$queryRaw(
    new Sql(['SELECT 1'], []),
  );
  return asked.then(
    () => 'raw SQL',
    () => null,
  );
}

/** The same, of writes that reach rows by the way. */
async function findTrespass(app: App): Promise<string | null> {
  const client = isolate(app.map).forUser(app.client, 'a');
  for (const attempt of HELD_TRIES) if ((await tryHeld(app, client, attempt)).length > 0) return attempt[0];
  return null;
}

/** Prints the first failure on SQLite, and exits with 1 where there is one: what `mutate.ts` starts for each mutant. */
async function main(): Promise<void> {
  const app = await openApp('sqlite', { models: BLOG, shared: ['Category'] });
  const held = await openApp('sqlite', { models: HELD_MODELS });
  try {
    const failure = (await findFailure(app)) ?? (await findTrespass(held));
    process.stdout.write(`${failure ?? ''}\n`);
    process.exitCode = failure === null ? 0 : 1;
  } finally {
    await Promise.all([app.close(), held.close()]);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 2;
});
