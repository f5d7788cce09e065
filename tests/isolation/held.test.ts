import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { isolate } from '../../src/isolation/index.ts';
import { modelOf } from '../../src/database/model-client.ts';
import { type App, listTrespasses, openApp } from './world.ts';

/** Foreign keys of users, of the owner column and of two relations at once; rows that would be nobody's. */
const MODELS = `
model Team {
  id      String @id
  members User[]
}
model Label {
  id    String @id
  posts Post[]
}
model User {
  id     String  @id
  teamId String?
  team   Team?   @relation(fields: [teamId], references: [id])
  posts  Post[]
  boards Board[]
  cards  Card[]
  badge  Badge?
}
model Post {
  id       String  @id
  parentId String?
  parent   Post?   @relation("Tree", fields: [parentId], references: [id], onDelete: Cascade)
  children Post[]  @relation("Tree")
  labels   Label[]
  userId   String
  user     User    @relation(fields: [userId], references: [id])
}
model Badge {
  id     String  @id
  userId String? @unique
  user   User?   @relation(fields: [userId], references: [id])
}
model Board {
  id     String @id
  userId String
  user   User   @relation(fields: [userId], references: [id])
  cards  Card[]
  meta   Meta?

  @@unique([userId, id])
}
model Meta {
  id      String  @id
  boardId String? @unique
  board   Board?  @relation(fields: [boardId], references: [id])
}
model Card {
  id      String  @id
  boardId String?
  userId  String?
  user    User?   @relation(fields: [userId], references: [id])
  board   Board?  @relation(fields: [userId, boardId], references: [userId, id])
}
`;
const ROWS: [string, object[]][] = [
  ['Team', [{ id: 't' }, { id: 'u' }]],
  ['Label', [{ id: 'l' }]],
  [
    'User',
    [
      { id: 'a', teamId: 'u' },
      { id: 'b', teamId: 't' },
    ],
  ],
  [
    'Post',
    [
      { id: 'A1', userId: 'a' },
      { id: 'A2', userId: 'a' },
      { id: 'B1', userId: 'b', parentId: 'A1' },
    ],
  ],
  ['Badge', [{ id: 'AB', userId: 'a' }]],
  ['Board', [{ id: 'A', userId: 'a' }]],
  ['Meta', [{ id: 'AM', boardId: 'A' }]],
  ['Card', [{ id: 'AC', userId: 'a', boardId: 'A' }]],
];
const update = (id: string, data: object) => ({ where: { id }, data });
const TRIES: [name: string, model: string, operation: string, args: object][] = [
  ['another user is linked', 'Team', 'update', update('u', { members: { connect: { id: 'b' } } })],
  [
    'another user is linked to a new row',
    'Team',
    'create',
    { data: { id: 'n', members: { connect: { id: 'b' } } } },
  ],
  ['another user is let go', 'Team', 'update', update('t', { members: { disconnect: { id: 'b' } } })],
  ['all users are let go', 'Team', 'update', update('t', { members: { set: [] } })],
  ['a row is deleted that another user points at', 'Team', 'delete', { where: { id: 't' } }],
  ['a key is changed that another user points at', 'Team', 'update', update('t', { id: 'x' })],
  [
    'rows are linked and deleted',
    'Post',
    'update',
    update('A2', { children: { connect: { id: 'A1' }, deleteMany: {} } }),
  ],
  [
    'rows are linked and their keys changed',
    'Post',
    'update',
    update('A2', { children: { connect: { id: 'A1' }, updateMany: { where: {}, data: { id: 'x' } } } }),
  ],
  ['an owner goes with a foreign key', 'Card', 'update', update('AC', { board: { disconnect: true } })],
  ['an owner goes with a foreign key, from above', 'Board', 'update', update('A', { cards: { set: [] } })],
  ['the one row of an owner is replaced', 'User', 'update', update('a', { badge: { create: { id: 'n' } } })],
  ['the one row below is replaced', 'Board', 'update', update('A', { meta: { create: { id: 'n' } } })],
  ['a new row without the way', 'Meta', 'create', { data: { id: 'n', board: {} } }],
];

describe('rows that a write reaches by the way', () => {
  let app: App;
  before(async () => {
    app = await openApp('sqlite', { models: MODELS });
  });
  after(() => app.close());

  for (const [name, model, operation, args] of TRIES)
    it(`${name}: changes nothing of others`, async () => {
      await app.fill(ROWS, [['Post', 'B1', { labels: { connect: { id: 'l' } } }]]);
      const before = await app.read();
      const client = isolate(app.map).forUser(app.client, 'a');
      await modelOf(client, model)
        [operation]?.(args)
        ?.then(undefined, () => undefined);
      assert.deepEqual(listTrespasses(app.map, 'a', [before, await app.read()]), []);
    });

  it('leaves a label to the rows of others', async () => {
    await app.fill(ROWS, [['Post', 'B1', { labels: { connect: { id: 'l' } } }]]);
    const client = isolate(app.map).forUser(app.client, 'a');
    await assert.rejects(async () => modelOf(client, 'Label').delete?.({ where: { id: 'l' } }), {
      code: 'P2025',
    });
  });

  it('creates rows below a row whose key has the owner in it', async () => {
    await app.fill(ROWS);
    const client = isolate(app.map).forUser(app.client, 'a');
    await modelOf(client, 'Board').update?.(
      update('A', { cards: { create: { id: 'n' }, createMany: { data: [{ id: 'm' }] } } }),
    );
    const { Card } = await app.read();
    assert.deepEqual(
      Card?.map(({ id, userId }) => [id, userId]),
      [
        ['AC', 'a'],
        ['m', 'a'],
        ['n', 'a'],
      ],
    );
  });
});
