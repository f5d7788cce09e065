/**
 * An app with every kind of relation: parents and children, one to one in both directions, a tree, implicit many-to-many with
 * another model and with its own, rows that belong to the owner of the row they hang on, and rows that are everybody's.
 */
export const BLOG = `
model User {
  id       String    @id
  email    String    @unique
  name     String?
  posts    Post[]
  comments Comment[]
  tags     Tag[]
  covers   Cover[]
  badge    Badge?
  quotes   Quote[]
}

model Post {
  id         String     @id
  slug       String     @unique
  title      String
  likes      Int        @default(0)
  parentId   String?
  parent     Post?      @relation("Tree", fields: [parentId], references: [id], onDelete: Cascade)
  children   Post[]     @relation("Tree")
  related    Post[]     @relation("Related")
  relatedOf  Post[]     @relation("Related")
  comments   Comment[]
  revisions  Revision[]
  tags       Tag[]
  cover      Cover?
  quotes     Quote[]
  categoryId String?
  category   Category?  @relation("Filed", fields: [categoryId], references: [id])
  shownIn    Category?  @relation("Shown")
  slotId     String?    @unique
  slot       Slot?      @relation(fields: [slotId], references: [id])
  userId     String
  user       User       @relation(fields: [userId], references: [id])
}

model Comment {
  id     String  @id
  body   String
  postId String?
  post   Post?   @relation(fields: [postId], references: [id], onDelete: Cascade)
  userId String?
  user   User?   @relation(fields: [userId], references: [id])
}

// Its owner is the post's.
model Revision {
  id     String @id
  text   String
  postId String
  post   Post   @relation(fields: [postId], references: [id])
}

model Tag {
  id     String @id
  label  String @map("tag_label")
  posts  Post[]
  userId String @map("owner_id")
  user   User   @relation(fields: [userId], references: [id])

  @@unique([userId, label])
  @@map("tags")
}

model Cover {
  id     String  @id
  file   String
  postId String? @unique
  post   Post?   @relation(fields: [postId], references: [id])
  userId String
  user   User    @relation(fields: [userId], references: [id])
}

// Hangs on a post, which may be another user's, and cannot be without it.
model Quote {
  id     String @id
  text   String
  postId String
  post   Post   @relation(fields: [postId], references: [id], onDelete: Cascade)
  userId String
  user   User   @relation(fields: [userId], references: [id])
}

// One to one with its owner.
model Badge {
  id     String @id
  text   String
  userId String @unique
  user   User   @relation(fields: [userId], references: [id])
}

// Everybody's.
model Category {
  id      String  @id
  name    String
  posts   Post[]  @relation("Filed")
  shownId String? @unique
  shown   Post?   @relation("Shown", fields: [shownId], references: [id])
}

model Slot {
  id   String @id
  post Post?
}
`;

/** Rows of the users a and b, alike; every text of theirs says whose it is. b also commented on, and answered, a post of a. */
export function seedRows(): [model: string, rows: object[]][] {
  const both = (make: (user: 'a' | 'b', Mark: 'A!' | 'B!') => object[]) => [
    ...make('a', 'A!'),
    ...make('b', 'B!'),
  ];
  return [
    ['User', both((id, mark) => [{ id, email: `${mark}@example.com`, name: mark }])],
    ['Slot', [{ id: 'slot-a' }, { id: 'slot-b' }, { id: 'slot-free' }]],
    [
      'Category',
      [
        { id: 'news', name: 'News' },
        { id: 'free', name: 'Free' },
      ],
    ],
    [
      'Post',
      both((userId, mark) => [
        {
          id: `${mark}post`,
          slug: `${mark}slug`,
          title: `${mark}title`,
          likes: 3,
          categoryId: 'news',
          slotId: `slot-${userId}`,
          userId,
        },
        {
          id: `${mark}second`,
          slug: `${mark}slug2`,
          title: `${mark}title2`,
          likes: 5,
          parentId: `${mark}post`,
          userId,
        },
      ]),
    ],
    ['Post', [{ id: 'A!third', slug: 'A!slug4', title: 'A!title4', parentId: 'A!post', userId: 'a' }]],
    ['Post', [{ id: 'A!deep', slug: 'A!slug5', title: 'A!title5', parentId: 'A!third', userId: 'a' }]],
    ['Post', [{ id: 'B!answer', slug: 'B!slug3', title: 'B!title3', parentId: 'A!post', userId: 'b' }]],
    [
      'Comment',
      both((userId, mark) => [
        { id: `${mark}comment`, body: `${mark}body`, postId: `${mark}post`, userId },
        { id: `${mark}loose`, body: `${mark}loose`, userId },
      ]),
    ],
    [
      'Comment',
      [
        { id: 'B!guest', body: 'B!guest', postId: 'A!post', userId: 'b' },
        { id: 'B!unowned', body: 'B!none', postId: 'A!deep' },
      ],
    ],
    [
      'Quote',
      [
        { id: 'A!quote', text: 'A!quote', postId: 'B!post', userId: 'a' },
        { id: 'A!self', text: 'A!self', postId: 'A!second', userId: 'a' },
      ],
    ],
    ['Revision', both((_, mark) => [{ id: `${mark}revision`, text: `${mark}text`, postId: `${mark}post` }])],
    [
      'Tag',
      both((userId, mark) => [
        { id: `${mark}tag`, label: 'same', userId },
        { id: `${mark}idle`, label: 'idle', userId },
      ]),
    ],
    [
      'Cover',
      both((userId, mark) => [
        { id: `${mark}cover`, file: `${mark}file`, postId: `${mark}post`, userId },
        { id: `${mark}spare`, file: `${mark}spare`, userId },
      ]),
    ],
    ['Badge', both((userId, mark) => [{ id: `${mark}badge`, text: `${mark}badge`, userId }])],
  ];
}

/** Many-to-many pairs of the rows above. */
export const LINKS = [
  ['Post', 'A!post', { tags: { connect: { id: 'A!tag' } }, related: { connect: { id: 'A!second' } } }],
  ['Post', 'B!post', { tags: { connect: { id: 'B!tag' } }, related: { connect: { id: 'B!second' } } }],
  // From the time before there were users.
  ['Post', 'A!second', { related: { connect: { id: 'B!post' } } }],
  ['Category', 'news', { shown: { connect: { id: 'B!post' } } }],
] as const;
