import type { Attempt } from './attempts.ts';

const own = { id: 'A!post' };
const write = (name: string, data: object, more: Partial<Attempt> = {}): Attempt => {
  return { name, model: 'Post', operation: 'update', args: { where: own, data }, ...more };
};
const post = (more: object) => ({ id: 'A!new', slug: 'A!new', title: 'A!new', ...more });

/** Writes inside of writes. */
export const NESTED: Attempt[] = [
  write(
    'nested create for another user',
    { comments: { create: { id: 'x', body: 'x', userId: 'b' } } },
    { isKnownLeak: true },
  ),
  write('nested create many for another user', {
    comments: { createMany: { data: [{ id: 'x', body: 'x', userId: 'b' }] } },
  }),
  write(
    'nested create without an owner',
    { comments: { create: { id: 'x', body: 'x' } } },
    { tells: () => false },
  ),
  write('nested create with a plain key', {
    children: {
      create: post({ comments: { create: { id: 'x', body: 'x' } }, categoryId: 'news', userId: 'b' }),
    },
  }),
  write('nested connect', { comments: { connect: { id: 'B!comment' } } }, { isKnownLeak: true }),
  write('nested connect of a list', { comments: { connect: [{ id: 'A!loose' }, { id: 'B!loose' }] } }),
  write('nested connect many-to-many', { tags: { connect: { id: 'B!tag' } } }, { isKnownLeak: true }),
  write('nested connect many-to-many with itself', { related: { connect: { id: 'B!second' } } }),
  write('nested connect one to one', { cover: { connect: { id: 'B!spare' } } }),
  write('nested connect to a parent', { parent: { connect: { id: 'B!post' } } }),
  write('nested connect or create', {
    comments: { connectOrCreate: { where: { id: 'B!loose' }, create: { id: 'x', body: 'x' } } },
  }),
  write('nested connect or create for another user', {
    comments: { connectOrCreate: { where: { id: 'x' }, create: { id: 'x', body: 'x', userId: 'b' } } },
  }),
  write('nested set many-to-many', { tags: { set: [{ id: 'B!tag' }] } }),
  write('nested set lets go of rows of another user', { comments: { set: [] } }),
  write('nested disconnect', { comments: { disconnect: { id: 'B!guest' } } }),
  write('nested disconnect one to one', { slot: { update: { post: { disconnect: true } } } }),
  write(
    'nested update',
    { comments: { update: { where: { id: 'B!guest' }, data: { body: 'x' } } } },
    { isKnownLeak: true },
  ),
  write('nested update, two levels down', {
    children: {
      update: {
        where: { id: 'A!second' },
        data: { related: { update: { where: { id: 'B!post' }, data: { likes: 9 } } } },
      },
    },
  }),
  write('nested update many', { comments: { updateMany: { where: {}, data: { body: 'x' } } } }),
  write('nested update many with an owner', {
    comments: { updateMany: { where: {}, data: { userId: 'b' } } },
  }),
  write('nested update of an own row with a plain key', {
    comments: { update: { where: { id: 'A!comment' }, data: { userId: 'b' } } },
  }),
  write('nested upsert', {
    comments: { upsert: { where: { id: 'B!guest' }, create: { id: 'x', body: 'x' }, update: { body: 'x' } } },
  }),
  write('nested upsert for another user', {
    comments: { upsert: { where: { id: 'x' }, create: { id: 'x', body: 'x', userId: 'b' }, update: {} } },
  }),
  write('nested delete', { comments: { delete: { id: 'B!guest' } } }),
  write('nested delete many', { comments: { deleteMany: {} } }, { isKnownLeak: true }),
  write('nested delete with a cascade', {
    relatedOf: { deleteMany: {} },
    children: { deleteMany: { NOT: { id: 'x' } } },
  }),
  write('nested delete many of what is changed to match', {
    children: { update: { where: { id: 'A!third' }, data: { title: 'zap' } }, deleteMany: { title: 'zap' } },
  }),
  write('nested delete many of what is upserted to match', {
    children: {
      upsert: { where: { id: 'A!third' }, create: post({}), update: { title: 'zap' } },
      deleteMany: { title: 'zap' },
    },
  }),
  write('nested delete many of what is changed in many to match', {
    children: { updateMany: { where: {}, data: { title: 'zap' } }, deleteMany: { title: 'zap' } },
  }),
  write('nested delete many of what is linked to match', {
    children: {
      update: { where: { id: 'A!third' }, data: { category: { connect: { id: 'free' } } } },
      deleteMany: { categoryId: 'free' },
    },
  }),
  write('nested delete many of what hangs on a new row to match', {
    children: {
      update: { where: { id: 'A!third' }, data: { slot: { create: { id: 'x' } } } },
      deleteMany: { slotId: 'x' },
    },
  }),
  write('nested write to everybody and back', {
    category: { update: { posts: { updateMany: { where: {}, data: { likes: 9 } } } } },
  }),
  write('nested write to everybody and back, one to one', {
    category: { update: { shown: { update: { likes: 9 } } } },
  }),
  write('nested write to everybody and back, with data', {
    category: { update: { data: { shown: { update: { where: {}, data: { likes: 9 } } } } } },
  }),
  write('nested delete of a row of everybody', { category: { delete: true } }),
  {
    name: 'nested delete one to one',
    model: 'Category',
    operation: 'update',
    args: { where: { id: 'news' }, data: { shown: { delete: true } } },
  },
  {
    name: 'nested disconnect by everybody',
    model: 'Category',
    operation: 'update',
    args: { where: { id: 'news' }, data: { posts: { disconnect: { id: 'B!post' } } } },
  },
  {
    name: 'nested set by everybody',
    model: 'Category',
    operation: 'update',
    args: { where: { id: 'news' }, data: { posts: { set: [{ id: 'A!second' }] } } },
  },
  {
    name: 'nested connect by everybody',
    model: 'Category',
    operation: 'update',
    args: { where: { id: 'free' }, data: { posts: { connect: { id: 'B!post' } } } },
  },
  {
    name: 'nested create with everybody, plain key',
    model: 'Category',
    operation: 'create',
    args: { data: { id: 'x', name: 'x', shownId: 'B!second' } },
    tells: (answer) => answer !== null,
  },
  {
    name: 'one to one takes the place of a row of another user, by connect',
    model: 'Slot',
    operation: 'update',
    args: { where: { id: 'slot-b' }, data: { post: { connect: { id: 'A!second' } } } },
  },
  {
    name: 'one to one takes the place of a row of another user, by create',
    model: 'Slot',
    operation: 'update',
    args: { where: { id: 'slot-b' }, data: { post: { create: post({}) } } },
  },
  {
    name: 'one to one takes the place of a row of another user, from the own side',
    model: 'Post',
    operation: 'update',
    args: { where: own, data: { slot: { connect: { id: 'slot-b' } } } },
  },
  {
    name: 'one to one of another user is let go',
    model: 'Slot',
    operation: 'update',
    args: { where: { id: 'slot-b' }, data: { post: { disconnect: true } } },
  },
  {
    name: 'one to one of another user is changed',
    model: 'Slot',
    operation: 'update',
    args: { where: { id: 'slot-b' }, data: { post: { upsert: { create: post({}), update: { likes: 9 } } } } },
  },
  {
    name: 'rows for another user through that user',
    model: 'User',
    operation: 'update',
    args: { where: { id: 'b' }, data: { posts: { create: post({}) } } },
  },
  {
    name: 'rows for a new user',
    model: 'User',
    operation: 'create',
    args: { data: { id: 'c', email: 'c', posts: { create: post({}) } } },
  },
  {
    name: 'rows are taken through the own user',
    model: 'User',
    operation: 'update',
    args: { where: { id: 'a' }, data: { posts: { connect: { id: 'B!post' } } } },
  },
  {
    name: 'rows are let go through the own user',
    model: 'User',
    operation: 'update',
    args: { where: { id: 'a' }, data: { comments: { set: [] } } },
  },
  {
    name: 'a row is let go through the own user',
    model: 'User',
    operation: 'update',
    args: { where: { id: 'a' }, data: { comments: { disconnect: { id: 'A!loose' } } } },
  },
  {
    name: 'rows of another user are changed through the own user',
    model: 'User',
    operation: 'update',
    args: {
      where: { id: 'a' },
      data: { posts: { update: { where: { id: 'B!post' }, data: { likes: 9 } } } },
    },
  },
  {
    name: 'a user is changed through a row',
    model: 'Comment',
    operation: 'update',
    args: { where: { id: 'A!comment' }, data: { user: { update: { name: 'x' } } } },
  },
];
