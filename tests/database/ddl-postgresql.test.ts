import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Client } from 'pg';
import type { OnDelete, OwnerColumn } from '../../src/database/ddl.ts';
import { planMigrations } from '../../src/migrations/plan.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { readDatabase } from '../helpers/ddl-project.ts';

const DDL = `
CREATE TABLE "User" (id text PRIMARY KEY);
CREATE TABLE "Note" (id int PRIMARY KEY, title text);
INSERT INTO "User" VALUES ('u1'), ('u2');
INSERT INTO "Note" SELECT i, 'n' || i FROM generate_series(1, 100) i;`;

const noteOf = (schema: string, onDelete: OnDelete | null = 'RESTRICT'): OwnerColumn => ({
  model: 'Note',
  table: { schema, name: 'Note' },
  column: 'userId',
  references: { table: { schema: 'public', name: 'User' }, column: 'id' },
  onDelete,
});
const NOTE = noteOf('public');
const AT = new Date('2026-11-25T19:00:00.999Z');

describe('migrations on PostgreSQL', () => {
  let database: TestDatabase;
  let client: Client;
  let messages: string[];
  const write = async (step: 'addOwners' | 'requireOwners' | 'relaxOwners', column = NOTE) =>
    planMigrations([], await readDatabase(database, (session, ddl) => ddl[step](session, [column])), AT);
  const remove = async (owners: number) => {
    const columns = [{ ...NOTE, owners }];
    return planMigrations(
      [],
      await readDatabase(database, (session, ddl) => ddl.removeOwners(session, columns)),
      AT,
    );
  };
  const apply = async (files: { sql: string }[]) => {
    for (const { sql } of files) await client.query(sql);
  };
  const assignAll = () => database.run(`UPDATE "Note" SET "userId" = 'u1'`);

  beforeEach(async () => {
    database = await createDatabase('postgresql', { ddl: DDL, models: '' });
    client = new Client({ connectionString: database.url });
    messages = [];
    client.on('notice', ({ message }) => messages.push(message ?? ''));
    await client.connect();
  });
  const end = async () => {
    await client.end();
    await database.drop();
  };

  it('phase 1 has one statement that takes a lock in each file, and the index alone', async (t) => {
    t.after(end);
    const files = await write('addOwners');
    assert.deepEqual(
      files.map(({ folder }) => folder),
      [
        '20261125190000_add_optional_user_relations_01_note_column',
        '20261125190001_add_optional_user_relations_02_note_foreign_key',
        '20261125190002_add_optional_user_relations_03_note_validate_foreign_key',
        '20261125190003_add_optional_user_relations_04_note_index',
      ],
    );
    for (const { sql } of files.slice(0, 3)) assert.equal(sql.match(/ALTER TABLE/g)?.length, 1);
    const [index] =
      files
        .at(-1)
        ?.sql.split('\n')
        .filter((line) => !line.startsWith('--')) ?? [];
    assert.equal(index, 'CREATE INDEX CONCURRENTLY "Note_userId_idx" ON "Note"("userId");');
    await apply(files);
  });

  it('SET NOT NULL reads no row, because the check proves that there is no NULL', async (t) => {
    t.after(end);
    await apply(await write('addOwners'));
    await assignAll();
    await client.query('SET client_min_messages = debug1');
    await apply(await write('requireOwners'));
    assert.ok(
      messages.includes(
        'existing constraints on column "Note.userId" are sufficient to prove that it does not contain nulls',
      ),
      messages.join('\n'),
    );
    const rest = await database.query(
      `SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = '"Note"'::regclass`,
    );
    assert.deepEqual(rest, []);
  });

  it('a row without an owner stops the first file of phase 3, which says how many there are and changes nothing', async (t) => {
    t.after(end);
    await apply(await write('addOwners'));
    await assignAll();
    await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id < 3`);
    const before = await database.dump();
    const [file] = await write('requireOwners');
    await assert.rejects(client.query(file?.sql ?? ''), {
      code: '23514',
      message:
        '2 rows of "Note" have no owner, so nothing was changed. Give them one with step 2, then type: npx prisma migrate resolve --rolled-back 20261125190000_make_user_fields_required_01_note_check, then npx prisma migrate deploy',
    });
    assert.equal(await database.dump(), before);
    await assignAll();
    await apply(await write('requireOwners'));
  });

  it('a row that lost its owner before the check was there stops the second file, and goes through later', async (t) => {
    t.after(end);
    await apply(await write('addOwners'));
    await assignAll();
    const [check, ...rest] = await write('requireOwners');
    await database.run(`ALTER TABLE "Note" ADD CONSTRAINT "Note_userId_has_owner" CHECK (true)`);
    await database.run(
      `UPDATE "Note" SET "userId" = NULL WHERE id = 7; ALTER TABLE "Note" DROP CONSTRAINT "Note_userId_has_owner"`,
    );
    await database.run(
      `ALTER TABLE "Note" ADD CONSTRAINT "Note_userId_has_owner" CHECK ("userId" IS NOT NULL) NOT VALID`,
    );
    assert.ok(check?.sql.includes('NOT VALID'));
    await assert.rejects(
      client.query(rest[0]?.sql ?? ''),
      /^error: 1 row of "Note" has no owner, so nothing was changed/,
    );
    await assignAll();
    await apply(rest);
    await assert.rejects(
      database.run(`INSERT INTO "Note" VALUES (1000, 'x')`),
      /null value in column "userId"/,
    );
  });

  it('nothing is locked in between the tries, and a lock that is released in time is had', async (t) => {
    t.after(end);
    const [column] = await write('addOwners');
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE "Note" IN ACCESS SHARE MODE');
    const applied = client.query(column?.sql ?? '');
    await waitFor(
      database,
      `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
    );
    await database.run(`UPDATE "Note" SET title = 'meanwhile' WHERE id = 1`);
    await holder.query('COMMIT');
    await applied;
    await holder.end();
    assert.equal((await database.query(`SELECT "userId" FROM "Note" LIMIT 1`)).length, 1);
  });

  it('a lock that is never released ends in an error that names its holder, and nothing has changed', async (t) => {
    t.after(end);
    const before = await database.dump();
    const [column] = await write('addOwners');
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT title, '${'x'.repeat(100)}' FROM "Note"`);
    const pid = (await holder.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    await holder.query(`SELECT title, '${'x'.repeat(100)}' FROM "Note"`);
    const impatient = (column?.sql ?? '').replace('1..30', '1..2').replaceAll('30', '2');
    await assert.rejects(client.query(impatient), (error: Error & { code: string }) => {
      assert.equal(error.code, '55P03');
      assert.match(
        error.message,
        new RegExp(
          `^The lock on "Note" could not be had in 2 tries, so nothing was changed. It is held by pid ${pid} \\(postgres, for \\d+ s: SELECT title, 'x{65}\\). When`,
        ),
      );
      return true;
    });
    await holder.query('COMMIT');
    await holder.end();
    assert.equal(await database.dump(), before);
    await client.query(column?.sql ?? '');
  });

  it('lock_timeout is as before for the next migration of the connection', async (t) => {
    t.after(end);
    await client.query(`SET lock_timeout = '7s'; SET statement_timeout = '9s'`);
    await apply(await write('addOwners'));
    const { rows } = await client.query(
      `SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s`,
    );
    assert.deepEqual(rows, [{ l: '7s', s: '9s' }]);
  });

  it('the inverse of phase 1 keeps the column where more owners are in it than were known', async (t) => {
    t.after(end);
    await apply(await write('addOwners'));
    await database.run(`UPDATE "Note" SET "userId" = 'u1' WHERE id <= 3`);
    const before = await database.dump();
    await assert.rejects(
      apply(await remove(2)),
      /3 rows of "Note" have an owner, more than when this was written, so nothing was changed/,
    );
    assert.equal(await database.dump(), before);
    await apply(await remove(3));
    assert.deepEqual(Object.keys((await database.query('SELECT * FROM "Note" LIMIT 1'))[0] ?? {}), [
      'id',
      'title',
    ]);
  });

  it('a count sees what was committed while it waited, whatever the isolation of the role', async (t) => {
    t.after(end);
    await apply(await write('addOwners'));
    const [file] = await remove(0);
    await client.query(`SET default_transaction_isolation = 'repeatable read'`);
    const writer = new Client({ connectionString: database.url });
    await writer.connect();
    await writer.query(`BEGIN; UPDATE "Note" SET "userId" = 'u1' WHERE id = 1`);
    const applied = assert.rejects(client.query(file?.sql ?? ''), /1 row of "Note" has an owner, more/);
    await waitFor(
      database,
      `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
    );
    await writer.query('COMMIT');
    await applied;
    await writer.end();
  });

  it('rows that a policy hides are not left out of a count', async (t) => {
    t.after(end);
    await apply(await write('addOwners'));
    await assignAll();
    await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id = 1;
      CREATE ROLE hidden_${process.pid}; GRANT ALL ON "Note", "User" TO hidden_${process.pid}; ALTER TABLE "Note" OWNER TO hidden_${process.pid};
      ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY; ALTER TABLE "Note" FORCE ROW LEVEL SECURITY; CREATE POLICY p ON "Note" USING (id > 1)`);
    const [file] = await write('requireOwners');
    await client.query(`SET ROLE hidden_${process.pid}`);
    await assert.rejects(client.query(file?.sql ?? ''), /row-level security/);
    await client.query(
      `RESET ROLE; ALTER TABLE "Note" OWNER TO postgres; DROP OWNED BY hidden_${process.pid}; DROP ROLE hidden_${process.pid}`,
    );
  });

  it('an ON DELETE that is the same is left alone, and one that is another is swapped under the same name', async (t) => {
    t.after(end);
    await apply(await write('addOwners', noteOf('public', 'SET NULL')));
    await database.run(`ALTER TABLE "Note" RENAME CONSTRAINT "Note_userId_fkey" TO "own ""name"`);
    await assignAll();
    const same = await write('requireOwners', noteOf('public', 'SET NULL'));
    assert.equal(same.length, 4);
    await apply(await write('requireOwners'));
    const keys = `SELECT conname, confdeltype, convalidated FROM pg_constraint WHERE contype = 'f'`;
    assert.deepEqual(await database.query(keys), [
      { conname: 'own "name', confdeltype: 'r', convalidated: true },
    ]);
    assert.deepEqual(await write('requireOwners'), []);
    await apply(await write('relaxOwners', noteOf('public', 'SET NULL')));
    assert.deepEqual(await database.query(keys), [
      { conname: 'own "name', confdeltype: 'n', convalidated: true },
    ]);
  });

  it('what an earlier try has left behind is finished, and leads back too', async (t) => {
    t.after(end);
    const optional = noteOf('public', 'SET NULL');
    const expected = { conname: 'Note_userId_fkey', confdeltype: 'r', convalidated: true };
    const constraints = () =>
      database.query(
        `SELECT conname, confdeltype, convalidated FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid = '"Note"'::regclass`,
      );
    await apply(await write('addOwners', optional));
    await assignAll();
    const files = await write('requireOwners');
    assert.equal(files.length, 8);
    for (let applied = 0; applied <= files.length; applied += 1) {
      await apply(files.slice(0, applied));
      await apply(await write('requireOwners'));
      assert.deepEqual(await constraints(), [expected], `${applied} files were applied`);
      await apply(await write('relaxOwners', optional));
      await apply(files.slice(0, applied));
      await apply(await write('relaxOwners', optional));
      assert.deepEqual(
        await constraints(),
        [{ ...expected, confdeltype: 'n' }],
        `${applied} files were applied`,
      );
      await database.run(`INSERT INTO "Note" VALUES (1000); DELETE FROM "Note" WHERE id = 1000`);
    }
  });

  it('names that hold quotes, dollars and percents, in a schema of their own', async (t) => {
    t.after(end);
    const odd = { model: 'Odd', table: { schema: 'a"b', name: `N'o $ownership$ %s` }, column: 'counted" t' };
    await database.run(`CREATE SCHEMA "a""b"; CREATE TABLE "a""b"."N'o $ownership$ %s" (id int)`);
    const column = { ...odd, references: NOTE.references, onDelete: 'SET NULL' as const };
    await apply(await write('addOwners', column));
    await database.run(`INSERT INTO "a""b"."N'o $ownership$ %s" VALUES (1, 'u1')`);
    await apply(await write('requireOwners', { ...column, onDelete: 'RESTRICT' }));
    await apply(await write('relaxOwners', column));
    await assert.rejects(
      apply(
        planMigrations(
          [],
          await readDatabase(database, (session, ddl) =>
            ddl.removeOwners(session, [{ ...column, owners: 0 }]),
          ),
          new Date(),
        ),
      ),
    );
  });

  it('a column has the type of the key with its length and its collation, and no default', async (t) => {
    t.after(end);
    await database.run(
      `CREATE TABLE "U" (id varchar(36) COLLATE "C" PRIMARY KEY DEFAULT 'x'); CREATE TABLE "S" (id serial PRIMARY KEY)`,
    );
    for (const [name, type] of [
      ['U', 'character varying(36) COLLATE pg_catalog."C"'],
      ['S', 'integer'],
    ] as const) {
      const references = { table: { schema: 'public', name }, column: 'id' };
      const [file] = await write('addOwners', { ...NOTE, references });
      assert.ok(file?.sql.includes(`ADD COLUMN "userId" ${type};`), file?.sql);
    }
  });

  it('a table with partitions gets its foreign key and its index in place', async (t) => {
    t.after(end);
    await database.run(
      `CREATE TABLE "Part" (id int) PARTITION BY RANGE (id); CREATE TABLE "Part1" PARTITION OF "Part" DEFAULT; INSERT INTO "Part" VALUES (1)`,
    );
    const column = { ...NOTE, model: 'Part', table: { schema: 'public', name: 'Part' } };
    await apply(await write('addOwners', column));
    await database.run(`UPDATE "Part" SET "userId" = 'u1'`);
    await apply(await write('requireOwners', column));
    await apply(await write('relaxOwners', column));
  });
});

async function waitFor(database: TestDatabase, sql: string): Promise<void> {
  while ((await database.query(sql)).length === 0) await new Promise((done) => setTimeout(done, 20));
}
