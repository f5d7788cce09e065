import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { CheckAnswer } from '../../src/commands/isolation-results.ts';
import { withDatabase } from '../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../src/database/database-url.ts';
import { listEvidence } from '../../src/ownership/evidence.ts';
import { ALL_PROVIDERS, isMissing } from '../helpers/database.ts';
import { runInProcess } from '../helpers/in-process.ts';
import { type Blog, createBlog, NAIVE } from './blog.ts';
import { COMMENT_LEAKS, LEAKS_BY_FACT, NO_LEAKS } from './naive-leaks.ts';

/** Rows of which an order would tell are a matter of the library's own: it refuses such a cursor, whosever the row is. */
const REFUSED = [
  'Cover findMany from a cursor',
  // The post has a cover already, which would be nobody's.
  'Post connect in Cover.post',
  'Post connectOrCreate in Cover.post',
  'Post create with connect in Cover.post',
  'Revision findMany from a cursor',
];

function findWay({ ways }: CheckAnswer, name: string): CheckAnswer['ways'][number] {
  const found = ways.find(({ way }) => way === name);
  assert.ok(found, name);
  return found;
}

function listBy({ attempts }: CheckAnswer['ways'][number], verdict: string): string[] {
  return attempts
    .flatMap((each) => (each.verdict === verdict ? [`${each.model} ${each.operation}`] : []))
    .sort();
}

for (const provider of ALL_PROVIDERS)
  describe(`the isolation check on ${provider}`, { skip: isMissing(provider) }, () => {
    let blog: Blog;
    before(async () => {
      blog = await createBlog(provider);
      blog.write('naive.mjs', NAIVE);
    });
    after(() => blog.drop());

    it('finds no leak in the isolation library, tries all, and leaves every row as it was', async () => {
      const dump = await blog.dump();
      const { code, answer } = await blog.check();
      assert.equal(code, 0);
      const { counts, ...extension } = findWay(answer, 'extension');
      assert.deepEqual(
        [counts.leaks, counts.notTried, counts.notSeen, listBy({ counts, ...extension }, 'refused')],
        [0, 0, 0, REFUSED],
      );
      assert.ok(counts.attempts > 400);
      assert.deepEqual(
        answer.users.map(({ a, b }) => [a, b].sort().join()),
        Array(5).fill('ana,ben'),
      );
      assert.equal(findWay(answer, 'rls').state, 'none');
      assert.equal(await blog.dump(), dump);
    });

    it('finds each leak of the usual extension, none where it has none, and leaves every row as it was', async () => {
      const dump = await blog.dump();
      const { code, answer } = await blog.check('--client=naive.mjs');
      assert.equal(code, 1);
      const leaks = listBy(findWay(answer, 'client'), 'LEAK');
      const isOnMysql = (operation: string) => !operation.includes('AndReturn') || provider !== 'mysql';
      assert.deepEqual(
        leaks.filter((each) => each.startsWith('Comment ')),
        COMMENT_LEAKS.map((each) => `Comment ${each}`).sort(),
      );
      for (const [fact, operations] of Object.entries(LEAKS_BY_FACT))
        for (const operation of operations) assert.ok(leaks.includes(operation), `${fact}: ${operation}`);
      for (const operation of NO_LEAKS.filter(isOnMysql))
        for (const model of ['Post', 'Comment', 'Tag'])
          assert.ok(!leaks.includes(`${model} ${operation}`), `${model} ${operation}`);
      assert.deepEqual(listBy(findWay(answer, 'extension'), 'LEAK'), []);
      assert.equal(await blog.dump(), dump);
    });

    it('journals what it found, for the checklist', async () => {
      const url = parseDatabaseUrl(blog.url, [blog.folder]);
      assert.ok(typeof url !== 'string');
      const [last] = await withDatabase(url, (database) =>
        database.read((session) => listEvidence(session, database, 'isolationCheck')),
      );
      assert.ok(last);
      const { leaks, ok, host, ways } = last.body;
      assert.deepEqual([ok, host, ways.map(({ way }) => way)], [false, 'test-host', ['extension', 'client']]);
      assert.ok(leaks > 150 && ways[1]?.leaks === leaks);
      const { stdout } = await blog.type('status --json');
      const { checklist } = JSON.parse(stdout) as {
        checklist: { line: string; state: string; proof: string }[];
      };
      const line = checklist.find((each) => each.line === 'isolation');
      assert.deepEqual([line?.state, line?.proof], ['failed', `${leaks} leaks, checked at ${last.time}`]);
    });

    it('counts what the matrix stands on: rows without an owner, and links across owners', async () => {
      await blog.run(`
        INSERT INTO "Post" VALUES ('post-0', 'nobody', NULL);
        INSERT INTO "Comment" ("body", "postId", "userId") VALUES ('his on hers', 'post-a', 'ben');
        INSERT INTO "_PostToTag" VALUES ('post-a', 'tag-b');`);
      const { answer } = await blog.check();
      const found = answer.findings.filter(({ code }) => ['CROSS_OWNER_LINK', 'ROWS_UNOWNED'].includes(code));
      assert.deepEqual(
        found.map(({ model, message }) => `${model}: ${message}`),
        [
          'Post: 1 row of one owner hangs by tags on a row of Tag of another',
          'Comment: 1 row of one owner hangs by post on a row of Post of another',
          'Post: 1 row without an owner: no scoped client sees it, and one that is not sees all',
        ],
      );
    });
  });

describe('the isolation check', () => {
  it('makes users and rows where the database has none, and leaves it empty', async (t) => {
    const blog = await createBlog('sqlite', '');
    t.after(() => blog.drop());
    const dump = await blog.dump();
    const { code, answer } = await blog.check();
    const { counts } = findWay(answer, 'extension');
    assert.deepEqual([code, counts.leaks, counts.notTried], [0, 0, 0]);
    assert.ok(answer.users.every(({ a, b }) => a === null && b === null));
    assert.equal(await blog.dump(), dump);
  });

  it('says what it could not try, and why, and does not call that verified', async (t) => {
    const blog = await createBlog('sqlite');
    t.after(() => blog.drop());
    await blog.run(
      `CREATE TRIGGER no_more BEFORE INSERT ON "Comment" BEGIN SELECT RAISE(ABORT, 'no comments today'); END`,
    );
    const { code, answer } = await blog.check();
    const { counts } = findWay(answer, 'extension');
    assert.deepEqual([code, answer.ok], [0, true]);
    assert.ok(counts.notTried > 4);
    const found = answer.findings.filter((each) => each.code === 'ISOLATION_NOT_TRIED');
    assert.ok(
      found.some(({ model, message }) => model === 'Comment' && message.includes('no comments today')),
    );
    const { stdout } = await blog.type('status --json');
    const { checklist } = JSON.parse(stdout) as {
      checklist: { line: string; state: string; proof: string }[];
    };
    const line = checklist.find((each) => each.line === 'isolation');
    assert.deepEqual([line?.state, line?.proof.includes(`${counts.notTried} of`)], ['open', true]);
  });

  it('ends with 1 where nothing could be tried', async (t) => {
    const blog = await createBlog('sqlite', '');
    t.after(() => blog.drop());
    await blog.run(
      `CREATE TRIGGER no_more BEFORE INSERT ON "User" BEGIN SELECT RAISE(ABORT, 'no users today'); END`,
    );
    const { code, answer } = await blog.check();
    const { attempts, denied, allowed, leaks } = findWay(answer, 'extension').counts;
    assert.deepEqual([code, answer.ok, denied, allowed, leaks], [1, false, 0, 0, 0]);
    assert.ok(attempts > 0);
    const { stdout } = await blog.type('isolation --check');
    assert.match(stdout, /^Nothing could be tried on rows of another user through the isolation library\.$/m);
  });

  it('is made on a copy with --copy, of which nothing is left', async (t) => {
    const blog = await createBlog('sqlite');
    t.after(() => blog.drop());
    const dump = await blog.dump();
    const { code, answer } = await blog.check('--copy');
    assert.deepEqual([code, answer.copied, findWay(answer, 'extension').counts.leaks], [0, true, 0]);
    assert.equal(await blog.dump(), dump);
    assert.deepEqual(
      readdirSync(blog.folder).filter((name) => /scratch|rehearsal/.test(name)),
      [],
    );
  });

  it('stops after the current attempt when it is interrupted, and leaves every row as it was', async (t) => {
    const blog = await createBlog('sqlite');
    t.after(() => blog.drop());
    const dump = await blog.dump();
    const done = await runInProcess(['isolation', '--check'], {
      cwd: blog.folder,
      env: { DATABASE_URL: blog.url },
      onInterrupt: (stop) => {
        const timer = setTimeout(stop, 500);
        return () => clearTimeout(timer);
      },
    });
    assert.equal(done.code, 130);
    assert.match(done.stderr, /error: the check was stopped by Ctrl-C\. What it tried is rolled back/);
    assert.equal(await blog.dump(), dump);
  });

  it('refuses a server that takes no writes', async (t) => {
    const blog = await createBlog('postgresql');
    t.after(() => blog.drop());
    const name = new URL(blog.url).pathname.slice(1);
    await blog.run(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const { code, stderr } = await blog.type('isolation --check');
    assert.deepEqual([code, stderr.includes(`the database ${name} takes no writes`)], [2, true]);
  });

  it('refuses tables that are not as the schema says', async (t) => {
    const blog = await createBlog('sqlite');
    t.after(() => blog.drop());
    await blog.run('DROP TABLE "covers"');
    const { code, stderr } = await blog.type('isolation --check');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /error: the rows to try cannot be read from .*: .*covers.*does not exist.*\nNothing was changed\./s,
    );
  });
});
