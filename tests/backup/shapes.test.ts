import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadBackup } from '../../src/backup/load-backup.ts';
import { readBackup } from '../../src/backup/read-backup.ts';
import { openUrl, outOf } from '../helpers/backup.ts';
import { listScratch } from '../helpers/scratch.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { runCommand } from '../helpers/processes.ts';

/** Ten million characters, among them some that SQL, gzip or a tool could take for something else. */
const LONG = 10_000_000;
const PATTERN = `x''y\\z é😀 \\n --;`;

const SHAPES: Record<TestDatabase['provider'], { ddl: string; rows: Record<string, number> }> = {
  sqlite: {
    ddl: `
      CREATE TABLE "order" ("select" INTEGER PRIMARY KEY, "it's ""q"" \`b\`" TEXT);
      INSERT INTO "order" VALUES (1, 'a' || char(0) || 'b'), (2, NULL);
      CREATE TABLE "two words; --" (n INTEGER, g INTEGER GENERATED ALWAYS AS (n * 2) STORED, v INTEGER AS (n * 3));
      INSERT INTO "two words; --" (n) VALUES (1), (1), (NULL);
      CREATE TABLE "nothing" (id TEXT PRIMARY KEY);
      CREATE TABLE long_text (id INTEGER PRIMARY KEY, t TEXT, b BLOB);
      INSERT INTO long_text VALUES (1, substr(replace(hex(zeroblob(${LONG / 10})), '00', '${PATTERN}'), 1, ${LONG}), randomblob(${LONG}));
      CREATE TABLE bytes (id INTEGER PRIMARY KEY, b BLOB, any);
      INSERT INTO bytes VALUES (1, x'000102ff0a0d1a275c22', 1.5), (2, x'', '1.5'), (3, NULL, 9223372036854775807);
      CREATE TABLE rowless (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
      INSERT INTO rowless VALUES ('x', 1), ('x', 2);
      CREATE VIEW seen AS SELECT * FROM "order";
      CREATE TRIGGER fires AFTER INSERT ON "order" BEGIN DELETE FROM bytes; END;`,
    rows: { order: 2, 'two words; --': 3, nothing: 0, long_text: 1, bytes: 3, rowless: 2 },
  },
  postgresql: {
    ddl: `
      CREATE TABLE "order" ("select" serial PRIMARY KEY, "it's ""q"" \`b\`" text);
      INSERT INTO "order" ("it's ""q"" \`b\`") VALUES (E'a\\tb\\\\n'), (NULL);
      CREATE TABLE "two words; --" (n int, g int GENERATED ALWAYS AS (n * 2) STORED);
      INSERT INTO "two words; --" (n) VALUES (1), (1), (NULL);
      CREATE TABLE nothing (id text PRIMARY KEY);
      CREATE TABLE long_text (id int PRIMARY KEY, t text, b bytea);
      INSERT INTO long_text VALUES (1, left(repeat('${PATTERN}', ${LONG / 10}), ${LONG}), decode(repeat('00ff0a5c27', ${LONG / 5}), 'hex'));
      CREATE TABLE bytes (id int PRIMARY KEY, b bytea, f float4, d float8, j jsonb, k json, i interval, a text[], x xml, m money);
      INSERT INTO bytes VALUES (1, '\\x000102ff0a0d1a275c22', 0.1, 'NaN', '{"b": 1, "a": 1.50}', '{"b": 1,  "a": 1.50}', '1 mon -3 h', '{a,NULL,"b,c"}', '<a/>', 12.5);
      INSERT INTO bytes (id) VALUES (2);
      CREATE SCHEMA "Other one"; CREATE TABLE "Other one".parted (id int, k int) PARTITION BY RANGE (id);
      CREATE TABLE "Other one".parted_1 PARTITION OF "Other one".parted FOR VALUES FROM (0) TO (10);
      INSERT INTO "Other one".parted VALUES (1, 2);
      CREATE TABLE parent (id int); CREATE TABLE child (x int) INHERITS (parent);
      INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 3);
      CREATE VIEW seen AS SELECT * FROM "order"; CREATE MATERIALIZED VIEW kept AS SELECT count(*) FROM bytes;
      CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM bytes; RETURN NEW; END';
      CREATE TRIGGER fires AFTER INSERT ON "order" FOR EACH ROW EXECUTE FUNCTION fires();`,
    rows: {
      'public.order': 2,
      'public.two words; --': 3,
      'public.nothing': 0,
      'public.long_text': 1,
      'public.bytes': 2,
      'Other one.parted': 1,
      // As SELECT sees it, with the rows of its children.
      'public.parent': 2,
      'public.child': 1,
    },
  },
  mysql: {
    ddl: `
      CREATE TABLE "order" ("select" INTEGER PRIMARY KEY AUTO_INCREMENT, "it's ""q"" \`b\`" LONGTEXT);
      INSERT INTO "order" ("it's ""q"" \`b\`") VALUES (concat('a', char(0 USING utf8mb4), 'b''\\')), (NULL);
      CREATE TABLE "two words; --" (n INTEGER, g INTEGER GENERATED ALWAYS AS (n * 2) STORED, v INTEGER AS (n * 3) VIRTUAL);
      INSERT INTO "two words; --" (n) VALUES (1), (1), (NULL);
      CREATE TABLE nothing (id VARCHAR(50) PRIMARY KEY);
      CREATE TABLE long_text (id INTEGER PRIMARY KEY, t LONGTEXT, b LONGBLOB);
      INSERT INTO long_text VALUES (1, repeat('${PATTERN}', ${LONG / 20}), NULL), (2, NULL, repeat(unhex('00ff0a5c27'), ${LONG / 10}));
      CREATE TABLE bytes (id INTEGER PRIMARY KEY, b LONGBLOB, bits BIT(10), f FLOAT, d DOUBLE, m DECIMAL(30,10), j JSON, ts TIMESTAMP(3) NULL,
        e ENUM('a','b'), s SET('x','y'), t TIME(6), y YEAR, p POINT);
      INSERT INTO bytes VALUES (1, unhex('000102ff0a0d1a275c22'), b'1010101010', 0.1, 0.1, 1234567890.0123456789, '{"a": [1, 2.50]}',
        '2024-01-01 10:00:00.123', 'a', 'x,y', '-12:34:56.123456', 2024, point(1, 2));
      INSERT INTO bytes (id) VALUES (2);
      CREATE TABLE latin (id INTEGER PRIMARY KEY, t VARCHAR(50) CHARACTER SET latin1);
      INSERT INTO latin VALUES (1, 'é');
      CREATE FUNCTION twice (n INT) RETURNS INT DETERMINISTIC RETURN n * 2;
      CREATE VIEW "a view of a view" AS SELECT 1 AS x;
      CREATE VIEW "seen by" AS SELECT "select", twice("select") AS doubled FROM "order";
      CREATE OR REPLACE VIEW "a view of a view" AS SELECT max(doubled) AS x FROM "seen by";
      CREATE TRIGGER fires AFTER INSERT ON "order" FOR EACH ROW DELETE FROM bytes;
      CREATE EVENT "goes off" ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO DELETE FROM bytes;
      CREATE PROCEDURE "does it" () SELECT 1;`,
    rows: { order: 2, 'two words; --': 3, nothing: 0, long_text: 2, bytes: 2, latin: 1 },
  },
};

for (const [provider, { ddl, rows }] of Object.entries(SHAPES) as [
  TestDatabase['provider'],
  (typeof SHAPES)['sqlite'],
][]) {
  describe(`a backup on ${provider}`, { skip: cannotDump(provider) }, () => {
    it('has every value of odd tables: names, generated columns, 10 MB in a cell, NUL bytes, no key, no rows', async () => {
      const database = await createDatabase(provider, { ddl: '', models: '' });
      try {
        await run(database, ddl);
        const out = `--out=${outOf(database)}`;
        const done = await runCommand(database, 'backup', '--verify', '--json', out);
        assert.equal(done.code, 0, done.stderr + done.stdout);
        const { tables, verified } = JSON.parse(done.stdout);
        const found = tables.map((each: { table: string; rows: number }) => [each.table, each.rows]);
        assert.deepEqual(Object.fromEntries(found), rows);
        assert.equal(verified.tables, Object.keys(rows).length);
        assert.deepEqual(await listScratch(database), []);
      } finally {
        await database.drop();
      }
    });
  });
}

describe('the objects of a backup on MySQL', { skip: cannotDump('mysql') }, () => {
  it('can be made in their order: a view calls a routine, and another view is of a view behind it', async () => {
    const [database, copy] = [
      await createDatabase('mysql', { ddl: '', models: '' }),
      await createDatabase('mysql', { ddl: '', models: '' }),
    ];
    try {
      await run(database, SHAPES.mysql.ddl);
      const done = await runCommand(database, 'backup', '--json', `--out=${outOf(database)}`);
      assert.equal(done.code, 0, done.stderr);
      const backup = readBackup(JSON.parse(done.stdout).path);
      await loadBackup(backup, openUrl(copy), { env: process.env, withObjects: true });
      assert.deepEqual(await copy.query('SELECT x FROM "a view of a view"'), [{ x: 4 }]);
      assert.equal((await copy.query('SELECT 1 FROM bytes')).length, 2);
      await copy.query(`INSERT INTO "order" VALUES (9, 'fires the trigger')`);
      assert.deepEqual(await copy.query('SELECT 1 FROM bytes'), []);
      const made = await copy.query(`
        SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
        UNION ALL SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1`);
      assert.deepEqual(
        made.map(({ name }) => name),
        ['does it', 'goes off', 'twice'],
      );
    } finally {
      await database.drop();
      await copy.drop();
    }
  });
});

/** As it is written: the words of the other databases are not translated. */
async function run(database: TestDatabase, ddl: string): Promise<void> {
  if (database.provider !== 'mysql') return database.run(ddl);
  const { queryMysql } = await import('../helpers/mysql-database.ts');
  await queryMysql(database.url, ddl);
}
