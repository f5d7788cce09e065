import type { TestContext } from 'node:test';
import { createDatabase, type TestDatabase } from './database.ts';
import { runInProcess } from './in-process.ts';
import { OWNER_COLUMN, OWNER_FIELDS, OWNER_INDEX, USER_MODEL, USERS } from './notes.ts';

/** Notes that are all Ana's or nobody's: a guard for Ana does not guess. */
const UNSHARED = {
  ddl: `${USERS}
    CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT, ${OWNER_COLUMN}); ${OWNER_INDEX}
    INSERT INTO "Note" VALUES (1, 'one', NULL), (2, NULL, NULL), (3, 'hers', 'ana');`,
  models: `${USER_MODEL}
model Note {
  id   Int     @id
  text String?${OWNER_FIELDS}}`,
};

export const ASSIGN_GUARDED = ['production-safe', 'ana', '--step=2', '--guard'];

/** A database of its own for a test, dropped after it. */
export async function createGuardable(
  t: TestContext,
  provider: TestDatabase['provider'],
  source = UNSHARED,
): Promise<TestDatabase> {
  const database = await createDatabase(provider, source);
  t.after(database.drop);
  return database;
}

/** Runs a command and returns its exit code and its JSON document. */
export async function ask(database: TestDatabase, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runInProcess([...args.slice(0, 1), '--json', ...args.slice(1)], {
    cwd: database.folder,
    env: { DATABASE_URL: database.url },
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers of several commands; each test reads the keys it is about
  return { code, stderr, answer: JSON.parse(stdout || 'null') as any };
}

/** The codes of an answer's findings, in their order. */
export function codesOf({ answer }: { answer: { findings: readonly { code: string }[] } }): string[] {
  return answer.findings.map(({ code }) => code);
}

/** The owner of each row of a table, by the row's key. */
export async function ownersOf(
  database: TestDatabase,
  { table = 'Note', key = 'id', owner = 'userId' } = {},
): Promise<Record<string, unknown>> {
  const rows = await database.query(`SELECT "${key}" AS k, "${owner}" AS o FROM "${table}" ORDER BY 1`);
  return Object.fromEntries(rows.map(({ k, o }) => [String(k), o]));
}
