import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import { isolate } from '../../src/isolation/index.ts';
import type { IsolationMap } from '../../src/isolation/map.ts';
import { type Ground, type RandomOperation, randomReads, randomWrites } from './random-operations.ts';
import { type RandomSchema, randomWorlds, type RandomWorld, reduceTo } from './random-world.ts';
import { RANDOM_SCHEMAS } from './random-schemas.ts';
import { type App, listTrespasses, openApp, toText } from './world.ts';

const DEPTH = 4;
const RUNS = { sqlite: 200, postgresql: 60 } as const;

function groundOf({ map }: App, { texts, uniques }: RandomSchema, { rows }: RandomWorld): Ground {
  const ids = Object.fromEntries(rows.map(([model, list]) => [model, list.map(({ id }) => String(id))]));
  const fresh = (model: string, key: string) => {
    const text = texts[model] ?? 'id';
    const unique = uniques[model];
    return { id: key, ...(unique && { [unique]: key }), ...(text !== 'id' && { [text]: `A!${key}` }) };
  };
  return { map, ids, texts, fresh };
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
function read({ models }: IsolationMap, answer: unknown): unknown {
  const keys = Object.values(models).flatMap(({ relations, scope }) =>
    Object.values(relations)
      .flatMap(({ fields = [] }) => fields)
      .filter((field) => scope.kind !== 'owned' || field !== scope.field),
  );
  return JSON.parse(
    toText(answer ?? null)
      .replace(new RegExp(`"(${keys.join('|')})":(null|"[^"]*"),?`, 'g'), '')
      .replace(/,}/g, '}'),
  );
}

const isPrisma = ({ name }: Error) => name.startsWith('PrismaClient') || name === 'IsolationError';

const CASES = Object.entries(RANDOM_SCHEMAS).flatMap(([name, schema]) =>
  (['sqlite', 'postgresql'] as const).map((provider) => ({ name, schema, provider })),
);
for (const { name, schema, provider } of CASES)
  describe(`random operations of one user among rows of others, of ${name}, on ${provider}`, () => {
    let full: App;
    let reduced: App;
    before(async () => {
      [full, reduced] = await Promise.all([openApp(provider, schema), openApp(provider, schema)]);
    });
    after(() => Promise.all([full.close(), reduced.close()]));

    it('answer as if the rows of others were not there', async () => {
      const seen = { answers: 0, rows: 0 };
      const property = fc.asyncProperty(
        randomWorlds(schema, full.map).chain((world) =>
          fc.tuple(
            fc.constant(world),
            fc.array(randomReads(groundOf(full, schema, world), DEPTH), { minLength: 8, maxLength: 8 }),
          ),
        ),
        async ([world, operations]) => {
          await full.fill(world.rows, world.links);
          const mine = reduceTo('a', schema, full.map, await full.read());
          await reduced.fill(mine.rows, mine.links);
          const client = isolate(full.map).forUser(full.client, 'a');
          for (const operation of operations) {
            const [scoped, byHand] = [await ask(client, operation), await ask(reduced.client, operation)];
            if ('error' in byHand) throw byHand.error;
            assert.ok('answer' in scoped, `${toText(operation)}\n${(scoped as { error: Error }).error}`);
            assert.deepEqual(read(full.map, scoped.answer), read(full.map, byHand.answer), toText(operation));
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
        randomWorlds(schema, full.map).chain((world) =>
          fc.tuple(fc.constant(world), randomWrites(groundOf(full, schema, world), DEPTH)),
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
          const told = toText(read(full.map, outcome.answer)).match(/"id":"B![^"]*"/g) ?? [];
          assert.deepEqual(told, [], toText(operation));
        },
      );
      await fc.assert(property, { numRuns: RUNS[provider], endOnFailure: true });
      assert.ok(seen.done > seen.refused / 10, `${seen.done} done, ${seen.refused} refused`);
    });
  });
