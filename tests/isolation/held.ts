import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import { type App, listTrespasses } from './world.ts';

/** Foreign keys of users, of the owner column and of two relations at once; rows that would be nobody's. */
export const HELD_MODELS = `
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
export const HELD_ROWS: [string, object[]][] = [
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
export const HELD_TRIES: [name: string, model: string, operation: string, args: object][] = [
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

/** What the user a changed of others with one of them, on new rows. */
export async function tryHeld(
  app: App,
  client: ModelClient,
  [, model, operation, args]: (typeof HELD_TRIES)[number],
): Promise<string[]> {
  await app.fill(HELD_ROWS, [['Post', 'B1', { labels: { connect: { id: 'l' } } }]]);
  const before = await app.read();
  await modelOf(client, model)
    [operation]?.(args)
    ?.then(undefined, () => undefined);
  return listTrespasses(app.map, 'a', [before, await app.read()]);
}
