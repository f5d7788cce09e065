import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCli } from './helpers/command-line.ts';
import { ALL_PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { cannotDump } from './helpers/dumpable-server.ts';
import { runInProcess } from './helpers/in-process.ts';
import { createApp, OWNER, writeTrigger } from './helpers/rehearsal.ts';
import { listScratch } from './helpers/scratch.ts';
import { cannotMount, withSmallDisk } from './helpers/small-disk.ts';
import { hasJournal, takeSnapshot } from './helpers/snapshot.ts';

const PATH = process.env.PATH ?? '';

for (const provider of ALL_PROVIDERS) {
  describe(`rehearse on ${provider}`, { skip: cannotDump(provider) }, () => {
    let database: TestDatabase;
    const env = () => ({ DATABASE_URL: database.url, PATH });
    const type = (words: string[], more: Record<string, string> = {}) =>
      runInProcess(['rehearse', ...words], { cwd: database.folder, env: { ...env(), ...more } });
    before(async () => {
      database = await createApp(provider, 'none');
    });
    after(() => database?.drop());

    /** Runs the command as a process, does something to it once stderr has a text, and returns what is left. */
    async function disturb(when: RegExp, act: (child: ChildProcess) => void) {
      let pid = 0;
      let stderr = '';
      const done = await runCli(['rehearse', OWNER, '--models=Note', '--json'], {
        cwd: database.folder,
        env: env(),
        onStart: (child) => {
          pid = child.pid ?? 0;
          child.stderr?.on('data', (text: string) => {
            const before = when.test(stderr);
            stderr += text;
            if (!before && when.test(stderr)) act(child);
          });
        },
      });
      return { ...done, pid };
    }
    const listFolders = () => readdirSync(database.folder).filter((name) => name.startsWith('.rehearsal-'));

    for (const [what, when] of [
      ['while it makes its backup', /^Making a backup/m],
      ['while it fills the copies', /^Copying it/m],
      ['in the middle of the parts', /^phase 1: held/m],
    ] as const) {
      it(`leaves nothing behind when Ctrl-C stops it ${what}`, async () => {
        const before = await takeSnapshot(database);
        const done = await disturb(when, (child) => child.kill('SIGINT'));
        assert.equal(done.code, 130, done.stderr);
        assert.match(done.stderr, /^Stopping, and removing the copies; press Ctrl-C again/m);
        const { error } = JSON.parse(done.stdout);
        assert.equal(error.code, 'REHEARSAL_INTERRUPTED');
        assert.deepEqual(await listScratch(database, done.pid), []);
        assert.deepEqual(listFolders(), []);
        assert.deepEqual(await takeSnapshot(database), before);
        assert.equal(await hasJournal(database), false);
      });

      it(`is swept by the next one when it is killed ${what}`, async () => {
        const killed = await disturb(when, (child) => child.kill('SIGKILL'));
        assert.deepEqual([killed.code, killed.stdout], [null, '']);
        const left = [...(await listScratch(database, killed.pid)), ...listFolders()];
        assert.ok(left.length >= 2, left.join());
        // It is of the same host: as a process, too.
        const next = await runCli(['rehearse', OWNER, '--models=Note'], { cwd: database.folder, env: env() });
        assert.equal(next.code, 0, next.stderr);
        assert.deepEqual([...(await listScratch(database, killed.pid)), ...listFolders()], []);
        await forgetJournal(database);
      });
    }

    it('ends with 1 where a trigger changes more, and says so in words', async (t) => {
      const other = await createApp(provider, 'optional');
      t.after(() => other.drop());
      await other.run(writeTrigger(provider, 'counts edits'));
      const atFirst = await takeSnapshot(other);
      const done = await runInProcess(['rehearse', OWNER], {
        cwd: other.folder,
        env: { DATABASE_URL: other.url, PATH },
      });
      assert.equal(done.code, 1, done.stderr);
      assert.match(
        done.stdout,
        /^error: step 2 changed more than owners in the table "Note": .*"touch" of Note \[REHEARSAL_DIFFERS\]$/m,
      );
      assert.match(
        done.stdout,
        /^Of 3 tables with 253 rows, Note changed in more than the owner's column\.$/m,
      );
      assert.match(
        done.stdout,
        /^Not every part held\. The copies are removed, and production is as it was\.$/m,
      );
      assert.deepEqual(await takeSnapshot(other), atFirst);
    });

    it('rehearses on an old backup, and predicts by the rows of now', async (t) => {
      const other = await createApp(provider, 'none');
      t.after(() => other.drop());
      const where = { cwd: other.folder, env: { DATABASE_URL: other.url, PATH } };
      const backup = await runInProcess(['backup', '--json'], where);
      assert.equal(backup.code, 0, backup.stderr);
      const [name] = readdirSync(join(other.folder, 'backups')).filter((each) => !each.startsWith('.'));
      await other.run('DELETE FROM "Note" WHERE id > 50');
      const words = ['rehearse', OWNER, '--models=Note', `--from=backups/${name}`, '--json'];
      const done = await runInProcess(words, where);
      assert.equal(done.code, 0, done.stderr);
      assert.doesNotMatch(done.stderr, /Making a backup/);
      const answer = JSON.parse(done.stdout);
      assert.equal(answer.copied.backup, `backups/${name}`);
      const [step2] = answer.parts.find(({ part }: { part: string }) => part === 'step2').models;
      assert.deepEqual([step2.rows, step2.production.rows], [250, 50]);
    });

    it('makes the copies beside another database that a variable names', async (t) => {
      const other = await createApp(provider, 'none');
      t.after(() => other.drop());
      const done = await type([OWNER, '--models=Note', '--to=STAGING_URL', '--json'], {
        STAGING_URL: other.url,
      });
      assert.equal(done.code, 0, done.stderr);
      const answer = JSON.parse(done.stdout);
      const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(provider === 'sqlite' ? 0 : 1);
      assert.deepEqual([answer.database.name, answer.server.name], [nameOf(database), nameOf(other)]);
      assert.equal(await hasJournal(other), false);
      await forgetJournal(database);
    });

    it('refuses what cannot be rehearsed before anything is copied', async () => {
      for (const [words, code, says] of [
        [['nobody', '--models=Note'], 'USER_NOT_FOUND', /nobody/],
        [[OWNER, '--models=Nothing'], 'MODEL_UNKNOWN', /Nothing/],
        [[OWNER], 'NO_CANDIDATE', /no model leads to User/],
        [[OWNER, '--models=Note', '--from=backups/none'], 'BACKUP_MISSING', /backups\/none/],
        [[OWNER, '--models=Note', '--to=NOT_SET'], 'TARGET_UNSET', /NOT_SET/],
      ] as const) {
        const done = await type([...words, '--json']);
        assert.equal(done.code, 2, done.stderr);
        assert.equal(JSON.parse(done.stdout).error.code, code);
        assert.match(done.stderr, says);
        assert.doesNotMatch(done.stderr, /Making a backup/);
      }
      assert.equal(await hasJournal(database), false);
    });
  });
}

describe('rehearse on a disk that is too small for the copies', { skip: cannotMount() }, () => {
  for (const [what, kilobytes, hasBegun] of [
    ['while they are filled', 28, false],
    ['while rows are assigned', 100, true],
  ] as const) {
    it(`says so, and leaves nothing on it, ${what}`, async (t) => {
      const database = await createApp('sqlite', 'none');
      t.after(() => database.drop());
      await withSmallDisk(kilobytes * 1024, async (folder) => {
        writeFileSync(join(folder, 'staging.db'), '');
        const done = await runInProcess(
          ['rehearse', OWNER, '--models=Note', '--json', `--to=file:${folder}/staging.db`],
          { cwd: database.folder, env: { DATABASE_URL: database.url, PATH } },
        );
        assert.equal(done.code, 2, done.stderr);
        assert.equal(JSON.parse(done.stdout).error.code, 'REHEARSAL_SPACE', done.stdout);
        assert.equal(/^step 1: held/m.test(done.stderr), hasBegun, done.stderr);
        assert.deepEqual(readdirSync(folder), ['staging.db']);
      });
      assert.deepEqual(readdirSync(database.folder).sort(), ['schema.prisma', 'test.db']);
    });
  }
});

/** Takes the journal away that a rehearsal has left its evidence in. */
async function forgetJournal(database: TestDatabase): Promise<void> {
  const done = await runInProcess(['cleanup', '--confirm', '--journal'], {
    cwd: database.folder,
    env: { DATABASE_URL: database.url },
  });
  assert.equal(done.code, 0, done.stderr);
}
