import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assignAll, createOddApp } from '../helpers/ddl-apps.ts';
import { createDdlProject, type DdlProject } from '../helpers/ddl-project.ts';

for (const provider of ['sqlite', 'postgresql'] as const)
  describe(`a migration that fails under Prisma on ${provider}`, () => {
    const app = createOddApp({ provider, key: 'text', onDelete: 'Restrict' });
    const fail = async (project: DdlProject): Promise<string> => {
      const { code, stdout, stderr } = await project.prisma('migrate deploy');
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout + stderr, /P3018/);
      return stdout + stderr;
    };
    const resolve = async (project: DdlProject, folder: string) => {
      const { code, stdout, stderr } = await project.prisma(`migrate resolve --rolled-back ${folder}`);
      assert.equal(code, 0, stdout + stderr);
    };

    it('phase 3 with a row that lost its owner changes nothing, and goes through once it has one', async (t) => {
      const project = await createDdlProject(provider, app);
      t.after(() => project.drop());
      await project.write('addOwners');
      await project.deploy();
      await project.run(assignAll('text'));
      const files = await project.write('requireOwners');
      await project.run('UPDATE "order" SET "user" = NULL');
      const before = await project.snapshot();
      const output = await fail(project);
      assert.match(
        output,
        provider === 'sqlite' ? /rows of order without an owner are left/ : /2 rows of "order" have no owner/,
      );
      const failed = files.find(({ folder }) => output.includes(`Migration name: ${folder}`));
      assert.ok(failed, output);
      const { tables } = await project.snapshot();
      assert.deepEqual(tables, before.tables);
      await project.run(assignAll('text'));
      await resolve(project, failed.folder);
      await project.deploy();
    });

    it('phase 1 that stops half way has changed nothing of its file, and goes through once the cause is gone', async (t) => {
      const project = await createDdlProject(provider, app);
      t.after(() => project.drop());
      const files = await project.write('addOwners');
      await project.run(`ALTER TABLE "order" ADD COLUMN "user" TEXT`);
      const output = await fail(project);
      const failed = files.find(({ folder }) => output.includes(`Migration name: ${folder}`));
      assert.ok(failed, output);
      if (provider === 'sqlite')
        assert.deepEqual(
          Object.keys((await project.query('SELECT * FROM "Note"'))[0] ?? {}).includes('userId'),
          false,
        );
      await project.run(`ALTER TABLE "order" DROP COLUMN "user"`);
      await resolve(project, failed.folder);
      await project.deploy();
    });
  });
