import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { buildApp } from '../src/app.ts';
import { ATTEMPTS, type Attempt, OTHER_ROUTES } from './attempts.ts';
import { countOwned, dumpOthers } from './dump.ts';
import { createTemplates, type Isolation, openWorld, removeTemplates } from './world.ts';

before(createTemplates);
after(removeTemplates);

/** What no answer to Ben may have in it: the ids and the texts of Ana's rows, and of those without an owner. */
const FOREIGN = /\b(ana|unowned)[- ](?!tag%)\w/i;

/**
 * How the app gives rows of others away when Ben tries; an empty list when it does not. The measure is not what an answer
 * ought to be, but what it is in a database where no row but Ben's was ever written.
 */
async function findLeaks(isolation: Isolation, attempt: Attempt): Promise<string[]> {
  const [world, alone] = [openWorld(isolation, 'everybody'), openWorld(isolation, 'benAlone')];
  try {
    const others = await dumpOthers(world.prisma, 'ben');
    const answer = await world.ask('ben', attempt('ben'));
    const expected = await alone.ask('ben', attempt('ben'));
    assert.ok(answer.status < 500 && expected.status < 500, answer.body);
    return [
      ...(FOREIGN.test(answer.body) ? [`the answer says ${answer.body}`] : []),
      ...(mask(answer) === mask(expected) ? [] : [`${mask(answer)}, but alone ${mask(expected)}`]),
      ...((await dumpOthers(world.prisma, 'ben')) === others ? [] : ['rows of others changed']),
    ];
  } finally {
    await Promise.all([world.close(), alone.close()]);
  }
}

/** Leaves out what is new in every run: ids and times that were made by this request. */
function mask({ status, body }: { status: number; body: string }): string {
  const text = body.replace(/"c[a-z0-9]{24}"/g, '"new id"').replace(/"20(?!24)\d\d-[^"]+Z"/g, '"now"');
  return `${status} ${text}`;
}

const each = Object.entries(ATTEMPTS).flatMap(([route, attempts]) =>
  Object.entries(attempts).map(([title, attempt]) => ({ name: `${route} ${title}`, attempt })),
);

describe('what the tests go by', () => {
  it('is every route of the app', () => {
    const routes: string[] = [];
    buildApp({
      clientFor: () => assert.fail(),
      onRoute: ({ method, url }) => routes.push(`${method} ${url}`),
    });
    assert.deepEqual(routes.sort(), [...Object.keys(ATTEMPTS), ...Object.keys(OTHER_ROUTES)].sort());
    for (const [route, attempts] of Object.entries(ATTEMPTS)) {
      assert.ok(Object.keys(attempts).length > 0, route);
      const pattern = new RegExp(`^${route.replace(/:\w+/g, '[^/?]+')}(\\?.*)?$`);
      for (const attempt of Object.values(attempts))
        assert.match(`${attempt('ana').method} ${attempt('ana').url}`, pattern);
    }
  });

  it('is rows of both users in every table with an owner', async () => {
    const { prisma, close } = openWorld('after', 'everybody');
    for (const userId of ['ana', 'ben'])
      for (const [table, count] of Object.entries(await countOwned(prisma, userId)))
        assert.ok(count > 0, `${userId} has no row in ${table}`);
    await close();
  });
});

describe('after isolation, Ben gets at nothing of Ana', () => {
  for (const { name, attempt } of each)
    it(name, async () => assert.deepEqual(await findLeaks('after', attempt), []));
});

describe('before isolation, the same request of Ben leaks', () => {
  for (const { name, attempt } of each)
    it(name, async () => assert.notDeepEqual(await findLeaks('before', attempt), []));
});

describe('after isolation, Ana herself can do it', () => {
  for (const { name, attempt } of each) {
    const { method, url } = attempt('ana');
    // What is about rows of Ben is nothing that Ana can do.
    if (/ben-|\/901$/.test(url)) continue;
    it(name, async () => {
      const world = openWorld('after', 'everybody');
      const rows = await dumpOthers(world.prisma, 'nobody');
      const { status, body } = await world.ask('ana', attempt('ana'));
      assert.ok(status >= 200 && status < 300, body);
      if (method === 'GET') assert.notEqual(body, (await world.ask('ben', attempt('ben'))).body);
      else if (!url.endsWith('/ana-note-1/tags/ana-tag-1') || method === 'DELETE')
        assert.notEqual(await dumpOthers(world.prisma, 'nobody'), rows);
      await world.close();
    });
  }
});
