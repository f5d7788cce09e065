import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, afterEach, describe, it } from 'node:test';
import { Client } from 'pg';
import { createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { connectMysql } from '../helpers/mysql-database.ts';
import { NOTES } from '../helpers/notes.ts';
import { findOne, listFindings, runStep1 } from '../helpers/step-1.ts';

describe('step 1 on PostgreSQL', () => {
  let database: TestDatabase;
  let other: Client;
  beforeEach(async () => {
    database = await createDatabase('postgresql', NOTES);
    other = new Client({ connectionString: database.url, application_name: 'a deploy' });
    // The session is ended from outside.
    other.on('error', () => undefined);
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await database.drop();
  });

  /** Builds an index that cannot be built, as CREATE INDEX CONCURRENTLY leaves it. */
  const failToBuild = async (index: string) =>
    assert.rejects(other.query(`CREATE UNIQUE INDEX CONCURRENTLY ${index}`), /could not create unique index/);

  it('finds an index that is not valid, and its SQL builds it again', async () => {
    await database.run(`INSERT INTO "Note" VALUES (5, 'one', NULL)`);
    await failToBuild(`"my ""idx""" ON "Note" ("text") WHERE id > 0`);
    const found = await findOne(database, 'INDEX_INVALID');
    assert.equal(found.model, 'Note');
    assert.deepEqual(found.sql, [
      'DROP INDEX CONCURRENTLY "public"."my ""idx""";',
      'CREATE UNIQUE INDEX CONCURRENTLY "my ""idx""" ON public."Note" USING btree (text) WHERE (id > 0);',
    ]);
    await database.run(`UPDATE "Note" SET "text" = 'other' WHERE id = 5`);
    for (const line of found.sql) await database.run(line);
    assert.deepEqual(await listFindings(database), []);
  });

  it('finds one on the table of the users, and what REINDEX left, which is not built again', async () => {
    await database.run(`ALTER TABLE "User" ADD COLUMN name TEXT; UPDATE "User" SET name = 'x'`);
    await failToBuild('"User_name_idx_ccnew" ON "User" (name)');
    const found = await findOne(database, 'INDEX_INVALID');
    assert.equal(found.model, 'User');
    assert.deepEqual(found.sql, ['DROP INDEX CONCURRENTLY "public"."User_name_idx_ccnew";']);
    await database.run(found.sql.join());
    assert.deepEqual(await listFindings(database), []);
  });

  it('says nothing of an index that somebody may be building, nor that the owner column has none', async () => {
    await database.run(`DROP INDEX "Note_userId_idx"; INSERT INTO "Note" VALUES (5, 'one', 'ana')`);
    await failToBuild('"Note_userId_idx" ON "Note" ("userId")');
    assert.deepEqual(await listFindings(database), ['warning INDEX_INVALID Note']);
    await other.query('BEGIN');
    await other.query('LOCK TABLE "Note" IN SHARE UPDATE EXCLUSIVE MODE');
    assert.deepEqual(await listFindings(database), []);
    await other.query('ROLLBACK');
  });

  it("finds Prisma's lock with who holds it, and its SQL frees it", async () => {
    await other.query('SELECT pg_advisory_lock(72707368), pg_advisory_lock_shared(72707369::int, 0)');
    assert.deepEqual(await listFindings(database), []);
    await other.query('SELECT pg_advisory_lock(72707369)');
    const { message, remedy, severity, model } = await findOne(database, 'PRISMA_LOCK_HELD');
    assert.deepEqual([severity, model], ['warning', null]);
    assert.match(
      message,
      /^session \d+ \("a deploy", idle for \d+ seconds?\) has the lock that Prisma takes to migrate$/,
    );
    const [, end = ''] = /with (SELECT pg_terminate_backend\(\d+\);)$/.exec(remedy) ?? [];
    const isEnded = new Promise((done) => other.once('end', done));
    await database.run(end);
    await isEnded;
    assert.deepEqual(await listFindings(database), []);
  });

  it('finds a pooler by the URL, which it does not print', async () => {
    const pooled = { ...database, url: `${database.url}?pgbouncer=true` };
    const { code, findings } = await runStep1(pooled);
    assert.equal(code, 0);
    assert.deepEqual(
      findings.map((each) => each.code),
      ['POOLER_URL'],
    );
    assert.ok(!JSON.stringify(findings).includes(pooled.url));
  });

  it('asks for indexes that a table with partitions takes', async () => {
    await database.run(`
      DROP TABLE "Note"; CREATE TABLE "Note" (id INTEGER PRIMARY KEY, "text" TEXT, "userId" TEXT REFERENCES "User" (id)) PARTITION BY RANGE (id);
      CREATE TABLE note_1 PARTITION OF "Note" FOR VALUES FROM (0) TO (9)`);
    const { sql } = await findOne(database, 'NO_OWNER_INDEX');
    assert.deepEqual(sql, ['CREATE INDEX "Note_userId_idx" ON "public"."Note" ("userId");']);
    await database.run(sql.join());
    assert.deepEqual(await listFindings(database), []);
    await database.run('CREATE INDEX unfinished ON ONLY "Note" ("text")');
    assert.deepEqual(await listFindings(database), []);
  });

  it('needs no right to read the table of migrations', async () => {
    const role = `prisma_ownership_test_${randomBytes(6).toString('hex')}`;
    await database.run(`
      CREATE TABLE _prisma_migrations (id TEXT);
      CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT SELECT, UPDATE ON "User", "Note" TO ${role};
      GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${role}`);
    try {
      const url = Object.assign(new URL(database.url), { username: role, password: 'secret' }).href;
      assert.deepEqual(await listFindings({ ...database, url }), []);
    } finally {
      await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe('step 1 on MySQL', { skip: isMissing('mysql') }, () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase('mysql', NOTES);
  });
  after(() => database?.drop());

  it("finds Prisma's lock with who holds it, and its SQL frees it", async () => {
    const other = await connectMysql(database.url);
    try {
      await other.query("SELECT GET_LOCK('prisma_migrate', 10)");
      const { message, remedy } = await findOne(database, 'PRISMA_LOCK_HELD');
      assert.match(
        message,
        /^session \d+ \("root", sleep for \d+ seconds?\) has the lock that Prisma takes to migrate$/,
      );
      await database.run(/with (KILL \d+;)$/.exec(remedy)?.[1] ?? '');
      // The server frees it when it has seen that the session is ended.
      await database.query("SELECT GET_LOCK('prisma_migrate', 10)");
      assert.deepEqual(await listFindings(database), []);
    } finally {
      await other.close().catch(() => undefined);
    }
  });
});
