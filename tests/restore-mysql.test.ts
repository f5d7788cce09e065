import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { cannotDump } from './helpers/dumpable-server.ts';
import { readBackup } from '../src/backup/read-backup.ts';
import { journalDatabaseOf } from '../src/database/mysql-sql.ts';
import { createChanged, forgeObjects, holdTable, listObjects } from './helpers/mysql-objects.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import { runCommand, startCommand } from './helpers/processes.ts';
import {
  ask,
  assertAsItWas,
  assertFails,
  backUp,
  createWords,
  digest,
  dropAfter,
  keptUrl,
  listKept,
  listOthers,
  nameOf,
  restoreArgs,
  urlOf,
} from './helpers/restore.ts';
import { listScratch } from './helpers/scratch.ts';
import { queryServer } from './helpers/query-server.ts';

describe('restore on MySQL', { skip: cannotDump('mysql') }, () => {
  it('replaces triggers, views, routines, events and foreign keys, and records the old ones', async (t) => {
    const { database, backup } = await createChanged(t);
    const old = await digest(urlOf(database));
    const before = await listObjects(database);
    const { code, answer, stderr } = await ask(database, restoreArgs(database, backup));
    assert.equal(code, 0, stderr);
    const objects = await listObjects(database);
    assert.equal(objects.length, 6);
    assert.ok(
      objects.every((object) => !/other|Quiet|two/.test(object)),
      objects.join('\n'),
    );
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    await assert.rejects(database.run(`DELETE FROM "Word" WHERE "id" = 1`), /foreign key/);
    await database.run(`INSERT INTO "Word" VALUES (9, 'nine')`);
    assert.deepEqual((await database.query(`SELECT "what" FROM "Log"`)).at(-1), { what: 'nine' });
    assert.equal((await database.query(`SELECT * FROM "Loud"`)).length, 4);
    const kept = keptUrl(database, answer.kept.name);
    assert.deepEqual(await digest(kept, urlOf(database)), old);
    assert.deepEqual(await listObjects(database, kept.name), []);
    const [record] = await queryServer(
      database,
      `SELECT status, objects FROM "${journalDatabaseOf(kept.name)}".ownership_restore`,
    );
    assert.equal(record?.status, 'done');
    const recorded = gunzipSync(record?.objects as Buffer).toString();
    for (const object of before) assert.ok(recorded.includes(String(object.split(' ')[1])), object);
    await queryServer(database, answer.kept.removal.replaceAll('`', '"'));
    assert.deepEqual(await listKept(database), []);
  });

  it('puts everything back when the backup’s triggers cannot be made', async (t) => {
    const { database, backup } = await createChanged(t);
    const objects = await listObjects(database);
    await forgeObjects(backup, (sql) => sql.replace(/FUNCTION .one./, '$& nonsense'));
    await assertAsItWas(database, async () => {
      const { message } = await assertFails(
        database,
        restoreArgs(database, readBackup(backup.folder)),
        'OBJECTS_REFUSED',
      );
      assert.match(
        message,
        /ERROR 1064 .*\n[\s\S]*The old tables, with all that belongs to them, were put back\.$/,
      );
    });
    assert.deepEqual(await listObjects(database), objects);
    await database.run(`DELETE FROM "Word" WHERE "id" = 4`);
    assert.deepEqual((await database.query(`SELECT "what" FROM "Log"`)).at(-1), { what: 'deleted' });
  });

  it('puts the triggers back when the tables cannot be moved', async (t) => {
    const { database, backup } = await createChanged(t);
    const objects = await listObjects(database);
    // It has no trigger, so that those of the other tables are gone when it turns out to be in use.
    const release = await holdTable(database, 'Log');
    t.after(release);
    await assertAsItWas(database, () =>
      assertFails(database, restoreArgs(database, backup), 'DATABASE_LOCKED'),
    );
    assert.deepEqual(await listObjects(database), objects);
    await release();
    assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
  });

  it('is killed when the triggers are gone and the tables not moved; the next one puts them back first', async (t) => {
    const { database, backup } = await createChanged(t);
    const [objects, rows] = [await listObjects(database), await digest(urlOf(database))];
    const triggers = objects.filter((object) => object.startsWith('trigger'));
    const release = await holdTable(database, 'Log');
    t.after(release);
    const { child, finished, hasEnded } = startCommand(database, ...restoreArgs(database, backup));
    const isGone = async () =>
      !(await listObjects(database)).some((object) => object.startsWith('trigger')) || hasEnded();
    while (!(await isGone()));
    child.kill('SIGKILL');
    assert.equal((await finished).code, null);
    assert.deepEqual(await digest(urlOf(database)), rows);
    assert.deepEqual(
      await listObjects(database),
      objects.filter((object) => !triggers.includes(object)),
    );
    await release();
    // One that is refused later puts them back as well.
    const app = await connectMysql(database.url);
    await assertFails(database, restoreArgs(database, backup), 'DATABASE_IN_USE');
    await app.close();
    assert.deepEqual(await listObjects(database), objects);
    assert.deepEqual(await listKept(database), []);
    const { code, stderr } = await runCommand(database, ...restoreArgs(database, backup));
    assert.equal(code, 0, stderr);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    assert.equal((await listObjects(database)).length, 6);
    assert.deepEqual(await listScratch(database, child.pid), []);
  });

  it('is killed when the tables have moved; the old ones are kept, and the next one makes what is missing', async (t) => {
    const { database, backup } = await createChanged(t);
    const rows = await digest(urlOf(database));
    const whole = readFileSync(join(backup.folder, 'objects.sql.gz'));
    await forgeObjects(backup, (sql) => `DO SLEEP(600);\n${sql}`);
    const { child, finished, hasEnded } = startCommand(database, ...restoreArgs(database, backup));
    const findSleeper = async () => {
      const [row] = await queryServer(
        database,
        `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = '${nameOf(database)}' AND INFO LIKE 'DO SLEEP%'`,
      );
      return row?.id;
    };
    while (!(await findSleeper()) && !hasEnded());
    child.kill('SIGKILL');
    assert.equal((await finished).code, null);
    // What the killed one has left behind, as an operator would end it.
    await queryServer(database, `KILL ${await findSleeper()}`);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    const [kept = ''] = await listKept(database);
    assert.deepEqual(await digest(keptUrl(database, kept), urlOf(database)), rows);
    await forgeObjects(readBackup(backup.folder), () => gunzipSync(whole).toString());
    const { code, stderr } = await runCommand(database, ...restoreArgs(database, backup));
    assert.equal(code, 0, stderr);
    assert.equal((await listObjects(database)).length, 6);
    assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    assert.deepEqual(await digest(keptUrl(database, kept), urlOf(database)), rows);
  });

  it('is refused while others are connected, and names them', async (t) => {
    const { database, backup } = await createChanged(t);
    const app = await connectMysql(database.url);
    await assertAsItWas(database, async () => {
      const { message } = await assertFails(database, restoreArgs(database, backup), 'DATABASE_IN_USE');
      assert.match(message, /session \d+ of root \((localhost|127\.0\.0\.1).*\)/);
    }).finally(app.close);
  });

  it('is refused where tables of another database have foreign keys to its tables', async (t) => {
    const { database, backup } = await createChanged(t);
    const other = await createWords(t, 'mysql');
    await other.run(
      `CREATE TABLE "Far" ("word" INTEGER, FOREIGN KEY ("word") REFERENCES "${nameOf(database)}"."Word" ("id"))`,
    );
    t.after(() => queryServer(database, `DROP DATABASE IF EXISTS "${nameOf(other)}"`));
    await assertAsItWas(database, async () => {
      const { message } = await assertFails(database, restoreArgs(database, backup), 'REPLACE_REFUSED');
      assert.ok(
        message.includes(`foreign keys to its tables, and would follow the old ones: ${nameOf(other)}.Far`),
      );
    });
    await other.run(`DROP TABLE "Far"`);
  });

  it('is refused for a user who could not put triggers of others back; --to is its way out', async (t) => {
    const { database, backup } = await createChanged(t);
    const user = `u_${nameOf(database).slice(-12)}`;
    const name = nameOf(database);
    await queryServer(
      database,
      `CREATE USER ${user} IDENTIFIED BY 'it''s "#;\\ p@ss'; GRANT ALL ON "${name}%".* TO ${user}`,
    );
    t.after(() => queryServer(database, `DROP USER ${user}`));
    const url = new URL(database.url);
    url.username = user;
    url.password = encodeURIComponent(`it's "#;\\ p@ss`);
    const own = { ...database, url: url.href };
    await assertAsItWas(database, async () => {
      const { message } = await assertFails(own, restoreArgs(database, backup), 'REPLACE_REFUSED');
      assert.match(message, /triggers, views, routines or events of root@/);
    });
    url.pathname = `/${name}_b`;
    await queryServer(database, `CREATE DATABASE "${name}_b"`);
    const done = await ask(own, ['restore', backup.folder, '--to=TARGET', `--confirm=${name}_b`], {
      TARGET: url.href,
    });
    assert.equal(done.code, 2, done.stderr);
    assert.match(done.answer.error.message, /(SUPER|SET USER)[\s\S]*A part of the backup may be there now/);
    assert.ok((await listOthers(database)).includes(`${name}_b`));
  });

  it('is refused for a user who may not create databases; the way out that it names works', async (t) => {
    const database = await createWords(t, 'mysql');
    const [name, user] = [nameOf(database), `v_${nameOf(database).slice(-12)}`];
    await queryServer(
      database,
      `CREATE DATABASE "${name}_b"; CREATE USER ${user} IDENTIFIED BY 'secret';
       GRANT ALL ON "${name}".* TO ${user}; GRANT ALL ON "${name}_b".* TO ${user}`,
    );
    t.after(() => queryServer(database, `DROP USER ${user}`));
    const url = new URL(database.url);
    [url.username, url.password] = [user, 'secret'];
    const own = { ...database, url: url.href };
    const backup = await backUp(own);
    await database.run(`INSERT INTO "Word" VALUES (4, 'four')`);
    await assertAsItWas(database, async () => {
      const refused = await assertFails(own, restoreArgs(database, backup), 'RESTORE_COPY_REFUSED');
      assert.match(refused.message, /none can be made beside "\w+": Access denied for user/);
      assert.match(refused.remedy, /restore into that one with --to\.$/);
    });
    url.pathname = `/${name}_b`;
    const into = ['restore', backup.folder, '--to=TARGET', `--confirm=${name}_b`];
    const done = await ask(own, into, { TARGET: url.href });
    assert.deepEqual([done.code, done.answer?.kept], [0, null], done.stderr);
    assert.deepEqual(await digest(keptUrl(database, `${name}_b`), urlOf(database)), backup.manifest.tables);
  });

  it('into another database leaves out what names the first one, and says so', async (t) => {
    const { database, backup } = await createChanged(t);
    const name = `${nameOf(database)}_b`;
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    await queryServer(database, `CREATE DATABASE "${name}"`);
    const target = dropAfter(t, { ...database, url: url.href, drop: async () => undefined });
    const into = ['restore', backup.folder, `--to=${url.href}`, `--confirm=${name}`];
    const done = await ask(database, into);
    assert.deepEqual([done.code, done.answer?.findings], [0, []], done.stderr);
    assert.equal((await listObjects(target, name)).length, 6);
    await queryServer(
      database,
      `DROP DATABASE "${name}"; DROP DATABASE "${journalDatabaseOf(name)}"; CREATE DATABASE "${name}"`,
    );
    await forgeObjects(backup, (sql) =>
      sql.replace(/INTO "?`?Log`?"?/i, `INTO ${nameOf(database).toUpperCase()} /* it */ .Log`),
    );
    const again = await ask(database, into);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(
      again.answer.findings.map(({ code }: { code: string }) => code),
      ['OBJECTS_LEFT_OUT'],
    );
    assert.deepEqual(await listObjects(target, name), []);
    assert.equal(
      (await digest(keptUrl(database, name), urlOf(database))).length,
      backup.manifest.tables.length,
    );
  });
});
