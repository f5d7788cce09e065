import type { Attempt } from './attempts.ts';

/** What a user does with the own rows, and has to get done. */
interface OwnAttempt extends Attempt {
  /** What is true of the answer. */
  says: (answer: never) => unknown;
}

type Post = {
  title: string;
  userId: string;
  likes: number;
  parentId: string | null;
  comments: { id: string; userId: string }[];
  tags: { id: string }[];
  children: { id: string; userId: string }[];
  cover: { id: string; userId: string } | null;
  category: { id: string; name: string } | null;
  slot: { id: string } | null;
  revisions: { id: string }[];
  _count: Record<string, number>;
};
type Comment = { userId: string; postId: string | null; post: { id: string } | null };

const own = { id: 'A!post' };
const post = (more: object) => ({ id: 'A!new', slug: 'A!new', title: 'A!new', ...more });
const ids = (rows: { id: string }[]) =>
  rows
    .map(({ id }) => id)
    .sort()
    .join();
const change = (
  name: string,
  data: object,
  says: (answer: Post) => unknown,
  include?: object,
): OwnAttempt => {
  return {
    name,
    model: 'Post',
    operation: 'update',
    args: { where: own, data, ...(include && { include }) },
    says,
  };
};

export const OWN: OwnAttempt[] = [
  {
    name: 'finds a row by its key',
    model: 'Post',
    operation: 'findUnique',
    args: { where: own },
    says: (row: Post) => row.title === 'A!title',
  },
  {
    name: 'finds by a compound key',
    model: 'Tag',
    operation: 'findUniqueOrThrow',
    args: { where: { userId_label: { userId: 'a', label: 'same' } } },
    says: () => true,
  },
  {
    name: 'finds all rows',
    model: 'Post',
    operation: 'findMany',
    args: { orderBy: { id: 'asc' } },
    says: (rows: Post[]) => rows.length === 4,
  },
  { name: 'counts', model: 'Revision', operation: 'count', args: {}, says: (count: number) => count === 1 },
  {
    name: 'groups with a condition',
    model: 'Post',
    operation: 'groupBy',
    args: { by: ['likes'], _count: true, having: { likes: { gt: 3 } }, orderBy: { likes: 'asc' } },
    says: (groups: Post[]) => groups.length === 1 && groups[0]?.likes === 5,
  },
  {
    name: 'aggregates',
    model: 'Post',
    operation: 'aggregate',
    args: { _sum: { likes: true } },
    says: (answer: { _sum: { likes: number } }) => answer._sum.likes === 8,
  },
  {
    name: 'begins at an own row',
    model: 'Post',
    operation: 'findMany',
    args: { cursor: { id: 'A!second' }, orderBy: { id: 'asc' } },
    says: (rows: Post[]) => rows.length === 2,
  },
  {
    name: 'begins at an own row by a compound key',
    model: 'Tag',
    operation: 'findMany',
    args: { cursor: { userId_label: { userId: 'a', label: 'same' } }, orderBy: { id: 'asc' } },
    says: (rows: unknown[]) => rows.length === 1,
  },
  {
    name: 'reads what a row cannot be without',
    model: 'Quote',
    operation: 'findUnique',
    args: { where: { id: 'A!self' }, include: { post: true } },
    says: (row: Comment) => row.post?.id === 'A!second',
  },
  {
    name: 'reads a row without what it cannot be without',
    model: 'Quote',
    operation: 'findMany',
    args: {},
    says: (rows: unknown[]) => rows.length === 2,
  },
  {
    name: 'orders by the row that it hangs on',
    model: 'Comment',
    operation: 'findMany',
    args: { orderBy: { post: { title: 'asc' } } },
    says: (rows: unknown[]) => rows.length === 2,
  },
  {
    name: 'reads fluently',
    model: 'Post',
    operation: 'findUnique',
    args: { where: own },
    fluent: 'comments',
    says: (rows: unknown[]) => rows.length === 1,
  },
  {
    name: 'reads a list, a row and counts',
    model: 'Post',
    operation: 'findUnique',
    args: {
      where: own,
      include: { comments: true, revisions: true, cover: true, category: true, slot: true, _count: true },
    },
    says: (row: Post) =>
      ids(row.comments) === 'A!comment' &&
      row.revisions.length === 1 &&
      row.cover?.id === 'A!cover' &&
      row.category?.name === 'News' &&
      row.slot?.id === 'slot-a' &&
      row._count.tags === 1,
  },
  {
    name: 'filters by relations',
    model: 'Post',
    operation: 'count',
    args: {
      where: {
        comments: { some: { body: 'A!body' }, every: { body: { startsWith: 'A!' } }, none: { body: 'x' } },
        cover: { is: { file: 'A!file' } },
        parent: null,
        category: { name: 'News' },
      },
    },
    says: (count: number) => count === 1,
  },
  {
    name: 'filters by every, of nothing',
    model: 'Post',
    operation: 'count',
    args: { where: { comments: { every: {} } } },
    says: (count: number) => count === 4,
  },
  {
    name: 'creates, and owns it',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x' } },
    says: (row: Comment) => row.userId === 'a',
  },
  {
    name: 'creates with the own id given',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', userId: 'a' } },
    says: (row: Comment) => row.userId === 'a',
  },
  {
    name: 'creates with the own id and a relation',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', userId: 'a', post: { connect: own } } },
    says: (row: Comment) => row.userId === 'a' && row.postId === 'A!post',
  },
  {
    name: 'creates with the relation to the own user',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', user: { connect: { id: 'a' } } } },
    says: (row: Comment) => row.userId === 'a',
  },
  {
    name: 'creates with connect',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', post: { connect: own } }, include: { post: true } },
    says: (row: Comment) => row.userId === 'a' && row.post?.id === 'A!post',
  },
  {
    name: 'creates with a plain key',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', postId: 'A!post' } },
    says: (row: Comment) => row.postId === 'A!post',
  },
  {
    name: 'creates with a plain key of null',
    model: 'Comment',
    operation: 'create',
    args: { data: { id: 'x', body: 'x', postId: null } },
    says: (row: Comment) => row.postId === null,
  },
  {
    name: 'creates what hangs on an own row',
    model: 'Revision',
    operation: 'create',
    args: { data: { id: 'x', text: 'x', postId: 'A!post' } },
    says: () => true,
  },
  {
    name: 'creates many',
    model: 'Comment',
    operation: 'createMany',
    args: {
      data: [
        { id: 'x', body: 'x', postId: 'A!post' },
        { id: 'y', body: 'y', postId: 'A!second' },
        { id: 'z', body: 'z', postId: 'A!post' },
      ],
    },
    says: ({ count }: { count: number }) => count === 3,
  },
  {
    name: 'creates many and reads them',
    model: 'Comment',
    operation: 'createManyAndReturn',
    args: { data: { id: 'x', body: 'x' } },
    says: (rows: Comment[]) => rows[0]?.userId === 'a',
  },
  {
    name: 'creates a tree',
    model: 'Post',
    operation: 'create',
    args: {
      data: post({
        comments: { create: [{ id: 'x', body: 'x' }] },
        children: {
          create: {
            id: 'A!child',
            slug: 'A!child',
            title: 'A!',
            revisions: { create: { id: 'r', text: 'r' } },
          },
        },
        tags: { create: { id: 't', label: 'new' }, connect: { id: 'A!tag' } },
        category: { connect: { id: 'news' } },
        cover: { create: { id: 'c', file: 'c' } },
      }),
      include: { comments: true, tags: true, children: true, cover: true },
    },
    says: (row: Post) =>
      row.userId === 'a' &&
      row.comments[0]?.userId === 'a' &&
      row.children[0]?.userId === 'a' &&
      row.tags.length === 2 &&
      row.cover?.userId === 'a',
  },
  {
    name: 'creates rows with the own user',
    model: 'User',
    operation: 'update',
    args: {
      where: { id: 'a' },
      data: {
        name: 'A',
        posts: { create: post({}) },
        comments: { createMany: { data: [{ id: 'x', body: 'x' }] } },
      },
      include: { posts: true },
    },
    says: (row: { posts: Post[] }) => row.posts.length === 5,
  },
  change('changes a column', { likes: { increment: 1 } }, ({ likes }) => likes === 4),
  change(
    'says again whose it is',
    { userId: 'a', user: { connect: { id: 'a' } }, likes: 4 },
    ({ likes }) => likes === 4,
  ),
  change('moves below another row', { parentId: 'A!second' }, ({ parentId }) => parentId === 'A!second'),
  change(
    'moves below another row by connect',
    { parent: { connect: { id: 'A!second' } } },
    ({ parentId }) => parentId === 'A!second',
  ),
  change(
    'links one to one',
    { cover: { connect: { id: 'A!spare' } } },
    ({ cover }) => cover?.id === 'A!spare',
    { cover: true },
  ),
  change(
    'links to a free row of everybody, one to one',
    { slot: { connect: { id: 'slot-free' } } },
    ({ slot }) => slot?.id === 'slot-free',
    { slot: true },
  ),
  change('sets tags', { tags: { set: [{ id: 'A!idle' }] } }, ({ tags }) => ids(tags) === 'A!idle', {
    tags: true,
  }),
  change(
    'disconnects',
    { tags: { disconnect: { id: 'A!tag' } }, slot: { disconnect: true } },
    ({ tags, slot }) => tags.length === 0 && slot === null,
    { tags: true, slot: true },
  ),
  change(
    'connects or creates',
    {
      comments: {
        connectOrCreate: [
          { where: { id: 'A!loose' }, create: { id: 'no', body: 'no' } },
          { where: { id: 'x' }, create: { id: 'x', body: 'x' } },
        ],
      },
    },
    ({ comments }) => ids(comments) === 'A!comment,A!loose,x',
    { comments: true },
  ),
  change(
    'writes below',
    {
      comments: {
        update: { where: { id: 'A!comment' }, data: { body: 'new' } },
        upsert: { where: { id: 'x' }, create: { id: 'x', body: 'x' }, update: {} },
      },
      category: { update: { name: 'Old' } },
      cover: { update: { where: { file: 'A!file' }, data: { file: 'f' } } },
    },
    ({ comments, category }) => comments.length === 2 && category?.name === 'Old',
    { comments: true, category: true },
  ),
  change(
    'deletes below',
    {
      comments: { delete: { id: 'A!comment' }, deleteMany: {} },
      cover: { delete: true },
      children: { deleteMany: { id: 'A!second' } },
    },
    ({ comments, cover, children }) => comments.length + children.length === 1 && cover === null,
    { comments: true, cover: true, children: true },
  ),
  change(
    'links, and deletes what hangs elsewhere',
    {
      likes: 4,
      category: { connect: { id: 'free' } },
      tags: { connect: { id: 'A!idle' } },
      comments: {
        update: { where: { id: 'A!comment' }, data: { body: 'new' } },
        create: { id: 'x', body: 'x' },
      },
      revisions: { deleteMany: { id: { notIn: ['A!revision'] } } },
      children: { deleteMany: { id: 'A!second' } },
    },
    ({ comments, tags, children }) => comments.length === 2 && tags.length === 2 && children.length === 1,
    { comments: true, tags: true, children: true },
  ),
  {
    name: 'deletes rows of the own user, and links some',
    model: 'User',
    operation: 'update',
    args: {
      where: { id: 'a' },
      data: { posts: { connect: own, deleteMany: { id: 'A!second' } } },
      include: { posts: true },
    },
    says: (row: { posts: unknown[] }) => row.posts.length === 3,
  },
  {
    name: 'links to a new row, or deletes what hangs on the one that is there',
    model: 'Post',
    operation: 'upsert',
    args: {
      where: { id: 'A!second' },
      create: post({ children: { connect: { id: 'A!deep' } } }),
      update: { children: { deleteMany: {} } },
    },
    says: (row: Post) => row.title === 'A!title2',
  },
  {
    name: 'changes many',
    model: 'Comment',
    operation: 'updateMany',
    args: { where: { postId: null }, data: { postId: 'A!second' } },
    says: ({ count }: { count: number }) => count === 1,
  },
  {
    name: 'changes many and reads them',
    model: 'Comment',
    operation: 'updateManyAndReturn',
    args: { data: { body: 'new' }, include: { post: true } },
    says: (rows: Comment[]) => rows.length === 2,
  },
  {
    name: 'upserts an own row',
    model: 'Comment',
    operation: 'upsert',
    args: { where: { id: 'A!comment' }, create: { id: 'x', body: 'x' }, update: { body: 'new' } },
    says: (row: Comment) => row.userId === 'a',
  },
  {
    name: 'upserts a new row',
    model: 'Comment',
    operation: 'upsert',
    args: { where: { id: 'x' }, create: { id: 'x', body: 'x', post: { connect: own } }, update: {} },
    says: (row: Comment) => row.userId === 'a',
  },
  {
    name: 'deletes',
    model: 'Comment',
    operation: 'delete',
    args: { where: { id: 'A!comment' } },
    says: () => true,
  },
  {
    name: 'deletes what has own rows below',
    model: 'Post',
    operation: 'delete',
    args: { where: { id: 'A!second' } },
    says: () => true,
  },
  {
    name: 'deletes many',
    model: 'Comment',
    operation: 'deleteMany',
    args: { where: { body: { contains: 'A!' } } },
    says: ({ count }: { count: number }) => count === 2,
  },
  {
    name: 'changes the own user',
    model: 'User',
    operation: 'update',
    args: { where: { email: 'A!@example.com' }, data: { name: 'New' } },
    says: (row: { name: string }) => row.name === 'New',
  },
  {
    name: 'changes a row of everybody',
    model: 'Category',
    operation: 'update',
    args: {
      where: { id: 'free' },
      data: { name: 'Busy', posts: { connect: own }, shown: { connect: own } },
      include: { posts: true },
    },
    says: (row: { posts: Post[] }) => row.posts.length === 1,
  },
  {
    name: 'deletes a row of everybody on which no row of others hangs',
    model: 'Category',
    operation: 'delete',
    args: { where: { id: 'free' } },
    says: () => true,
  },
];
