import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createSmallProject, OWNER, type SmallProject } from './helpers/small-project.ts';

let project: SmallProject;

describe('schema --phase=1', () => {
  beforeEach(async () => {
    project = await createSmallProject();
  });
  afterEach(() => project.drop());

  it('chooses the models whose foreign keys lead to the users, and needs no database', async () => {
    const { code, stdout, stderr } = await project.type('schema --phase=1 --write', { DATABASE_URL: '' });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Phase 1: 1 model\. Written, and not applied to any database\.$/m);
    assert.match(project.readSchema(), /model Comment \{[^}]*userId +String\?/);
    assert.match(project.readSchema(), /comments +Comment\[\]\n\}/);
    assert.doesNotMatch(project.readSchema(), /model Country \{[^}]*userId/);
  });

  it('writes the migrations afterwards, when the schema has it already', async () => {
    await project.type('schema --phase=1 --write');
    const { code, stdout } = await project.type('schema --phase=1 --sql --write --models=Comment --json');
    const { changes, models, written, withSql } = JSON.parse(stdout);
    assert.deepEqual([code, written, withSql], [0, true, true]);
    assert.deepEqual(models, [{ model: 'Comment', table: 'Comment', ownerColumn: 'userId' }]);
    assert.equal(changes.length, project.listFolders().length);
    assert.match(changes[0].path, /^migrations\/\d{14}_add_optional_user_relations/);
    assert.match(changes[0].diff, /^\+.*ADD COLUMN "userId" TEXT/m);
  });

  it('leaves out what --exclude names', async () => {
    const { stdout } = await project.type('schema --phase=1 --exclude=Comment');
    assert.match(stdout, /nothing to write/);
  });

  it('refuses a model that it cannot edit, and writes none', () =>
    project.assertRefused('schema --phase=1 --models=Comment,Review --write', {
      code: 1,
      says: /error: Review: .*\[OWNER_NOT_ADDED\]\n {2}Leave it out of --models, or with --exclude=Review/,
    }));

  it('refuses a model that the settings leave out', async () => {
    writeFileSync(join(project.folder, 'ownership.config.json'), '{"exclude":{"Country":"everybody\'s"}}');
    await project.assertRefused('schema --phase=1 --models=Country --write', {
      code: 1,
      says: /Country: left out: everybody's \[OWNER_NOT_ADDED\]/,
    });
  });

  it('refuses a model that is not there, with the closest', () =>
    project.assertRefused('schema --phase=1 --models=Coment --write', {
      code: 2,
      says: /Did you mean "Comment"\?/,
    }));

  it('says which column is to be chosen where one of another role is there', async () => {
    project.edit(
      '  code String @id',
      '  code String @id\n  approvedById String?\n  approvedBy User? @relation(fields: [approvedById], references: [id])',
    );
    project.edit('  posts Post[]', '  posts Post[]\n  approved Country[]');
    await project.run('ALTER TABLE "Country" ADD COLUMN "approvedById" TEXT REFERENCES "User" (id)');
    const { code, stdout, stderr } = await project.type('schema --phase=1 --models=Country --sql --write');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /warning: Country: .*\[OWNER_TO_CHOOSE\]\n {2}Say so .*"Country": "userId"/);
    assert.match(project.readSchema(), /user +User\? +@relation\("CountryOwner", fields: \[userId\]/);
    assert.ok(project.listFolders().length > 0);
  });

  it('refuses --sql while a migration of the project is not applied', async () => {
    mkdirSync(join(project.folder, 'migrations/20260101000000_more'), { recursive: true });
    writeFileSync(join(project.folder, 'migrations/20260101000000_more/migration.sql'), 'SELECT 1;');
    await project.assertRefused('schema --phase=1 --sql --write', {
      code: 2,
      says: /the migration 20260101000000_more is in the project and not applied[\s\S]*npx prisma migrate deploy/,
    });
  });

  it('refuses --sql while a migration has failed, with the command that resolves it', async () => {
    await project.run(`CREATE TABLE "_prisma_migrations" (migration_name TEXT, started_at TEXT, finished_at TEXT, rolled_back_at TEXT);
      INSERT INTO "_prisma_migrations" VALUES ('20260101000000_more', '2026-01-01', NULL, NULL)`);
    await project.assertRefused('schema --phase=1 --sql --write', {
      code: 2,
      says: /20260101000000_more failed in this database[\s\S]*migrate resolve --rolled-back 20260101000000_more/,
    });
  });

  it('refuses --sql while a table is missing', async () => {
    await project.run('DROP TABLE "Comment"');
    await project.assertRefused('schema --phase=1 --sql --write', { code: 1, says: /TABLE_MISSING/ });
  });

  it('writes nothing where a file is read-only, and says so', async () => {
    chmodSync(project.schemaPath, 0o444);
    await project.assertRefused('schema --phase=1 --write', {
      code: 2,
      says: /schema\.prisma cannot be written: it is read-only\.\nNothing was changed\.[\s\S]*npm run migration:schema -- --phase=1/,
    });
  });

  it('wants a phase', () =>
    project.assertRefused('schema --write', { code: 2, says: /option '--phase <n>' not specified/ }));

  const NPM = { npm_config_user_agent: 'npm/11.6.0 node/v20.20.2 linux x64', npm_command: 'run' };
  it('takes --write that npm kept only where npm was asked to run this script', async () => {
    const kept = { ...NPM, npm_config_phase: '1', npm_config_write: 'true' };
    const outer = await project.type('schema --phase=1', { ...kept, npm_lifecycle_event: 'test' });
    assert.match(outer.stdout, /Nothing was written/);
    // pnpm exports what an .npmrc says in the same form, whoever wrote it there and when.
    const agent = 'pnpm/10.20.0 npm/? node/v20.20.2 linux x64';
    const pnpm = { ...kept, npm_config_user_agent: agent, npm_lifecycle_event: 'migration:schema' };
    assert.match((await project.type('schema', pnpm)).stdout, /Nothing was written/);
    const own = await project.type('schema', { ...kept, npm_lifecycle_event: 'migration:schema' });
    assert.match(own.stdout, /Written, and not applied/);
  });

  it('writes nothing in a dry run that npm kept', async () => {
    const env = { ...NPM, npm_config_dry_run: 'true', npm_lifecycle_event: 'migration:schema' };
    const { stdout } = await project.type('schema --phase=1 --write', env);
    assert.match(stdout, /Nothing was written/);
  });
});

describe('schema --phase=3', () => {
  beforeEach(async () => {
    project = await createSmallProject();
  });
  afterEach(() => project.drop());

  it('shows the counts and writes the schema', async () => {
    const { code, stdout } = await project.type('schema --phase=3 --write');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^ {2}model {2}owner column {2}rows {2}unowned {2}orphaned\n {2}Post +userId +2 +0 +0$/m,
    );
    assert.match(
      project.readSchema(),
      /userId {3}String\n {2}user {5}User {6}@relation\(.*onDelete: Restrict\)/,
    );
  });

  it('refuses while a row has no owner, with the command that gives it one', async () => {
    await project.run('UPDATE "Post" SET "userId" = NULL WHERE id = 2');
    await project.assertRefused('schema --phase=3 --write', {
      code: 1,
      says: /error: Post: 1 row has no owner.*\[UNOWNED\]\n {2}Assign it first: npm run migration:assign <USER_ID>/,
    });
    await project.type(`production-safe ${OWNER} --step=2`);
    assert.equal((await project.type('schema --phase=3')).code, 0);
    await project.run('UPDATE "Post" SET "userId" = NULL WHERE id = 2');
    await project.assertRefused('schema --phase=3 --write', {
      code: 1,
      says: new RegExp(`migration:assign ${OWNER}`),
    });
  });

  it('refuses while a row of another model has none, though it is not chosen', async () => {
    project.edit(
      '  code String @id',
      '  code String @id\n  userId String?\n  user User? @relation(fields: [userId], references: [id], onDelete: Restrict)',
    );
    project.edit('  posts Post[]', '  posts Post[]\n  countries Country[]');
    await project.run(
      `ALTER TABLE "Country" ADD COLUMN "userId" TEXT REFERENCES "User" (id); INSERT INTO "Country" VALUES ('de', NULL)`,
    );
    await project.assertRefused('schema --phase=3 --models=Post --write', {
      code: 1,
      says: /Country: 1 row has no owner/,
    });
  });

  it('refuses while an owner is no user', async () => {
    await project.run(`PRAGMA foreign_keys = OFF; UPDATE "Post" SET "userId" = 'gone' WHERE id = 2`);
    await project.assertRefused('schema --phase=3 --write', {
      code: 1,
      says: /Post: 1 row has a "userId" that is no user's \[ORPHANED\]/,
    });
  });

  it('refuses while phase 1 is not applied', async () => {
    await project.type('schema --phase=1 --write');
    await project.assertRefused('schema --phase=3 --write', {
      code: 1,
      says: /Comment: .*\[COLUMN_MISSING\]/,
    });
  });

  it('refuses while a guard is there', async () => {
    await project.type(`production-safe ${OWNER} --step=2 --guard`);
    await project.assertRefused('schema --phase=3 --write', {
      code: 1,
      says: /1 guard \(Post\) still gives an owner.*\n {2}.*npm run migration:cleanup -- --confirm/,
    });
  });

  it("warns of Prisma's default onDelete, and keeps it", async () => {
    project.edit(', onDelete: Restrict', '');
    const { code, stdout } = await project.type('schema --phase=3 --write');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /warning: Post: "user" has Prisma's default onDelete.*\n {2}Write onDelete: Restrict/,
    );
    assert.match(project.readSchema(), /user {5}User {6}@relation\(fields: \[userId\], references: \[id\]\)/);
  });

  it("writes into its migrations what Prisma's default is before and after", async () => {
    project.edit(', onDelete: Restrict', '');
    await project.run(`DROP TABLE "Post"; CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY, "userId" TEXT,
      CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" (id) ON DELETE SET NULL ON UPDATE CASCADE)`);
    const read = async (words: string) => JSON.parse((await project.type(words)).stdout).changes.at(-1).diff;
    assert.match(
      await read('schema --phase=3 --sql --json'),
      /"userId" TEXT NOT NULL[^;]* ON DELETE RESTRICT/,
    );
    await project.run(`DROP TABLE "Post"; CREATE TABLE "Post" (id INTEGER NOT NULL PRIMARY KEY, "userId" TEXT NOT NULL,
      CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" (id) ON DELETE RESTRICT ON UPDATE CASCADE)`);
    const undone = await read('rollback --phase=3 --dry-run --models=Post --json');
    assert.match(undone, /ON DELETE SET NULL/);
  });

  it('refuses SetNull, which a required column cannot have', async () => {
    project.edit('onDelete: Restrict', 'onDelete: SetNull');
    await project.assertRefused('schema --phase=3 --write', { code: 1, says: /\[ON_DELETE_SET_NULL\]/ });
  });
});
