import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { createDatabase, isMissing } from './helpers/database.ts';
import { answer, runOn, testLifeCycles } from './helpers/life-cycle.ts';
import { queryMysql } from './helpers/mysql-database.ts';
import { NOTES, OWNER_COLUMN, OWNER_FIELDS, USER_MODEL, USERS } from './helpers/notes.ts';

const MYSQL = ['mysql'] as const;

describe('what only MySQL and MariaDB have: the life of a table with', () => {
  testLifeCycles([
    {
      name: 'columns that the database sets on every update, which stay as they were',
      on: MYSQL,
      ddl: `${USERS}
        CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY,
          "changed at" DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
          "seen" TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, ${OWNER_COLUMN});
        INSERT INTO "Note" VALUES (1, '2020-01-01 00:00:00.5', NULL, NULL), (2, '2020-01-02', '2021-01-01 00:00:00', NULL);`,
      models: `${USER_MODEL}
        model Note {
          id        Int       @id
          changedAt DateTime  @map("changed at")
          seen      DateTime?${OWNER_FIELDS}
        }`,
      user: 'ana',
      owners: { Note: 'userId' },
      unowned: 2,
    },
    {
      name: 'text keys that sort and match without case and accents, in a character set of their own',
      on: MYSQL,
      ddl: `
        CREATE TABLE "User" ("id" VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL PRIMARY KEY);
        CREATE TABLE "Note" ("id" VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL PRIMARY KEY,
          "userId" VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci REFERENCES "User" ("id"));
        INSERT INTO "User" VALUES ('Ana'), ('ben');
        INSERT INTO "Note" VALUES ('b', NULL), ('A', NULL), ('é', NULL), ('Z', 'ben'), ('ß', NULL), ('_', NULL), ('10', NULL), ('9', NULL);`,
      models: `
        model User {
          id    String @id
          notes Note[]
        }
        model Note {
          id     String  @id
          userId String?
          user   User?   @relation(fields: [userId], references: [id])
        }`,
      user: 'Ana',
      owners: { Note: 'userId' },
      unowned: 7,
    },
    {
      name: 'unsigned, binary, enum and time keys in one key',
      on: MYSQL,
      ddl: `
        CREATE TABLE "User" ("id" BIGINT UNSIGNED NOT NULL PRIMARY KEY);
        CREATE TABLE "Note" ("big" BIGINT UNSIGNED NOT NULL, "hash" BINARY(2) NOT NULL, "kind" ENUM('zebra', 'ant') NOT NULL,
          "at" TIME(3) NOT NULL, "day" DATE NOT NULL, "rate" FLOAT NOT NULL, "userId" BIGINT UNSIGNED REFERENCES "User" ("id"),
          PRIMARY KEY ("kind", "big", "hash", "at", "day", "rate"));
        INSERT INTO "User" VALUES (18446744073709551615), (1);
        INSERT INTO "Note" VALUES (18446744073709551615, x'FF00', 'ant', '10:00:00.5', '2024-02-29', 0.1, NULL),
          (0, x'0000', 'zebra', '23:59:59.999', '1970-01-01', 1e10, NULL), (9007199254740993, x'2700', 'zebra', '-00:00:01', '2024-01-01', 0.3, NULL),
          (9007199254740992, x'2700', 'zebra', '00:00:00', '2024-01-01', -2.5, 1);`,
      models: `
        enum Kind {
          zebra
          ant
        }
        model User {
          id    BigInt @id @db.UnsignedBigInt
          notes Note[]
        }
        model Note {
          big    BigInt   @db.UnsignedBigInt
          hash   Bytes    @db.Binary(2)
          kind   Kind
          at     DateTime @db.Time(3)
          day    DateTime @db.Date
          rate   Float    @db.Float
          userId BigInt?  @db.UnsignedBigInt
          user   User?    @relation(fields: [userId], references: [id])
          @@id([kind, big, hash, at, day, rate])
        }`,
      user: '18446744073709551615',
      value: 18446744073709551615n,
      owners: { Note: 'userId' },
      unowned: 3,
    },
  ]);
});

describe('a user of MySQL', { skip: isMissing('mysql') }, () => {
  it('that may not keep the journal gets the grant to ask for, which works', async (t) => {
    const database = await createDatabase('mysql', NOTES);
    const name = new URL(database.url).pathname.slice(1);
    const account = `'po_${name.slice(-12)}'@'%'`;
    const url = new URL(database.url);
    [url.username, url.password] = [`po_${name.slice(-12)}`, 'p'];
    t.after(async () => {
      await queryMysql(database.url, `DROP USER IF EXISTS ${account}`);
      await database.drop();
    });
    await queryMysql(
      database.url,
      `CREATE USER ${account} IDENTIFIED BY 'p'; GRANT ALL ON ${name}.* TO ${account}`,
    );
    const limited = { ...database, url: url.href };
    const refused = await runOn(limited, ['production-safe', 'ana', '--step=1']);
    assert.equal(refused.code, 1, refused.stderr);
    const [finding] = JSON.parse(refused.stdout).findings;
    assert.equal(finding.code, 'NOT_WRITABLE');
    const [, grant = ''] = /: (GRANT ALL ON .*)$/.exec(finding.message) ?? [];
    await queryMysql(database.url, grant);
    assert.equal(answer(await runOn(limited, ['production-safe', 'ana', '--step=2'])).ok, true);
    assert.equal(answer(await runOn(limited, ['rollback', '--confirm'])).ok, true);
  });

  it('that may read but not update is told by step 1', async (t) => {
    const database = await createDatabase('mysql', NOTES);
    const name = new URL(database.url).pathname.slice(1);
    const account = `'pr_${name.slice(-12)}'@'%'`;
    const url = new URL(database.url);
    [url.username, url.password] = [`pr_${name.slice(-12)}`, 'p'];
    t.after(async () => {
      await queryMysql(database.url, `DROP USER IF EXISTS ${account}`);
      await database.drop();
    });
    await queryMysql(
      database.url,
      `CREATE USER ${account} IDENTIFIED BY 'p'; GRANT SELECT ON ${name}.* TO ${account}`,
    );
    const { code, stdout } = await runOn({ ...database, url: url.href }, [
      'production-safe',
      'ana',
      '--step=1',
    ]);
    assert.equal(code, 1);
    const codes = JSON.parse(stdout).findings.map((each: { code: string }) => each.code);
    assert.ok(codes.includes('NOT_UPDATABLE'), codes.join());
  });

  it('with a table without transactions is told by step 1', async (t) => {
    const database = await createDatabase('mysql', {
      ddl: `CREATE TABLE "User" ("id" VARCHAR(191) PRIMARY KEY);
        CREATE TABLE "Note" ("id" INTEGER PRIMARY KEY, "userId" VARCHAR(191)) ENGINE = MyISAM;
        INSERT INTO "User" VALUES ('ana'); INSERT INTO "Note" VALUES (1, NULL);`,
      models: NOTES.models,
    });
    t.after(database.drop);
    const { code, stdout } = await runOn(database, ['production-safe', 'ana', '--step=1']);
    assert.equal(code, 1);
    const codes = JSON.parse(stdout).findings.map((each: { code: string }) => each.code);
    assert.ok(codes.includes('NOT_TRANSACTIONAL'), codes.join());
  });
});
