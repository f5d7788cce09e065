import { strict as assert } from 'node:assert';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { Client } from 'pg';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { MANIFEST_FILE } from '../src/backup/manifest.ts';
import type { Backup } from '../src/backup/read-backup.ts';
import { ALL_PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { ASSIGN_GUARDED, createGuardable } from './helpers/guard.ts';
import { runInJournal } from './helpers/journal.ts';
import { connectMysql } from './helpers/mysql-database.ts';
import {
  ask,
  assertAsItWas,
  assertFails,
  backUp,
  createWords,
  digest,
  dropAfter,
  forge,
  nameOf,
  restoreArgs,
  urlOf,
} from './helpers/restore.ts';

const CHANGE = `UPDATE "Word" SET "text" = 'changed' WHERE "id" = 2`;

/** A file of the backup that has the rows. */
function dataOf({ folder, manifest }: Backup): string {
  return join(folder, manifest.files.find(({ role }) => role === 'data')?.name ?? '');
}

/** Has another process write, as the database tells it. Returns how it ends. */
async function holdWriterLock(database: TestDatabase): Promise<() => Promise<void>> {
  if (database.provider === 'sqlite') {
    const now = new Date().toISOString();
    await runInJournal(
      database,
      `UPDATE run SET status = 'running', command = 'assign', host = 'elsewhere', pid = 12, heartbeat = '${now}'`,
    );
    return async () => undefined;
  }
  if (database.provider === 'mysql') {
    const { query, close } = await connectMysql(new URL('/', database.url).href);
    await query(`SELECT GET_LOCK('${nameOf(database)}.ownership_writer', 0)`);
    return close;
  }
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`SELECT pg_advisory_lock(${0x6f_77_6e_65_72})`);
  return () => client.end();
}

for (const provider of ALL_PROVIDERS) {
  describe(`restore on ${provider} is refused`, { skip: cannotDump(provider) }, () => {
    it('without the name of the database, or with another one', async (t) => {
      const database = await createWords(t, provider);
      const backup = await backUp(database);
      await database.run(CHANGE);
      const name = nameOf(database);
      await assertAsItWas(database, async () => {
        const missing = await assertFails(database, ['restore', backup.folder], 'RESTORE_UNCONFIRMED');
        assert.ok(missing.remedy.endsWith(` --confirm=${basename(name)}`), missing.remedy);
        for (const wrong of ['other', `${name}x`, 'true', '1', '']) {
          const refused = await assertFails(
            database,
            ['restore', backup.folder, `--confirm=${wrong}`],
            'CONFIRMED_ANOTHER',
          );
          assert.ok(refused.message.includes(`"${wrong}"`) && refused.message.includes(`"${name}"`));
        }
      });
    });

    it('of a backup of another database, also when the name is confirmed', async (t) => {
      const [database, other] = [await createWords(t, provider), await createWords(t, provider)];
      const backup = await backUp(other);
      if (provider === 'sqlite') {
        // Files are known by their names, wherever they are.
        const moved = join(database.folder, 'moved.db');
        copyFileSync(urlOf(database).url, moved);
        database.url = `file:${moved}`;
      }
      await assertAsItWas(database, async () => {
        const { message } = await assertFails(database, restoreArgs(database, backup), 'BACKUP_OF_ANOTHER');
        assert.ok(message.includes(nameOf(other)) && message.includes(nameOf(database)), message);
      });
    });

    it('of a backup that is damaged, whatever happened to it', async (t) => {
      const database = await createWords(t, provider);
      const [backup, later] = [await backUp(database), await backUp(database)];
      await database.run(CHANGE);
      const [data, manifest] = [dataOf(backup), join(backup.folder, MANIFEST_FILE)];
      const whole = { data: readFileSync(data), manifest: readFileSync(manifest) };
      const flipped = Buffer.from(whole.data);
      flipped.writeUInt8(flipped.readUInt8(flipped.length - 9) ^ 1, flipped.length - 9);
      const damages: [what: string, code: string, says: RegExp, work: () => void][] = [
        ['truncated', 'BACKUP_DAMAGED', /has \d+ bytes instead of \d+/, () => truncateSync(data, 100)],
        ['one bit', 'BACKUP_DAMAGED', /has other contents/, () => writeFileSync(data, flipped)],
        ['missing', 'BACKUP_DAMAGED', /is missing/, () => rmSync(data)],
        ['manifest missing', 'BACKUP_MISSING', /has no manifest/, () => rmSync(manifest)],
        [
          'manifest edited',
          'BACKUP_EDITED',
          /not as it was written/,
          () => writeFileSync(manifest, String(whole.manifest).replace('"rows": 3', '"rows": 4')),
        ],
        [
          'manifest of another backup',
          'BACKUP_DAMAGED',
          /is missing|has other contents|has \d+ bytes/,
          () => copyFileSync(join(later.folder, MANIFEST_FILE), manifest),
        ],
        ['manifest no JSON', 'BACKUP_EDITED', /./, () => writeFileSync(manifest, '{"format": 1')],
      ];
      await assertAsItWas(database, async () => {
        for (const [what, code, says, work] of damages) {
          work();
          const { message } = await assertFails(database, restoreArgs(database, backup), code);
          assert.match(message, says, what);
          writeFileSync(data, whole.data);
          writeFileSync(manifest, whole.manifest);
        }
        await assertFails(
          database,
          ['restore', 'nowhere', `--confirm=${nameOf(database)}`],
          'BACKUP_MISSING',
        );
      });
      assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
    });

    it('when the copy does not have the rows that the manifest says, and names the table', async (t) => {
      const database = await createWords(t, provider);
      const backup = await backUp(database);
      await database.run(CHANGE);
      const changed = await backUp(database);
      await forge(backup, (path) => copyFileSync(dataOf(changed), path));
      await assertAsItWas(database, async () => {
        const { message } = await assertFails(database, restoreArgs(database, backup), 'RESTORE_DIFFERS');
        assert.match(
          message,
          /Word has 3 rows, as it should, and other values in them\nThe database is as it was/,
        );
      });
      await database.run(`DELETE FROM "Word" WHERE "id" = 1`);
      const shorter = await backUp(database);
      await forge(backup, (path) => copyFileSync(dataOf(shorter), path));
      const { message } = await assertFails(database, restoreArgs(database, backup), 'RESTORE_DIFFERS');
      assert.match(message, /Word has 2 rows instead of 3/);
    });

    it('when the archive ends in the middle, though its checksum fits', async (t) => {
      const database = await createWords(t, provider);
      const backup = await backUp(database);
      await database.run(CHANGE);
      await forge(backup, (path) => truncateSync(path, readFileSync(path).length - 40));
      const code = provider === 'postgresql' ? 'TOOL_FAILED' : 'BACKUP_UNREADABLE';
      await assertAsItWas(database, () => assertFails(database, restoreArgs(database, backup), code));
    });

    it('while another process writes', async (t) => {
      const database = dropAfter(t, await createGuardable(t, provider));
      assert.equal((await ask(database, ['production-safe', 'ana', '--step=2'])).code, 0);
      const backup = await backUp(database);
      const release = await holdWriterLock(database);
      await assertAsItWas(database, () =>
        assertFails(database, restoreArgs(database, backup), 'ANOTHER_WRITER'),
      ).finally(release);
    });

    it('while there is a guard; its remedy takes it away', async (t) => {
      const database = dropAfter(t, await createGuardable(t, provider));
      const backup = await backUp(database);
      assert.equal((await ask(database, ASSIGN_GUARDED)).code, 0);
      await assertAsItWas(database, async () => {
        const { message, remedy } = await assertFails(
          database,
          restoreArgs(database, backup),
          'GUARD_IN_THE_WAY',
        );
        assert.match(message, /a guard on Note,/);
        assert.match(remedy, /npm run migration:cleanup -- --confirm$/);
      });
      assert.equal((await ask(database, ['cleanup', '--confirm'])).code, 0);
      assert.equal((await ask(database, restoreArgs(database, backup))).code, 0);
      assert.deepEqual(await digest(urlOf(database)), backup.manifest.tables);
    });

    it('not while a run is paused, but says that the run is only in the database that is kept', async (t) => {
      const database = dropAfter(t, await createGuardable(t, provider));
      const backup = await backUp(database);
      const { run } = (await ask(database, ['production-safe', 'ana', '--step=2'])).answer;
      await runInJournal(database, `UPDATE run SET status = 'paused'`);
      const { code, answer } = await ask(database, restoreArgs(database, backup));
      assert.deepEqual([code, answer.findings[0].code], [0, 'RUN_LEFT_BEHIND']);
      assert.ok(answer.findings[0].message.startsWith(`run ${run} is paused`));
      assert.deepEqual((await ask(database, ['status'])).answer.runs, []);
    });
  });
}

describe('restore of a backup of another kind of database', { skip: cannotDump('postgresql') }, () => {
  it('is refused', async (t) => {
    const [database, other] = [await createWords(t, 'sqlite'), await createWords(t, 'postgresql')];
    const backup = await backUp(other);
    await assertAsItWas(database, () =>
      assertFails(database, restoreArgs(database, backup), 'BACKUP_OF_ANOTHER_PROVIDER'),
    );
  });
});
