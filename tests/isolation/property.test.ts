import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import { isolate } from '../../src/isolation/index.ts';
import { BLOG } from './blog.ts';
import { type Ground, type RandomOperation, randomReads, randomWrites } from './random-operations.ts';
import { randomWorlds, type RandomWorld, reduceTo } from './random-world.ts';
import { type App, listTrespasses, openApp, toText } from './world.ts';

const DEPTH = 4;
const RUNS = { sqlite: 400, postgresql: 100 } as const;
const TEXTS = {
  User: 'name',
  Post: 'title',
  Comment: 'body',
  Revision: 'text',
  Tag: 'label',
  Cover: 'file',
  Badge: 'text',
  Quote: 'text',
  Category: 'name',
  Slot: 'id',
};

function groundOf({ map }: App, { rows }: RandomWorld): Ground {
  const ids: Record<string, string[]> = {};
  for (const [model, list] of rows) ids[model] = [...(ids[model] ?? []), ...list.map(({ id }) => String(id))];
  const fresh = (model: string, key: string) => {
    const unique = model === 'Post' ? { slug: key } : model === 'User' ? { email: key } : {};
    return { id: key, ...unique, [TEXTS[model as keyof typeof TEXTS]]: model === 'Slot' ? key : `A!${key}` };
  };
  return { map, ids, texts: TEXTS, fresh };
}

async function ask(
  client: ModelClient,
  { model, operation, args }: RandomOperation,
): Promise<{ answer: unknown } | { error: Error }> {
  try {
    return { answer: await modelOf(client, model)[operation]?.(args) };
  } catch (error) {
    return { error: error as Error };
  }
}

/** What an answer says, without keys of rows that the own columns of a row hold. */
function read(answer: unknown): unknown {
  return JSON.parse(
    toText(answer ?? null)
      .replace(/"(post|parent|shown|category|slot)Id":(null|"[^"]*"),?/g, '')
      .replace(/,}/g, '}'),
  );
}

const isPrisma = ({ name }: Error) => name.startsWith('PrismaClient') || name === 'IsolationError';

for (const provider of ['sqlite', 'postgresql'] as const)
  describe(`random operations of one user among rows of others, on ${provider}`, () => {
    let full: App;
    let reduced: App;
    before(async () => {
      const options = { models: BLOG, shared: ['Category'] };
      [full, reduced] = await Promise.all([openApp(provider, options), openApp(provider, options)]);
    });
    after(() => Promise.all([full.close(), reduced.close()]));

    it('answer as if the rows of others were not there', async () => {
      const seen = { answers: 0, rows: 0 };
      const property = fc.asyncProperty(
        randomWorlds().chain((world) =>
          fc.tuple(
            fc.constant(world),
            fc.array(randomReads(groundOf(full, world), DEPTH), { minLength: 8, maxLength: 8 }),
          ),
        ),
        async ([world, operations]) => {
          await full.fill(world.rows, world.links);
          const mine = reduceTo('a', full.map, await full.read());
          await reduced.fill(mine.rows, mine.links);
          const client = isolate(full.map).forUser(full.client, 'a');
          for (const operation of operations) {
            const [scoped, byHand] = [await ask(client, operation), await ask(reduced.client, operation)];
            if ('error' in byHand) throw byHand.error;
            assert.ok('answer' in scoped, `${toText(operation)}\n${(scoped as { error: Error }).error}`);
            assert.deepEqual(read(scoped.answer), read(byHand.answer), toText(operation));
            seen.answers++;
            if (toText(scoped.answer).includes('A!')) seen.rows++;
          }
        },
      );
      await fc.assert(property, { numRuns: RUNS[provider] / 4, endOnFailure: true });
      // The comparison is worth nothing where all answers are empty.
      assert.ok(seen.rows > seen.answers / 5, `${seen.rows} of ${seen.answers} answers have rows`);
    });

    it('tell of and change no row of another user', async () => {
      const seen = { done: 0, refused: 0 };
      const property = fc.asyncProperty(
        randomWorlds().chain((world) =>
          fc.tuple(fc.constant(world), randomWrites(groundOf(full, world), DEPTH)),
        ),
        async ([world, operation]) => {
          await full.fill(world.rows, world.links);
          const earlier = await full.read();
          const client = isolate(full.map).forUser(full.client, 'a');
          const outcome = await ask(client, operation);
          const later = await full.read();
          assert.deepEqual(listTrespasses(full.map, 'a', [earlier, later]), [], toText(operation));
          if ('error' in outcome) {
            assert.ok(isPrisma(outcome.error), String(outcome.error.stack));
            assert.deepEqual(later, earlier);
            seen.refused++;
            return;
          }
          seen.done++;
          const told = toText(read(outcome.answer)).match(/"id":"B![^"]*"/g) ?? [];
          assert.deepEqual(told, [], toText(operation));
        },
      );
      await fc.assert(property, { numRuns: RUNS[provider], endOnFailure: true });
      assert.ok(seen.done > seen.refused / 10, `${seen.done} done, ${seen.refused} refused`);
    });
  });
