import { strict as assert } from 'node:assert';
import { describe, it, type TestContext } from 'node:test';
import { withDatabase } from '../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import type { BatchPlan, Database, Transact } from '../../src/database/dialect.ts';
import { sql } from '../../src/database/sql.ts';
import { createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { NOTES } from '../helpers/notes.ts';

const OWNERS = 'SELECT "id", "userId" FROM "Note" ORDER BY 1';

describe('MySQL', { skip: isMissing('mysql') }, () => {
  it('takes a batch back whose row got another owner after its keys were read', async (t) => {
    await withNotes(t, async (database, app) => {
      await database.dialect.createJournal(database.write);
      const transact = afterFirstWrite(database.write, () =>
        app.run(`UPDATE "Note" SET "userId" = 'ben' WHERE "id" = 1`),
      );
      const batch = database.dialect.assignBatch(transact, await planFor(database), async () => undefined);
      await assert.rejects(batch, { code: 'BATCH_CHANGED' });
      assert.deepEqual(await app.query(OWNERS), [
        { id: 1, userId: 'ben' },
        { id: 2, userId: null },
        { id: 3, userId: 'ana' },
        { id: 4, userId: 'ben' },
      ]);
      const journaled = await database.read((session) =>
        session.query(sql`SELECT run FROM ${database.dialect.journal('batch')}`),
      );
      assert.deepEqual(journaled, []);
    });
  });

  it('cannot write in a transaction that reads', async (t) => {
    const app = await createDatabase('mysql', NOTES);
    t.after(app.drop);
    const written = withDatabase(urlOf(app), ({ read }) =>
      read((session) => session.execute(sql`UPDATE Note SET userId = 'ana' WHERE id = 1`)),
    );
    await assert.rejects(written, { code: 'READ_ONLY' });
    assert.deepEqual((await app.query(OWNERS))[0], { id: 1, userId: null });
  });
});

async function withNotes(
  t: TestContext,
  work: (database: Database, app: TestDatabase) => Promise<void>,
): Promise<void> {
  const app = await createDatabase('mysql', NOTES);
  t.after(app.drop);
  await withDatabase(urlOf(app), (database) => work(database, app));
}

function urlOf({ url }: TestDatabase) {
  const parsed = parseDatabaseUrl(url, []);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

/** Lets the application write between a batch's first statement that changes something and the next one. */
function afterFirstWrite(transact: Transact, write: () => Promise<void>): Transact {
  let hasWritten = false;
  return (work) =>
    transact((session) =>
      work({
        query: (statement) => session.query(statement),
        execute: async (statement) => {
          const changed = await session.execute(statement);
          if (!hasWritten) await write();
          hasWritten = true;
          return changed;
        },
      }),
    );
}

/** All notes without an owner, for Ana. */
async function planFor({ dialect, url, read }: Database): Promise<BatchPlan> {
  const table = { schema: url.defaultSchema, name: 'Note' };
  const info = await read((session) => dialect.inspectTable(session, table, 'userId'));
  const columnOf = (name: string) => {
    const column = info?.columns.find((each) => each.name === name);
    if (!column) throw new Error(`no column ${name}`);
    return column;
  };
  return {
    table,
    key: [columnOf('id')],
    owner: columnOf('userId'),
    batch: { run: 'r', model: 'Note', sequence: 1 },
    after: null,
    upTo: ['4'],
    ownerId: 'ana',
  };
}
