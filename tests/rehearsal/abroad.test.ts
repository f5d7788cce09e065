import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMissing, ALL_PROVIDERS } from '../helpers/database.ts';
import { createApp, listStates, rehearseOn, writeMigrations } from '../helpers/rehearsal.ts';

/** What a migration must not do from a copy, with how the finding names it. */
const ABROAD = {
  sqlite: [
    [`ATTACH 'elsewhere.db' AS elsewhere; CREATE TABLE elsewhere.t (id INT);`, /outside of it: ATTACH$/],
  ],
  postgresql: [
    [`ALTER ROLE postgres SET work_mem = '1MB';`, /outside of it: ALTER ROLE$/],
    [`DO $$ BEGIN CREATE ROLE rehearsed_${process.pid}; END $$;`, /outside of it: CREATE ROLE$/],
  ],
  mysql: [
    [`CREATE USER rehearsed_${process.pid};`, /outside of it: CREATE USER$/],
    ['UPDATE `sys`.sys_config SET value = 1', /names the database "sys"/],
  ],
} as const;

for (const provider of ALL_PROVIDERS)
  describe(`a rehearsal on ${provider}`, { skip: isMissing(provider) }, () => {
    it('applies no migration that acts outside of the copy, and none at all then', async (t) => {
      for (const [sql, says] of ABROAD[provider]) {
        const copies = [await createApp(provider), await createApp(provider)] as const;
        t.after(() => Promise.all(copies.map((each) => each.drop())));
        const pending = { '20260102000000_clean': 'DELETE FROM "Log";', '20260103000000_abroad': sql };
        for (const each of copies) await writeMigrations(each, { applied: [], pending });
        const done = await rehearseOn(...copies);
        assert.deepEqual(listStates(done).slice(0, 2), ['pending failed', 'phase1 notRun']);
        const [finding, ...rest] = done.findings;
        assert.deepEqual([finding?.code, rest], ['REHEARSAL_MIGRATION', []]);
        assert.match(finding?.message ?? '', /^the migration 20260103000000_abroad /);
        assert.match(finding?.message ?? '', says);
        assert.equal((await copies[0].query('SELECT 1 FROM "Log"')).length, 1);
      }
    });
  });

describe('a rehearsal on MySQL', { skip: isMissing('mysql') }, () => {
  it('applies a migration that reads the catalogue, or names its own tables', async (t) => {
    const copies = [await createApp('mysql'), await createApp('mysql')] as const;
    t.after(() => Promise.all(copies.map((each) => each.drop())));
    const sql = 'SELECT Note.id FROM Note; SELECT 1 FROM information_schema.TABLES LIMIT 1;';
    for (const each of copies)
      await writeMigrations(each, { applied: [], pending: { '20260102000000_reads': sql } });
    assert.equal(listStates(await rehearseOn(...copies))[0], 'pending held');
  });
});
