import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import { type App, listTrespasses } from './world.ts';

/** Foreign keys of users, of the owner column and of two relations at once; rows that would be nobody's. */
export const HELD_MODELS = `
model Team {
  id      String @id
  code    String @unique
  members User[]
  posts   Post[]
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
  near     Post[]  @relation("Near")
  nearOf   Post[]  @relation("Near")
  labels   Label[]
  teamId   String?
  team     Team?   @relation(fields: [teamId], references: [code])
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
export const HELD_ROWS: [string, object[]][] = [
  ['Team', ['t', 'u'].map((id) => ({ id, code: id }))],
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
  ['Post', [{ id: 'A3', userId: 'a', teamId: 'u' }]],
  ['Post', [{ id: 'A4', userId: 'a', teamId: 'u', parentId: 'A3' }]],
  ['Post', [{ id: 'B2', userId: 'b', parentId: 'A4' }]],
  ['Badge', [{ id: 'AB', userId: 'a' }]],
  ['Board', [{ id: 'A', userId: 'a' }]],
  ['Meta', [{ id: 'AM', boardId: 'A' }]],
  ['Card', [{ id: 'AC', userId: 'a', boardId: 'A' }]],
];
export const HELD_LINKS: [string, string, object][] = [
  ['Post', 'B1', { labels: { connect: { id: 'l' } } }],
  ['Post', 'A2', { near: { connect: [{ id: 'A3' }, { id: 'A4' }] } }],
];
const update = (id: string, data: object) => ({ where: { id }, data });
/** A row that is near A2 is hung on a new one below A2. */
const belowNew = (id: string, parent: object) =>
  update('A2', {
    near: { update: { where: { id }, data: { parent } } },
    children: { deleteMany: {} },
  });
const below = { id: 'n', parent: { connect: { id: 'A2' } } };
export const HELD_TRIES: [name: string, model: string, operation: string, args: object][] = [
  ['another user is linked', 'Team', 'update', update('u', { members: { connect: { id: 'b' } } })],
  [
    'another user is linked to a new row',
    'Team',
    'create',
    { data: { id: 'n', code: 'n', members: { connect: { id: 'b' } } } },
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
  [
    'rows are let go by a row that is deleted, and deleted by that',
    'User',
    'update',
    update('a', { team: { delete: true }, posts: { deleteMany: { teamId: null, parentId: 'A3' } } }),
  ],
  [
    'rows are let go, and deleted by that',
    'User',
    'update',
    update('a', {
      team: { update: { posts: { disconnect: { id: 'A4' } } } },
      posts: { deleteMany: { teamId: null, parentId: 'A3' } },
    }),
  ],
  [
    'rows follow a key that is changed, and are deleted by that',
    'Post',
    'update',
    update('A3', { team: { update: { code: 'new' } }, children: { deleteMany: { teamId: 'new' } } }),
  ],
  [
    'a row is linked, and its key changed, by another key',
    'Post',
    'update',
    update('A1', {
      team: { connect: { id: 't' }, upsert: { create: { id: 'n', code: 'n' }, update: { id: 'x' } } },
    }),
  ],
  [
    'rows are hung on a new row, and deleted with it',
    'Post',
    'update',
    belowNew('A4', { create: { id: 'n', parentId: 'A2' } }),
  ],
  [
    'rows are hung on a new row by upsert, and deleted with it',
    'Post',
    'update',
    belowNew('A3', { upsert: { create: below, update: {} } }),
  ],
  ['an owner goes with a foreign key', 'Card', 'update', update('AC', { board: { disconnect: true } })],
  ['an owner goes with a foreign key, from above', 'Board', 'update', update('A', { cards: { set: [] } })],
  ['the one row of an owner is replaced', 'User', 'update', update('a', { badge: { create: { id: 'n' } } })],
  ['the one row below is replaced', 'Board', 'update', update('A', { meta: { create: { id: 'n' } } })],
  ['a new row without the way', 'Meta', 'create', { data: { id: 'n', board: {} } }],
];

/** What the user a changed of others with one of them, on new rows. */
export async function tryHeld(
  app: App,
  client: ModelClient,
  [, model, operation, args]: (typeof HELD_TRIES)[number],
): Promise<string[]> {
  await app.fill(HELD_ROWS, HELD_LINKS);
  const before = await app.read();
  await modelOf(client, model)
    [operation]?.(args)
    ?.then(undefined, () => undefined);
  return listTrespasses(app.map, 'a', [before, await app.read()]);
}
