import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RehearseAnswer } from '../src/commands/copy-results.ts';
import { ALL_PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { cannotDump } from './helpers/dumpable-server.ts';
import { runInProcess } from './helpers/in-process.ts';
import { queryJournal } from './helpers/journal.ts';
import { queryMysql } from './helpers/mysql-database.ts';
import { createApp, OWNER, writeMigrations, writeTrigger } from './helpers/rehearsal.ts';
import { listScratch } from './helpers/scratch.ts';
import { takeSnapshot } from './helpers/snapshot.ts';

const PATH = process.env.PATH ?? '';

function type(database: TestDatabase, words: string[], env: Record<string, string> = {}) {
  const all = { DATABASE_URL: database.url, PATH, ...env };
  return runInProcess(words, { cwd: database.folder, env: all });
}

async function rehearse(database: TestDatabase, ...words: string[]) {
  const done = await type(database, ['rehearse', OWNER, '--json', ...words]);
  return { ...done, answer: JSON.parse(done.stdout) as RehearseAnswer };
}

async function makeApp(t: TestContext, ...args: Parameters<typeof createApp>): Promise<TestDatabase> {
  const database = await createApp(...args);
  t.after(() => database.drop());
  return database;
}

/** The same database, for a role with another name and a password that is hard to write. */
function asRole({ url }: TestDatabase, name: string): string {
  const changed = new URL(url);
  changed.username = name;
  changed.password = encodeURIComponent(PASSWORD);
  return changed.href;
}

const PASSWORD = 'p@ss/w:rd #1';

for (const provider of ALL_PROVIDERS) {
  describe(`rehearse on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('begins with the migrations of phase 1 where they are written and not applied', async (t) => {
      const database = await makeApp(t, provider, 'none');
      await writeMigrations(database, { applied: ['20260101000000_init'], pending: {} });
      const written = await type(database, ['schema', '--phase=1', '--models=Note', '--sql', '--write']);
      assert.equal(written.code, 0, written.stderr);
      const { code, answer, stderr } = await rehearse(database);
      assert.equal(code, 0, stderr);
      assert.deepEqual(answer.parts.map(({ part, state }) => `${part} ${state}`).slice(0, 4), [
        'pending held',
        'phase1 nothingToDo',
        'step1 held',
        'step2 held',
      ]);
      assert.match(
        answer.findings.find((each) => each.code === 'REHEARSAL_PENDING')?.message ?? '',
        /add_optional_user_relations/,
      );
      assert.ok(!answer.findings.some((each) => each.code === 'REHEARSAL_MIGRATED_ROWS'));
    });

    it('goes on beside a run and a guard of production, and leaves both', async (t) => {
      const database = await makeApp(t, provider, 'optional');
      await database.run(`UPDATE "Note" SET "userId" = NULL`);
      const assigned = await type(database, ['production-safe', OWNER, '--step=2', '--guard']);
      assert.equal(assigned.code, 0, assigned.stderr);
      await database.run(`UPDATE "Note" SET "userId" = NULL WHERE id < 100`);
      const before = await takeSnapshot(database);
      const runs = await queryJournal(database, 'run');
      const { code, answer, stderr } = await rehearse(database);
      assert.equal(code, 0, `${stderr}${JSON.stringify(answer.findings)}`);
      // On MySQL the guard names the journal of production, so it is not in the copies.
      const about = provider === 'mysql' ? 'REHEARSAL_LEFT_OUT' : 'REHEARSAL_GUARDS';
      assert.ok(
        answer.findings.some(({ code }) => code === about),
        JSON.stringify(answer.findings),
      );
      assert.deepEqual(await takeSnapshot(database), before);
      assert.deepEqual(await queryJournal(database, 'run'), runs);
    });
  });
}

describe('rehearse on PostgreSQL', { skip: cannotDump('postgresql') }, () => {
  it('is refused without the right to create a database, and --to helps', async (t) => {
    const database = await createApp('postgresql', 'none');
    const role = `rehearse_${process.pid}`;
    await database.run(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'; GRANT pg_read_all_data TO ${role}`);
    t.after(async () => {
      await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await database.drop();
    });
    const env = { DATABASE_URL: asRole(database, role), STAGING_URL: database.url };
    const words = ['rehearse', OWNER, '--models=Note', '--json'];
    const refused = await type(database, words, env);
    assert.equal(refused.code, 2);
    assert.equal(JSON.parse(refused.stdout).error.code, 'SCRATCH_REFUSED');
    const done = await type(database, [...words, '--to=STAGING_URL'], env);
    assert.equal(done.code, 0, done.stderr);
    assert.match(
      done.stderr,
      /^The journal does not say that this was rehearsed: .*permission denied.* What was found is true all the same\.$/m,
    );
    assert.doesNotMatch(done.stdout + done.stderr, /p@ss|p%40ss/);
    assert.deepEqual(await listScratch(database), []);
  });

  it('reaches no foreign server from the copies', async (t) => {
    const database = await makeApp(t, 'postgresql', 'optional');
    const hasWrapper = await database.query(
      "SELECT 1 FROM pg_available_extensions WHERE name = 'postgres_fdw'",
    );
    if (hasWrapper.length === 0) return t.skip('the server has no postgres_fdw');
    const { hostname, port, pathname } = new URL(database.url);
    await database.run(`CREATE EXTENSION postgres_fdw;
      CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${hostname}', port '${port || 5432}', dbname '${pathname.slice(1)}');
      CREATE USER MAPPING FOR CURRENT_USER SERVER here OPTIONS (user 'postgres', password 'postgres');
      CREATE FOREIGN TABLE outside (id INT, text TEXT) SERVER here OPTIONS (table_name 'Log');
      CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO public.outside VALUES (NEW.id + 100, 'from a trigger'); RETURN NEW; END $$;
      CREATE TRIGGER tell AFTER UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION tell();`);
    const before = await takeSnapshot(database);
    const { code, answer } = await rehearse(database);
    assert.equal(code, 1);
    assert.match(JSON.stringify(answer.findings), /user mapping not found/);
    assert.deepEqual(await takeSnapshot(database), before);
  });
});

describe('rehearse on MySQL', { skip: cannotDump('mysql') }, () => {
  it('is refused without the right to create a database', async (t) => {
    const database = await createApp('mysql', 'none');
    const name = new URL(database.url).pathname.slice(1);
    const user = `rehearse_${process.pid}`;
    await database.run(
      `CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}'; GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON ${name}.* TO '${user}'@'%'`,
    );
    t.after(async () => {
      await database.run(`DROP USER '${user}'@'%'`);
      await database.drop();
    });
    const env = { DATABASE_URL: asRole(database, user) };
    const refused = await type(database, ['rehearse', OWNER, '--models=Note', '--json'], env);
    assert.equal(refused.code, 2, refused.stderr);
    assert.equal(JSON.parse(refused.stdout).error.code, 'SCRATCH_REFUSED');
    assert.doesNotMatch(refused.stdout + refused.stderr, /p@ss|p%40ss/);
  });

  it('goes on without triggers that the role may not create, and says so', async (t) => {
    const database = await createApp('mysql', 'optional');
    const name = new URL(database.url).pathname.slice(1);
    const user = `rehearse_${process.pid}`;
    await database.run(writeTrigger('mysql', 'counts edits'));
    await database.run(`CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}';
      GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON ${name}.* TO '${user}'@'%';
      GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, LOCK TABLES ON "prisma\\_o\\_scratch\\_%".* TO '${user}'@'%'`);
    t.after(async () => {
      await database.run(`DROP USER '${user}'@'%'`);
      await database.drop();
    });
    const done = await type(database, ['rehearse', OWNER, '--json'], {
      DATABASE_URL: asRole(database, user),
    });
    assert.equal(done.code, 0, done.stderr + done.stdout);
    const { findings } = JSON.parse(done.stdout) as RehearseAnswer;
    const leftOut = findings.find((each) => each.code === 'REHEARSAL_LEFT_OUT');
    assert.match(
      leftOut?.message ?? '',
      /^the views, triggers and routines are not all in the copies: .*TRIGGER command denied/,
    );
    assert.match(done.stderr, /^The journal does not say that this was rehearsed: /m);
  });

  it('leaves out what could write to the database, and says so', async (t) => {
    const database = await makeApp(t, 'mysql', 'optional');
    const name = new URL(database.url).pathname.slice(1);
    await queryMysql(
      database.url,
      `CREATE TRIGGER abroad AFTER UPDATE ON "Note" FOR EACH ROW INSERT INTO "${name}"."Log" SELECT max(id) + 1, 'x' FROM "${name}"."Log";
       CREATE EVENT clean ON SCHEDULE EVERY 1 SECOND DO DELETE FROM "Note";
       CREATE VIEW titles AS SELECT title FROM "Note";`,
    );
    // An event that the server carries out would delete rows here, too.
    await database.run('ALTER EVENT clean DISABLE');
    const before = await takeSnapshot(database);
    const { code, answer, stderr } = await rehearse(database);
    assert.equal(code, 0, `${stderr}${JSON.stringify(answer.findings)}`);
    const leftOut = answer.findings.find((each) => each.code === 'REHEARSAL_LEFT_OUT');
    assert.match(leftOut?.message ?? '', /trigger "abroad", event "clean"$/);
    assert.deepEqual(await takeSnapshot(database), before);
  });

  it('has those triggers in the copies that stay there', async (t) => {
    const database = await makeApp(t, 'mysql', 'optional');
    await database.run(writeTrigger('mysql', 'counts edits'));
    const { code, answer } = await rehearse(database);
    assert.equal(code, 1);
    assert.ok(!answer.findings.some((each) => each.code === 'REHEARSAL_LEFT_OUT'));
    assert.match(JSON.stringify(answer.findings), /triggers that an update fires: \\"touch\\" of Note/);
  });
});

describe('rehearse', () => {
  it('refuses a server of another kind', async (t) => {
    const database = await makeApp(t, 'sqlite', 'none');
    const words = ['rehearse', OWNER, '--models=Note', '--to=postgresql://nobody@127.0.0.1:1/none', '--json'];
    const done = await type(database, words);
    assert.equal(done.code, 2);
    assert.equal(JSON.parse(done.stdout).error.code, 'COPY_PROVIDER_DIFFERS');
  });
});
