/** All that leaks of a model with an owner column through the usual extension; what is not here does not. */
export const COMMENT_LEAKS = [
  ...['re-assign owner', '$queryRaw', '$executeRaw'],
  ...['include', 'select', 'fluent', '_count', 'some in', 'none in', 'every in', 'orderBy'].flatMap(
    (operation) => [`${operation} User.comments`, `${operation} Post.comments`],
  ),
  ...['update in', 'updateMany in', 'upsert in', 'delete in', 'deleteMany in'].flatMap((operation) => [
    `${operation} User.comments`,
    `${operation} Post.comments`,
  ]),
  'disconnect in Post.comments',
  'set to none in Post.comments',
  'create in User.comments',
  'create with its owner in Post.comments',
  'createMany with its owner in Post.comments',
  'connect in User.comments',
  'connectOrCreate in User.comments',
  'connect in Post.comments',
  'connectOrCreate in Post.comments',
  'set in Post.comments',
];

/** What was measured of that extension before: each row that says LEAK, and the operations that show it here. */
export const LEAKS_BY_FACT: Record<string, string[]> = {
  'rows of another user, by him': ['Post include User.posts', 'Post fluent User.posts'],
  'rows of another user on an own row': ['Comment include Post.comments', 'Comment _count Post.comments'],
  'relation filters': [
    'Comment some in Post.comments',
    'Comment none in Post.comments',
    'Comment every in Post.comments',
  ],
  'nested update and deleteMany': ['Comment update in Post.comments', 'Comment deleteMany in Post.comments'],
  'nested connect': ['Comment connect in Post.comments', 'Post connect in Comment.post'],
  'many-to-many connect': ['Tag connect in Post.tags', 'Post connect in Tag.posts'],
  'create with a plain foreign key': ['Post create with the key of Comment.post'],
  'nested create for another user': ['Comment create with its owner in Post.comments'],
  'another owner': ['Post re-assign owner', 'Comment re-assign owner'],
  'raw SQL': ['Post $queryRaw', 'Post $executeRaw'],
};

/** What that extension was measured to scope. */
export const NO_LEAKS = [
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'findMany with OR',
  'findMany by owner',
  'findMany from a cursor',
  'findMany distinct',
  'count',
  'aggregate',
  'groupBy',
  'create with its owner',
  'createMany with its owner',
  'createManyAndReturn with its owner',
  'update',
  'updateMany',
  'updateManyAndReturn',
  'upsert',
  'delete',
  'deleteMany',
];
