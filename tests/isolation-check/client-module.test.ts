import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROOT } from '../helpers/command-line.ts';
import { type Blog, createBlog, NAIVE } from './blog.ts';

/** The application's own client; here it is made without `prisma generate`. */
const writeOwnClient = (schemaPath: string, file: string) => `
import { openModelClient } from '${ROOT}/src/database/model-client.ts';
import { readFileSync } from 'node:fs';
${NAIVE.replace('export const forUser', 'const scope')}
const files = [['schema.prisma', readFileSync('${schemaPath}', 'utf8')]];
const prisma = openModelClient({ provider: 'sqlite', name: 'x', url: '${file}', defaultSchema: 'main' }, files);
export default (userId: string) => scope(prisma, userId);
`;

/** Each query in a batch of its own, which is none of the transaction that it is in. */
const BATCHED = `
export const forUser = (prisma, userId) => prisma.$extends({ query: { $allModels: {
  async $allOperations({ args, query }) {
    const [, result] = await prisma.$transaction([prisma.$executeRawUnsafe('SELECT 1'), query(args)]);
    return result;
  },
} } });
`;

describe("the application's own client", () => {
  let blog: Blog;
  before(async () => {
    blog = await createBlog('sqlite');
  });
  after(() => blog.drop());

  const assertRefused = async (flags: string, says: RegExp) => {
    const dump = await blog.dump();
    const { code, stderr } = await blog.type(`isolation --check ${flags}`);
    assert.deepEqual([code, says.test(stderr)], [2, true], stderr);
    assert.equal(await blog.dump(), dump);
  };

  it('is refused where its file is not there, cannot be run, or has no forUser()', async () => {
    await assertRefused(
      '--client=none.ts',
      /there is no file none\.ts, which --client names\.\nNothing was changed\./,
    );
    blog.write('broken.mjs', "throw new Error('no such setting');");
    await assertRefused(
      '--client=broken.mjs',
      /broken\.mjs, which --client names, cannot be run: no such setting/,
    );
    blog.write('empty.mjs', 'export const forEverybody = () => 1;');
    await assertRefused('--client=empty.mjs', /exports no function forUser, and none as its default/);
    blog.write('nobody.mjs', 'export const forUser = () => 1;');
    await assertRefused('--client=nobody.mjs', /exports a forUser\(\) that takes nothing/);
  });

  it('is refused where it gives no client to work with', async () => {
    blog.write('text.mjs', "export const forUser = (prisma, userId) => 'x';");
    await assertRefused(
      '--client=text.mjs',
      /gives no client to work with: what its forUser\(\) returns has no \$transaction/,
    );
    blog.write(
      'throws.mjs',
      "export const forUser = (prisma, userId) => { throw new Error('no session'); };",
    );
    await assertRefused('--client=throws.mjs', /its forUser\(\) throws: no session/);
    blog.write('hidden.mjs', 'export const forUser = (userId) => ({ $transaction: (work) => work({}) });');
    await assertRefused('--client=hidden.mjs', /hides its Prisma client/);
  });

  it('is refused where what is tried with it would not be rolled back', async () => {
    blog.write('batched.mjs', BATCHED);
    await assertRefused(
      '--client=batched.mjs',
      /does not find a row that was written in the transaction that it began/,
    );
    blog.write(
      'none.mjs',
      'export const forUser = (prisma, userId) => Object.assign(Object.create(prisma), { $transaction: (work) => work(prisma) });',
    );
    await assertRefused('--client=none.mjs', /might not be rolled back/);
  });

  it('is checked where it has a connection of its own, to the same database and not to a copy', async () => {
    blog.write('own.ts', writeOwnClient(blog.schemaPath, blog.url.slice('file:'.length)));
    const dump = await blog.dump();
    const { code, answer } = await blog.check('--client=own.ts');
    const way = answer.ways.find((each) => each.way === 'client');
    assert.deepEqual([code, way?.state, way?.counts.notTried, way?.counts.notSeen], [1, 'tried', 0, 0]);
    assert.ok(way && way.counts.leaks > 100 && way.counts.denied > 50);
    assert.equal(await blog.dump(), dump);
    await assertRefused(
      '--client=own.ts --copy',
      /has a client of its own, which connects to where it was told to/,
    );
  });

  it('is refused where that is another database', async () => {
    const other = await createBlog('sqlite', '');
    blog.write('elsewhere.ts', writeOwnClient(blog.schemaPath, other.url.slice('file:'.length)));
    await assertRefused(
      '--client=elsewhere.ts',
      /it does not find the users of .*test\.db: it is connected to another database/,
    );
    await other.drop();
  });
});
