import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { loadConfig } from '../src/config.ts';
import { withDatabase } from '../src/database/connect.ts';
import type { Database } from '../src/database/dialect.ts';
import { guardFailed } from '../src/errors.ts';
import { check } from '../src/ownership/check.ts';
import { createGuards, planGuards } from '../src/ownership/guard.ts';
import { ALL_PROVIDERS, isMissing, type TestDatabase } from './helpers/database.ts';
import { ASSIGN_GUARDED, ask, codesOf, createGuardable, ownersOf } from './helpers/guard.ts';
import { queryMysql } from './helpers/mysql-database.ts';
import { Died } from './helpers/steps.ts';

/** Creates the guards in a process that dies right after its n-th writing transaction; returns whether it came so far. */
async function createAndDie({ url, folder, schemaPath }: TestDatabase, after: number): Promise<boolean> {
  const config = await loadConfig({ env: { DATABASE_URL: url }, cwd: folder, schema: schemaPath });
  let writes = 0;
  const work = async (database: Database) => {
    const mortal: Database = {
      ...database,
      write: async (inside) => {
        if (writes === after) throw new Died();
        writes += 1;
        return database.write(inside);
      },
    };
    const checked = await check(mortal, config.decision, 'ana');
    await createGuards(mortal, planGuards(checked), checked.user);
  };
  return withDatabase(config.url, work).then(
    () => false,
    (error) => {
      if (error instanceof Died) return true;
      throw error;
    },
  );
}

for (const provider of ALL_PROVIDERS) {
  describe(`a guard on ${provider}`, { skip: isMissing(provider) }, () => {
    it('is never unnoticed, wherever its creation is cut off, and is made whole or removed', async (t) => {
      let after = 0;
      for (let hasDied = true; hasDied; after += 1) {
        const database = await createGuardable(t, provider);
        const before = await database.dump();
        hasDied = await createAndDie(database, after);
        await database.run(`INSERT INTO "Note" ("id") VALUES (10)`);
        const { answer } = await ask(database, 'status');
        // As long as a trigger is not noticed, there is none that gives an owner.
        if (answer.guards.length === 0) assert.equal((await ownersOf(database))[10], null);
        else assert.deepEqual(codesOf({ answer }), ['GUARD_ACTIVE']);
        assert.deepEqual((await ask(database, 'cleanup', '--confirm')).code, 0);
        await database.run(`DELETE FROM "Note" WHERE "id" = 10`);
        assert.equal(await database.dump(), before);

        await createAndDie(database, after);
        assert.equal((await ask(database, ...ASSIGN_GUARDED)).code, 0);
        await database.run(
          `INSERT INTO "Note" ("id") VALUES (11); UPDATE "Note" SET "text" = 'x' WHERE "id" = 11;`,
        );
        assert.equal((await ask(database, 'status')).answer.guards[0].hits, 1);
      }
      assert.ok(after > (provider === 'mysql' ? 5 : 2), String(after));
    });
  });
}

describe('a guard that the role may not create', () => {
  it('is refused with what to grant (MySQL)', { skip: isMissing('mysql') }, async (t) => {
    const database = await createGuardable(t, 'mysql');
    const name = new URL(database.url).pathname.slice(1);
    const user = name.slice(-12);
    await queryMysql(
      database.url,
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'; GRANT SELECT, INSERT, UPDATE ON ${name}.* TO '${user}'@'%';
       GRANT ALL ON ${name}_ownership_migration.* TO '${user}'@'%'`,
    );
    const url = Object.assign(new URL(database.url), { username: user, password: 'secret' }).href;
    try {
      const refused = await ask({ ...database, url }, ...ASSIGN_GUARDED);
      assert.deepEqual([refused.code, refused.answer.error.code], [2, 'GUARD_FAILED']);
      assert.match(
        refused.answer.error.message,
        /TRIGGER command denied.*\nNo guard was created\. No row was assigned\.$/,
      );
      assert.match(refused.answer.error.remedy, /on MySQL grant TRIGGER on it/);
      await queryMysql(database.url, `GRANT TRIGGER ON ${name}.* TO '${user}'@'%'`);
      assert.equal((await ask({ ...database, url }, ...ASSIGN_GUARDED)).code, 0);
      assert.equal((await ask({ ...database, url }, 'cleanup', '--confirm')).code, 0);
    } finally {
      await queryMysql(database.url, `DROP USER '${user}'@'%'`);
    }
  });

  it('is refused where it could not be removed again (PostgreSQL)', async (t) => {
    const database = await createGuardable(t, 'postgresql');
    const name = new URL(database.url).pathname.slice(1);
    const role = name.replace('test', 'role');
    await database.run(`
      CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT SELECT, INSERT, UPDATE, TRIGGER ON "Note" TO ${role};
      GRANT SELECT ON "User" TO ${role}; GRANT CREATE ON DATABASE ${name} TO ${role};`);
    const url = Object.assign(new URL(database.url), { username: role, password: 'secret' }).href;
    try {
      const before = await database.dump();
      const refused = await ask({ ...database, url }, ...ASSIGN_GUARDED);
      assert.deepEqual([refused.code, refused.answer.error.code], [2, 'GUARD_FAILED']);
      assert.match(refused.answer.error.message, /must be owner of relation Note.*\nNo guard was created/);
      assert.equal(await database.dump(), before);
    } finally {
      await database.run(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role};`);
    }
  });

  it('is refused with the setting of a server that writes a binary log', () => {
    const words =
      'You do not have the SUPER privilege and binary logging is enabled (you *might* want to use the less safe log_bin_trust_function_creators variable)';
    const failed = guardFailed({
      model: 'Note',
      table: 'Note',
      words,
      created: [],
      holders: [],
      tries: 1,
      userId: 'ana',
      cause: null,
    });
    assert.match(
      failed.remedy,
      /^An administrator can allow it .*: SET GLOBAL log_bin_trust_function_creators = 1;\n/,
    );
  });
});
