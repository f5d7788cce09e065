import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './database.ts';
import { runInProcess } from './in-process.ts';

export const OWNER = 'cm3owner0000';

const MODELS = `model User {
  id    String @id
  email String @unique
  posts Post[]
}

model Post {
  id       Int       @id
  userId   String?
  user     User?     @relation(fields: [userId], references: [id], onDelete: Restrict)
  comments Comment[]

  @@index([userId])
}

model Comment {
  id     Int  @id
  postId Int
  post   Post @relation(fields: [postId], references: [id])
}

model Review {
  id         Int     @id
  reviewerId String?
  @@ignore
}

model Country {
  code String @id
}`;

const DDL = `
  CREATE TABLE "User" (id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE);
  CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY, "userId" TEXT,
    CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" (id) ON DELETE RESTRICT ON UPDATE CASCADE);
  CREATE TABLE "Comment" (id INTEGER NOT NULL PRIMARY KEY, "postId" INTEGER NOT NULL REFERENCES "Post" (id));
  CREATE TABLE "Review" (id INTEGER NOT NULL PRIMARY KEY, "reviewerId" TEXT);
  CREATE TABLE "Country" (code TEXT NOT NULL PRIMARY KEY);
  INSERT INTO "User" VALUES ('${OWNER}', 'ana@example.com');
  INSERT INTO "Post" VALUES (1, '${OWNER}'), (2, '${OWNER}');`;

/** A project in one folder, with one owned model, and commands that are typed in it. */
export interface SmallProject extends TestDatabase {
  /** Types a command in the project's folder. */
  type: (words: string, env?: Record<string, string>) => ReturnType<typeof runInProcess>;
  readSchema: () => string;
  /** Changes the schema as a person does. */
  edit: (from: string, to: string) => void;
  /** The folders of migrations. */
  listFolders: () => string[];
  /** The command is refused, says why, and leaves everything as it is. */
  assertRefused: (
    words: string,
    expected: { code: 1 | 2; says: RegExp },
    env?: Record<string, string>,
  ) => Promise<void>;
}

/** Creates the project; `ddl` is run besides its own tables. */
export async function createSmallProject(ddl = ''): Promise<SmallProject> {
  const database = await createDatabase('sqlite', { ddl: DDL + ddl, models: MODELS });
  const { folder, schemaPath, url } = database;
  const type: SmallProject['type'] = (words, env = {}) =>
    runInProcess(words.split(' '), { cwd: folder, env: { DATABASE_URL: url, ...env } });
  const readSchema = () => readFileSync(schemaPath, 'utf8');
  const listFolders = () =>
    readdirSync(folder).includes('migrations') ? readdirSync(join(folder, 'migrations')) : [];
  return {
    ...database,
    type,
    readSchema,
    listFolders,
    edit: (from, to) => writeFileSync(schemaPath, readSchema().replace(from, to)),
    assertRefused: async (words, { code, says }, env) => {
      const before = [readSchema(), listFolders()];
      const done = await type(words, env);
      assert.equal(done.code, code, done.stdout + done.stderr);
      assert.match(code === 1 ? done.stdout : done.stderr, says);
      assert.deepEqual([readSchema(), listFolders()], before);
    },
  };
}
