import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Database } from '../../src/database/dialect.ts';
import { compareRows, findRowDifferences, MOST_KEYS, type RowDifference } from '../../src/proof/compare.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { openDatabase, shapeOf } from '../helpers/digests.ts';

const ROWS = 1_000_000;
const PLANTED = 765_432;

const NUMBERS: Record<TestDatabase['provider'], (rows: number) => string> = {
  postgresql: (rows) => `SELECT i FROM generate_series(1, ${rows}) AS s(i)`,
  sqlite: (rows) =>
    `WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${rows}) SELECT i FROM s`,
  mysql: (rows) => `WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < 999)
    SELECT i FROM (SELECT a.i * 1000 + b.i + 1 AS i FROM s a, s b) n WHERE i <= ${rows}`,
};

/** A database with so many notes, each of them another one. */
async function createNotes(
  t: TestContext,
  provider: TestDatabase['provider'],
  rows: number,
): Promise<TestDatabase> {
  const ddl = `CREATE TABLE "Note" (id integer NOT NULL PRIMARY KEY, title varchar(40) NOT NULL, amount double precision, body varchar(60));
    INSERT INTO "Note" SELECT i, ${provider === 'mysql' ? "CONCAT('note ', i)" : "'note ' || i"}, i / 7.0, 'some words that are the same in all rows' FROM (${NUMBERS[provider](rows)}) numbers`;
  const database = await createDatabase(provider, { ddl, models: '' });
  t.after(database.drop);
  return database;
}

function compare(before: TestDatabase, after: TestDatabase): Promise<RowDifference[]> {
  return openDatabase(before, (a: Database) =>
    openDatabase(after, async (b) => {
      const shape = await shapeOf(a, 'Note');
      const { table } = await shapeOf(b, 'Note');
      return findRowDifferences(a, b, { shape, except: undefined, table });
    }),
  );
}

for (const provider of ALL_PROVIDERS) {
  describe(`two copies of a table on ${provider}`, { skip: isMissing(provider) }, () => {
    it(`differ by one byte of one cell among ${ROWS.toLocaleString('en-US')} rows, and its key is named`, async (t) => {
      const [before, after] = await Promise.all([
        createNotes(t, provider, ROWS),
        createNotes(t, provider, ROWS),
      ]);
      const [{ n } = { n: 0 }] = await after.query('SELECT count(*) AS n FROM "Note"');
      assert.equal(Number(n), ROWS);
      await after.run(
        `UPDATE "Note" SET body = 'some words that are the same in all rowz' WHERE id = ${PLANTED}`,
      );
      assert.deepEqual(await compare(before, after), [{ key: [String(PLANTED)], what: 'changed' }]);
    });

    it('differ by rows that are missing, rows that were added anywhere, and rows that changed, each by its key', async (t) => {
      const [before, after] = await Promise.all([
        createNotes(t, provider, 25_000),
        createNotes(t, provider, 25_000),
      ]);
      assert.deepEqual(await compare(before, after), []);
      await after.run(`DELETE FROM "Note" WHERE id IN (1, 25000)`);
      await after.run(`UPDATE "Note" SET amount = amount + 0.0000001 WHERE id = 12345`);
      await after.run(`INSERT INTO "Note" VALUES (-5, 'new', NULL, NULL), (30000, 'new', NULL, NULL)`);
      const found = await compare(before, after);
      const sorted = found.map(({ key, what }) => `${key} ${what}`).sort();
      assert.deepEqual(sorted, ['-5 added', '1 missing', '12345 changed', '25000 missing', '30000 added']);
    });

    it('are compared as far as the first differences, however many there are, and however much longer one is', async (t) => {
      const [before, after] = await Promise.all([
        createNotes(t, provider, 10),
        createNotes(t, provider, 25_000),
      ]);
      const added = await compare(before, after);
      assert.deepEqual(
        added,
        Array.from({ length: MOST_KEYS }, (_, i) => ({ key: [String(i + 11)], what: 'added' })),
      );
      const missing = await compare(after, before);
      assert.equal(missing.length, MOST_KEYS);
      assert.ok(missing.every(({ what }) => what === 'missing'));
    });
  });
}

describe('compareRows', () => {
  const rows = fc.uniqueArray(
    fc.record({
      key: fc.array(fc.string(), { minLength: 1, maxLength: 2 }),
      digest: fc.constantFrom('a', 'b', 'c'),
    }),
    {
      selector: ({ key }) => JSON.stringify(key),
    },
  );

  it('says of each key that is not the same on both sides what became of it, once', () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const find = (list: typeof before, key: readonly string[]) =>
          list.find((row) => JSON.stringify(row.key) === JSON.stringify(key))?.digest;
        const found = compareRows(before, after);
        const keys = [...before, ...after].map(({ key }) => JSON.stringify(key));
        for (const text of new Set(keys)) {
          const key = JSON.parse(text) as string[];
          const [old, now] = [find(before, key), find(after, key)];
          const what =
            old === undefined ? 'added' : now === undefined ? 'missing' : old === now ? null : 'changed';
          const said = found.filter((each) => JSON.stringify(each.key) === text).map((each) => each.what);
          assert.deepEqual(said, what === null ? [] : [what]);
        }
        assert.ok(found.length <= new Set(keys).size);
      }),
    );
  });
});
