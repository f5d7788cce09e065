import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import type { Database } from '../../src/database/dialect.ts';
import { assign } from '../../src/ownership/assign.ts';
import { check } from '../../src/ownership/check.ts';
import { planAssignment } from '../../src/ownership/plan.ts';
import { takeWriterLock } from '../../src/ownership/writer.ts';
import { createDatabase } from '../helpers/database.ts';
import { isAlive } from '../helpers/in-process.ts';
import { NOTES } from '../helpers/notes.ts';

describe('step 2 with --proof', () => {
  it('assigns nothing of a table that the database does not describe', async (t) => {
    const target = await createDatabase('sqlite', NOTES);
    t.after(() => target.drop());
    const config = await loadConfig({
      env: { DATABASE_URL: target.url },
      cwd: target.folder,
      schema: 'schema.prisma',
    });
    const operator = { command: 'assign', host: 'test-host', pid: process.pid, isAlive } as const;
    const assigning = withDatabase(config.url, async (database) => {
      const { digests } = database.dialect;
      const blind: Database = {
        ...database,
        dialect: { ...database.dialect, digests: { ...digests, describe: async () => null } },
      };
      const checked = await check(blind, config.decision, 'ana');
      await takeWriterLock(blind, operator);
      return assign(blind, planAssignment(checked, 100), {
        owner: checked.owner,
        ownerModel: 'User',
        operator,
        toolVersion: '0.0.0',
        fingerprint: config.schema.fingerprint,
        flags: {},
        proof: true,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
    });
    await assert.rejects(assigning, /the table of Note cannot be described, so nothing of it can be proved/);
    assert.equal((await target.query('SELECT 1 FROM "Note" WHERE "userId" IS NULL')).length, 2);
  });
});
