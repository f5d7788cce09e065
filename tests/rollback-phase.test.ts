import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { runInProcess } from './helpers/in-process.ts';
import { createSmallProject, OWNER, type SmallProject } from './helpers/small-project.ts';

let project: SmallProject;

describe('rollback --phase', () => {
  const migration = (name: string, sql: string) => {
    mkdirSync(join(project.folder, 'migrations', name), { recursive: true });
    writeFileSync(join(project.folder, 'migrations', name, 'migration.sql'), sql);
  };
  const PRISMA_TABLE = `CREATE TABLE "_prisma_migrations" (migration_name TEXT, started_at TEXT, finished_at TEXT, rolled_back_at TEXT);`;
  const applied = (name: string) =>
    project.run(`INSERT INTO "_prisma_migrations" VALUES ('${name}', '2026-01-01', '2026-01-01', NULL)`);

  beforeEach(async () => {
    project = await createSmallProject(PRISMA_TABLE);
    migration('20260101000000_init', 'CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY);');
    migration('20260102000000_add', 'ALTER TABLE "Post" ADD COLUMN "userId" TEXT;');
    await applied('20260101000000_init');
    await applied('20260102000000_add');
  });
  afterEach(() => project.drop());

  it('wants to be confirmed, and a dry run writes nothing', async () => {
    await project.assertRefused('rollback --phase=1', {
      code: 2,
      says: /taking phase 1 back changes the schema[\s\S]*--dry-run --phase=1\n {2}.*--confirm --phase=1/,
    });
    await project.run('UPDATE "Post" SET "userId" = NULL');
    const before = [project.readSchema(), project.listFolders()];
    const { code, stdout } = await project.type('rollback --phase=1 --confirm --dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /Nothing was written\.[\s\S]*npm run migration:rollback -- --confirm --phase=1/);
    assert.deepEqual([project.readSchema(), project.listFolders()], before);
  });

  it('refuses to lose owners that no run wrote, until a backup is named', async () => {
    await project.run('UPDATE "Post" SET "userId" = NULL WHERE id = 2');
    await project.type(`production-safe ${OWNER} --step=2`);
    const { code, stdout } = await project.type('rollback --phase=1 --confirm --json');
    const { models, findings } = JSON.parse(stdout);
    assert.equal(code, 1);
    assert.deepEqual(models, [
      { model: 'Post', table: 'Post', ownerColumn: 'userId', owners: 2, journaled: 1 },
    ]);
    assert.deepEqual(
      findings.map((each: { code: string }) => each.code),
      ['OWNERS_UNKNOWN', 'RUN_NOT_ROLLED_BACK'],
    );
    await project.assertRefused('rollback --phase=1 --confirm --backup=nowhere', {
      code: 2,
      says: /there is no backup at nowhere/,
    });
    writeFileSync(join(project.folder, 'backup.sql'), '-- all of it');
    const named = await project.type('rollback --phase=1 --confirm --backup=backup.sql');
    assert.equal(named.code, 0, named.stdout + named.stderr);
    assert.match(named.stdout, /warning: run \w+ is not rolled back: the owners of its 1 row/);
    assert.doesNotMatch(project.readSchema(), /userId/);
  });

  it('takes a backup of ours where it is of this database, and as it was written', async () => {
    const { stdout } = await project.type('backup --out=kept --json');
    const { path } = JSON.parse(stdout) as { path: string };
    const manifest = join(project.folder, path, 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"rows": 2', '"rows": 3'));
    await project.assertRefused(`rollback --phase=1 --confirm --backup=${path}`, {
      code: 2,
      says: /the manifest of \S+ is not as it was written/,
    });
    writeFileSync(manifest, text);
    const other = join(project.folder, 'other.db');
    copyFileSync(project.url.slice('file:'.length), other);
    await project.assertRefused(
      `rollback --phase=1 --confirm --backup=${path}`,
      { code: 2, says: /the backup is of the database "\S*test\.db", and the database is "\S*other\.db"/ },
      { DATABASE_URL: `file:${other}` },
    );
    const named = await project.type(`rollback --phase=1 --confirm --backup=${path}`);
    assert.equal(named.code, 0, named.stdout + named.stderr);
  });

  it('refuses while a guard is there, and repeats the backup that was named', async () => {
    await project.type(`production-safe ${OWNER} --step=2 --guard`);
    writeFileSync(join(project.folder, 'my backup'), 'all of it');
    const { code, stdout } = await runInProcess(
      ['rollback', '--phase=1', '--confirm', '--backup=my backup', '--models=Post'],
      { cwd: project.folder, env: { DATABASE_URL: project.url } },
    );
    assert.equal(code, 1);
    assert.match(stdout, /\[GUARD_IN_THE_WAY\]/);
    assert.match(stdout, /--confirm --phase=1 --backup='my backup' --models=Post$/m);
  });

  it('does not take a row that was given to another user since for what the run wrote', async () => {
    await project.run(
      `UPDATE "Post" SET "userId" = NULL; INSERT INTO "User" VALUES ('ben', 'ben@example.com')`,
    );
    await project.type(`production-safe ${OWNER} --step=2`);
    await project.run(`UPDATE "Post" SET "userId" = 'ben' WHERE id = 2`);
    const { stdout } = await project.type('rollback --phase=1 --confirm --json');
    const { owners, journaled } = JSON.parse(stdout).models[0];
    assert.deepEqual([owners, journaled], [2, 1]);
  });

  it('counts a row that two runs wrote once', async () => {
    await project.run('UPDATE "Post" SET "userId" = NULL WHERE id = 2');
    await project.type(`production-safe ${OWNER} --step=2`);
    await project.run('UPDATE "Post" SET "userId" = NULL WHERE id = 2');
    await project.type(`production-safe ${OWNER} --step=2`);
    const { stdout } = await project.type('rollback --phase=1 --confirm --json');
    assert.deepEqual(JSON.parse(stdout).models[0].journaled, 1);
  });

  it('finds nothing to take back where the column came with its table', async () => {
    migration('20260101000000_init', 'CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY, "userId" TEXT);');
    migration('20260102000000_add', 'SELECT 1;');
    await project.assertRefused('rollback --phase=1 --confirm', {
      code: 2,
      says: /no migration of this project added an owner column/,
    });
    await project.assertRefused('rollback --phase=3 --confirm', {
      code: 2,
      says: /no migration of this project made an owner column required/,
    });
  });

  it('refuses while the column is part of a key', async () => {
    await project.run('UPDATE "Post" SET "userId" = NULL');
    project.edit('  @@index([userId])', '  @@index([userId])\n  @@unique([userId, id])');
    await project.assertRefused('rollback --phase=1 --confirm', { code: 1, says: /\[OWNER_NOT_REMOVED\]/ });
  });

  it('refuses while the database requires the owner, whatever the schema says', async () => {
    await project.run(
      `DROP TABLE "Post"; CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY, "userId" TEXT NOT NULL)`,
    );
    await project.assertRefused('rollback --phase=1 --confirm', {
      code: 1,
      says: /Post: the column "userId" is required.*\[STILL_REQUIRED\]/,
    });
  });

  it('refuses while a migration is not applied', async () => {
    await project.run('UPDATE "Post" SET "userId" = NULL');
    migration('20260103000000_later', 'SELECT 1;');
    await project.assertRefused('rollback --phase=1 --confirm', {
      code: 2,
      says: /20260103000000_later is in the project and not applied/,
    });
  });

  it('refuses a run together with a phase, and models without one', async () => {
    await project.assertRefused('rollback --phase=1 --confirm --run=7f3a', {
      code: 2,
      says: /'--phase <n>' cannot be used with option '--run <id>'/,
    });
    await project.assertRefused('rollback --confirm --models=Post', {
      code: 2,
      says: /--models is for a phase/,
    });
    await project.assertRefused('rollback --confirm --backup=x', {
      code: 2,
      says: /--backup is for a phase/,
    });
  });
});
