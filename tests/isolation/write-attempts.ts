import { type Attempt, isAnswered } from './attempts.ts';

const own = { id: 'A!post' };
const write = (name: string, data: object, more: Partial<Attempt> = {}): Attempt => {
  return { name, model: 'Post', operation: 'update', args: { where: own, data }, ...more };
};
const post = (more: object) => ({ id: 'A!new', slug: 'A!new', title: 'A!new', ...more });

/** Writes at the top. */
export const WRITES: Attempt[] = [
  {
    tells: isAnswered,
    name: 'create for another user',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', userId: 'b' } },
  },
  {
    tells: isAnswered,
    name: 'create for another user by a relation',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', user: { connect: { id: 'b' } } } },
  },
  {
    tells: isAnswered,
    name: 'create for another user by an e-mail',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', user: { connect: { email: 'B!@example.com' } } } },
  },
  {
    tells: isAnswered,
    name: 'create for a new user',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', user: { create: { id: 'c', email: 'c' } } } },
  },
  {
    name: 'create many, one for another user',
    model: 'Comment',
    operation: 'createMany',
    args: {
      data: [
        { id: 'x', body: 'x' },
        { id: 'y', body: 'y', userId: 'b' },
      ],
    },
  },
  {
    name: 'create many and return',
    model: 'Comment',
    operation: 'createManyAndReturn',
    args: { data: [{ id: 'x', body: 'x', postId: 'B!post' }], select: { post: true } },
  },
  {
    name: 'create with a plain key of another row',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', postId: 'B!post' } },
    isKnownLeak: true,
  },
  {
    name: 'create many with a plain key',
    model: 'Comment',
    operation: 'createMany',
    args: {
      data: [
        { id: 'x', body: 'x', postId: 'A!post' },
        { id: 'y', body: 'y', postId: 'B!post' },
      ],
    },
  },
  {
    name: 'create what hangs on a row of another user',
    model: 'Revision',
    operation: 'create',
    args: { data: { id: 'x', text: 'x', postId: 'B!post' } },
  },
  {
    name: 'create it with connect',
    model: 'Revision',
    operation: 'create',
    args: { data: { id: 'x', text: 'x', post: { connect: { id: 'B!post' } } } },
  },
  {
    name: 'update by the key',
    model: 'Post',
    operation: 'update',
    args: { where: { id: 'B!post' }, data: { likes: 9 } },
  },
  {
    name: 'update by the key, of another model',
    model: 'Revision',
    operation: 'update',
    args: { where: { id: 'B!revision' }, data: { text: 'x' } },
  },
  { name: 'update many', model: 'Post', operation: 'updateMany', args: { data: { likes: 9 } } },
  {
    name: 'update many and return',
    model: 'Post',
    operation: 'updateManyAndReturn',
    args: { where: { likes: 3 }, data: { likes: 9 } },
  },
  {
    name: 'update many what hangs on rows',
    model: 'Revision',
    operation: 'updateMany',
    args: { data: { text: 'x' } },
  },
  write('give a row to another user', { userId: 'b' }, { isKnownLeak: true }),
  write('give a row to another user with set', { userId: { set: 'b' } }),
  write(
    'give a row to another user by a relation',
    { user: { connect: { id: 'b' } } },
    { tells: isAnswered },
  ),
  {
    name: 'take the owner away',
    model: 'Comment',
    operation: 'update',
    args: { where: { id: 'A!comment' }, data: { userId: null } },
  },
  {
    tells: isAnswered,
    name: 'take the owner away by the relation',
    model: 'Comment',
    operation: 'update',
    args: { where: { id: 'A!comment' }, data: { user: { disconnect: true } } },
  },
  {
    name: 'give many rows to another user',
    model: 'Comment',
    operation: 'updateMany',
    args: { data: { userId: 'b' } },
  },
  {
    name: 'update with a plain key of another row',
    model: 'Comment',
    operation: 'update',
    args: { where: { id: 'A!comment' }, data: { postId: 'B!post' } },
  },
  {
    name: 'update with set of a plain key',
    model: 'Comment',
    operation: 'update',
    args: { where: { id: 'A!comment' }, data: { postId: { set: 'B!post' } } },
  },
  {
    name: 'update many with a plain key',
    model: 'Comment',
    operation: 'updateMany',
    args: { data: { postId: 'B!post' } },
  },
  {
    name: 'move to a row of another user',
    model: 'Revision',
    operation: 'update',
    args: { where: { id: 'A!revision' }, data: { postId: 'B!post' } },
  },
  {
    name: 'upsert a row of another user',
    model: 'Post',
    operation: 'upsert',
    args: { where: { id: 'B!post' }, create: post({ id: 'B!post' }), update: { likes: 9 } },
    tells: (answer) => answer === null,
  },
  {
    name: 'upsert with an owner',
    model: 'Comment',
    operation: 'upsert',
    args: { where: { id: 'x' }, create: { id: 'x', body: 'x', userId: 'b' }, update: {} },
  },
  {
    name: 'upsert with a plain key',
    model: 'Comment',
    operation: 'upsert',
    args: { where: { id: 'A!comment' }, create: { id: 'x', body: 'x' }, update: { postId: 'B!post' } },
  },
  { name: 'delete by the key', model: 'Comment', operation: 'delete', args: { where: { id: 'B!loose' } } },
  { name: 'delete many', model: 'Comment', operation: 'deleteMany', args: {} },
  {
    name: 'delete what hangs on a row',
    model: 'Revision',
    operation: 'deleteMany',
    args: { where: { id: 'B!revision' } },
  },
  {
    name: 'delete with a cascade onto a row of nobody',
    model: 'Post',
    operation: 'delete',
    args: { where: { id: 'A!deep' } },
  },
  {
    name: 'delete many with a cascade onto a row of nobody',
    model: 'Post',
    operation: 'deleteMany',
    args: { where: { id: 'A!deep' } },
  },
  {
    name: 'delete with a cascade behind an own row',
    model: 'Post',
    operation: 'delete',
    args: { where: { id: 'A!third' } },
  },
  {
    name: 'return what a written row cannot be without',
    model: 'Quote',
    operation: 'update',
    args: { where: { id: 'A!quote' }, data: { text: 'x' }, include: { post: true } },
  },
  {
    name: 'return what many written rows cannot be without',
    model: 'Quote',
    operation: 'updateManyAndReturn',
    args: { data: { text: 'x' }, include: { post: true } },
  },
  {
    name: 'delete with a cascade onto rows of another user',
    model: 'Post',
    operation: 'deleteMany',
    args: { where: own },
  },
  {
    name: 'delete with an emptied key of another user',
    model: 'Category',
    operation: 'delete',
    args: { where: { id: 'news' } },
  },
  {
    name: 'change a key that rows of another user point at',
    model: 'Category',
    operation: 'update',
    args: { where: { id: 'news' }, data: { id: 'old' } },
  },
  {
    name: 'change a key that rows of another user point at, of an own row',
    model: 'Post',
    operation: 'update',
    args: { where: own, data: { id: 'A!other' } },
  },
  {
    name: 'change another user',
    model: 'User',
    operation: 'update',
    args: { where: { id: 'b' }, data: { name: 'x' } },
  },
  { name: 'change all users', model: 'User', operation: 'updateMany', args: { data: { name: 'x' } } },
  {
    name: 'change the own key',
    model: 'User',
    operation: 'update',
    args: { where: { id: 'a' }, data: { id: 'z' } },
  },
  { name: 'delete another user', model: 'User', operation: 'deleteMany', args: { where: { id: 'b' } } },
  {
    name: 'return rows of others with a write',
    model: 'Post',
    operation: 'update',
    args: { where: own, data: { likes: 4 }, include: { comments: true, related: true, parent: true } },
  },
  {
    name: 'return rows of others with a delete',
    model: 'Comment',
    operation: 'delete',
    args: { where: { id: 'A!comment' }, include: { post: { include: { comments: true } } } },
  },
  {
    name: 'return rows of others with an upsert',
    model: 'User',
    operation: 'upsert',
    args: {
      where: { id: 'a' },
      create: { id: 'a', email: 'a' },
      update: {},
      select: { posts: { select: { children: true } } },
    },
  },
];
