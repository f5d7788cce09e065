import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { as, createRole } from '../helpers/roles.ts';
import { createBlog, withCommands } from './blog.ts';
import { writePolicies } from './policies.ts';

const GRANTS = (role: string) =>
  `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
   GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role};`;

describe('the check of row-level security', () => {
  it('says that a superuser is above it, and tries nothing by it', async (t) => {
    const blog = await createBlog('postgresql');
    t.after(() => blog.drop());
    const [, none] = (await blog.check()).answer.ways;
    assert.deepEqual(
      [none?.state, none?.reason, none?.attempts],
      ['none', 'no table of these models has row-level security', []],
    );
    await blog.run(writePolicies());
    const { code, answer } = await blog.check();
    const [extension, rls] = answer.ways;
    assert.deepEqual([code, extension?.state, rls?.state], [0, 'tried', 'bypassed']);
    assert.match(
      rls?.reason ?? '',
      /^the role \w+ is a superuser, .*: set DATABASE_URL to the role of the application$/,
    );
  });

  it('finds no leak in the policies that --rls writes, and leaves every row as it was', async (t) => {
    const blog = await createBlog('postgresql');
    t.after(() => blog.drop());
    const role = await createRole(t, blog);
    const written = await blog.type(`isolation --rls --role=${role}`);
    assert.equal(written.code, 0, written.stderr);
    const migrations = join(blog.folder, 'migrations');
    for (const name of readdirSync(migrations).sort())
      await blog.run(readFileSync(join(migrations, name, 'migration.sql'), 'utf8'));
    await blog.run(GRANTS(role));
    const dump = await blog.dump();
    const { code, answer, stderr } = await withCommands(as(blog, role)).check();
    const [extension, rls] = answer.ways;
    assert.equal(code, 0);
    assert.deepEqual(
      [rls?.state, rls?.counts.leaks, rls?.counts.notTried, rls?.counts.refused],
      ['tried', 0, 0, 0],
    );
    assert.deepEqual([extension?.counts.leaks, extension?.counts.notTried], [0, 0]);
    assert.match(extension?.reason ?? '', /^row-level security holds for this role as well/);
    assert.equal(await blog.dump(), dump);
    assert.match(stderr, /The journal does not say that this was checked: .*permission denied/);
  });

  it('finds the links that policies on the owner alone let through, and what a table without one does', async (t) => {
    const blog = await createBlog('postgresql');
    t.after(() => blog.drop());
    const role = await createRole(t, blog);
    await blog.run(`${writePolicies()}; ALTER TABLE "Tag" DISABLE ROW LEVEL SECURITY; ${GRANTS(role)}`);
    const { code, answer } = await withCommands(as(blog, role)).check();
    const rls = answer.ways.find(({ way }) => way === 'rls');
    const leaks = rls?.attempts.filter(({ verdict }) => verdict === 'LEAK') ?? [];
    const of = (name: string) =>
      leaks.filter(({ model }) => model === name).map(({ operation }) => operation);
    assert.equal(code, 1);
    assert.deepEqual(of('Post'), [
      'create with the key of Comment.post',
      'update with the key of Comment.post',
    ]);
    assert.deepEqual(of('Comment'), []);
    assert.ok(of('Tag').includes('findMany') && of('Tag').includes('$queryRaw'));
    assert.equal(rls?.reason, 'it does not hold for Tag');
  });
});
