import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckAnswer } from '../../src/commands/isolation-results.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { runInProcess } from '../helpers/in-process.ts';

const MODELS = `model User {
  id       String    @id
  email    String    @unique
  posts    Post[]
  comments Comment[]
  tags     Tag[]
}

model Post {
  id        String     @id
  title     String
  userId    String?
  user      User?      @relation(fields: [userId], references: [id])
  comments  Comment[]
  tags      Tag[]
  revisions Revision[]
  cover     Cover?
}

model Comment {
  id     Int     @id @default(autoincrement())
  body   String
  postId String?
  post   Post?   @relation(fields: [postId], references: [id])
  userId String
  user   User    @relation(fields: [userId], references: [id])
}

model Tag {
  id     String  @id
  label  String
  posts  Post[]
  userId String?
  user   User?   @relation(fields: [userId], references: [id])
}

// Its owner's by its post.
model Revision {
  id     String @id
  text   String
  postId String
  post   Post   @relation(fields: [postId], references: [id])
}

model Cover {
  id     String  @id @map("cover_id")
  file   String
  postId String? @unique @map("post_id")
  post   Post?   @relation(fields: [postId], references: [id])

  @@map("covers")
}`;

const COUNTER: Record<TestDatabase['provider'], string> = {
  sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  postgresql: 'SERIAL PRIMARY KEY',
  mysql: 'INTEGER AUTO_INCREMENT PRIMARY KEY',
};

const ddl = (provider: TestDatabase['provider']) => `
  CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL UNIQUE);
  CREATE TABLE "Post" ("id" TEXT NOT NULL PRIMARY KEY, "title" TEXT NOT NULL, "userId" TEXT,
    FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
  CREATE TABLE "Comment" ("id" ${COUNTER[provider]}, "body" TEXT NOT NULL, "postId" TEXT, "userId" TEXT NOT NULL,
    FOREIGN KEY ("postId") REFERENCES "Post" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY ("userId") REFERENCES "User" ("id") ON UPDATE CASCADE);
  CREATE TABLE "Tag" ("id" TEXT NOT NULL PRIMARY KEY, "label" TEXT NOT NULL, "userId" TEXT,
    FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
  CREATE TABLE "Revision" ("id" TEXT NOT NULL PRIMARY KEY, "text" TEXT NOT NULL, "postId" TEXT NOT NULL,
    FOREIGN KEY ("postId") REFERENCES "Post" ("id") ON UPDATE CASCADE);
  CREATE TABLE "covers" ("cover_id" TEXT NOT NULL PRIMARY KEY, "file" TEXT NOT NULL, "post_id" TEXT UNIQUE,
    FOREIGN KEY ("post_id") REFERENCES "Post" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
  CREATE TABLE "_PostToTag" ("A" TEXT NOT NULL, "B" TEXT NOT NULL, PRIMARY KEY ("A", "B"),
    FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    FOREIGN KEY ("B") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE);`;

/** Two users who have the same things, and a third one. */
const ROWS = `
  INSERT INTO "User" VALUES ('ana', 'ana@example.com'), ('ben', 'ben@example.com'), ('cleo', 'cleo@example.com');
  INSERT INTO "Post" VALUES ('post-a', 'Hers', 'ana'), ('post-b', 'His', 'ben');
  INSERT INTO "Comment" ("body", "postId", "userId") VALUES ('hers', 'post-a', 'ana'), ('his', 'post-b', 'ben');
  INSERT INTO "Tag" VALUES ('tag-a', 'red', 'ana'), ('tag-b', 'blue', 'ben');
  INSERT INTO "Revision" VALUES ('rev-a', 'hers', 'post-a'), ('rev-b', 'his', 'post-b');
  INSERT INTO "covers" VALUES ('cover-a', 'a.png', 'post-a'), ('cover-b', 'b.png', 'post-b');
  INSERT INTO "_PostToTag" VALUES ('post-a', 'tag-a'), ('post-b', 'tag-b');`;

/** A small app in its folder, with the commands that are typed there. */
export interface Blog extends TestDatabase {
  type: (words: string, env?: Record<string, string>) => ReturnType<typeof runInProcess>;
  /** Types the check, and reads its answer. */
  check: (
    flags?: string,
    env?: Record<string, string>,
  ) => Promise<{ code: number | null; answer: CheckAnswer; stderr: string }>;
  write: (name: string, text: string) => void;
}

/** Creates it with these rows. */
export async function createBlog(provider: TestDatabase['provider'], rows = ROWS): Promise<Blog> {
  const database = await createDatabase(provider, { ddl: ddl(provider) + rows, models: MODELS });
  return withCommands(database);
}

/** The commands that are typed in the folder of a database. */
export function withCommands(database: TestDatabase): Blog {
  const { folder, url } = database;
  const type: Blog['type'] = (words, env = {}) =>
    runInProcess(words.split(' '), {
      cwd: folder,
      env: { DATABASE_URL: url, PATH: process.env.PATH ?? '', ...env },
    });
  return {
    ...database,
    type,
    write: (name, text) => writeFileSync(join(folder, name), text),
    check: async (flags = '', env = {}) => {
      const { code, stdout, stderr } = await type(`isolation --check --json ${flags}`.trim(), env);
      const { error } = JSON.parse(stdout) as { error?: { message: string } };
      if (error) throw new Error(error.message);
      return { code, answer: JSON.parse(stdout) as CheckAnswer, stderr };
    },
  };
}

/** The extension that everybody writes first: the owner is added to what it sees, which is the operation at the top. */
export const NAIVE = `
const OWNED = { Post: 'userId', Comment: 'userId', Tag: 'userId', Project: 'userId', Note: 'userId' };
export const forUser = (prisma, userId) => prisma.$extends({ query: { $allModels: {
  $allOperations({ model, operation, args = {}, query }) {
    const field = OWNED[model];
    if (field === undefined) return query(args);
    const own = { [field]: userId };
    if (operation === 'create') return query({ ...args, data: { ...args.data, ...own } });
    if (operation.startsWith('createMany'))
      return query({ ...args, data: [args.data].flat().map((row) => ({ ...row, ...own })) });
    if (operation === 'upsert') return query({ ...args, where: { ...args.where, ...own }, create: { ...args.create, ...own } });
    return query({ ...args, where: { ...args.where, ...own } });
  },
} } });
`;
