import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Rehearsal } from '../../src/rehearsal/rehearse.ts';
import {
  CHINOOK_MISSING,
  CHINOOK_ROWS,
  createChinook,
  loadChinookWithUsers,
  nameIn,
  readChinookSchema,
} from '../helpers/chinook.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { listStates, rehearseOn } from '../helpers/rehearsal.ts';

async function createBeforePhase1(provider: TestDatabase['provider']): Promise<TestDatabase> {
  const database = await createDatabase(provider, { ddl: '', models: '' });
  await loadChinookWithUsers(database);
  writeFileSync(database.schemaPath, readChinookSchema(provider));
  return database;
}

for (const provider of ALL_PROVIDERS) {
  const models = Object.keys(CHINOOK_ROWS).map((model) => nameIn(provider, model));
  describe(`a rehearsal of Chinook on ${provider}`, { skip: CHINOOK_MISSING || isMissing(provider) }, () => {
    const copies: TestDatabase[] = [];
    const copy = async (make: typeof createChinook) => {
      const made = [await make(provider), await make(provider)] as const;
      copies.push(...made);
      return made;
    };
    after(() => Promise.all(copies.map((each) => each.drop())));

    describe('before phase 1', () => {
      let done: Rehearsal;
      let second: TestDatabase;
      let atFirst: string;
      before(async () => {
        const made = await copy(createBeforePhase1);
        second = made[1];
        atFirst = await second.dump();
        done = await rehearseOn(...made, { models });
      });

      it('goes through every part', () => {
        assert.deepEqual(
          listStates(done),
          [
            'pending nothingToDo',
            'phase1 held',
            'step1 held',
            'step2 held',
            'step3 held',
            'phase3 held',
            'step3Again held',
            'rollback held',
          ],
          JSON.stringify(done, null, 1).slice(0, 6000),
        );
      });
    });
  });
}
