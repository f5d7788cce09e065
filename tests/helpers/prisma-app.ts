import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** A version of Prisma, with the form that its projects have. */
export interface PrismaForm {
  version: string;
  generator: string;
  /** The datasource's line for the URL; none from 7 on. */
  url: string;
  /** prisma.config.ts, from 7 on. */
  config: string | null;
  /** Where the relative path of the database in `.env` starts. */
  databaseFolder: string;
}

const OLD = { generator: 'provider = "prisma-client-js"', url: 'url = env("DATABASE_URL")', config: null };

export const PRISMA_5: PrismaForm = { version: '5.22.0', ...OLD, databaseFolder: 'prisma' };
export const PRISMA_6: PrismaForm = { version: '6.19.3', ...OLD, databaseFolder: 'prisma' };
export const PRISMA_7: PrismaForm = {
  version: '7.10.0',
  generator: 'provider = "prisma-client"\n  output = "../generated"',
  url: '',
  config: `import 'dotenv/config';
import { defineConfig, env } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('DATABASE_URL') },
});
`,
  databaseFolder: '.',
};

/** An app after phase 1: 60 notes without an owner, and 3 of another user. */
const DDL = `
  CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL UNIQUE);
  CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "text" TEXT NOT NULL, "user_id" TEXT
    REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
  INSERT INTO "User" VALUES ('u1', 'ana@example.com'), ('u2', 'ben@example.com');
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 63)
    INSERT INTO "Note" ("text", "user_id") SELECT 'note ' || i, CASE WHEN i > 60 THEN 'u2' END FROM n;`;

const MODELS = `
model User {
  id    String @id
  email String @unique
  notes Note[]
}

model Note {
  id     Int     @id @default(autoincrement())
  text   String
  userId String? @map("user_id")
  user   User?   @relation(fields: [userId], references: [id])
}
`;

/** Writes the app into `folder`. Its database is made by SQL: Prisma's own migrate downloads an engine first. */
export function writeApp(folder: string, form: PrismaForm, packageJson: object): void {
  const schema = `generator client {\n  ${form.generator}\n}\n\ndatasource db {\n  provider = "sqlite"\n  ${form.url}\n}\n${MODELS}`;
  mkdirSync(join(folder, 'prisma'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
  writeFileSync(join(folder, 'prisma', 'schema.prisma'), schema);
  writeFileSync(join(folder, '.env'), 'DATABASE_URL="file:./dev.db"\n');
  if (form.config) writeFileSync(join(folder, 'prisma.config.ts'), form.config);
  withDatabaseOf(folder, form, (db) => db.exec(DDL));
}

/** Counts the notes of each owner: `{ '': 60, u2: 3 }`. */
export function countNotes(folder: string, form: PrismaForm): Record<string, number> {
  return withDatabaseOf(folder, form, (db) => {
    const rows = db.prepare(`SELECT coalesce(user_id, '') AS id, count(*) AS n FROM "Note" GROUP BY 1`).all();
    return Object.fromEntries((rows as { id: string; n: number }[]).map(({ id, n }) => [id, n]));
  });
}

/** A digest of every file of the project's own Prisma: its client, what is generated from it, and its command line. */
export function digestPrisma(folder: string): string {
  const hash = createHash('sha256');
  const modules = join(folder, 'node_modules');
  const client = realpathSync(join(modules, '@prisma', 'client'));
  const generated = join(dirname(dirname(client)), '.prisma');
  for (const root of [client, generated, realpathSync(join(modules, 'prisma'))].filter((each) =>
    existsSync(each),
  )) {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const file of entries.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
      hash.update(file.slice(root.length)).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

function withDatabaseOf<T>(
  folder: string,
  { databaseFolder }: PrismaForm,
  work: (db: BetterSqlite3.Database) => T,
): T {
  const db = new BetterSqlite3(join(folder, databaseFolder, 'dev.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
