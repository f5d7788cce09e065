import { strict as assert } from 'node:assert';
import { describe, it, type TestContext } from 'node:test';
import { Client } from 'pg';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { restoreBackup } from '../src/backup/restore-backup.ts';
import type { TestDatabase } from './helpers/database.ts';
import { writeNewerTool } from './helpers/newer-tool.ts';
import { as, createRole } from './helpers/roles.ts';
import {
  ask,
  assertAsItWas,
  assertFails,
  backUp,
  createWords,
  digest,
  dropAfter,
  nameOf,
  restoreArgs,
  settingsOf,
  urlOf,
} from './helpers/restore.ts';
import { queryServer } from './helpers/query-server.ts';

const CHANGE = `UPDATE "Word" SET "text" = 'changed'`;

async function connect(t: TestContext, database: TestDatabase, application: string): Promise<Client> {
  const client = new Client({ connectionString: database.url, application_name: application });
  // The test ends the database before this.
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end().catch(() => undefined));
  return client;
}

/** What the catalogue says of a database besides its contents. */
function describeDatabase(database: TestDatabase): Promise<unknown[]> {
  return queryServer(
    database,
    `SELECT pg_get_userbyid(datdba) AS owner, datconnlimit, shobj_description(d.oid, 'pg_database') AS comment,
            (SELECT array_agg(a::text ORDER BY a::text) FROM aclexplode(datacl) a) AS acl,
            (SELECT array_agg(setrole || c ORDER BY setrole || c) FROM pg_db_role_setting, unnest(setconfig) c WHERE setdatabase = d.oid) AS settings
       FROM pg_database d WHERE datname = '${nameOf(database)}'`,
  );
}

describe('restore on PostgreSQL', { skip: cannotDump('postgresql') }, () => {
  it('is refused while others are connected, names them, and ends none', async (t) => {
    const database = await createWords(t, 'postgresql');
    const backup = await backUp(database);
    await database.run(CHANGE);
    const app = await connect(t, database, 'the web app');
    await assertAsItWas(database, async () => {
      const { message } = await assertFails(database, restoreArgs(database, backup), 'DATABASE_IN_USE');
      assert.match(
        message,
        /is in use by\n {2}session \d+ of \w+ \(the web app, 127\.0\.0\.1\)\nand a database/,
      );
      const dry = await ask(database, ['restore', backup.folder, '--dry-run']);
      assert.deepEqual([dry.code, dry.answer.findings[0].code], [0, 'DATABASE_IN_USE']);
    });
    assert.equal((await app.query('SELECT 1')).rowCount, 1);
    await app.end();
    assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
  });

  it('is refused when somebody connects while it loads, and removes its copy', async (t) => {
    const database = await createWords(t, 'postgresql');
    const backup = await backUp(database);
    await database.run(CHANGE);
    let app: Promise<Client> | undefined;
    await assertAsItWas(database, () =>
      assert.rejects(
        restoreBackup({
          ...settingsOf(database, backup),
          waitMs: 0,
          onProgress: () => {
            app ??= connect(t, database, 'a late one');
          },
        }),
        { code: 'DATABASE_IN_USE', message: /a late one/ },
      ),
    );
    await (await app)?.end();
  });

  it('waits for one who is about to leave', async (t) => {
    const database = await createWords(t, 'postgresql');
    const backup = await backUp(database);
    await database.run(CHANGE);
    let app: Promise<Client> | undefined;
    await restoreBackup({
      ...settingsOf(database, backup),
      waitMs: 60_000,
      onProgress: (progress) => {
        app ??= connect(t, database, 'a late one');
        if (progress === 'swapping') void app.then((client) => client.end());
      },
    });
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
  });

  it('carries over the owner, privileges, settings, comment and limit of the database', async (t) => {
    const database = await createWords(t, 'postgresql');
    const [owner, reader] = [await createRole(t, database, 'CREATEDB'), await createRole(t, database)];
    const name = nameOf(database);
    await database.run(`
      ALTER DATABASE "${name}" OWNER TO ${owner};
      ALTER DATABASE "${name}" CONNECTION LIMIT 40;
      COMMENT ON DATABASE "${name}" IS 'it''s the app''s';
      REVOKE ALL ON DATABASE "${name}" FROM PUBLIC;
      GRANT CONNECT ON DATABASE "${name}" TO ${reader} WITH GRANT OPTION;
      ALTER DATABASE "${name}" SET search_path = "$user", public, "Odd, ""one""";
      ALTER DATABASE "${name}" SET statement_timeout = '20min';
      ALTER DATABASE "${name}" SET app.tenant = 'o''br\\ien, $x';
      ALTER ROLE ${reader} IN DATABASE "${name}" SET default_transaction_read_only = on`);
    const before = await describeDatabase(database);
    const backup = await backUp(database);
    const { code, answer, stderr } = await ask(database, restoreArgs(database, backup));
    assert.deepEqual([code, answer?.findings], [0, []], stderr);
    assert.deepEqual(await describeDatabase(database), before);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
  });

  it('keeps the owners and privileges of tables where the role may, and says where it may not', async (t) => {
    const database = await createWords(t, 'postgresql');
    const [owner, reader] = [await createRole(t, database, 'CREATEDB'), await createRole(t, database)];
    const name = nameOf(database);
    await database.run(`
      ALTER DATABASE "${name}" OWNER TO ${owner}; ALTER SCHEMA public OWNER TO ${owner};
      ALTER TABLE "Word" OWNER TO ${owner}; GRANT SELECT ON "Word" TO ${reader}`);
    const query = `SELECT pg_get_userbyid(relowner) AS owner, relacl::text AS acl FROM pg_class WHERE relname = 'Word'`;
    const before = await database.query(query);
    const byOwner = as(database, owner);
    const backup = await backUp(byOwner);
    assert.deepEqual((await ask(byOwner, restoreArgs(database, backup))).answer.findings, []);
    assert.deepEqual(await database.query(query), before);
    // A table of somebody whose rights the role does not have.
    await database.run(`CREATE TABLE "Other" (id int); ALTER TABLE "Other" OWNER TO ${reader}`);
    const other = await backUp(database);
    const { code, answer, stderr } = await ask(byOwner, restoreArgs(database, other));
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      answer.findings.map(({ code }: { code: string }) => code),
      ['OWNERS_NOT_KEPT'],
    );
    assert.deepEqual(await database.query(query), [{ owner, acl: null }]);
    assert.deepEqual(await digest(urlOf(database)), other.manifest.tables);
  });

  it('is refused for a role that may not; the way out that it names works, and no password is shown', async (t) => {
    const database = await createWords(t, 'postgresql');
    const role = await createRole(t, database);
    await database.run(`ALTER TABLE "Word" OWNER TO ${role}`);
    const own = as(database, role);
    const backup = await backUp(own);
    await assertAsItWas(database, async () => {
      const { message, remedy } = await assertFails(own, restoreArgs(database, backup), 'REPLACE_REFUSED');
      assert.match(message, /only its owner "\w+" with the right to create databases may/);
      assert.match(remedy, /restore into that one with --to\.$/);
    });
    const empty = `${nameOf(database).slice(0, 34)}_empty`;
    await queryServer(database, `CREATE DATABASE ${empty} OWNER ${role}`);
    const target = as(database, role, empty);
    const dry = await ask(own, ['restore', backup.folder, `--to=${target.url}`, '--dry-run']);
    assert.equal(dry.code, 0, dry.stderr);
    const words = ['restore', backup.folder, `--to=${target.url}`];
    const refused = await assertFails(own, words, 'RESTORE_UNCONFIRMED');
    for (const text of [dry.stderr, JSON.stringify(dry.answer), refused.remedy])
      assert.doesNotMatch(text, /p@ss|p%40ss|w%2Frd/);
    assert.ok(refused.remedy.endsWith(` --to=URL --confirm=${empty}`), refused.remedy);
    await assertFails(own, [...words, `--confirm=${nameOf(database)}`], 'CONFIRMED_ANOTHER');
    const by = { RESTORE_TARGET: target.url };
    const done = await ask(own, ['restore', backup.folder, '--to=RESTORE_TARGET', `--confirm=${empty}`], by);
    assert.deepEqual([done.code, done.answer?.kept], [0, null], done.stderr);
    assert.deepEqual(await digest(urlOf(target)), backup.manifest.tables);
    assert.doesNotMatch(done.stderr + JSON.stringify(done.answer), /p@ss|p%40ss/);
    const again = await assertFails(
      own,
      ['restore', backup.folder, '--to=RESTORE_TARGET', `--confirm=${empty}`],
      'TARGET_NOT_EMPTY',
      by,
    );
    assert.match(again.message, /has 1 table\./);
    await assertFails(own, ['restore', backup.folder, '--to=NO_SUCH', '--dry-run'], 'TARGET_UNSET');
    await database.run(`ALTER TABLE "Word" OWNER TO CURRENT_USER`);
  });

  it('says that a part may be left in an empty database when loading fails there', async (t) => {
    const database = await createWords(t, 'postgresql');
    const backup = await backUp(database);
    const empty = `${nameOf(database).slice(0, 34)}_empty`;
    await queryServer(database, `CREATE DATABASE ${empty}`);
    const url = new URL(database.url);
    url.pathname = `/${empty}`;
    // A type of that name is in the way of the table.
    const target = dropAfter(t, { ...database, url: url.href });
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query('CREATE TYPE "Word" AS (x int)');
    await client.end();
    const { message, remedy } = await assertFails(
      database,
      ['restore', backup.folder, `--to=${target.url}`, `--confirm=${empty}`],
      'TARGET_HOLDS_PART',
    );
    assert.match(message, /"Word" already exists/);
    assert.match(remedy, new RegExp(`drop "${empty}", and create it anew`));
  });

  it('works with a tool that sets what this server does not know, as pg_restore does from 17 on', async (t) => {
    const database = await createWords(t, 'postgresql');
    const [owner, reader] = [await createRole(t, database, 'CREATEDB'), await createRole(t, database)];
    const name = nameOf(database);
    await database.run(`
      ALTER DATABASE "${name}" OWNER TO ${owner}; ALTER SCHEMA public OWNER TO ${owner}; ALTER TABLE "Word" OWNER TO ${owner};
      SET ROLE ${owner}; CREATE TABLE "Note" ("text" TEXT); INSERT INTO "Note" VALUES (E'SET transaction_timeout = 0;\n'), (E'\\\\.')`);
    const byOwner = as(database, owner);
    const backup = await backUp(byOwner);
    await database.run(CHANGE);
    const tools = writeNewerTool(database.folder);
    const done = await ask(byOwner, restoreArgs(database, backup), tools);
    assert.deepEqual([done.code, done.answer?.findings], [0, []], done.stderr);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    // Owners that cannot be kept are found in this way as well.
    await database.run(`ALTER TABLE "Note" OWNER TO ${reader}`);
    const other = await backUp(database);
    const own = await ask(byOwner, restoreArgs(database, other), tools);
    assert.equal(own.answer?.findings?.[0]?.code, 'OWNERS_NOT_KEPT', own.stderr);
    assert.deepEqual(await digest(urlOf(database)), other.manifest.tables);
    // What psql says of a script that it cannot carry out is what the operator reads.
    const broken = writeNewerTool(database.folder, 'sed s/COPY/COPPY/');
    const { message } = await assertFails(database, restoreArgs(database, other), 'TOOL_FAILED', broken);
    assert.match(message, /^psql ended with exit code 3[\s\S]*syntax error at or near "COPPY"/);
  });
});
