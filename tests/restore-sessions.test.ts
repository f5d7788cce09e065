import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from 'pg';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { as, createRole } from './helpers/roles.ts';
import {
  ask,
  assertAsItWas,
  assertFails,
  backUp,
  createWords,
  digest,
  nameOf,
  restoreArgs,
  urlOf,
} from './helpers/restore.ts';
import { queryServer } from './helpers/query-server.ts';

describe('sessions of others before a restore', () => {
  it('are named on PostgreSQL also for a role that may not see what they do', {
    skip: cannotDump('postgresql'),
  }, async (t) => {
    const database = await createWords(t, 'postgresql');
    const owner = await createRole(t, database, 'CREATEDB');
    await database.run(
      `ALTER DATABASE "${nameOf(database)}" OWNER TO ${owner}; ALTER TABLE "Word" OWNER TO ${owner}`,
    );
    const own = as(database, owner);
    const backup = await backUp(own);
    const app = new Client({ connectionString: database.url, application_name: 'the app' });
    await app.connect();
    try {
      await assertAsItWas(database, async () => {
        const { message } = await assertFails(own, restoreArgs(database, backup), 'DATABASE_IN_USE');
        assert.match(message, /session \d+ of postgres \(the app\)/);
      });
    } finally {
      await app.end();
    }
  });

  it('are said to be unseen on MySQL without PROCESS, before and after', {
    skip: cannotDump('mysql'),
  }, async (t) => {
    const database = await createWords(t, 'mysql');
    const user = `w_${nameOf(database).slice(-12)}`;
    // Of the copy, and of the database that is kept, which begin with a part of the name.
    const prefix = nameOf(database).slice(0, 8).replaceAll('_', '\\_');
    await queryServer(
      database,
      `CREATE USER ${user} IDENTIFIED BY 'secret'; GRANT ALL ON "${prefix}%".* TO ${user}`,
    );
    t.after(() => queryServer(database, `DROP USER ${user}`));
    const url = new URL(database.url);
    [url.username, url.password] = [user, 'secret'];
    const own = { ...database, url: url.href };
    const backup = await backUp(own);
    const app = await connectMysql(database.url);
    t.after(app.close);
    const dry = await ask(own, ['restore', backup.folder, '--dry-run']);
    const [finding] = dry.answer.findings;
    assert.deepEqual([dry.code, finding?.code, dry.answer.findings.length], [0, 'SESSIONS_UNSEEN', 1]);
    assert.equal(
      finding.message,
      `whether others use the database is not known: the user ${user}@% does not have the PROCESS privilege, so it sees no session of another user`,
    );
    const done = await ask(own, restoreArgs(database, backup));
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stderr, /^warning: whether others use the database is not known: /m);
    assert.deepEqual(done.answer.findings, [finding]);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    // Who may see it is told of it.
    assert.deepEqual(
      (await ask(database, ['restore', backup.folder, '--dry-run'])).answer.findings.map(
        ({ code }: { code: string }) => code,
      ),
      ['DATABASE_IN_USE'],
    );
  });
});
