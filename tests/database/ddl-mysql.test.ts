import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DdlDialect, OnDelete, OwnerColumn } from '../../src/database/ddl.ts';
import { defineNullity, isAtLeast } from '../../src/database/mysql-ddl-catalog.ts';
import { planMigrations } from '../../src/migrations/plan.ts';
import { createDatabase, isMissing, type TestDatabase } from '../helpers/database.ts';
import { readDatabase } from '../helpers/ddl-project.ts';
import { queryMysql } from '../helpers/mysql-database.ts';

const AT = new Date('2026-11-25T19:00:00.999Z');

/** As Prisma writes tables; the keys of users have a collation that is not the database's. */
const TABLES: Record<string, { user: string; type: string; values: [string, string] }> = {
  'text keys': { user: '`id` VARCHAR(191) NOT NULL', type: 'VARCHAR(191)', values: ["'u1'", "'u2'"] },
  'keys of another collation': {
    user: '`id` VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL',
    type: 'VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin',
    values: ["'u1'", "'u2'"],
  },
  'unsigned numbers': {
    user: '`id` INTEGER UNSIGNED NOT NULL AUTO_INCREMENT',
    type: 'INTEGER UNSIGNED',
    values: ['1', '2'],
  },
  'big numbers': { user: '`id` BIGINT NOT NULL', type: 'BIGINT', values: ['9007199254740993', '2'] },
};
const NOTE = '`no``te select`';

describe('migrations on MySQL and MariaDB', { skip: isMissing('mysql') }, () => {
  const ownerOf = (database: TestDatabase, onDelete: OnDelete | null = 'RESTRICT'): OwnerColumn => {
    const schema = new URL(database.url).pathname.slice(1);
    return {
      model: 'Note',
      table: { schema, name: 'no`te select' },
      column: 'user`Id',
      references: { table: { schema, name: 'User' }, column: 'id' },
      onDelete,
    };
  };
  /** As Prisma sends a file: in the server's own modes, as one text. */
  const run = (database: TestDatabase, sql: string) =>
    queryMysql(database.url, `SET SESSION sql_mode = DEFAULT; ${sql}`);
  const write = async (
    database: TestDatabase,
    step: keyof DdlDialect,
    onDelete: OnDelete | null,
    owners = 0,
  ) => {
    const columns = [{ ...ownerOf(database, onDelete), owners }];
    const written = await readDatabase(database, (session, ddl) => ddl[step](session, columns));
    return planMigrations([], written, AT);
  };
  const apply = async (...args: Parameters<typeof write>) => {
    for (const { sql } of await write(...args)) await run(args[0], sql);
  };
  const show = async (database: TestDatabase) => {
    const [row] = await queryMysql(
      database.url,
      `SET SESSION sql_mode = DEFAULT; SHOW CREATE TABLE ${NOTE}`,
    ).then((rows) => rows.flat().slice(-1));
    assert.equal(typeof row?.['Create Table'], 'string');
    return String(row?.['Create Table']).replace(/AUTO_INCREMENT=\d+ /, '');
  };
  const create = async (shape: keyof typeof TABLES) => {
    const { user, values } = TABLES[shape] as (typeof TABLES)[string];
    const database = await createDatabase('mysql', { ddl: '', models: '' });
    await run(
      database,
      `CREATE TABLE \`User\` (${user}, PRIMARY KEY (\`id\`)) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
       CREATE TABLE ${NOTE} (\`id\` INTEGER NOT NULL, \`title\` VARCHAR(191) NOT NULL DEFAULT 'it''s NULL', PRIMARY KEY (\`id\`)) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
       INSERT INTO \`User\` (id) VALUES (${values[0]}), (${values[1]}); INSERT INTO ${NOTE} (id) VALUES (1), (2), (3)`,
    );
    return database;
  };
  const foreignKey = (onDelete: OnDelete) =>
    `ADD CONSTRAINT \`no\`\`te select_user\`\`Id_fkey\` FOREIGN KEY (\`user\`\`Id\`) REFERENCES \`User\`(\`id\`) ON DELETE ${onDelete} ON UPDATE CASCADE`;

  for (const [shape, { type, values }] of Object.entries(TABLES))
    for (const [optional, required] of [
      ['RESTRICT', 'RESTRICT'],
      ['SET NULL', 'RESTRICT'],
      [null, null],
    ] as const)
      it(`each phase leaves what Prisma writes: ${shape}, ON DELETE ${optional}, ${required}`, async (t) => {
        const [ours, prisma] = [await create(shape), await create(shape)];
        t.after(() => Promise.all([ours.drop(), prisma.drop()]));
        const same = async () => assert.equal(await show(ours), await show(prisma));
        const atFirst = await ours.dump();

        await apply(ours, 'addOwners', optional);
        await run(
          prisma,
          `ALTER TABLE ${NOTE} ADD COLUMN \`user\`\`Id\` ${type} NULL; CREATE INDEX \`no\`\`te select_user\`\`Id_idx\` ON ${NOTE}(\`user\`\`Id\`);`,
        );
        if (optional) await run(prisma, `ALTER TABLE ${NOTE} ${foreignKey(optional)}`);
        await same();

        await run(ours, `UPDATE ${NOTE} SET \`user\`\`Id\` = ${values[0]}`);
        const assigned = await ours.dump();
        await apply(ours, 'requireOwners', required);
        const drop = `ALTER TABLE ${NOTE} DROP FOREIGN KEY \`no\`\`te select_user\`\`Id_fkey\`;`;
        const isSwapped = optional !== required;
        if (isSwapped) await run(prisma, drop);
        await run(
          prisma,
          `SET foreign_key_checks = 0; DELETE FROM ${NOTE}; ALTER TABLE ${NOTE} MODIFY \`user\`\`Id\` ${type} NOT NULL`,
        );
        if (isSwapped && required) await run(prisma, `ALTER TABLE ${NOTE} ${foreignKey(required)}`);
        await same();

        await apply(ours, 'relaxOwners', optional);
        assert.equal(await ours.dump(), assigned);
        if (isSwapped) await run(prisma, drop);
        await run(
          prisma,
          `SET foreign_key_checks = 0; ALTER TABLE ${NOTE} MODIFY \`user\`\`Id\` ${type} NULL`,
        );
        if (isSwapped && optional) await run(prisma, `ALTER TABLE ${NOTE} ${foreignKey(optional)}`);
        await same();

        await apply(ours, 'removeOwners', optional, 3);
        await prisma.drop();
        assert.equal(await ours.dump(), atFirst);
      });

  it('a row without an owner stops phase 3 in every mode of the server, and stays NULL', async (t) => {
    const database = await create('text keys');
    t.after(() => database.drop());
    await apply(database, 'addOwners', 'RESTRICT');
    const [file] = await write(database, 'requireOwners', 'RESTRICT');
    const before = await database.dump();
    for (const mode of ["''", 'DEFAULT', "'ANSI'", "'NO_BACKSLASH_ESCAPES'"])
      await assert.rejects(
        queryMysql(database.url, `SET SESSION sql_mode = ${mode}; ${file?.sql}`),
        /Unknown column '3 rows of Note have no owner'/,
      );
    const unguarded = (file?.sql ?? '').replace('EXECUTE ownership_guard;', '');
    await assert.rejects(queryMysql(database.url, `SET SESSION sql_mode = ''; ${unguarded}`));
    assert.equal(await database.dump(), before);
  });

  it('settings are as they were when a file is done', async (t) => {
    const database = await create('text keys');
    t.after(() => database.drop());
    const settings =
      'SELECT @@SESSION.sql_mode AS m, @@SESSION.lock_wait_timeout AS w, @@SESSION.foreign_key_checks AS f';
    const odd = "SET SESSION sql_mode = 'ANSI_QUOTES', lock_wait_timeout = 77, foreign_key_checks = 0;";
    const expected = (await queryMysql(database.url, `${odd} ${settings}`)).at(-1);
    const check = async (step: keyof DdlDialect) => {
      for (const { sql } of await write(database, step, 'RESTRICT', 3))
        assert.deepEqual((await queryMysql(database.url, `${odd} ${sql} ${settings}`)).at(-1), expected);
    };
    await check('addOwners');
    await run(database, `UPDATE ${NOTE} SET \`user\`\`Id\` = 'u1'`);
    for (const step of ['requireOwners', 'relaxOwners', 'removeOwners'] as const) await check(step);
  });

  it('an owner that is not there stops the foreign key of phase 1, and more owners than known stop its inverse', async (t) => {
    const database = await create('text keys');
    t.after(() => database.drop());
    const [column, index, key] = await write(database, 'addOwners', 'RESTRICT');
    for (const file of [column, index]) await run(database, file?.sql ?? '');
    await run(database, `UPDATE ${NOTE} SET \`user\`\`Id\` = 'nobody' WHERE id = 1`);
    await assert.rejects(run(database, key?.sql ?? ''), /Unknown column '1 rows of Note have no such owner'/);
    await run(database, `UPDATE ${NOTE} SET \`user\`\`Id\` = 'u1' WHERE id <= 2`);
    await run(database, key?.sql ?? '');
    const before = await database.dump();
    for (const { sql } of await write(database, 'removeOwners', 'RESTRICT', 1))
      await assert.rejects(run(database, sql), /2 rows of Note have an owner/);
    assert.equal(await database.dump(), before);
  });

  it('what an earlier try has left behind is finished, and leads back too', async (t) => {
    const database = await create('text keys');
    t.after(() => database.drop());
    await apply(database, 'addOwners', 'SET NULL');
    const optional = await show(database);
    await run(database, `UPDATE ${NOTE} SET \`user\`\`Id\` = 'u1'`);
    const files = await write(database, 'requireOwners', 'RESTRICT');
    assert.equal(files.length, 3);
    let required: string | undefined;
    for (const applied of [3, 2, 1, 0]) {
      for (const { sql } of files.slice(0, applied)) await run(database, sql);
      await apply(database, 'requireOwners', 'RESTRICT');
      required ??= await show(database);
      assert.equal(await show(database), required, `${applied} files were applied`);
      await apply(database, 'relaxOwners', 'SET NULL');
      for (const { sql } of files.slice(0, applied)) await run(database, sql);
      await apply(database, 'relaxOwners', 'SET NULL');
      assert.equal(await show(database), optional, `${applied} files were applied`);
    }
    const [first] = await write(database, 'removeOwners', 'SET NULL', 3);
    await run(database, first?.sql ?? '');
    await apply(database, 'removeOwners', 'SET NULL', 3);
  });

  it('who waits for a lock gives up after a second, and nothing has changed', async (t) => {
    const database = await create('text keys');
    t.after(() => database.drop());
    const [file] = await write(database, 'addOwners', 'RESTRICT');
    const before = await show(database);
    const held = run(database, `START TRANSACTION; SELECT * FROM ${NOTE}; DO SLEEP(3); COMMIT`);
    await assert.rejects(async () => {
      // Until the other one has the lock, the file could go through.
      for (;;) {
        const [row] = await queryMysql(
          database.url,
          `SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'DO SLEEP%'`,
        );
        if (Number(row?.n) > 0) break;
      }
      await run(database, file?.sql ?? '');
    }, /Lock wait timeout/);
    await held;
    assert.equal(await show(database), before);
  });

  it('the words about NULL change, and a comment that has them does not', () => {
    assert.equal(
      defineNullity(
        "varchar(191) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'was NULL, it''s NOT NULL'",
        'NOT NULL',
      ),
      "varchar(191) COLLATE utf8mb4_bin NOT NULL COMMENT 'was NULL, it''s NOT NULL'",
    );
    assert.equal(
      defineNullity("int(10) unsigned NOT NULL COMMENT 'a  b'", 'NULL'),
      "int(10) unsigned NULL COMMENT 'a  b'",
    );
    assert.equal(defineNullity('bigint(20) DEFAULT NULL', 'NOT NULL'), 'bigint(20) NOT NULL');
  });

  it('versions are compared by their numbers', () => {
    assert.equal(isAtLeast('8.0.12', '8.0.12'), true);
    assert.equal(isAtLeast('10.11.6-MariaDB-log', '10.3.2'), true);
    assert.equal(isAtLeast('8.0.4', '8.0.12'), false);
    assert.equal(isAtLeast('5.7.44', '8.0.12'), false);
    assert.equal(isAtLeast('9.1.0', '8.0.29'), true);
  });
});
