import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RlsAnswer } from '../../src/commands/isolation-results.ts';
import { applyMigrations } from '../helpers/apply-migrations.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { NOTES } from '../helpers/notes.ts';
import { type } from '../helpers/restore.ts';
import { as, createRole } from '../helpers/roles.ts';

const codesOf = ({ findings }: RlsAnswer) => findings.map(({ code }) => code);

async function create(t: TestContext, more: { ddl?: string; models?: string } = {}): Promise<TestDatabase> {
  const { ddl = '', models = '' } = more;
  const database = await createDatabase('postgresql', {
    ddl: NOTES.ddl + ddl,
    models: NOTES.models + models,
  });
  t.after(() => database.drop());
  return database;
}

async function answer(database: TestDatabase, words: string, code: number): Promise<RlsAnswer> {
  const done = await type(database, ['isolation', '--rls', ...words.split(' ').filter(Boolean), '--json']);
  assert.equal(done.code, code, done.stdout + done.stderr);
  return JSON.parse(done.stdout) as RlsAnswer;
}

const isWritten = ({ folder }: TestDatabase) => existsSync(join(folder, 'migrations'));

test('refuses a role for which no policy holds, and says which those are', async (t) => {
  const database = await create(t);
  const { role, bypassing, ok, findings } = await answer(database, '', 1);
  const [error] = findings.filter(({ severity }) => severity === 'error');
  assert.deepEqual([error?.code, role?.bypasses, ok], ['RLS_BYPASSED', true, false]);
  assert.ok(bypassing.includes(role?.name ?? ''));
  const bypass = await createRole(t, database, 'BYPASSRLS');
  assert.deepEqual(codesOf(await answer(database, `--role=${bypass}`, 1))[0], 'RLS_BYPASSED');
  const text = await type(database, ['isolation', '--rls']);
  assert.match(text.stdout, /^Row-level security is refused\. Nothing was written\.\n/);
  assert.equal(isWritten(database), false);
});

test('takes the role that the URL connects as, and says that it owns the tables', async (t) => {
  const database = await create(t);
  const role = await createRole(t, database);
  await database.run(`GRANT CREATE ON SCHEMA public TO ${role};
    ALTER TABLE "Note" OWNER TO ${role}; ALTER TABLE "User" OWNER TO ${role}`);
  const first = await answer(as(database, role), '', 0);
  assert.deepEqual(first.role, { name: role, bypasses: false });
  assert.deepEqual(codesOf(first), ['RLS_ROLE_OWNS', 'RLS_UNOWNED', 'RLS_LEFT_OUT']);
  assert.equal(first.changes.length, 1);
  await applyMigrations(as(database, role));
  // Forced: the owner of the table counts no row any more.
  assert.deepEqual(await answer(as(database, role), '', 0), {
    ...first,
    models: [{ model: 'Note', table: 'Note', by: 'userId', through: false, state: 'same' }],
    changes: [],
    findings: first.findings.filter(({ code }) => code !== 'RLS_UNOWNED'),
  });
});

test('names what is not held back: views, copies, other policies, members, links between owners', async (t) => {
  const database = await create(t, {
    ddl: `CREATE VIEW "all" AS SELECT * FROM "Note"; CREATE VIEW "over all" AS SELECT * FROM "all";
      CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM "Note";
      CREATE POLICY admins ON "Note" USING (true);
      CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM "Note"';
      CREATE FUNCTION hidden() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM "Note"';
      REVOKE EXECUTE ON FUNCTION hidden FROM PUBLIC;
      CREATE TABLE "Log" (id int, "userId" text REFERENCES "User" (id)) PARTITION BY LIST (id);
      CREATE TABLE "Log 1" PARTITION OF "Log" FOR VALUES IN (1); CREATE TABLE "Log 2" PARTITION OF "Log" DEFAULT;
      CREATE TABLE "Part" (id int PRIMARY KEY, "noteId" int REFERENCES "Note" (id), "userId" text REFERENCES "User" (id));
      INSERT INTO "Part" VALUES (1, 3, 'ana'), (2, 4, 'ana'), (3, 1, 'ben'), (4, NULL, 'ben');
      CREATE TABLE "Duty" (id int PRIMARY KEY, "fromId" text REFERENCES "User" (id), "toId" text REFERENCES "User" (id))`,
    models: `
      model Part {
        id Int @id
        noteId Int?
        note Note? @relation(fields: [noteId], references: [id])
        userId String?
        user User? @relation(fields: [userId], references: [id])
      }
      model Log {
        id Int @id
        userId String?
        user User? @relation(fields: [userId], references: [id])
      }
      model Duty {
        id Int @id
        fromId String?
        from User? @relation("From", fields: [fromId], references: [id])
        toId String?
        to User? @relation("To", fields: [toId], references: [id])
      }`,
  });
  const [version] = await database.query('SHOW server_version_num');
  if (Number(version?.server_version_num) >= 150_000)
    await database.run('CREATE VIEW invoking WITH (security_invoker = true) AS SELECT * FROM "Note"');
  rewrite(database);
  const admin = await createRole(t, database, 'BYPASSRLS');
  const role = await createRole(t, database);
  await database.run(`GRANT ${admin} TO ${role}; GRANT TRUNCATE ON "Note" TO ${role}; GRANT SELECT ON "Log 1" TO ${role};
    ALTER TABLE "Part" OWNER TO ${admin}`);
  const { findings } = await answer(database, `--role=${role}`, 0);
  const told = findings.map(({ code, model, message }) => `${code} ${model} ${message.slice(0, 24)}`);
  assert.deepEqual(told, [
    `RLS_MAY_BYPASS null the role "${role.slice(0, 14)}`,
    `RLS_ROLE_OWNS null the role "${role.slice(0, 14)}`,
    `RLS_TRUNCATE null the role "${role.slice(0, 14)}`,
    'RLS_UNOWNED Note 2 rows have no owner: wi',
    'RLS_OTHER_POLICY Note "admins" lets rows throu',
    'RLS_CROSS_LINKED Part 2 rows point at a row of',
    'RLS_PARTITION Log "Log 1" is a part of its',
    'RLS_MODEL_OPEN Duty whose its rows are is no',
    'RLS_LEFT_OUT null no policy for User: user',
    'RLS_VIEW null the view "all" reads "No',
    'RLS_VIEW null the view "over all" read',
    'RLS_COPY null the materialized view "s',
    'RLS_DEFINER null the function "total" run',
    `RLS_RIGHTS null the role "${role.slice(0, 14)}`,
  ]);
});

/** The relations back, which Prisma wants. */
function rewrite({ schemaPath }: TestDatabase): void {
  const schema = readFileSync(schemaPath, 'utf8')
    .replace(
      'notes Note[]',
      'notes Note[]\n  parts Part[]\n  logs Log[]\n  froms Duty[] @relation("From")\n  tos Duty[] @relation("To")',
    )
    .replace('text String?', 'text String?\n  parts Part[]');
  writeFileSync(schemaPath, schema);
}

test('is refused where it cannot be: an unknown role, a column that is not there, another database', async (t) => {
  const database = await create(t);
  const unknown = await type(database, ['isolation', '--rls', '--role=nobody at all']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /there is no role "nobody at all" on this server\.\nNothing was changed\./);
  await database.run('ALTER TABLE "Note" RENAME "userId" TO other');
  assert.deepEqual(codesOf(await answer(database, '', 1))[0], 'COLUMN_MISSING');
  const role = await createRole(t, database);
  const text = await type(database, ['isolation', '--rls', `--role=${role}`]);
  assert.ok(
    text.stdout.endsWith(`Then again:\n  npm run migration:isolation -- --rls --role=${role}\n`),
    text.stdout,
  );
  await database.run('DROP TABLE "Note"');
  assert.deepEqual(codesOf(await answer(database, '', 1))[0], 'TABLE_MISSING');
  assert.equal(isWritten(database), false);
  const sqlite = await createDatabase('sqlite', NOTES);
  t.after(() => sqlite.drop());
  for (const more of [[], ['--undo'], ['--dry-run']]) {
    const refused = await type(sqlite, ['isolation', '--rls', ...more]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /row-level security is PostgreSQL's alone, and this database is sqlite\./);
  }
});

test('makes anew what is not as it would be made', async (t) => {
  const database = await create(t, {
    ddl: `ALTER TABLE "Note" ADD "parentId" int REFERENCES "Note" (id)`,
  });
  const schema = readFileSync(database.schemaPath, 'utf8').replace(
    'text String?',
    `text String?
  parentId Int?
  parent Note? @relation("Tree", fields: [parentId], references: [id])
  children Note[] @relation("Tree")`,
  );
  writeFileSync(database.schemaPath, schema);
  const role = await createRole(t, database);
  const migrations = join(database.folder, 'migrations');
  const apply = async () => {
    await applyMigrations(database);
    rmSync(migrations, { recursive: true });
  };
  await answer(database, `--role=${role}`, 0);
  await apply();
  const own = `"userId" = (SELECT nullif(current_setting('app.user_id', true), ''))`;
  const again = (more: string) =>
    `DROP POLICY ownership_isolation ON "Note"; CREATE POLICY ownership_isolation ON "Note" ${more}`;
  const whole = `USING (${own}) WITH CHECK (${own} AND ("parentId" IS NULL OR "Note_parentId_is_own"("parentId")))`;
  for (const tampering of [
    'ALTER POLICY ownership_isolation ON "Note" USING (true)',
    'ALTER POLICY ownership_isolation ON "Note" WITH CHECK (true)',
    // The same words, with the brackets elsewhere.
    `ALTER POLICY ownership_isolation ON "Note" WITH CHECK ((${own} AND "parentId" IS NULL) OR "Note_parentId_is_own"("parentId"))`,
    `ALTER POLICY ownership_isolation ON "Note" TO ${role}`,
    again(`AS RESTRICTIVE ${whole}`),
    again(`FOR SELECT USING (${own})`),
    `CREATE OR REPLACE FUNCTION "Note_parentId_is_own"(int) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'`,
    `REVOKE EXECUTE ON FUNCTION "Note_parentId_is_own"(int) FROM ${role}, PUBLIC`,
    'ALTER TABLE "Note" NO FORCE ROW LEVEL SECURITY',
    'ALTER TABLE "Note" DISABLE ROW LEVEL SECURITY',
  ]) {
    await database.run(tampering);
    const { models, changes } = await answer(database, `--role=${role}`, 0);
    assert.deepEqual([models[0]?.state, changes.length], ['differs', 1], tampering);
    await apply();
    assert.equal((await answer(database, `--role=${role}`, 0)).models[0]?.state, 'same', tampering);
  }
  // Written by hand, and the same.
  await database.run(again(whole));
  await database.run(
    again(
      `USING ((${own})) WITH CHECK (((${own}) AND ((("parentId" IS NULL)) OR "Note_parentId_is_own"(("parentId")))))`,
    ),
  );
  assert.equal((await answer(database, `--role=${role}`, 0)).models[0]?.state, 'same');
});

test('leaves policies of others on, with what they need', async (t) => {
  const database = await create(t, {
    ddl: 'ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON "Note" USING (true)',
  });
  const role = await createRole(t, database);
  await answer(database, `--role=${role}`, 0);
  await applyMigrations(database);
  // Prisma has not applied them, so that they would have to come first.
  rmSync(join(database.folder, 'migrations'), { recursive: true });
  const { changes } = await answer(database, '--undo', 0);
  assert.equal(changes.length, 1);
  assert.doesNotMatch(changes.map(({ diff }) => diff).join('\n'), /DISABLE|NO FORCE/);
});

test('says that a policy still holds on the table of a model that was left out since', async (t) => {
  const database = await create(t);
  const role = await createRole(t, database);
  const first = await answer(database, `--role=${role}`, 0);
  assert.ok(!codesOf(first).includes('RLS_LEFT_ON'));
  await applyMigrations(database);
  rmSync(join(database.folder, 'migrations'), { recursive: true });
  assert.ok(!codesOf(await answer(database, `--role=${role}`, 0)).includes('RLS_LEFT_ON'));
  const left = await answer(database, `--role=${role} --exclude=Note`, 0);
  const { message } = left.findings.find(({ code }) => code === 'RLS_LEFT_ON') ?? {};
  assert.match(message ?? '', /^"Note" has a policy of ours/);
});

test('waits for its lock no longer than others can wait for it', async (t) => {
  const database = await create(t);
  const role = await createRole(t, database);
  const { changes } = await answer(database, `--role=${role} --dry-run`, 1);
  assert.match(changes[0]?.diff ?? '', /SET LOCAL lock_timeout = '300ms'/);
});
