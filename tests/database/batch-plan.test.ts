import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/database/connect.ts';
import type { Session, Transact } from '../../src/database/dialect.ts';
import { type Sql, sql } from '../../src/database/sql.ts';
import { createDatabase, PROVIDERS } from '../helpers/database.ts';

const MODELS = `
model User {
  id    String @id
  items Item[]
}

model Item {
  id     String  @id
  userId String?
  user   User?   @relation(fields: [userId], references: [id])

  @@index([userId])
}`;
/** Filled and indexed, and never analysed: what phase 1 leaves behind. */
const DDL = `
  CREATE TABLE "User" (id TEXT PRIMARY KEY);
  INSERT INTO "User" VALUES ('ana');
  CREATE TABLE "Item" (id TEXT PRIMARY KEY, "userId" TEXT REFERENCES "User"(id));
  CREATE INDEX by_owner ON "Item" ("userId");
  INSERT INTO "Item" (id) WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20000)
    SELECT 'key ' || ((i * 7919) % 20011) FROM s;`;
const TABLE = { table: { schema: '', name: 'Item' }, owner: { name: 'userId', type: 'text' } };
const KEY = [{ name: 'id', type: 'text' }];

/** A transaction whose statements are explained before they are run. */
function explaining(transact: Transact, explain: Sql, plans: string[]): Transact {
  const note = async (session: Session, statement: Sql) => {
    if (!/^\s*(WITH|INSERT|UPDATE)/.test(statement.sql)) return;
    const rows = await session.query<object>(sql`${explain} ${statement}`);
    plans.push(rows.map((row) => Object.values(row).join(' ')).join('\n'));
  };
  return (work) =>
    transact((session) =>
      work({
        query: async (statement) => {
          await note(session, statement);
          return session.query(statement);
        },
        execute: async (statement) => {
          await note(session, statement);
          return session.execute(statement);
        },
      }),
    );
}

for (const provider of PROVIDERS) {
  describe(`the plan of a batch on ${provider}, for a table without statistics`, () => {
    it('reads rows by their key, never by an index on the owner column', async (t) => {
      const database = await createDatabase(provider, { ddl: DDL, models: MODELS });
      t.after(database.drop);
      const { url, folder, schemaPath } = database;
      const config = await loadConfig({ env: { DATABASE_URL: url }, cwd: folder, schema: schemaPath });
      await withDatabase(config.url, async ({ dialect, write, url }) => {
        await dialect.createJournal(write);
        const explain = provider === 'sqlite' ? sql`EXPLAIN QUERY PLAN` : sql`EXPLAIN`;
        const plans: string[] = [];
        const table = { ...TABLE.table, schema: url.defaultSchema };
        const batch = { run: 'r', model: 'Item', sequence: 1 };
        const plan = { ...TABLE, table, key: KEY, batch, after: ['key 1'], upTo: ['key 2'], ownerId: 'ana' };
        const changed = await dialect.assignBatch(explaining(write, explain, plans), plan, async () => {});
        assert.ok(changed > 1000, `${changed} rows`);
        const keys = dialect.journaledKeys(batch, KEY);
        await explaining(
          write,
          explain,
          plans,
        )((session) =>
          dialect.changeOwner(session, { ...TABLE, table, key: KEY, keys, from: 'ana', to: null }),
        );
        assert.ok(plans.length >= 2, plans.join('\n'));
        assert.doesNotMatch(plans.join('\n'), /by_owner/);
        assert.match(plans.join('\n'), /Item_pkey|sqlite_autoindex_Item_1/);
      });
    });
  });
}
