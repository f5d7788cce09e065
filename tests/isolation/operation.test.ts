import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { scopeOperation } from '../../src/isolation/operation.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';

const SCHEMA = `
datasource db {
  provider = "sqlite"
}
model User {
  id     Int    @id
  boards Board[]
  cards  Card[]
  logs   Log[]   @relation("Reader")
  wrote  Log[]   @relation("Writer")
}
model Board {
  userId Int
  id     Int
  user   User   @relation(fields: [userId], references: [id])
  cards  Card[] @relation("Board")
  home   Card[] @relation("Home")
  boxes  Box[]
  @@id([userId, id])
}
model Card {
  id      Int    @id @default(autoincrement())
  text    String
  data    String @default("")
  boardId Int
  board   Board  @relation("Board", fields: [userId, boardId], references: [userId, id])
  homeOf  Int?
  homeId  Int?
  home    Board? @relation("Home", fields: [homeOf, homeId], references: [userId, id])
  boxId   Int    @default(1)
  box     Box    @relation(fields: [boxId], references: [id])
  userId  Int
  user    User   @relation(fields: [userId], references: [id])
  pins    Pin[]
  logs    Log[]
}
model Box {
  id      Int    @id
  boardOf Int
  boardId Int
  board   Board  @relation(fields: [boardOf, boardId], references: [userId, id])
  cards   Card[]
}
model Pin {
  id     Int   @id
  cardId Int?
  card   Card? @relation(fields: [cardId], references: [id])
}
model Log {
  id       Int  @id
  readerId Int
  writerId Int
  reader   User @relation("Reader", fields: [readerId], references: [id])
  writer   User @relation("Writer", fields: [writerId], references: [id])
  cardId   Int?
  card     Card? @relation(fields: [cardId], references: [id])
}
`;
const files: [string, string][] = [['schema.prisma', SCHEMA]];
const map = buildIsolationMap(readDataModel(files), decideOwnership(parseSchema(files)));
const scope = (model: string, operation: string, args: unknown) =>
  scopeOperation({ map, userId: 7 }, { model, operation }, args);

/** What is refused, and as what. */
const REFUSED: [what: string, model: string, operation: string, args: unknown, code: string][] = [
  ['an operation that is not known', 'Card', 'findRaw', {}, 'OPERATION_UNKNOWN'],
  ['an operation called like a property of every object', 'Card', 'constructor', {}, 'OPERATION_UNKNOWN'],
  ['a model that is not in the list', 'Ghost', 'findMany', {}, 'MODEL_UNKNOWN'],
  ['a model called like a property of every object', 'toString', 'findMany', {}, 'MODEL_UNKNOWN'],
  ['a model whose owner is not decided', 'Log', 'findMany', {}, 'MODEL_CLOSED'],
  ['the same, below another', 'Card', 'findMany', { include: { logs: true } }, 'MODEL_CLOSED'],
  ['the same, in a filter', 'Card', 'findMany', { where: { logs: { some: {} } } }, 'MODEL_CLOSED'],
  [
    'the same, in a write',
    'Card',
    'update',
    { where: { id: 1 }, data: { logs: { deleteMany: {} } } },
    'MODEL_CLOSED',
  ],
  ['a field that is not in the list', 'Card', 'findMany', { where: { secret: 1 } }, 'FIELD_UNKNOWN'],
  [
    'a field called like a property of every object',
    'Card',
    'findMany',
    { where: { toString: 1 } },
    'FIELD_UNKNOWN',
  ],
  ['such a field in select', 'Card', 'findMany', { select: { secret: true } }, 'FIELD_UNKNOWN'],
  ['such a field in include', 'Card', 'findMany', { include: { secret: true } }, 'FIELD_UNKNOWN'],
  [
    'such a field in orderBy',
    'Card',
    'findMany',
    { orderBy: [{ id: 'asc' }, { secret: 'asc' }] },
    'FIELD_UNKNOWN',
  ],
  [
    'such a field in _count',
    'Card',
    'findMany',
    { include: { _count: { select: { secret: true } } } },
    'FIELD_UNKNOWN',
  ],
  ['such a field in having', 'Card', 'groupBy', { by: ['text'], having: { secret: 1 } }, 'FIELD_UNKNOWN'],
  ['such a field in data', 'Card', 'update', { where: { id: 1 }, data: { secret: 1 } }, 'FIELD_UNKNOWN'],
  ['an argument that is not known', 'Card', 'findMany', { rawWhere: '1 = 1' }, 'FIELD_UNKNOWN'],
  ['an argument of a write that is not known', 'Card', 'deleteMany', { using: {} }, 'FIELD_UNKNOWN'],
  ['a quantifier that is not known', 'Card', 'findMany', { where: { pins: { most: {} } } }, 'FIELD_UNKNOWN'],
  [
    'a write below that is not known',
    'Card',
    'update',
    { where: { id: 1 }, data: { pins: { replace: {} } } },
    'FIELD_UNKNOWN',
  ],
  ['an object that is not plain', 'Card', 'findMany', { where: new (class Filter {})() }, 'FIELD_UNKNOWN'],
  ['arguments that are no object', 'Card', 'findMany', 'all', 'FIELD_UNKNOWN'],
  ['an owner that is a text', 'Card', 'update', { where: { id: 1 }, data: { userId: '7' } }, 'OWNER_FORGED'],
  [
    'an owner that is computed',
    'Card',
    'update',
    { where: { id: 1 }, data: { userId: { increment: 1 } } },
    'OWNER_FORGED',
  ],
  [
    'a foreign key that a default would fill',
    'Card',
    'create',
    { data: { text: '', boardId: 1 } },
    'LINK_UNKNOWN',
  ],
  [
    'a foreign key that is computed',
    'Card',
    'update',
    { where: { id: 1 }, data: { boxId: { increment: 1 } } },
    'LINK_UNKNOWN',
  ],
  ['a part of a foreign key', 'Card', 'update', { where: { id: 1 }, data: { homeOf: 8 } }, 'LINK_UNKNOWN'],
  ["a new row that would be nobody's", 'Pin', 'create', { data: { id: 1 } }, 'WRITE_REFUSED'],
  ['the same with null', 'Pin', 'create', { data: { id: 1, cardId: null } }, 'WRITE_REFUSED'],
  [
    "a row that would become nobody's",
    'Pin',
    'update',
    { where: { id: 1 }, data: { cardId: null } },
    'WRITE_REFUSED',
  ],
  [
    'the same by a relation',
    'Pin',
    'update',
    { where: { id: 1 }, data: { card: { disconnect: true } } },
    'WRITE_REFUSED',
  ],
  [
    'the same from above',
    'Card',
    'update',
    { where: { id: 1 }, data: { pins: { set: [] } } },
    'WRITE_REFUSED',
  ],
  [
    'the same from above, one',
    'Card',
    'update',
    { where: { id: 1 }, data: { pins: { disconnect: { id: 1 } } } },
    'WRITE_REFUSED',
  ],
  [
    'data that could be meant in two ways',
    'Pin',
    'update',
    { where: { id: 1 }, data: { card: { update: { data: {} } } } },
    'FIELD_UNKNOWN',
  ],
  ['a cursor that would tell', 'Pin', 'findMany', { cursor: { id: 1 } }, 'ORDER_REFUSED'],
];

describe('an operation of a scoped client', () => {
  for (const [what, model, operation, args, code] of REFUSED)
    it(`is refused for ${what}`, () => {
      assert.throws(() => scope(model, operation, args), { name: 'IsolationError', code });
    });

  it('looks up every row that plain foreign keys point at, once', () => {
    const data = [
      { text: '', boardId: 1, boxId: 5 },
      { text: '', boardId: 2, boxId: 5, homeOf: 8, homeId: 9 },
      { text: '', boardId: 2, boxId: 5, homeOf: null, homeId: 9 },
    ];
    const { links, args } = scope('Card', 'createMany', { data });
    const keys = links.map(({ to, key }) => [to, key]);
    assert.deepEqual(keys, [
      ['Board', { userId: 7, id: 1 }],
      ['Box', { id: 5 }],
      ['Board', { userId: 7, id: 2 }],
      ['Board', { userId: 8, id: 9 }],
      ['Box', { id: 5 }],
      ['Board', { userId: 7, id: 2 }],
      ['Box', { id: 5 }],
    ]);
    assert.deepEqual(
      (args.data as { userId: number }[]).map(({ userId }) => userId),
      [7, 7, 7],
    );
  });

  it('scopes what hangs on a row that hangs on a row', () => {
    const { args } = scope('Pin', 'findMany', { where: { id: 1 } });
    assert.deepEqual(args, { where: { id: 1, AND: [{ card: { is: { userId: 7 } } }] } });
    const box = scope('Box', 'count', {});
    assert.deepEqual(box.args, { where: { board: { is: { userId: 7 } } } });
  });

  it('leaves the arguments that it was given as they are', () => {
    const given = { where: { AND: [{ id: 1 }] }, data: { text: 'x', pins: { connect: [{ id: 1 }] } } };
    const copy = structuredClone(given);
    scope('Card', 'update', given);
    assert.deepEqual(given, copy);
  });

  it('hands undefined values on, for Prisma to judge', () => {
    const { args } = scope('Pin', 'deleteMany', { where: { id: undefined } });
    assert.ok('id' in (args.where as object));
  });
});
