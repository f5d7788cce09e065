import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { Sql } from '@prisma/client/runtime/client';
import { isolate } from '../../src/isolation/index.ts';
import { ALL_PROVIDERS, isMissing } from '../helpers/database.ts';
import { BLOG, LINKS, seedRows } from './blog.ts';
import { FILTERS } from './filter-attempts.ts';
import { tryOut } from './matrix.ts';
import { forUserNaively } from './naive.ts';
import { NESTED } from './nested-attempts.ts';
import { OWN } from './own-attempts.ts';
import { READS } from './read-attempts.ts';
import { WRITES } from './write-attempts.ts';
import { type App, openApp, toText } from './world.ts';

const OWNED = ['Post', 'Comment', 'Tag', 'Cover', 'Badge', 'Quote'];
const asText = (text: string) => text;
const asSql = (text: string) => new Sql([text], []);
const RAW: [name: string, operation: string, sql: (text: string) => unknown][] = [
  ['$queryRaw', '$queryRaw', asSql],
  ['$executeRaw', '$executeRaw', asSql],
  ['$queryRawUnsafe', '$queryRawUnsafe', asText],
  ['$executeRawUnsafe', '$executeRawUnsafe', asText],
];
const ATTEMPTS = [...READS, ...FILTERS, ...WRITES, ...NESTED];

for (const provider of ALL_PROVIDERS.filter((each) => each !== 'mysql'))
  describe(`as one user on rows of another, on ${provider}`, { skip: isMissing(provider) }, () => {
    let app: App;
    before(async () => {
      app = await openApp(provider, { models: BLOG, shared: ['Category'] });
    });
    after(() => app.close());

    for (const attempt of ATTEMPTS)
      it(`${attempt.name}: tells and changes nothing`, async () => {
        const client = isolate(app.map).forUser(app.client, 'a');
        const { leaks } = await tryOut(app, client, attempt);
        assert.deepEqual(leaks, []);
      });

    for (const [name, operation, sql] of RAW)
      it(`${name} is refused, and runs where a comment says why`, async () => {
        await app.fill(seedRows(), LINKS);
        const client = isolate(app.map).forUser(app.client, 'a');
        const run = (text: string) => (client[operation] as (sql: unknown) => Promise<unknown>)(sql(text));
        const statement = operation.startsWith('$execute')
          ? `UPDATE "Post" SET likes = 9 WHERE id = 'B!post'`
          : 'SELECT * FROM "Post"';
        const before = await app.read();
        await assert.rejects(run(statement), { code: 'RAW_SQL' });
        await assert.rejects(run(`${statement} /* unscoped: too late */`), { code: 'RAW_SQL' });
        await assert.rejects(run(`/* unscoped: */ ${statement}`), { code: 'RAW_SQL' });
        assert.deepEqual(await app.read(), before);
        const answer = await run(`/* unscoped: statistics */ ${statement}`);
        assert.equal(
          operation.startsWith('$execute') ? answer : (answer as unknown[]).length,
          operation.startsWith('$execute') ? 1 : 7,
        );
        const naive = forUserNaively(app.client, 'a', OWNED);
        await (naive[operation] as (sql: unknown) => Promise<unknown>)(sql(statement));
      });

    for (const { says, ...attempt } of OWN)
      it(`with the own rows ${attempt.name}`, async () => {
        const client = isolate(app.map).forUser(app.client, 'a');
        const { answer, error, leaks } = await tryOut(app, client, attempt);
        assert.deepEqual([error, leaks], [undefined, []]);
        assert.ok(says(answer as never), toText(answer));
      });

    for (const attempt of ATTEMPTS.filter(({ isKnownLeak }) => isKnownLeak))
      it(`${attempt.name}: leaks through the usual extension`, async () => {
        const { leaks } = await tryOut(app, forUserNaively(app.client, 'a', OWNED), attempt);
        assert.notDeepEqual(leaks, []);
      });
  });
