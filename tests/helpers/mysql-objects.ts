import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MANIFEST_FILE } from '../../src/backup/manifest.ts';
import { type Backup, hashFile, sealManifest } from '../../src/backup/read-backup.ts';
import type { TestDatabase } from './database.ts';
import { connectMysql } from './mysql-database.ts';
import { queryServer } from './query-server.ts';
import { backUp, createWords, nameOf } from './restore.ts';

const OBJECTS = `
  CREATE TABLE "Line" ("id" INTEGER NOT NULL PRIMARY KEY, "word" INTEGER NOT NULL, CONSTRAINT "line_word" FOREIGN KEY ("word") REFERENCES "Word" ("id"));
  INSERT INTO "Line" VALUES (1, 1), (2, 3);
  CREATE TABLE "Log" ("id" INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, "what" VARCHAR(40));
  CREATE VIEW "Loud" AS SELECT upper("text") AS "text" FROM "Word";
  CREATE TRIGGER "logs" AFTER INSERT ON "Word" FOR EACH ROW INSERT INTO "Log" ("what") VALUES (NEW."text");
  CREATE TRIGGER "line_logs" BEFORE UPDATE ON "Line" FOR EACH ROW INSERT INTO "Log" ("what") VALUES ('line');
  CREATE PROCEDURE "speak"() SELECT 'hello';
  CREATE FUNCTION "one"() RETURNS INT DETERMINISTIC RETURN 1;
  CREATE EVENT "nightly" ON SCHEDULE EVERY 1 DAY DO DELETE FROM "Log"`;

const CHANGE = `
  DROP TRIGGER "logs"; DROP VIEW "Loud"; DROP PROCEDURE "speak"; DROP FUNCTION "one"; DROP EVENT "nightly"; DROP TABLE "Line";
  INSERT INTO "Word" VALUES (4, 'four');
  CREATE TRIGGER "other" BEFORE DELETE ON "Word" FOR EACH ROW INSERT INTO "Log" ("what") VALUES ('deleted');
  CREATE VIEW "Quiet" AS SELECT lower("text") AS "text" FROM "Word";
  CREATE FUNCTION "two"() RETURNS INT DETERMINISTIC RETURN 2`;

/** Words with all that acts by itself, and a backup; since then all of that is another. */
export async function createChanged(t: TestContext) {
  const database = await createWords(t, 'mysql', OBJECTS);
  const backup = await backUp(database);
  await database.run(CHANGE);
  return { database, backup };
}

/** All but tables: kind and name, with what each does. */
export async function listObjects(database: TestDatabase, name = nameOf(database)): Promise<string[]> {
  const rows = await queryServer(
    database,
    `SELECT concat_ws(' ', 'trigger', TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_STATEMENT) AS o FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '${name}'
     UNION ALL SELECT concat_ws(' ', 'view', TABLE_NAME) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = '${name}'
     UNION ALL SELECT concat_ws(' ', ROUTINE_TYPE, ROUTINE_NAME, ROUTINE_DEFINITION) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '${name}'
     UNION ALL SELECT concat_ws(' ', 'event', EVENT_NAME, EVENT_DEFINITION) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${name}'`,
  );
  return rows.map(({ o }) => String(o)).sort();
}

/** Changes the dump of triggers, views, routines and events, with a manifest that fits it. */
export async function forgeObjects(
  { folder, manifest }: Backup,
  change: (sql: string) => string,
): Promise<void> {
  const path = join(folder, 'objects.sql.gz');
  const packed = gzipSync(change(gunzipSync(readFileSync(path)).toString()));
  writeFileSync(path, packed);
  const sha256 = await hashFile(path);
  const files = manifest.files.map((file) =>
    file.role === 'objects' ? { ...file, bytes: packed.length, sha256 } : file,
  );
  writeFileSync(join(folder, MANIFEST_FILE), sealManifest({ ...manifest, files }).text);
}

/** Keeps a table from being moved until it is let go: somebody of another database has read it in a transaction. */
export async function holdTable(database: TestDatabase, table: string): Promise<() => Promise<void>> {
  const { query, close } = await connectMysql(new URL('/', database.url).href);
  await query(`START TRANSACTION; SELECT * FROM "${nameOf(database)}"."${table}"`);
  return close;
}
