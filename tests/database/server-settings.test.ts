import { strict as assert } from 'node:assert';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import type { Database } from '../../src/database/dialect.ts';
import { raw, sql } from '../../src/database/sql.ts';
import { createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { NOTES } from '../helpers/notes.ts';
import { answer, runOn } from '../helpers/life-cycle.ts';

async function open<T>(
  t: TestContext,
  provider: TestDatabase['provider'],
  work: (database: Database, created: TestDatabase) => Promise<T>,
): Promise<T> {
  const created = await createDatabase(provider, NOTES);
  t.after(created.drop);
  const { url, folder, schemaPath } = created;
  const config = await loadConfig({ env: { DATABASE_URL: url }, cwd: folder, schema: schemaPath });
  return withDatabase(config.url, (database) => work(database, created));
}

describe('each transaction, on PostgreSQL', () => {
  const expected = {
    read: ['300ms', '6h', '1min', 'on'],
    write: ['300ms', '30s', '1min', 'off'],
    signal: ['300ms', '30s', '1min', 'off'],
  };
  for (const mode of ['read', 'write', 'signal'] as const)
    it(`that is to ${mode} has its timeouts on the server`, (t) =>
      open(t, 'postgresql', async (database) => {
        const names = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'];
        const settings = [...names, 'transaction_read_only'].map((name) => `current_setting('${name}')`);
        const [row] = await database[mode]((session) =>
          session.query<{ values: string }>(
            sql`SELECT concat_ws(' ', ${raw(settings.join(', '))}) AS values`,
          ),
        );
        assert.deepEqual(row?.values.split(' '), expected[mode]);
      }));
});

describe('each transaction, on MySQL', { skip: isMissing('mysql') }, () => {
  for (const mode of ['read', 'write', 'signal'] as const)
    it(`that is to ${mode} has its timeouts on the server`, (t) =>
      open(t, 'mysql', async (database) => {
        const [row] = await database[mode]((session) =>
          session.query<Record<string, unknown>>(
            sql`SELECT @@innodb_lock_wait_timeout AS row_lock, @@lock_wait_timeout AS table_lock, VERSION() AS version`,
          ),
        );
        assert.deepEqual([Number(row?.row_lock), Number(row?.table_lock)], [1, 1]);
        if (!/mariadb/i.test(String(row?.version))) return;
        const [own] = await database[mode]((session) =>
          session.query<Record<string, unknown>>(
            sql`SELECT @@max_statement_time AS statement, @@idle_write_transaction_timeout AS idle`,
          ),
        );
        assert.deepEqual([Number(own?.statement), Number(own?.idle)], [mode === 'read' ? 0 : 30, 60]);
      }));
});

describe('statistics, on PostgreSQL', () => {
  it('know the owners as soon as step 2 has assigned them', (t) =>
    open(t, 'postgresql', async (_, created) => {
      const nulls = () =>
        created.query(`SELECT null_frac FROM pg_stats WHERE tablename = 'Note' AND attname = 'userId'`);
      await created.run('ANALYZE "Note"');
      assert.ok(Number((await nulls())[0]?.null_frac) > 0);
      answer(await runOn(created, ['production-safe', 'ana', '--step=2']));
      assert.equal(Number((await nulls())[0]?.null_frac), 0);
    }));
});
