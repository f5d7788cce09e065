import { type Attempt, isCount, isFound } from './attempts.ts';

/** Reads: everything of b has "B!" in it. */
export const READS: Attempt[] = [
  { name: 'find by the key', model: 'Post', operation: 'findUnique', args: { where: { id: 'B!post' } } },
  {
    name: 'find by the key, or throw',
    model: 'Post',
    operation: 'findUniqueOrThrow',
    args: { where: { slug: 'B!slug' } },
  },
  { name: 'find first', model: 'Post', operation: 'findFirst', args: { where: { title: 'B!title' } } },
  {
    name: 'find first, or throw',
    model: 'Post',
    operation: 'findFirstOrThrow',
    args: { orderBy: { id: 'desc' } },
  },
  { name: 'find all', model: 'Post', operation: 'findMany', args: {} },
  {
    name: 'find with the owner given',
    model: 'Post',
    operation: 'findMany',
    args: { where: { userId: 'b' } },
  },
  {
    name: 'find with OR',
    model: 'Post',
    operation: 'findMany',
    args: { where: { OR: [{ userId: 'b' }, { id: 'B!post' }] } },
  },
  { name: 'find with NOT', model: 'Post', operation: 'findMany', args: { where: { NOT: { userId: 'a' } } } },
  {
    name: 'find without an owner',
    model: 'Comment',
    operation: 'findMany',
    args: { where: { userId: null } },
  },
  {
    name: 'find by a compound key',
    model: 'Tag',
    operation: 'findUnique',
    args: { where: { userId_label: { userId: 'b', label: 'same' } } },
  },
  {
    name: 'find what belongs to the owner of another row',
    model: 'Revision',
    operation: 'findMany',
    args: {},
  },
  {
    name: 'find such a row by its key',
    model: 'Revision',
    operation: 'findUnique',
    args: { where: { id: 'B!revision' } },
  },
  {
    name: 'count',
    model: 'Post',
    operation: 'count',
    args: { where: { title: { startsWith: 'B!' } } },
    tells: (answer) => answer !== 0,
  },
  {
    name: 'count what belongs to the owner of another row',
    model: 'Revision',
    operation: 'count',
    args: {},
    tells: isCount(2),
  },
  {
    name: 'aggregate',
    model: 'Post',
    operation: 'aggregate',
    args: { _sum: { likes: true }, _max: { title: true } },
  },
  { name: 'group', model: 'Post', operation: 'groupBy', args: { by: ['title'], _count: true } },
  {
    name: 'begin at a row of another user',
    model: 'Post',
    operation: 'findMany',
    args: { cursor: { id: 'B!post' }, orderBy: { id: 'desc' } },
    tells: isFound,
  },
  {
    name: 'begin at such a row by a compound key',
    model: 'Tag',
    operation: 'findMany',
    args: { cursor: { userId_label: { userId: 'b', label: 'same' } }, orderBy: { id: 'desc' } },
    tells: isFound,
  },
  {
    name: 'begin at a row that belongs to the owner of another one',
    model: 'Revision',
    operation: 'findMany',
    args: { cursor: { id: 'B!revision' }, orderBy: { id: 'desc' } },
    tells: isFound,
  },
  {
    name: 'fluent list of another user',
    model: 'User',
    operation: 'findUnique',
    args: { where: { id: 'b' } },
    fluent: 'posts',
    isKnownLeak: true,
  },
  {
    name: 'fluent row of a row of everybody',
    model: 'Category',
    operation: 'findUnique',
    args: { where: { id: 'news' } },
    fluent: 'shown',
  },
  {
    name: 'include from a parent that is not owned',
    model: 'User',
    operation: 'findMany',
    args: { select: { id: true, posts: true } },
    isKnownLeak: true,
  },
  {
    name: 'select one to one from a parent that is not owned',
    model: 'User',
    operation: 'findMany',
    args: { select: { id: true, badge: true } },
  },
  {
    name: 'include of a list',
    model: 'Post',
    operation: 'findMany',
    args: { include: { comments: true } },
    isKnownLeak: true,
  },
  {
    name: 'include of a list with a filter',
    model: 'Post',
    operation: 'findMany',
    args: { include: { comments: { where: { OR: [{ id: 'B!guest' }, { id: 'A!comment' }] } } } },
  },
  {
    name: 'include of the row that it hangs on',
    model: 'Post',
    operation: 'findMany',
    args: { include: { parent: true, children: true } },
  },
  {
    name: 'include, three levels down',
    model: 'Category',
    operation: 'findMany',
    args: {
      select: {
        posts: { select: { id: true, comments: { include: { post: { include: { related: true } } } } } },
      },
    },
  },
  {
    name: 'include of many-to-many with itself',
    model: 'Post',
    operation: 'findMany',
    args: { include: { related: true, relatedOf: true } },
  },
  {
    name: 'include from a row of everybody',
    model: 'Category',
    operation: 'findMany',
    args: { include: { posts: true, shown: true } },
  },
  {
    name: 'include one to one, held by the other side',
    model: 'Slot',
    operation: 'findMany',
    args: { include: { post: true } },
  },
  {
    name: 'select by a relation to the owner and back',
    model: 'Post',
    operation: 'findMany',
    args: { select: { user: { select: { posts: true } } } },
  },
  {
    name: 'count of a list',
    model: 'Post',
    operation: 'findUnique',
    args: { where: { id: 'A!post' }, include: { _count: { select: { comments: true } } } },
    tells: (answer) => countOf(answer, 'comments') !== 1,
    isKnownLeak: true,
  },
  {
    name: 'count of all lists',
    model: 'Post',
    operation: 'findUnique',
    args: { where: { id: 'A!post' }, select: { _count: true } },
    tells: (answer) => countOf(answer, 'comments') !== 1 || countOf(answer, 'children') !== 1,
  },
  {
    name: 'count of a list with a filter',
    model: 'Category',
    operation: 'findUnique',
    args: {
      where: { id: 'news' },
      select: { _count: { select: { posts: { where: { title: 'B!title' } } } } },
    },
    tells: (answer) => countOf(answer, 'posts') !== 0,
  },
];

function countOf(answer: unknown, relation: string): unknown {
  return (answer as { _count?: Record<string, number> } | null)?._count?.[relation];
}
