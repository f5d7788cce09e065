import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isMissing } from './helpers/database.ts';
import { ASSIGN_GUARDED, ask, createGuardable, ownersOf } from './helpers/guard.ts';
import { runInJournal } from './helpers/journal.ts';
import { runRollback } from './helpers/steps.ts';

for (const provider of ['postgresql', 'mysql'] as const)
  describe(`a rollback that is cancelled, on ${provider}`, { skip: isMissing(provider) }, () => {
    it('leaves the rows that a guard gave as it leaves those of the run, and is typed again', async (t) => {
      const database = await createGuardable(t, provider);
      const dump = await database.dump();
      assert.equal((await ask(database, ...ASSIGN_GUARDED)).code, 0);
      await database.run(`INSERT INTO "Note" ("id", "text") VALUES (10, 'old')`);
      const assigned = await ownersOf(database);
      let writes = 0;
      const beforeWrite = async () => {
        writes += 1;
        if (writes !== 2) return;
        await runInJournal(database, `UPDATE control SET request = 'cancel', requested_by = 'ben'`);
        // So that it is due to be asked for.
        await pause(300);
      };
      const stopped = await runRollback(database, { beforeWrite });
      assert.deepEqual([stopped.isFinished, stopped.cancelledBy], [false, 'ben']);
      assert.deepEqual(await ownersOf(database), assigned);
      const undone = await runRollback(database);
      assert.deepEqual([undone.isFinished, undone.models[0]?.reverted], [true, 3]);
      await database.run(`DELETE FROM "Note" WHERE "id" = 10`);
      assert.equal(await database.dump(), dump);
    });
  });
