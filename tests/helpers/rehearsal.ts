import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { type Rehearsal, type RehearsalRequest, rehearse } from '../../src/rehearsal/rehearse.ts';
import { isAlive } from './in-process.ts';
import { createDatabase, type TestDatabase } from './database.ts';

/** What a test may say of a rehearsal. */
type Said = Partial<Pick<RehearsalRequest, 'models' | 'signal' | 'userId' | 'source' | 'onStart'>> & {
  exclude?: string[];
};

/** Rehearses on two copies that the test has made, with the schema of the first one. */
export async function rehearseOn(
  first: TestDatabase,
  second: TestDatabase,
  { userId = OWNER, exclude, ...said }: Said = {},
): Promise<Rehearsal> {
  const raw = { env: { DATABASE_URL: first.url }, cwd: first.folder, schema: 'schema.prisma', exclude };
  const config = await loadConfig(raw);
  const other = await loadConfig({ ...raw, env: { DATABASE_URL: second.url } });
  const request: RehearsalRequest = {
    project: { ...config, cwd: first.folder },
    models: undefined,
    userId,
    operator: {
      command: 'rehearse',
      host: 'test-host',
      pid: process.pid,
      isAlive,
    },
    toolVersion: '0.0.0',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onStart: () => undefined,
    onEnd: () => undefined,
    source: 'production',
    ...said,
  };
  return withDatabase(config.url, (one) =>
    withDatabase(other.url, (two) => rehearse({ first: one, second: two }, request)),
  );
}

/** "phase1 held, step1 held": the parts with their states. */
export function listStates({ parts }: Rehearsal): string[] {
  return parts.map(({ part, state }) => `${part} ${state}`);
}

export const OWNER = 'cm3owner0000';

/** A small app, as far as a phase: 250 notes, of which every tenth is of another user once there are owners. */
export async function createApp(
  provider: TestDatabase['provider'],
  phase: 'none' | 'optional' | 'required' = 'optional',
): Promise<TestDatabase> {
  const owner = {
    none: '',
    optional: ', "userId" TEXT REFERENCES "User" (id)',
    required: ', "userId" TEXT NOT NULL REFERENCES "User" (id)',
  }[phase];
  const mark = phase === 'required' ? '' : '?';
  const relation = `userId String${mark}
  user   User${mark} @relation(fields: [userId], references: [id], onDelete: NoAction, onUpdate: NoAction)`;
  return createDatabase(provider, {
    ddl: `
      CREATE TABLE "User" (id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL);
      CREATE TABLE "Note" (id INTEGER NOT NULL PRIMARY KEY, title TEXT NOT NULL, edits INTEGER NOT NULL${owner});
      CREATE TABLE "Log" (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL);
      INSERT INTO "User" VALUES ('${OWNER}', 'ana@example.com'), ('u2', 'ben@example.com');
      INSERT INTO "Log" VALUES (1, 'begin');
      ${writeNotes(phase)}`,
    models: `
model User {
  id    String @id
  email String
  ${phase === 'none' ? '' : 'notes Note[]'}
}

model Note {
  id    Int    @id
  title String
  edits Int
  ${phase === 'none' ? '' : relation}
}

model Log {
  id   Int    @id
  text String
}`,
  });
}

function writeNotes(phase: 'none' | 'optional' | 'required'): string {
  if (phase === 'required') return `INSERT INTO "Note" VALUES (1, 'a', 0, '${OWNER}'), (2, 'b', 0, 'u2');`;
  const notes = `INSERT INTO "Note" (id, title, edits) SELECT i, 'note ' || i, 0 FROM (${numbers(250)}) n;`;
  return phase === 'none' ? notes : `${notes} UPDATE "Note" SET "userId" = 'u2' WHERE id % 10 = 0;`;
}

/** A query of the numbers from 1 on. */
function numbers(most: number): string {
  const digits =
    '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)';
  return `SELECT a.d * 100 + b.d * 10 + c.d + 1 AS i FROM ${digits} a, ${digits} b, ${digits} c WHERE a.d * 100 + b.d * 10 + c.d < ${most}`;
}

/** A trigger that an update of a note fires, and that does something to this note beside it, or to another table. */
export function writeTrigger(
  provider: TestDatabase['provider'],
  does: 'counts edits' | 'writes a log',
): string {
  const isLog = does === 'writes a log';
  const log = `INSERT INTO "Log" SELECT max(id) + 1, 'edited' FROM "Log";`;
  switch (provider) {
    case 'sqlite': {
      const count = 'UPDATE "Note" SET edits = edits + 1 WHERE id = NEW.id;';
      return `CREATE TRIGGER touch AFTER UPDATE OF "userId" ON "Note" BEGIN ${isLog ? log : count} END;`;
    }
    case 'mysql':
      return `CREATE TRIGGER touch BEFORE UPDATE ON "Note" FOR EACH ROW ${
        isLog ? log.replaceAll('"', '`').replace(';', '') : 'SET NEW.edits = OLD.edits + 1'
      };`;
    case 'postgresql':
      return `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN ${isLog ? log : 'NEW.edits := OLD.edits + 1;'} RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION touch();`;
  }
}

/** Prisma's table of migrations in a database, with these applied; and their folders in the project, with those that wait. */
export async function writeMigrations(
  database: TestDatabase,
  { applied, pending }: { applied: string[]; pending: Record<string, string> },
): Promise<void> {
  await database.run(`CREATE TABLE "_prisma_migrations" (id VARCHAR(36) NOT NULL PRIMARY KEY, migration_name VARCHAR(255) NOT NULL,
    started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, finished_at TIMESTAMP NULL, rolled_back_at TIMESTAMP NULL)`);
  for (const name of applied)
    await database.run(
      `INSERT INTO "_prisma_migrations" (id, migration_name, finished_at) VALUES ('${name}', '${name}', CURRENT_TIMESTAMP)`,
    );
  const all = { ...Object.fromEntries(applied.map((name) => [name, 'SELECT 1;'])), ...pending };
  for (const [name, sql] of Object.entries(all)) {
    mkdirSync(join(database.folder, 'migrations', name), { recursive: true });
    writeFileSync(join(database.folder, 'migrations', name, 'migration.sql'), sql);
  }
}
