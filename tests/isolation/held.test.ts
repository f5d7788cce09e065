import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { isolate } from '../../src/isolation/index.ts';
import { modelOf } from '../../src/database/model-client.ts';
import { HELD_LINKS, HELD_MODELS, HELD_ROWS, HELD_TRIES, tryHeld } from './held.ts';
import { type App, openApp } from './world.ts';

describe('rows that a write reaches by the way', () => {
  let app: App;
  before(async () => {
    app = await openApp('sqlite', { models: HELD_MODELS });
  });
  after(() => app.close());

  for (const attempt of HELD_TRIES)
    it(`${attempt[0]}: changes nothing of others`, async () => {
      const client = isolate(app.map).forUser(app.client, 'a');
      assert.deepEqual(await tryHeld(app, client, attempt), []);
    });

  it('leaves a label to the rows of others', async () => {
    await app.fill(HELD_ROWS, HELD_LINKS);
    const client = isolate(app.map).forUser(app.client, 'a');
    await assert.rejects(async () => modelOf(client, 'Label').delete?.({ where: { id: 'l' } }), {
      code: 'P2025',
    });
  });

  it('creates rows below a row whose key has the owner in it', async () => {
    await app.fill(HELD_ROWS);
    const client = isolate(app.map).forUser(app.client, 'a');
    await modelOf(client, 'Board').update?.({
      where: { id: 'A' },
      data: { cards: { create: { id: 'n' }, createMany: { data: [{ id: 'm' }] } } },
    });
    const { Card } = await app.read();
    assert.deepEqual(
      Card?.map(({ id, userId }) => [id, userId]),
      [
        ['AC', 'a'],
        ['m', 'a'],
        ['n', 'a'],
      ],
    );
  });
});
