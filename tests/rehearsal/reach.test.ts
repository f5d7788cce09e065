import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Provider } from '../../src/database/database-url.ts';
import { findReach } from '../../src/rehearsal/reach.ts';

const REACHES: Record<Provider, [string, string][]> = {
  postgresql: [
    ['CREATE ROLE app', 'CREATE ROLE'],
    ['SELECT 1; alter  user "app" SET x = 1;', 'alter user'],
    ['/* a */ DROP GROUP staff;', 'DROP GROUP'],
    ["ALTER SYSTEM SET work_mem = '1GB';", 'ALTER SYSTEM'],
    ['CREATE DATABASE other;', 'CREATE DATABASE'],
    ['ALTER DATABASE "app" SET x = 1', 'ALTER DATABASE'],
    ['DROP TABLESPACE fast', 'DROP TABLESPACE'],
    ["CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", 'CREATE SUBSCRIPTION'],
    ['CREATE USER MAPPING FOR PUBLIC SERVER far', 'CREATE USER'],
    ['REASSIGN OWNED BY a TO b', 'REASSIGN OWNED'],
    ["COMMENT ON DATABASE app IS 'x'", 'COMMENT ON DATABASE'],
    ['GRANT CONNECT ON DATABASE app TO reader', 'GRANT CONNECT ON DATABASE'],
    ['GRANT readers TO ann;', 'GRANT readers TO ann'],
    ['REVOKE "readers" FROM ann', 'REVOKE "" FROM ann'],
    [`COPY "Note" TO PROGRAM 'sh'`, 'COPY "" TO PROGRAM'],
    [`COPY (SELECT 1) TO '/tmp/x'`, "COPY (SELECT 1) TO ''"],
    [`SELECT dblink_exec('dbname=app', 'DELETE FROM x')`, 'dblink_exec'],
    ['SELECT pg_terminate_backend(pid) FROM pg_stat_activity', 'pg_terminate_backend'],
    [`SELECT pg_create_logical_replication_slot('a', 'b')`, 'pg_create_logical_replication_slot'],
    ['DO $$ BEGIN CREATE ROLE app; END $$', 'CREATE ROLE'],
    [
      `DO $x$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles) THEN CREATE ROLE app; END IF; END $x$`,
      'CREATE ROLE',
    ],
    [`DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET x = 1', current_user); END $$`, 'ALTER ROLE'],
    ['CREATE FUNCTION f() RETURNS void LANGUAGE plpython3u AS $$ $$', 'LANGUAGE plpython3u'],
  ],
  mysql: [
    ['USE other;', 'USE'],
    ["CREATE USER 'app'@'%'", 'CREATE USER'],
    ['CREATE OR REPLACE DATABASE other', 'CREATE OR REPLACE DATABASE'],
    ['ALTER DATABASE `app` COLLATE utf8mb4_bin', 'ALTER DATABASE'],
    ['/*!50003 DROP USER app */;', 'DROP USER'],
    ['# why\nGRANT SELECT ON `Note` TO app', 'GRANT'],
    ['SET GLOBAL max_connections = 1', 'SET GLOBAL m'],
    ['SET a = 1, @@GLOBAL.max_connections = 1', 'SET a = 1, @@GLOBAL.max_connections ='],
    ['FLUSH TABLES', 'FLUSH TABLES'],
    ['SHUTDOWN', 'SHUTDOWN'],
    ['KILL 7', 'KILL 7'],
    ["SELECT * FROM Note INTO OUTFILE '/tmp/x'", 'INTO OUTFILE'],
    ["CREATE TABLE far (id INT) ENGINE=FEDERATED CONNECTION='mysql://x'", 'ENGINE=FEDERATED'],
    ["CREATE FUNCTION f RETURNS INTEGER SONAME 'x.so'", 'SONAME'],
    ["SET @s = 'DROP USER app'; PREPARE p FROM @s; EXECUTE p", 'DROP USER'],
    ['STOP REPLICA', 'STOP REPLICA'],
    ['CREATE PROCEDURE p() DROP DATABASE x', 'DROP DATABASE'],
  ],
  sqlite: [
    ["ATTACH 'app.db' AS app", 'ATTACH'],
    ["SELECT 1; VACUUM main INTO '/tmp/x'", 'VACUUM main INTO'],
  ],
};

const STAYS: Record<Provider, string[]> = {
  postgresql: [
    'ALTER TABLE "User" DROP role, ALTER role TYPE text;',
    `INSERT INTO "Help" VALUES ('DROP DATABASE app'), (E'it\\'s; DROP ROLE x');`,
    '-- CREATE ROLE app\nSELECT 1',
    'GRANT SELECT ON "Note" TO app WITH GRANT OPTION; REVOKE GRANT OPTION FOR SELECT ON "Note" FROM app;',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app',
    'CREATE EXTENSION IF NOT EXISTS dblink; CREATE TRIGGER t BEFORE UPDATE ON "N" FOR EACH ROW EXECUTE FUNCTION f()',
    `COPY "Note" FROM STDIN`,
    `SELECT data #> '{a}' FROM t`,
    `ALTER TABLE "Note" ADD COLUMN path TEXT DEFAULT 'C:\\'; SELECT '; DROP ROLE x'`,
  ],
  mysql: [
    'ALTER TABLE `User` DROP role, DROP COLUMN `user`',
    "INSERT INTO Help VALUES ('x''; DROP USER app'), ('\\'; DROP USER app'), (\"; DROP USER app\")",
    'SET FOREIGN_KEY_CHECKS = 0; SET @old = @@GLOBAL.max_connections',
    'SELECT 1 -- ; DROP USER app',
    'SELECT a AS reset, CASE WHEN b THEN flush ELSE backup END FROM t JOIN u ON (t.a = u.a) USE INDEX (x)',
    'CREATE INDEX `use` ON Note (`grant`)',
  ],
  sqlite: [
    'PRAGMA foreign_keys=OFF; DROP TABLE "attach"; VACUUM;',
    `INSERT INTO Help VALUES ('; ATTACH x AS y')`,
  ],
};

for (const provider of ['postgresql', 'mysql', 'sqlite'] as const)
  describe(`a migration on ${provider}`, () => {
    for (const [sql, words] of REACHES[provider])
      it(`reaches out of the copy: ${sql.replaceAll('\n', ' ')}`, () => {
        assert.equal(findReach(sql, provider), words);
      });
    for (const sql of STAYS[provider])
      it(`stays in the copy: ${sql.replaceAll('\n', ' ')}`, () => {
        assert.equal(findReach(sql, provider), null);
      });
  });
