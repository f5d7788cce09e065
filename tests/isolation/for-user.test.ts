import { strict as assert } from 'node:assert';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ModelClient, modelOf } from '../../src/database/model-client.ts';
import { IsolationError, isolate, type UserId } from '../../src/isolation/index.ts';
import { BLOG, LINKS, seedRows } from './blog.ts';
import { type App, openApp, type World } from './world.ts';

for (const provider of ['sqlite', 'postgresql'] as const)
  describe(`forUser on ${provider}`, () => {
    let app: App;
    let earlier: World;
    let client: ModelClient;
    before(async () => {
      app = await openApp(provider, { models: BLOG, shared: ['Category'] });
    });
    beforeEach(async () => {
      await app.fill(seedRows(), LINKS);
      earlier = await app.read();
      client = isolate(app.map).forUser(app.client, 'a');
    });
    after(() => app.close());

    const create = (on: ModelClient, model: string, data: object) => modelOf(on, model).create?.({ data });
    const post = (id: string) => ({ id, slug: id, title: id });

    it('links to rows that the same interactive transaction has created', async () => {
      await client.$transaction(async (tx) => {
        await create(tx, 'Post', post('A!new'));
        await create(tx, 'Comment', { id: 'A!c', body: 'new', postId: 'A!new' });
      });
      const found = await modelOf(client, 'Comment').findUnique?.({
        where: { id: 'A!c' },
        include: { post: true },
      });
      assert.equal((found as { post: { id: string } }).post.id, 'A!new');
    });

    it('rolls an interactive transaction back when it refuses something in it', async () => {
      const forging = client.$transaction(async (tx) => {
        await create(tx, 'Post', post('A!new'));
        await create(tx, 'Comment', { id: 'A!c', body: 'new', postId: 'B!post' });
      });
      await assert.rejects(forging, { name: 'IsolationError', code: 'LINK_NOT_OWN' });
      assert.deepEqual(await app.read(), earlier);
    });

    it('lets what is caught in an interactive transaction go on', async () => {
      await client.$transaction(async (tx) => {
        await assert.rejects(async () => create(tx, 'Comment', { id: 'A!c', body: 'new', userId: 'b' }), {
          code: 'OWNER_FORGED',
        });
        await create(tx, 'Post', post('A!new'));
      });
      assert.equal(await modelOf(client, 'Post').count?.(), 5);
    });

    it('scopes what is read in an interactive transaction', async () => {
      const counted = await client.$transaction(async (tx) => modelOf(tx, 'Post').count?.());
      assert.equal(counted, 4);
    });

    it('carries a batch out as one transaction, or not at all', async () => {
      const batch = (second: object) =>
        (client as unknown as { $transaction(list: unknown[]): Promise<unknown[]> }).$transaction([
          create(client, 'Post', post('A!new')),
          create(client, 'Comment', second),
          modelOf(client, 'Post').count?.(),
        ]);
      const forged = batch({ id: 'A!c', body: 'new', postId: 'B!post' });
      await assert.rejects(forged, { code: 'LINK_NOT_OWN' });
      assert.deepEqual(await app.read(), earlier);
      // The first one has no such row to go back to: its key is taken.
      const taken = batch({ id: 'A!comment', body: 'new' });
      await assert.rejects(taken, { code: 'P2002' });
      assert.deepEqual(await app.read(), earlier);
      const answers = await batch({ id: 'A!c', body: 'new', postId: 'A!post' });
      assert.equal(answers[2], 5);
    });

    it('does not see in a batch what the batch creates, and says how to do it', async () => {
      const batch = (client as unknown as { $transaction(list: unknown[]): Promise<unknown[]> }).$transaction(
        [
          create(client, 'Post', post('A!new')),
          create(client, 'Comment', { id: 'A!c', body: 'new', postId: 'A!new' }),
        ],
      );
      await assert.rejects(batch, { code: 'LINK_NOT_OWN', remedy: /use an interactive transaction/ });
      assert.deepEqual(await app.read(), earlier);
    });

    it('says the same of a row of another user and of one that is not there', async () => {
      const refuse = async (postId: string) => {
        try {
          return await create(client, 'Comment', { id: 'A!c', body: 'new', postId });
        } catch (error) {
          return (error as Error).message;
        }
      };
      assert.equal(await refuse('B!post'), await refuse('none'));
    });

    it('keeps users apart that work at the same time', async () => {
      const { forUser } = isolate(app.map);
      const counts = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          modelOf(forUser(app.client, i % 2 ? 'a' : 'b'), 'Post').count?.(),
        ),
      );
      assert.deepEqual(
        counts,
        Array.from({ length: 20 }, (_, i) => (i % 2 ? 4 : 3)),
      );
    });

    it('scopes what another extension asks for on top of it', async () => {
      const extend = client.$extends as (extension: object) => ModelClient;
      const extended = extend.call(client, {
        model: {
          post: {
            titles: async function titles(this: { findMany(): Promise<{ title: string }[]> }) {
              return (await this.findMany()).map(({ title }) => title);
            },
          },
        },
        result: {
          post: {
            shout: { needs: { title: true }, compute: ({ title }: { title: string }) => title.toUpperCase() },
          },
        },
      });
      const titles = await (extended as unknown as { post: { titles(): Promise<string[]> } }).post.titles();
      assert.deepEqual(titles.sort(), ['A!title', 'A!title2', 'A!title4', 'A!title5']);
      const row = (await modelOf(extended, 'Post').findFirst?.()) as { shout: string };
      assert.match(row.shout, /^A!TITLE/);
    });
  });

describe('forUser, before it asks a database', () => {
  const map = {
    ownerModel: 'User',
    ownerKey: 'id',
    ownerKeyType: 'Int' as const,
    models: { User: { scope: { kind: 'users' as const }, scalars: ['id'], keys: [], relations: {} } },
  };
  const texts = { ...map, ownerKeyType: 'String' as const };
  const extensible = { $extends: () => ({}) };

  for (const userId of [undefined, null, '', '1', Number.NaN, 1.5, {}, []])
    it(`refuses ${JSON.stringify(userId) ?? userId} where keys are numbers`, () => {
      assert.throws(() => isolate(map).forUser(extensible, userId as UserId), { code: 'USER_ID_INVALID' });
    });

  for (const userId of [undefined, null, '', 1, 1n, { not: 'a' }])
    it(`refuses ${userId === 1n ? '1n' : (JSON.stringify(userId) ?? userId)} where keys are texts`, () => {
      assert.throws(() => isolate(texts).forUser(extensible, userId as UserId), { code: 'USER_ID_INVALID' });
    });

  it('takes a number or a bigint where keys are numbers', () => {
    const big = { ...map, ownerKeyType: 'BigInt' as const };
    for (const userId of [1, 1n]) assert.ok(isolate(big).forUser(extensible, userId));
    assert.ok(isolate(map).forUser(extensible, 1));
    assert.throws(() => isolate(map).forUser(extensible, 1n), { code: 'USER_ID_INVALID' });
  });

  it('keeps the clients of the users who were last asked for, of each prisma and each list', () => {
    const extending = { $extends: () => ({ $extends: extending.$extends }) };
    const { forUser } = isolate(map);
    const client = forUser(extending, 1);
    assert.equal(forUser(extending, 1), client);
    const second = forUser(extending, 2);
    assert.notEqual(second, client);
    assert.notEqual(forUser({ ...extending }, 1), client);
    assert.notEqual(isolate(map).forUser(extending, 1), client);
    for (let user = 3; user <= 201; user += 1) forUser(extending, user);
    assert.equal(forUser(extending, 2), second);
    assert.notEqual(forUser(extending, 1), client);
  });

  it('refuses what is no client, and says where to scope a transaction', () => {
    assert.throws(
      () => isolate(texts).forUser({} as never, 'a'),
      (error: IsolationError) => {
        assert.equal(error.code, 'CLIENT_UNKNOWN');
        assert.match(error.remedy, /scope the client that begins it/);
        return error instanceof IsolationError && error instanceof Error;
      },
    );
  });
});
