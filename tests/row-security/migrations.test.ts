import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { clonePhaseProject, type PhaseProject } from '../helpers/phase-project.ts';

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model User {
  id    String @id
  notes Note[]
}

model Note {
  id       Int       @id @default(autoincrement())
  text     String
  parentId Int?      @map("parent_id")
  parent   Note?     @relation("Tree", fields: [parentId], references: [id], onDelete: Cascade)
  children Note[]    @relation("Tree")
  marks    Mark[]
  comments Comment[]
  userId   String?   @map("owner_id")
  user     User?     @relation(fields: [userId], references: [id], onDelete: Restrict)

  @@index([userId])
  @@map("my notes")
}

model Comment {
  id       Int       @id
  noteId   Int
  note     Note      @relation(fields: [noteId], references: [id], onDelete: Cascade)
  answerTo Int?
  question Comment?  @relation("Answers", fields: [answerTo], references: [id], onDelete: Cascade)
  answers  Comment[] @relation("Answers")
}

model Mark {
  id    Int    @id
  notes Note[]
}
`;

const TASK = `
model Task {
  id     Int    @id
  userId String
  user   User   @relation(fields: [userId], references: [id])
}
`;

const ROWS = `INSERT INTO "User" VALUES ('ana'), ('ben');
  INSERT INTO "my notes" (text, owner_id) VALUES ('hers', 'ana'), ('his', 'ben');
  INSERT INTO "Comment" VALUES (1, 1, NULL), (2, 2, NULL);
  INSERT INTO "Mark" VALUES (1);
  INSERT INTO "_MarkToNote" VALUES (1, 1), (1, 2);`;

let project: PhaseProject;
let role: string;

before(async () => {
  project = await clonePhaseProject('postgresql', { schema: { 'schema.prisma': SCHEMA }, rows: ROWS });
  role = `r"${new URL(project.url).pathname.slice(-12)}`;
  await project.run(`CREATE ROLE ${quote(role)}`);
});

after(async () => {
  await project.run(`DROP OWNED BY ${quote(role)}; DROP ROLE ${quote(role)}`);
  await project.drop();
});

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function listFolders(): string[] {
  return readdirSync(join(project.folder, 'prisma/migrations'))
    .filter((name) => /^\d/.test(name))
    .map((name) => name.slice(15))
    .filter((name) => name !== 'init');
}

/** As the app, for a user or for nobody: the last answer, or why there is none. */
async function asApp(user: string | null, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: project.url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE ${quote(role)}`);
    if (user !== null) await client.query(`SELECT set_config('app.user_id', $1, true)`, [user]);
    const { rows, rowCount } = await client.query(sql);
    await client.query('COMMIT');
    return rows.length > 0 ? rows.map((row) => Object.values(row).join(' ')) : rowCount;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end();
  }
}

const rls = (more = '') => project.migration(`isolation --rls${more}`);

test('writes policies and rights that Prisma applies and takes for no drift, once', async () => {
  const dry = await rls(` --role=${role} --dry-run`);
  assert.equal(dry.code, 1, dry.stderr);
  assert.match(dry.stdout, /^Row-level security: 4 migrations\. Nothing was written\./);
  assert.deepEqual(listFolders(), []);
  const done = await rls(` --role=${role}`);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(listFolders(), [
    'row_level_security_01_note_policy',
    'row_level_security_02_comment_policy',
    'row_level_security_03_mark_to_note_policy',
    `row_level_security_04_${role.replace('"', '_')}_grants`,
  ]);
  await project.deploy();
  const again = await rls(` --role=${role}`);
  assert.match(
    again.stdout,
    /^Row-level security is there already: 3 policies, and the role has its rights\. Nothing to write\./,
  );
  assert.equal((await rls(` --role=${role} --dry-run`)).code, 0);
});

test('keeps users apart in every table, and rows that hang on themselves', async () => {
  const tables = ['"my notes"', '"Comment"', '"_MarkToNote"'];
  const count = (user: string | null) =>
    Promise.all(tables.map((table) => asApp(user, `SELECT count(*) FROM ${table}`)));
  assert.deepEqual(await count('ana'), [['1'], ['1'], ['1']]);
  assert.deepEqual(await count(null), [['0'], ['0'], ['0']]);
  assert.deepEqual(await count(''), [['0'], ['0'], ['0']]);
  const insert = (values: string) => `INSERT INTO "my notes" (text, owner_id, parent_id) VALUES (${values})`;
  assert.equal(await asApp('ana', insert(`'more', 'ana', 1`)), 1);
  const denied = (table: string) => `new row violates row-level security policy for table "${table}"`;
  assert.equal(await asApp('ana', insert(`'more', 'ben', NULL`)), denied('my notes'));
  assert.equal(await asApp('ana', insert(`'more', NULL, NULL`)), denied('my notes'));
  assert.equal(await asApp('ana', insert(`'more', 'ana', 2`)), denied('my notes'));
  assert.equal(await asApp('ana', `INSERT INTO "Comment" VALUES (3, 1, 1)`), 1);
  assert.equal(await asApp('ana', `INSERT INTO "Comment" VALUES (4, 1, 2)`), denied('Comment'));
  assert.equal(await asApp('ana', `INSERT INTO "Comment" VALUES (4, 2, NULL)`), denied('Comment'));
  assert.equal(await asApp('ana', `INSERT INTO "_MarkToNote" VALUES (1, 2)`), denied('_MarkToNote'));
  assert.equal(await asApp('ana', `UPDATE "my notes" SET text = 'x'`), 2);
  assert.equal(await asApp('ana', `DELETE FROM "Comment" WHERE id = 2`), 0);
});

test('adds what a new model lacks, and nothing else', async () => {
  const file = join(project.folder, 'prisma/schema.prisma');
  const schema = readFileSync(file, 'utf8').replace('notes Note[]\n}', 'notes Note[]\n  tasks Task[]\n}');
  writeFileSync(file, schema + TASK);
  await project.prisma('migrate dev --name task');
  assert.equal((await rls(` --role=${role}`)).code, 0);
  assert.deepEqual(listFolders().slice(5), [
    'row_level_security_01_task_policy',
    `row_level_security_02_${role.replace('"', '_')}_grants`,
  ]);
  await project.prisma('migrate deploy');
  assert.deepEqual(await asApp('ana', 'SELECT count(*) FROM "Task"'), ['0']);
});

test('makes a policy anew that somebody changed', async () => {
  await project.run('ALTER POLICY ownership_isolation ON "Comment" USING (true)');
  const before = listFolders().length;
  const done = await rls(` --role=${role}`);
  assert.match(done.stdout, /Comment +Comment +who sees my notes +to be made anew/);
  assert.deepEqual(listFolders().slice(before), ['row_level_security']);
  await project.prisma('migrate deploy');
  assert.deepEqual(await asApp('ana', 'SELECT count(*) FROM "Comment"'), ['2']);
});

test('takes all of it back: policies, functions, and the rights that were granted', async () => {
  await project.run(`GRANT SELECT ON "User" TO ${quote(role)}`);
  const before = listFolders().length;
  const done = await rls(' --undo');
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /^Taking row-level security back: 5 migrations\. Written, and not applied/);
  assert.deepEqual(
    listFolders()
      .slice(before)
      .map((name) => name.slice('undo_row_level_security_'.length)),
    [
      `01_${role.replace('"', '_')}_grants`,
      '02_comment_policy',
      '03_task_policy',
      '04_mark_to_note_policy',
      '05_my_notes_policy',
    ],
  );
  await project.deploy();
  const left =
    await project.query(`SELECT 1 FROM pg_policy UNION ALL SELECT 1 FROM pg_proc WHERE proname LIKE '%is_own'
    UNION ALL SELECT 1 FROM pg_class WHERE relrowsecurity OR relforcerowsecurity`);
  assert.deepEqual(left, []);
  assert.match(String(await asApp('ana', 'SELECT * FROM "my notes"')), /permission denied/);
  assert.match(String(await asApp('ana', `SELECT nextval('"my notes_id_seq"')`)), /permission denied/);
  assert.deepEqual(await asApp('ana', 'SELECT count(*) FROM "User"'), ['2']);
  assert.match(
    (await rls(' --undo')).stdout,
    /^There is no policy of this toolkit in the database: nothing to take back\./,
  );
});

test('and makes it again, with rights that a person granted in between left alone', async () => {
  await project.run(`GRANT SELECT, INSERT, UPDATE, DELETE ON "Comment" TO ${quote(role)}`);
  assert.equal((await rls(` --role=${role}`)).code, 0);
  await project.prisma('migrate deploy');
  assert.deepEqual(await asApp('ana', 'SELECT count(*) FROM "Comment"'), ['2']);
  assert.equal((await rls(' --undo')).code, 0);
  await project.prisma('migrate deploy');
  assert.deepEqual(await asApp(null, 'SELECT count(*) FROM "Comment"'), ['3']);
  assert.match(String(await asApp('ana', 'SELECT * FROM "my notes"')), /permission denied/);
});
