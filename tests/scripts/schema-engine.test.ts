import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { useOfflineEngine } from '../../scripts/offline-engine.ts';
import { type Finished, ROOT, runProcess } from '../helpers/command-line.ts';
import { createDatabase, PROVIDERS, type TestDatabase } from '../helpers/database.ts';

const ENGINE = join(ROOT, 'scripts/schema-engine/schema-engine.js');
const PRISMA = join(dirname(require.resolve('prisma/package.json')), 'build/index.js');

const MODELS = `
model User {
  id    String @id
  email String
}

model Note {
  id   String  @id
  text String?
}`;

const MIGRATIONS = {
  '20260101000000_users': 'CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL);',
  // The semicolon inside the string tells whether a script is split.
  '20260102000000_notes': `CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY, "text" TEXT);
INSERT INTO "User" VALUES ('u1', 'a;b');`,
};

const CONFIG = `export default {
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.DATABASE_URL },
};
`;

/** Runs the real Prisma CLI in the database's folder, with the offline engine and without a terminal. */
function prisma(db: TestDatabase, command: string, url = db.url): Promise<Finished> {
  const env = { DATABASE_URL: url, PRISMA_SCHEMA_ENGINE_BINARY: ENGINE, CHECKPOINT_DISABLE: '1' };
  return runProcess(process.execPath, [PRISMA, ...command.split(' ')], { cwd: db.folder, env });
}

function assertEnded({ code, stdout, stderr }: Finished, expected: { code: number; output: RegExp }): void {
  assert.equal(code, expected.code, `${stdout}${stderr}`);
  assert.match(`${stdout}${stderr}`, expected.output);
}

function writeMigration(db: TestDatabase, name: string, sql: string): void {
  const folder = join(db.folder, 'migrations', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
}

async function createProject(provider: TestDatabase['provider']): Promise<TestDatabase> {
  const db = await createDatabase(provider, { ddl: '', models: MODELS });
  writeFileSync(join(db.folder, 'prisma.config.mjs'), CONFIG);
  for (const [name, sql] of Object.entries(MIGRATIONS)) writeMigration(db, name, sql);
  writeFileSync(join(db.folder, 'migrations/migration_lock.toml'), `provider = "${provider}"\n`);
  return db;
}

/** Sends the engine one request, past the CLI, and returns its answer. */
function request(db: TestDatabase, method: string, params: object): { result?: unknown; error?: object } {
  const args = ['--datasource', JSON.stringify({ url: db.url })];
  const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`;
  return JSON.parse(spawnSync(ENGINE, args, { input, encoding: 'utf8' }).stdout);
}

const ELSEWHERE = {
  sqlite: (db: TestDatabase) => `ATTACH '${join(db.folder, 'other.db')}' AS other`,
  postgresql: () => 'CREATE SCHEMA other',
};

const NOPE = { sqlite: /no such table: Nope/, postgresql: /relation "Nope" does not exist/ };

describe('the offline schema engine', { concurrency: true }, () => {
  for (const provider of PROVIDERS) {
    const skip =
      provider === 'postgresql' && !process.env.TEST_POSTGRES_URL && 'TEST_POSTGRES_URL is not set';

    // One project lives through all of these, in this order: each command starts Prisma, which takes two seconds.
    describe(`on ${provider}`, { skip, concurrency: false }, () => {
      let db: TestDatabase;
      before(async () => {
        db = await createProject(provider);
      });
      after(() => db.drop());

      it('migrate deploy applies each migration as one script', async () => {
        const deployed = await prisma(db, 'migrate deploy');
        assertEnded(deployed, { code: 0, output: /All migrations have been successfully applied/ });
        assert.deepEqual(await db.query('SELECT * FROM "User"'), [{ id: 'u1', email: 'a;b' }]);
      });

      it('migrate resolve --applied notes what was there before Prisma', async () => {
        const old = await createProject(provider);
        try {
          await old.run('CREATE TABLE "Old" ("id" TEXT NOT NULL PRIMARY KEY)');
          for (const name of Object.keys(MIGRATIONS))
            assertEnded(await prisma(old, `migrate resolve --applied ${name}`), {
              code: 0,
              output: /marked as applied/,
            });
          assertEnded(await prisma(old, 'migrate status'), {
            code: 0,
            output: /Database schema is up to date!/,
          });
        } finally {
          await old.drop();
        }
      });

      it('migrate status knows what is applied', async () => {
        assertEnded(await prisma(db, 'migrate status'), {
          code: 0,
          output: /Database schema is up to date!/,
        });
      });

      it('migrate dev adds a column without a terminal and keeps the rows', async () => {
        const schema = readFileSync(db.schemaPath, 'utf8');
        writeFileSync(db.schemaPath, schema.replace('email String', 'email String\n  name String?'));
        const migrated = await prisma(db, 'migrate dev --name add-user-name');
        assertEnded(migrated, { code: 0, output: /_add_user_name\// });
        assert.deepEqual(await db.query('SELECT * FROM "User"'), [{ id: 'u1', email: 'a;b', name: null }]);
      });

      it('migrate dev has nothing to say of a table in another schema or file', async () => {
        await db.run(
          `${ELSEWHERE[provider](db)}; CREATE TABLE other."Stray" ("id" TEXT NOT NULL PRIMARY KEY)`,
        );
        assertEnded(await prisma(db, 'migrate dev'), { code: 0, output: /Already in sync/ });
      });

      it('migrate diff --exit-code ends with 0 when the database is what the migrations make', async () => {
        const diff = 'migrate diff --from-migrations migrations --to-config-datasource --exit-code';
        assertEnded(await prisma(db, diff), { code: 0, output: /No difference detected/ });
      });

      it('migrate dev calls a table made by hand drift and resets nothing', async () => {
        await db.run('CREATE TABLE "Stray" ("id" TEXT NOT NULL PRIMARY KEY)');
        const refused = await prisma(db, 'migrate dev --name x');
        assertEnded(refused, { code: 130, output: /Drift detected.*\[\+\] Added tables\s+- Stray/s });
        assert.equal((await db.query('SELECT * FROM "User"')).length, 1);
      });

      it('migrate diff --exit-code ends with 2 when the database differs from the migrations', async () => {
        const diff = 'migrate diff --from-migrations migrations --to-config-datasource --exit-code';
        assertEnded(await prisma(db, diff), { code: 2, output: /\[\+\] Added tables\s+- Stray/ });
      });

      it('db pull reads the tables into models', async () => {
        assertEnded(await prisma(db, 'db pull --print'), {
          code: 0,
          output: /model Stray \{\s+id String @id\s+\}/,
        });
      });

      // Asked of the engine itself: the CLI asks an agent that runs these tests for its user's consent to a reset.
      it('a reset leaves an empty database', async () => {
        assert.deepEqual(request(db, 'reset', { filter: { externalTables: [], externalEnums: [] } }), {
          jsonrpc: '2.0',
          id: 1,
          result: null,
        });
        for (const table of ['User', 'Stray', '_prisma_migrations']) {
          await assert.rejects(db.query(`SELECT * FROM "${table}"`), table);
        }
      });

      it('migrate deploy stops at a broken migration with the text of the database', async () => {
        writeMigration(db, '30000101000000_broken', 'ALTER TABLE "Nope" ADD COLUMN "x" TEXT;');
        const failed = await prisma(db, 'migrate deploy');
        assertEnded(failed, { code: 1, output: /P3018.*Migration name: 30000101000000_broken/s });
        assert.match(failed.stderr, NOPE[provider]);
        assert.equal((await db.query('SELECT * FROM "User"')).length, 1);
      });
    });
  }

  describe('on a database that is not there', { concurrency: false }, () => {
    let db: TestDatabase;
    before(async () => {
      db = await createProject('sqlite');
    });
    after(() => db.drop());

    it('migrate status refuses a file that does not exist and does not create it', async () => {
      const refused = await prisma(db, 'migrate status', 'file:./none.db');
      assertEnded(refused, { code: 1, output: /P1003: Database `none\.db` does not exist/ });
      assert.equal(existsSync(join(db.folder, 'none.db')), false);
    });

    it('migrate deploy creates the file, from the working directory, with its folder', async () => {
      assertEnded(await prisma(db, 'migrate deploy', 'file:./new/app.db'), {
        code: 0,
        output: /app\.db created/,
      });
      assert.equal(existsSync(join(db.folder, 'new/app.db')), true);
    });

    it('migrate deploy on MySQL says which databases can be migrated', async () => {
      const refused = await prisma(db, 'migrate deploy', 'mysql://root@127.0.0.1/app');
      assertEnded(refused, {
        code: 1,
        output: /migrates SQLite \("file:"\) and PostgreSQL \("postgresql:"\), not "mysql:"/,
      });
    });
  });
});

describe('useOfflineEngine', () => {
  let engines: string;
  beforeEach(() => {
    engines = mkdtempSync(join(tmpdir(), 'prisma-ownership-engines-'));
  });
  afterEach(() => rmSync(engines, { recursive: true }));

  it('names the offline engine where no engine is chosen and no native one is installed', () => {
    assert.deepEqual(useOfflineEngine({}, engines), { PRISMA_SCHEMA_ENGINE_BINARY: ENGINE });
  });

  it('leaves the choice to Prisma where its native engine is installed', () => {
    writeFileSync(join(engines, 'schema-engine-debian-openssl-3.0.x'), '');
    assert.deepEqual(useOfflineEngine({}, engines), {});
  });

  it('keeps an engine that is already chosen', () => {
    const chosen = { PRISMA_SCHEMA_ENGINE_BINARY: '/opt/schema-engine' };
    assert.deepEqual(useOfflineEngine({ ...chosen }, engines), chosen);
  });
});
