import { strict as assert } from 'node:assert';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import { isolate } from '../../src/isolation/index.ts';
import { type App, openApp } from './world.ts';

/** Rows without an owner that others hang on, rows that hang on rows that cannot be without others, and a joined closed model. */
const MODELS = `
model User {
  id       String   @id
  posts    Post[]
  quotes   Quote[]
  notes    Footnote[]
  folders  Folder[]
  authored Paper[]  @relation("Author")
  reviewed Paper[]  @relation("Reviewer")
}

model Post {
  id        String     @id
  title     String
  userId    String?
  user      User?      @relation(fields: [userId], references: [id])
  shelf     Shelf?
  revisions Revision[]
  quotes    Quote[]
}

model Folder {
  id        String     @id
  userId    String
  user      User       @relation(fields: [userId], references: [id])
  revisions Revision[]
}

model Revision {
  id       String  @id
  postId   String
  post     Post    @relation(fields: [postId], references: [id])
  folderId String?
  folder   Folder? @relation(fields: [folderId], references: [id], onDelete: Cascade)
}

// Everybody's.
model Shelf {
  id     String  @id
  postId String? @unique
  post   Post?   @relation(fields: [postId], references: [id])
}

model Quote {
  id     String     @id
  postId String
  post   Post       @relation(fields: [postId], references: [id])
  userId String
  user   User       @relation(fields: [userId], references: [id])
  notes  Footnote[]
}

model Footnote {
  id      String @id
  quoteId String
  quote   Quote  @relation(fields: [quoteId], references: [id])
  userId  String
  user    User   @relation(fields: [userId], references: [id])
}

model Paper {
  id         String  @id
  authorId   String
  author     User    @relation("Author", fields: [authorId], references: [id])
  reviewerId String
  reviewer   User    @relation("Reviewer", fields: [reviewerId], references: [id])
  labels     Label[]
}

model Label {
  id      String @id
  paperId String
  paper   Paper  @relation(fields: [paperId], references: [id])
  shade   Shade  @relation(fields: [shadeId], references: [id])
  shadeId String

  @@unique([paperId, shadeId])
}

model Shade {
  id     String  @id
  labels Label[]
}
`;

const ROWS = [
  ['User', [{ id: 'a' }, { id: 'b' }]],
  [
    'Post',
    [
      { id: 'A!post', title: 'A!', userId: 'a' },
      { id: 'B!post', title: 'B!', userId: 'b' },
      { id: 'N!post', title: 'N!' },
    ],
  ],
  ['Shelf', [{ id: 's', postId: 'N!post' }]],
  ['Folder', [{ id: 'f', userId: 'a' }]],
  ['Revision', [{ id: 'N!revision', postId: 'N!post', folderId: 'f' }]],
  [
    'Quote',
    [
      { id: 'A!quote', postId: 'B!post', userId: 'a' },
      { id: 'A!self', postId: 'A!post', userId: 'a' },
    ],
  ],
  ['Footnote', [{ id: 'A!note', quoteId: 'A!self', userId: 'a' }]],
] as const;

describe("rows that are nobody's, or two steps away", () => {
  let app: App;
  let client: ModelClient;
  before(async () => {
    app = await openApp('sqlite', { models: MODELS, shared: ['Shelf'] });
  });
  beforeEach(async () => {
    await app.fill(ROWS);
    client = isolate(app.map).forUser(app.client, 'a');
  });
  after(() => app.close());

  const count = (where: object) => modelOf(client, 'Shelf').count?.({ where });

  it("does not tell by a NOT what is in a row that is nobody's", async () => {
    for (const title of ['N!', 'other']) {
      assert.equal(await count({ post: { isNot: { title } } }), 1);
      assert.equal(await count({ NOT: { post: { title } } }), 1);
    }
    assert.equal(await count({ post: null }), 1);
  });

  it("does not delete what hangs on a row that is nobody's", async () => {
    await assert.rejects(async () => modelOf(client, 'Folder').delete?.({ where: { id: 'f' } }), {
      code: 'P2025',
    });
    assert.equal(await modelOf(app.client, 'Revision').count?.(), 1);
  });

  const returned = { select: { quote: { select: { post: true } } } };
  const toForeign: [string, string, object][] = [
    ['created with a plain key', 'create', { data: { id: 'x', quoteId: 'A!quote' } }],
    ['created with connect', 'create', { data: { id: 'x', quote: { connect: { id: 'A!quote' } } } }],
    ['created with many', 'createManyAndReturn', { data: [{ id: 'x', quoteId: 'A!quote' }] }],
    ['upserted', 'upsert', { where: { id: 'x' }, create: { id: 'x', quoteId: 'A!quote' }, update: {} }],
    ['changed', 'update', { where: { id: 'A!note' }, data: { quoteId: 'A!quote' } }],
    [
      'changed with connect',
      'update',
      { where: { id: 'A!note' }, data: { quote: { connect: { id: 'A!quote' } } } },
    ],
  ];
  for (const [what, operation, args] of toForeign)
    it(`does not return the row of another user that a row hangs on which a row hangs on that was ${what}`, async () => {
      const asking = async () => modelOf(client, 'Footnote')[operation]?.({ ...args, ...returned });
      await assert.rejects(asking, ({ code }: { code: string }) => ['LINK_NOT_OWN', 'P2025'].includes(code));
    });

  it('returns an own row that is two steps away', async () => {
    const data = { id: 'x', quote: { create: { id: 'y', postId: 'A!post' } } };
    const made = await modelOf(client, 'Footnote').create?.({ data, ...returned });
    assert.equal((made as { quote: { post: { id: string } } }).quote.post.id, 'A!post');
    const plain = await modelOf(client, 'Footnote').create?.({
      data: { id: 'z', quoteId: 'A!self' },
      ...returned,
    });
    assert.equal((plain as { quote: { post: { id: string } } }).quote.post.id, 'A!post');
  });

  it('has closed a table that joins a closed model', () => {
    assert.equal(app.map.models.Paper?.scope.kind, 'closed');
    assert.equal(app.map.models.Label?.scope.kind, 'closed');
    assert.equal(app.map.models.Shade?.scope.kind, 'shared');
  });

  it('takes filters that say nothing as Prisma does', async () => {
    const ask = (on: ModelClient, where: object) =>
      modelOf(on, 'User').count?.({ where: { AND: [{ id: 'a' }], ...where } });
    const voids = [
      { posts: { every: { title: undefined } } },
      { posts: { every: { AND: [] } } },
      { posts: { none: { OR: [] } } },
    ];
    for (const where of voids)
      assert.equal(await ask(client, where), await ask(app.client, where), JSON.stringify(where));
    assert.equal(await count({ post: { title: undefined } }), 1);
    assert.equal(await count({ post: {} }), 1);
  });

  it('deletes nothing where an OR has nothing in it', async () => {
    for (const OR of [[], [{}], [{ id: undefined }]])
      assert.deepEqual(await modelOf(client, 'Footnote').deleteMany?.({ where: { OR } }), { count: 0 });
    assert.deepEqual(await modelOf(client, 'Footnote').findMany?.({ where: { OR: [] } }), []);
  });
});
