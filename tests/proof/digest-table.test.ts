import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { sql } from '../../src/database/sql.ts';
import type { Digest } from '../../src/proof/digest.ts';
import { NOTHING } from '../../src/proof/digest.ts';
import { type DigestProgress, digestTable, listRowDigests } from '../../src/proof/digest-table.ts';
import { ALL_PROVIDERS, createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { createTypeTables, TYPE_CASES, TYPES_DDL } from '../helpers/digest-values.ts';
import { digestOf, openDatabase, rowDigestsOf, shapeOf } from '../helpers/digests.ts';
import { RESTORERS } from '../helpers/dump-and-restore.ts';

const COLUMNS = 300;
const LONG = 10 * 1024 * 1024;

async function open(t: TestContext, provider: TestDatabase['provider'], ddl: string): Promise<TestDatabase> {
  const database = await createDatabase(provider, { ddl, models: '' });
  t.after(database.drop);
  return database;
}

/** What `digestAll` gives: by type, so that a difference says where. */
type DigestsByType = Record<string, Digest>;

async function digestAll(
  provider: TestDatabase['provider'],
  target: Pick<TestDatabase, 'url'>,
): Promise<DigestsByType> {
  const digests: DigestsByType = {};
  for (const [i, [type]] of TYPE_CASES[provider].entries())
    digests[type] = await digestOf(target, `type_${i}`);
  return digests;
}

const COUNT_TO = (n: number) =>
  `WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${n})`;

for (const provider of ALL_PROVIDERS) {
  describe(`the digest of a table on ${provider}`, { skip: isMissing(provider) }, () => {
    let types: TestDatabase;
    let digests: DigestsByType;
    before(async () => {
      types = await createDatabase(provider, { ddl: createTypeTables(provider), models: '' });
      digests = await digestAll(provider, types);
    });
    after(() => types.drop());

    it('is the same in chunks of any size, and when it is carried on after each of them', async () => {
      for (const [i, [type]] of TYPE_CASES[provider].entries()) {
        for (const chunkRows of [1, 2, 7]) {
          const progress: DigestProgress[] = [];
          const onChunk = (each: DigestProgress) => progress.push(each);
          assert.deepEqual(await digestOf(types, `type_${i}`, { chunkRows, onChunk }), digests[type]);
          const from = progress.at(progress.length >> 1);
          if (from)
            assert.deepEqual(await digestOf(types, `type_${i}`, { from, chunkRows: 3 }), digests[type]);
        }
      }
    });

    it('is the same whatever order the rows and columns were written in', async (t) => {
      const ddl = TYPE_CASES[provider].map(([type, values], i) => {
        const rows = values.map((value, id) => `(${value}, ${id})`).reverse();
        return `CREATE TABLE type_${i} (v ${type}, id integer NOT NULL PRIMARY KEY); INSERT INTO type_${i} VALUES ${rows.join(', ')};`;
      });
      const other = await open(t, provider, TYPES_DDL[provider] + ddl.join('\n'));
      assert.deepEqual(await digestAll(provider, other), digests);
    });

    it('is the same after a dump and a restore', { skip: RESTORERS[provider].missing() }, async (t) => {
      const copy = await open(t, provider, '');
      RESTORERS[provider].copy(types, copy);
      const restored = await digestAll(provider, copy);
      // It writes six digits of a FLOAT, and so loses the others.
      if (provider === 'mysql') {
        assert.notDeepEqual(restored.float, digests.float);
        delete restored.float;
      }
      assert.deepEqual({ float: digests.float, ...restored }, { float: digests.float, ...digests });
    });

    it('is another one when values move from one column to the next', async (t) => {
      const rows = [
        ["'a,b'", "'c'"],
        ["'a'", "'b,c'"],
        // As they would be where each value had a mark before it, and a comma between.
        ["'a,tb'", "'c'"],
        ["'a'", "'b,tc'"],
        // The same low byte: a digest of characters cut to one byte would not tell them apart.
        ["'Ā'", "'x'"],
        ["'Ȁ'", "'x'"],
        ["'a'", 'NULL'],
        ['NULL', "'a'"],
        ['NULL', "''"],
        ["''", 'NULL'],
        ["'N'", 'NULL'],
        ['NULL', "'N'"],
        ['NULL', 'NULL'],
        ["''", "''"],
        ["'NULL'", 'NULL'],
        [`'a"'`, `'b'`],
        [`'a'`, `'"b'`],
      ];
      const values = rows.map(([a, b], i) => `(${i}, ${a}, ${b})`).join(', ');
      const database = await open(
        t,
        provider,
        `CREATE TABLE pairs (id integer NOT NULL PRIMARY KEY, a varchar(9), b varchar(9)); INSERT INTO pairs VALUES ${values}`,
      );
      assert.equal(new Set(await rowDigestsOf(database, 'pairs')).size, rows.length);
    });

    it(`has all of ${COLUMNS} columns in it`, async (t) => {
      const names = Array.from({ length: COLUMNS }, (_, i) => `c${i}`);
      const database = await open(
        t,
        provider,
        `CREATE TABLE wide (id integer NOT NULL PRIMARY KEY, ${names.map((name) => `${name} integer`).join(', ')});
         INSERT INTO wide (id, ${names.join(', ')}) ${COUNT_TO(COLUMNS)} SELECT i, ${names.map((_, i) => `CASE i WHEN ${i + 1} THEN 1 ELSE 0 END`).join(', ')} FROM s`,
      );
      assert.equal(new Set(await rowDigestsOf(database, 'wide')).size, COLUMNS);
    });

    it('is another one when one byte of ten million changes', async (t) => {
      const text = provider === 'mysql' ? 'longtext' : 'text';
      const repeat =
        provider === 'sqlite' ? `replace(hex(zeroblob(${LONG / 2})), '00', 'xx')` : `repeat('x', ${LONG})`;
      const database = await open(
        t,
        provider,
        `CREATE TABLE long_texts (id integer NOT NULL PRIMARY KEY, v ${text}); INSERT INTO long_texts VALUES (1, ${repeat}), (2, ${repeat})`,
      );
      const [first, second] = await rowDigestsOf(database, 'long_texts');
      assert.equal(first, second);
      const middle = LONG / 2;
      const changed =
        provider === 'sqlite'
          ? `substr(v, 1, ${middle}) || 'y' || substr(v, ${middle + 2})`
          : `overlay(v placing 'y' from ${middle})`;
      await database.run(
        provider === 'mysql'
          ? `UPDATE long_texts SET v = INSERT(v, ${middle}, 1, 'y') WHERE id = 2`
          : `UPDATE long_texts SET v = ${changed} WHERE id = 2`,
      );
      const [, now] = await rowDigestsOf(database, 'long_texts');
      assert.notEqual(now, second);
    });

    it('leaves generated columns and the one that is excepted out, and needs no other', async (t) => {
      const generated =
        provider === 'postgresql' ? 'GENERATED ALWAYS AS (a * 2) STORED' : 'AS (a * 2) STORED';
      const database = await open(
        t,
        provider,
        `CREATE TABLE g (id integer NOT NULL PRIMARY KEY, a integer, b integer ${generated}, owner integer);
         CREATE TABLE only_key (id integer NOT NULL PRIMARY KEY);
         INSERT INTO g (id, a, owner) VALUES (1, 1, NULL); INSERT INTO only_key VALUES (1)`,
      );
      await openDatabase(database, async (opened) => {
        const shape = await shapeOf(opened, 'g');
        assert.deepEqual(
          shape.columns.map(({ name }) => name),
          ['a', 'id', 'owner'],
        );
        assert.deepEqual(
          shape.key.map(({ name }) => name),
          ['id'],
        );
      });
      const unowned = await digestOf(database, 'g', { except: 'owner' });
      const withOwner = await digestOf(database, 'g');
      await database.run('UPDATE g SET owner = 7');
      assert.deepEqual(await digestOf(database, 'g', { except: 'owner' }), unowned);
      assert.notDeepEqual(await digestOf(database, 'g'), withOwner);
      assert.equal((await digestOf(database, 'only_key', { except: 'id' })).rows, 1);
    });

    it('is that of nothing for a table with no rows, and counts rows that are alike where there is no key', async (t) => {
      const database = await open(
        t,
        provider,
        `CREATE TABLE empty_one (id integer NOT NULL PRIMARY KEY, v integer);
         CREATE TABLE empty_two (v integer);
         CREATE TABLE alike (v integer);
         INSERT INTO alike VALUES (1), (1), (NULL), (NULL)`,
      );
      assert.deepEqual(await digestOf(database, 'empty_one'), NOTHING);
      assert.deepEqual(await digestOf(database, 'empty_two'), NOTHING);
      const all = await digestOf(database, 'alike', { chunkRows: 1 });
      assert.equal(all.rows, 4);
      await database.run('UPDATE alike SET v = 2 WHERE v = 1');
      assert.notDeepEqual(await digestOf(database, 'alike'), all);
    });

    it('is found for names that are words of SQL, have quotes, spaces and other letters', async (t) => {
      const quote =
        provider === 'mysql'
          ? (name: string) => `"${name.replaceAll('"', '""')}"`
          : (name: string) => `"${name.replaceAll('"', '""')}"`;
      const names = ['select', 'a "b" `c`', 'Größe', "it's, so", 'x.y'];
      const columns = names.map((name) => `${quote(name)} integer`).join(', ');
      const database = await open(
        t,
        provider,
        `CREATE TABLE ${quote('order "by"')} (${quote('group')} integer NOT NULL PRIMARY KEY, ${columns});
         INSERT INTO ${quote('order "by"')} VALUES (1, 1, 2, 3, 4, 5), (2, 5, 4, 3, 2, 1)`,
      );
      const whole = await digestOf(database, 'order "by"', { chunkRows: 1 });
      assert.equal(whole.rows, 2);
      for (const name of names) {
        await database.run(`UPDATE ${quote('order "by"')} SET ${quote(name)} = ${quote(name)} + 10`);
        assert.notDeepEqual(await digestOf(database, 'order "by"'), whole);
        assert.deepEqual(
          (await digestOf(database, 'order "by"', { except: name })).digest ===
            (await digestOf(database, 'order "by"')).digest,
          false,
        );
        await database.run(`UPDATE ${quote('order "by"')} SET ${quote(name)} = ${quote(name)} - 10`);
        assert.deepEqual(await digestOf(database, 'order "by"'), whole);
      }
    });

    it('walks by a unique key without NULL where there is no primary key', async (t) => {
      const database = await open(
        t,
        provider,
        `CREATE TABLE u (a varchar(9) NOT NULL, b integer NOT NULL, c integer, CONSTRAINT u_c UNIQUE (c), CONSTRAINT u_ab UNIQUE (a, b));
         INSERT INTO u ${COUNT_TO(50)} SELECT CASE WHEN i % 3 = 0 THEN 'x' ELSE 'y' END, i, NULL FROM s`,
      );
      await openDatabase(database, async (opened) => {
        const { key } = await shapeOf(opened, 'u');
        assert.deepEqual(
          key.map(({ name }) => name),
          ['a', 'b'],
        );
      });
      assert.deepEqual(await digestOf(database, 'u', { chunkRows: 7 }), await digestOf(database, 'u'));
    });
  });
}

describe('the digest of a table on postgresql', () => {
  it('does not depend on what a session prints values like', async (t) => {
    const database = await open(t, 'postgresql', createTypeTables('postgresql'));
    const plain = await digestAll('postgresql', database);
    const name = new URL(database.url).pathname.slice(1);
    const settings = [
      `DateStyle = 'German'`,
      `IntervalStyle = 'sql_standard'`,
      `TimeZone = 'Europe/Berlin'`,
      `bytea_output = 'escape'`,
      'extra_float_digits = -15',
      'search_path = pg_catalog',
    ];
    for (const setting of settings) await database.run(`ALTER DATABASE ${name} SET ${setting}`);
    assert.deepEqual(await digestAll('postgresql', { url: `${database.url}?schema=public` }), plain);
  });

  it('lists the partitioned table, and not its partitions', async (t) => {
    const database = await open(
      t,
      'postgresql',
      `CREATE TABLE p (id integer NOT NULL PRIMARY KEY, v text) PARTITION BY RANGE (id);
       CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10);
       CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (10) TO (20);
       CREATE VIEW seen AS SELECT * FROM p;
       INSERT INTO p SELECT i, 'x' FROM generate_series(1, 19) i`,
    );
    await openDatabase(database, async ({ read, dialect }) => {
      assert.deepEqual(
        (await read((session) => dialect.digests.listTables(session))).map(({ name }) => name),
        ['p'],
      );
    });
    assert.equal((await digestOf(database, 'p', { chunkRows: 4 })).rows, 19);
  });
});

describe('the digest of a table on mysql', { skip: isMissing('mysql') }, () => {
  it('is of a session with times in UTC and CHAR without its padding', async (t) => {
    const database = await open(t, 'mysql', '');
    await openDatabase(database, async ({ read }) => {
      const [session] = await read((each) =>
        each.query<{ zone: string; mode: string }>(sql`SELECT @@time_zone AS zone, @@sql_mode AS mode`),
      );
      assert.equal(session?.zone, '+00:00');
      assert.doesNotMatch(session?.mode ?? '', /PAD_CHAR_TO_FULL_LENGTH/);
    });
  });

  it('leaves out since when a row of a versioned table is as it is', async (t) => {
    const database = await open(
      t,
      'mysql',
      `CREATE TABLE v (id integer NOT NULL PRIMARY KEY, a integer, owner integer,
         since TIMESTAMP(6) GENERATED ALWAYS AS ROW START, until TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
         PERIOD FOR SYSTEM_TIME (since, until)) WITH SYSTEM VERSIONING;
       CREATE TABLE w (id integer NOT NULL PRIMARY KEY, owner integer) WITH SYSTEM VERSIONING;
       INSERT INTO v (id, a) VALUES (1, 1); INSERT INTO w (id) VALUES (1)`,
    );
    for (const table of ['v', 'w']) {
      const before = await digestOf(database, table, { except: 'owner' });
      await database.run(`UPDATE ${table} SET owner = 1`);
      assert.deepEqual(await digestOf(database, table, { except: 'owner' }), before);
    }
  });
});

describe('listRowDigests', () => {
  it('lists keys and digests in the order of the key, whose sum is that of the table', async (t) => {
    const database = await open(
      t,
      'sqlite',
      `CREATE TABLE n (id integer NOT NULL PRIMARY KEY, v text); INSERT INTO n VALUES (10, 'a'), (9, 'b'), (1, 'c')`,
    );
    await openDatabase(database, async (opened) => {
      const shape = await shapeOf(opened, 'n');
      const rows = await opened.read((session) =>
        listRowDigests(session, opened.dialect, shape, { except: undefined, within: sql`1 = 1` }),
      );
      assert.deepEqual(
        rows.map(({ key }) => key),
        [['1'], ['9'], ['10']],
      );
      const sum = rows.reduce((total, { digest }) => total + BigInt(`0x${digest.slice(16)}`), 0n) % 2n ** 64n;
      const whole = await digestTable(opened, shape);
      assert.equal(sum.toString(16).padStart(16, '0'), whole.digest.slice(16));
    });
  });
});
