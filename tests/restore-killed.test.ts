import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
// First, as it decides on which server databases are made.
import { cannotDump } from './helpers/dumpable-server.ts';
import { ALL_PROVIDERS, type TestDatabase } from './helpers/database.ts';
import { runCommand, startCommand } from './helpers/processes.ts';
import {
  backUp,
  createWords,
  digest,
  keptUrl,
  listKept,
  nameOf,
  restoreArgs,
  urlOf,
} from './helpers/restore.ts';
import { queryServer } from './helpers/query-server.ts';
import { listScratch } from './helpers/scratch.ts';

/** How long after its copy is there a restore is killed, in milliseconds: in whatever it is at then. */
const MOMENTS = [0, 100, 200, 300, 400, 500, 700];

for (const provider of ALL_PROVIDERS) {
  describe(`a restore on ${provider} that is killed`, { skip: cannotDump(provider) }, () => {
    it('leaves the old rows or the restored ones, whole; the next one does it, and removes what was left', async (t) => {
      const database = await createWords(t, provider);
      const url = urlOf(database);
      const backup = await backUp(database);
      const kept = new Set(await listKept(database));
      for (const [number, moment] of MOMENTS.entries()) {
        await database.run(`INSERT INTO "Word" VALUES (${100 + number}, 'later')`);
        const before = await digest(url);
        const { child, finished, hasEnded } = startCommand(database, ...restoreArgs(database, backup));
        while (!hasEnded() && (await listScratch(database, child.pid)).length === 0) await pause(1);
        await pause(moment);
        child.kill('SIGKILL');
        await finished;
        if (provider === 'mysql') await untilDeserted(database);
        const after = await digest(url);
        const isRestored = JSON.stringify(after) === JSON.stringify(backup.manifest.tables);
        if (!isRestored) assert.deepEqual(after, before, `killed after ${moment} ms`);
        const added = (await listKept(database)).filter((name) => !kept.has(name));
        // What was replaced is kept, whatever came then.
        if (isRestored) assert.ok(added.length > 0, `killed after ${moment} ms`);
        for (const name of added) kept.add(name);
        const done = await runCommand(database, ...restoreArgs(database, backup));
        assert.equal(done.code, 0, done.stderr);
        assert.deepEqual(await digest(url), backup.manifest.tables);
        assert.deepEqual(await listScratch(database, child.pid), []);
        for (const name of await listKept(database)) kept.add(name);
      }
      const rows = await digest(keptUrl(database, urlOfKept(provider, url.url, [...kept].at(-1) ?? '')), url);
      assert.equal(rows.length, 1);
    });
  });
}

/** What a session of a killed process is at goes on without it: of tables that are moved, some would be seen in neither place. */
async function untilDeserted(database: TestDatabase): Promise<void> {
  const sessions = `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${nameOf(database)}'`;
  while ((await queryServer(database, sessions)).length > 0) await pause(20);
}

/** A kept database by the name that `keptUrl` wants: on SQLite a path. */
function urlOfKept(provider: string, file: string, name: string): string {
  return provider === 'sqlite' ? file.replace(/[^/]*$/, name) : name;
}
