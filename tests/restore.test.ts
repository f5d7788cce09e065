import { strict as assert } from 'node:assert';
import { basename } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { CHINOOK_MISSING, createChinook, nameIn } from './helpers/chinook.ts';
import { withDatabase } from '../src/database/connect.ts';
import { recordEvidence } from '../src/ownership/evidence.ts';
import { ALL_PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { queryJournal } from './helpers/journal.ts';
import {
  ask,
  assertAsItWas,
  backUp,
  digest,
  dropAfter,
  interrupt,
  keptUrl,
  listKept,
  listOthers,
  nameOf,
  restoreArgs,
  type,
  urlOf,
} from './helpers/restore.ts';
import { listScratch } from './helpers/scratch.ts';

/** Chinook after a run has given all rows to its first user. */
async function createAssigned(t: TestContext, provider: TestDatabase['provider']) {
  const database = dropAfter(t, await createChinook(provider));
  const { answer } = await ask(database, ['list-users']);
  const { id } = answer.users[0];
  assert.equal((await ask(database, ['production-safe', id, '--step=2'])).code, 0);
  return { database, user: id as string };
}

/** What an accident does: rows are changed, deleted and added, and a table is gone. */
async function damage(database: TestDatabase): Promise<void> {
  const name = (word: string) => `"${nameIn(database.provider, word)}"`;
  await database.run(`
    UPDATE ${name('Customer')} SET ${name('Email')} = 'nobody@example.com';
    DELETE FROM ${name('InvoiceLine')};
    INSERT INTO ${name('Genre')} (${name('GenreId')}, ${name('Name')}) VALUES (999, 'added');
    DROP TABLE ${name('PlaylistTrack')};`);
}

for (const provider of ALL_PROVIDERS) {
  const skip = cannotDump(provider) || CHINOOK_MISSING;
  describe(`restore of Chinook on ${provider}`, { skip }, () => {
    it('puts back every row that was changed, deleted or dropped, and keeps the database as it was', async (t) => {
      const { database, user } = await createAssigned(t, provider);
      const url = urlOf(database);
      const backup = await backUp(database);
      assert.deepEqual(await digest(url), backup.manifest.tables);
      await damage(database);
      const rehearsal = { userId: user, host: 'db1', ok: true, answer: null };
      await withDatabase(url, (each) => recordEvidence(each, 'rehearsal', rehearsal));
      const damaged = await digest(url);
      assert.notDeepEqual(damaged, backup.manifest.tables);
      const { code, answer, stderr } = await ask(database, restoreArgs(database, backup));
      assert.equal(code, 0, stderr);
      assert.deepEqual(await digest(url), backup.manifest.tables);
      assert.deepEqual(
        [answer.ok, answer.tables, answer.findings],
        [true, backup.manifest.tables.length, []],
      );
      assert.deepEqual(await digest(keptUrl(database, answer.kept.name), url), damaged);
      assert.deepEqual(await listScratch(database), []);
      assert.equal((await listKept(database)).length, 1);
      // The journal came with the rows: it knows of the run, and of what was proved since, as it was then.
      assert.equal((await ask(database, ['production-safe', user, '--step=3'])).code, 0);
      const evidence = await queryJournal(database, 'evidence', 'ORDER BY id');
      assert.deepEqual(
        evidence.map(({ kind }) => kind),
        ['backup', 'rehearsal', 'backup', 'restore'],
      );
      const [first, , verified] = evidence.map(({ time, body }) => ({
        time: String(time),
        body: JSON.parse(String(body)),
      }));
      assert.deepEqual([first?.body.verified, typeof verified?.body.verified], [null, 'string']);
      assert.ok(String(first?.time) < String(verified?.time));
      assert.equal((await ask(database, ['rollback', '--confirm'])).code, 0);
    });

    it('ends at Ctrl-C with nothing changed, says so, and exits with 130', async (t) => {
      const { database } = await createAssigned(t, provider);
      const backup = await backUp(database);
      await damage(database);
      await assertAsItWas(database, async () => {
        const done = await interrupt(database, restoreArgs(database, backup));
        assert.equal(done.code, 130, done.stderr);
        assert.match(
          done.stderr,
          /Stopping: the copy is removed, and the database stays as it is\.\nerror: /,
        );
        assert.equal(JSON.parse(done.stdout).error.code, 'RESTORE_INTERRUPTED');
      });
    });

    it('says in a dry run what it would do, and does nothing', async (t) => {
      const { database } = await createAssigned(t, provider);
      const backup = await backUp(database);
      await damage(database);
      const before = [await database.dump(), await listOthers(database)];
      const { code, answer } = await ask(database, ['restore', backup.folder, '--dry-run']);
      assert.deepEqual([code, answer.dryRun, answer.ok], [0, true, true]);
      const done = await type(database, ['restore', backup.folder, '--dry-run']);
      assert.match(
        done.stdout,
        /Would be loaded into a new database, .*\nThe old database would be kept as /,
      );
      assert.ok(done.stdout.includes(`\nNothing was changed.\nTo do it:  ${answer.next}\n`), done.stdout);
      assert.ok(answer.next.endsWith(` --confirm=${basename(nameOf(database))}`), answer.next);
      assert.deepEqual([await database.dump(), await listOthers(database)], before);
      // The command that it shows is the one that does it.
      const [, , , ...words] = answer.next.split(' ');
      assert.equal(
        (await type(database, ['restore', ...words.filter((word: string) => word !== '--')])).code,
        0,
      );
      assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    });
  });
}
