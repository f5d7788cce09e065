import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAttempts } from '../../src/isolation-check/attempts.ts';
import { CannotMake, type Seed } from '../../src/isolation-check/make-row.ts';
import type { Shape } from '../../src/isolation-check/shape.ts';
import { countAttempts, judge, type Judged } from '../../src/isolation-check/verdict.ts';
import { createWorld, type Samples } from '../../src/isolation-check/world.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import type { SchemaFile } from '../../src/schema/normalise.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';
import { NO_SETTINGS } from '../../src/settings.ts';
import { SHAPES } from './shapes.ts';

function readShape(
  models: string,
  provider: Shape['provider'] = 'postgresql',
  ownerModel = 'Account',
): Shape {
  const files: SchemaFile[] = [
    ['schema.prisma', `datasource db {\n  provider = "${provider}"\n}\n${models}`],
  ];
  const decision = decideOwnership(parseSchema(files), { ...NO_SETTINGS, ownerModel });
  const data = readDataModel(files);
  return { provider, data, map: buildIsolationMap(data, decision) };
}

const NOBODY: Samples = { users: { a: null, b: null }, rows: { a: {}, b: {} } };
const SEED: Seed = { text: 'seed', greatest: { 'Account.id': 7n, 'Shelf.id': 3n } };

describe('the attempts of a schema', () => {
  const shape = readShape(SHAPES);
  const attempts = listAttempts(shape);
  const of = (model: string) =>
    attempts.filter((each) => each.model === model).map(({ operation }) => operation);

  it("are on every model that is one user's, and on no other", () => {
    const models = [...new Set(attempts.map(({ model }) => model))];
    assert.deepEqual(models, [
      'Shelf',
      'Book',
      'Chapter',
      'Footnote',
      'Cover',
      'Profile',
      'Place',
      'Label',
      'Loan',
    ]);
  });

  it('have every operation of the library in them, but those that a database does not have', () => {
    const operations =
      'findUnique findUniqueOrThrow findFirst findFirstOrThrow findMany count aggregate groupBy update updateMany updateManyAndReturn upsert delete deleteMany $queryRaw $executeRaw';
    for (const operation of operations.split(' ')) assert.ok(of('Footnote').includes(operation), operation);
    for (const verb of ['create', 'createMany', 'createManyAndReturn'])
      assert.ok(of('Book').includes(`${verb} with its owner`));
    const onMysql = listAttempts(readShape(SHAPES, 'mysql'));
    assert.deepEqual(
      onMysql.filter(({ operation }) => operation.includes('AndReturn')),
      [],
    );
  });

  it('have every relation in them that leads to the rows, by every verb', () => {
    const verbs =
      'include select fluent _count|some in|none in|every in|orderBy|update in|updateMany in|upsert in|delete in|deleteMany in|disconnect in|set to none in|connect in|connectOrCreate in|set in|create with its owner in|createMany with its owner in';
    for (const verb of verbs.replace('include select fluent ', 'include|select|fluent|').split('|'))
      assert.ok(of('Shelf').includes(`${verb} Shelf.children`), verb);
    for (const verb of [
      'create with the key of',
      'update with the key of',
      'create with connect in',
      'is in',
      'isNot in',
    ])
      assert.ok(of('Shelf').includes(`${verb} Book.shelf`), verb);
    assert.ok(
      of('Book').includes('connect in Language.books') && of('Book').includes('connect in Label.books'),
    );
  });
});

describe('the rows of an attempt', () => {
  const shape = readShape(SHAPES);

  it('are made parents first, with their owner, and the same each time', () => {
    const world = createWorld(shape, NOBODY, { seed: SEED, isMade: true });
    world.row('b', 'Footnote');
    assert.deepEqual(
      world.steps.map(({ model, as }) => `${model} ${as}`),
      ['Account b', 'Book b', 'Chapter b', 'Footnote b'],
    );
    const again = createWorld(shape, NOBODY, { seed: SEED, isMade: true });
    again.row('b', 'Footnote');
    assert.deepEqual(again.steps, world.steps);
  });

  it('are those of the database where they are there, and the user with them', () => {
    const rows = { a: { Account: { id: 1n } }, b: { Account: { id: 2n }, Shelf: { id: 9, ownerId: 2n } } };
    const world = createWorld(shape, { users: { a: 1n, b: 2n }, rows }, { seed: SEED, isMade: false });
    assert.equal(world.row('b', 'Shelf').id, 9);
    assert.deepEqual([world.steps, world.userId('a')], [[], 1n]);
    assert.equal(world.row('a', 'Shelf').ownerId, 1n);
    assert.equal(world.steps.length, 1);
  });

  it('have numbers after those that are there: close on MySQL, whose counters follow them', () => {
    const idOn = (provider: Shape['provider']) =>
      createWorld(readShape(SHAPES, provider), NOBODY, { seed: SEED, isMade: true }).row('a', 'Account').id;
    assert.deepEqual([idOn('postgresql'), idOn('mysql')], [1008n, 9n]);
  });

  it('cannot be made where a row needs another one of its own model first', () => {
    const odd = readShape(
      `model User {
        id String @id
        rows Row[]
      }
      model Row {
        id     String @id
        nextId String
        next   Row    @relation("Next", fields: [nextId], references: [id])
        prior  Row[]  @relation("Next")
        userId String
        user   User   @relation(fields: [userId], references: [id])
      }`,
      'postgresql',
      'User',
    );
    assert.throws(() => createWorld(odd, NOBODY, { seed: SEED, isMade: true }).row('a', 'Row'), CannotMake);
  });
});

describe('the verdict', () => {
  const attempt = { model: 'Post', operation: 'count', kind: 'count' } as const;

  it('is LEAK for a row of another user that was got at, and refused for an own one that was not', () => {
    const verdicts = (['own', 'foreign'] as const).flatMap((on) =>
      (['allowed', 'denied', 'notTried', 'notSeen'] as const).map(
        (result) => judge({ ...attempt, on, result }).verdict,
      ),
    );
    assert.deepEqual(verdicts, ['ok', 'refused', 'ok', 'ok', 'LEAK', 'ok', 'ok', 'ok']);
  });

  it('is counted', () => {
    const judged: Judged[] = [
      judge({ ...attempt, on: 'own', result: 'denied' }),
      judge({ ...attempt, on: 'foreign', result: 'allowed' }),
      judge({ ...attempt, on: 'foreign', result: 'notTried', detail: 'why' }),
    ];
    const counts = { attempts: 3, allowed: 1, denied: 1, leaks: 1, refused: 1, notTried: 1, notSeen: 0 };
    assert.deepEqual(countAttempts(judged), counts);
  });
});
