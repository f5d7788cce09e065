import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describe, it } from 'node:test';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { readBackup } from '../src/backup/read-backup.ts';
import { CHINOOK_MISSING, CHINOOK_ROWS, createChinook, nameIn } from './helpers/chinook.ts';
import { ALL_PROVIDERS } from './helpers/database.ts';
import { OWNER } from './helpers/notebook.ts';
import { ask, digest, dropAfter, nameOf, urlOf } from './helpers/restore.ts';
import { listScratch } from './helpers/scratch.ts';

const ROWS = Object.values(CHINOOK_ROWS).reduce((sum, rows) => sum + rows, 0);

for (const provider of ALL_PROVIDERS)
  describe(`the safety net under Chinook on ${provider}`, {
    skip: cannotDump(provider) || CHINOOK_MISSING,
  }, () => {
    it('holds from the backup to the restore, and every digest agrees', async (t) => {
      const database = dropAfter(t, await createChinook(provider));
      const succeed = async (...words: string[]) => {
        const { code, answer, stderr } = await ask(database, words);
        assert.equal(code, 0, `${words.join(' ')}: ${stderr}${JSON.stringify(answer)}`);
        return answer;
      };
      const before = await digest(urlOf(database));

      const backup = await succeed('backup', '--verify');
      const folder = join(database.folder, backup.path);
      assert.deepEqual(readBackup(folder).manifest.tables, before);
      assert.equal(backup.verified.tables, before.length);

      const rehearsal = await succeed('rehearse', OWNER);
      assert.deepEqual(rehearsal.proof.differences, []);
      assert.equal(rehearsal.proof.tables.length, before.length);

      const checked = await succeed('production-safe', OWNER, '--step=1');
      assert.deepEqual([checked.safety.backup.verified !== null, checked.safety.rehearsal.ok], [true, true]);

      const { proof } = await succeed('production-safe', OWNER, '--step=2', '--proof', '--require-backup');
      assert.deepEqual([proof.rows, proof.unprovedRows], [ROWS, 0]);
      // On a copy and in production: the same rows, but for the owner.
      const rehearsed = new Map(
        rehearsal.proof.tables.map((each: { table: string }) => [each.table.split('.').at(-1), each]),
      );
      for (const { model, ...proved } of proof.models) {
        const { rows, digest: of } = rehearsed.get(nameIn(provider, model)) as {
          rows: number;
          digest: string;
        };
        assert.deepEqual(proved, { rows, digest: of }, model);
      }
      await succeed('production-safe', OWNER, '--step=3');
      assert.notDeepEqual(await digest(urlOf(database)), before);

      const report = await succeed('report');
      assert.deepEqual([report.backups.length, report.rehearsals.length, report.runs.length], [1, 1, 1]);

      await succeed('restore', folder, `--confirm=${nameOf(database)}`);
      assert.deepEqual(await digest(urlOf(database)), before);
      assert.deepEqual(await listScratch(database), []);
    });
  });
