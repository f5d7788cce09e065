import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Digest } from '../../src/proof/digest.ts';
import { digestTable } from '../../src/proof/digest-table.ts';
import { CHINOOK_MISSING, CHINOOK_ROWS, createChinook, nameIn } from '../helpers/chinook.ts';
import { ALL_PROVIDERS, isMissing, type TestDatabase } from '../helpers/database.ts';
import { openDatabase } from '../helpers/digests.ts';
import { OWNER } from '../helpers/notebook.ts';
import { runCommand } from '../helpers/processes.ts';

/** Every table, without owner columns. */
function digestAll(target: TestDatabase): Promise<Record<string, Digest>> {
  return openDatabase(target, async (database) => {
    const { dialect, read } = database;
    const digests: Record<string, Digest> = {};
    for (const table of await read((session) => dialect.digests.listTables(session))) {
      const shape = await read((session) => dialect.digests.describe(session, table));
      if (shape) digests[table.name] = await digestTable(database, shape, { except: 'userId' });
    }
    return digests;
  });
}

for (const provider of ALL_PROVIDERS) {
  describe(`Chinook on ${provider}`, { skip: CHINOOK_MISSING || isMissing(provider) }, () => {
    it('is assigned with --proof, whose digests are those of the tables before and after', async (t) => {
      const database = await createChinook(provider);
      t.after(database.drop);
      const before = await digestAll(database);
      const done = await runCommand(database, 'production-safe', OWNER, '--step=2', '--proof', '--json');
      assert.equal(done.code, 0, done.stdout + done.stderr);
      const { proof } = JSON.parse(done.stdout);
      const tables = Object.keys(CHINOOK_ROWS).map((model) => nameIn(provider, model));
      assert.deepEqual(
        Object.fromEntries(proof.models.map(({ model, ...digest }: { model: string }) => [model, digest])),
        Object.fromEntries(tables.map((table) => [table, before[table]])),
      );
      assert.equal(proof.unprovedRows, 0);
      assert.deepEqual(await digestAll(database), before);
    });
  });
}
