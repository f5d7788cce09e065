import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CHINOOK_MISSING, createChinook } from '../helpers/chinook.ts';
import { ROOT } from '../helpers/command-line.ts';
import { ALL_PROVIDERS, isMissing, PROVIDERS, type TestDatabase } from '../helpers/database.ts';
import { createProject } from '../helpers/prisma-project.ts';
import { NAIVE, withCommands } from './blog.ts';
import { FEW_KEYS, SHAPES } from './shapes.ts';

/** Checks a database as it is: the library leaks nothing, everything is tried, and every row stays as it is. */
async function assertKept(
  database: TestDatabase,
  { flags = '', refused = [] as string[] } = {},
): Promise<number> {
  const app = withCommands(database);
  const dump = await app.dump();
  const { answer } = await app.check(flags);
  const found = answer.ways[0]?.attempts ?? [];
  const left = found.filter(
    ({ result, verdict }) => result === 'notTried' || result === 'notSeen' || verdict === 'LEAK',
  );
  assert.deepEqual(left, []);
  const own = found
    .filter(({ verdict }) => verdict === 'refused')
    .map((each) => `${each.model} ${each.operation}`);
  assert.deepEqual(own, refused);
  assert.equal(await app.dump(), dump);
  return answer.ways.find(({ way }) => way === 'client')?.counts.leaks ?? 0;
}

async function assertDone(
  run: ReturnType<Awaited<ReturnType<typeof createProject>>['prisma']>,
): Promise<string> {
  const { code, stdout, stderr } = await run;
  assert.equal(code, 0, stderr);
  return stdout;
}

describe('the isolation check of', () => {
  for (const provider of PROVIDERS) {
    it(`keys, maps and relations of all kinds, on ${provider}`, async (t) => {
      const project = await createProject(provider, { models: SHAPES, migrations: {} });
      t.after(() => project.drop());
      await project.run(
        await assertDone(project.prisma('migrate diff --from-empty --to-schema schema.prisma --script')),
      );
      const refused = ['Chapter findMany from a cursor', 'Footnote findMany from a cursor'];
      await assertKept(project, { flags: '--owner-model=Account', refused });
    });
  }

  for (const provider of PROVIDERS)
    it(`keys of which there are few, and links of the user himself, on ${provider}`, async (t) => {
      const project = await createProject(provider, { models: FEW_KEYS, migrations: {} });
      t.after(() => project.drop());
      await project.run(
        await assertDone(project.prisma('migrate diff --from-empty --to-schema schema.prisma --script')),
      );
      await assertKept(project, { refused: ['Account orderBy User.main'] });
    });

  it('the sample app, on its first day with users', async (t) => {
    const project = await createProject('sqlite', { folder: join(ROOT, 'prisma') });
    t.after(() => project.drop());
    await assertDone(project.prisma('migrate deploy'));
    await project.run(`
      INSERT INTO "User" ("id", "email") VALUES ('ana', 'ana@example.com'), ('ben', 'ben@example.com');
      INSERT INTO "Note" ("id", "title", "userId", "updatedAt") VALUES ('a', 'hers', 'ana', 0), ('b', 'his', 'ben', 0);`);
    const app = withCommands(project);
    app.write('naive.mjs', NAIVE);
    assert.ok((await assertKept(project, { flags: '--client=naive.mjs' })) > 200);
  });

  for (const provider of ALL_PROVIDERS)
    it(`Chinook, on ${provider}`, { skip: CHINOOK_MISSING || isMissing(provider) }, async (t) => {
      const database = await createChinook(provider);
      t.after(() => database.drop());
      await assertKept(database);
    });
});
