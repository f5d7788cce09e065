import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ATTEMPTS, OTHER_ROUTES } from './attempts.ts';
import { dumpOthers } from './dump.ts';
import { createTemplates, openWorld, ROOT, removeTemplates } from './world.ts';

before(createTemplates);
after(removeTemplates);

describe('the app', () => {
  it('answers nobody whom it does not know', async () => {
    const { app, close } = openWorld('after', 'everybody');
    const requests = Object.values(ATTEMPTS).flatMap((attempts) => Object.values(attempts));
    for (const attempt of [
      ...requests,
      () => ({ method: 'GET', url: '/admin/totals', payload: {} }) as const,
    ])
      for (const headers of [{}, { 'x-user-id': '' }, { 'x-user-id': 'nobody' }]) {
        const { payload, ...request } = attempt('ana');
        const { statusCode, body } = await app.inject({ ...request, headers, ...(payload && { payload }) });
        assert.equal(statusCode, 401, `${request.method} ${request.url}: ${body}`);
      }
    await close();
  });

  it('has totals of everybody for the administrator alone, by SQL that says why', async () => {
    assert.deepEqual(Object.keys(OTHER_ROUTES), ['GET /admin/totals']);
    const { ask, close } = openWorld('after', 'everybody');
    const totals = { method: 'GET', url: '/admin/totals' } as const;
    assert.equal((await ask('ana', totals)).status, 403);
    assert.equal((await ask('ben', totals)).status, 403);
    assert.deepEqual(JSON.parse((await ask('root', totals)).body), { users: 3, notes: 10, sizeBytes: 48 });
    await close();
  });

  it('runs no other SQL', async () => {
    const { app, ask, close } = openWorld('after', 'everybody');
    app.get('/raw', ({ db }) => db.$queryRaw`SELECT * FROM "Note"`);
    const { status, body } = await ask('ben', { method: 'GET', url: '/raw' });
    assert.equal(status, 500);
    assert.equal(body, '{"error":"something went wrong"}');
    await close();
  });

  it('lets two users have a tag of the same name, and each of them one', async () => {
    const { ask, close } = openWorld('after', 'everybody');
    const tag = { method: 'POST', url: '/tags', payload: { name: 'recipes' } } as const;
    const statuses = [await ask('ana', tag), await ask('ben', tag), await ask('ben', tag)];
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [201, 201, 409],
    );
    await close();
  });

  it('does not delete a note of Ben that an attachment of Ana hangs on', async () => {
    const { prisma, ask, close } = openWorld('after', 'everybody');
    const others = await dumpOthers(prisma, 'ben');
    assert.equal((await ask('ben', { method: 'DELETE', url: '/notes/ben-note-1' })).status, 404);
    assert.equal(await dumpOthers(prisma, 'ben'), others);
    assert.equal((await ask('ben', { method: 'DELETE', url: '/notes/ben-note-2' })).status, 204);
    await close();
  });

  it('says of a note that is not there what it says of a note of another user', async () => {
    const { ask, close } = openWorld('after', 'everybody');
    for (const request of [
      { method: 'GET', url: '/notes/ID' },
      { method: 'DELETE', url: '/notes/ID' },
      { method: 'PATCH', url: '/notes/ID', payload: { title: 'x' } },
      { method: 'POST', url: '/notes/ID/attachments', payload: { fileName: 'x', sizeBytes: 1 } },
      { method: 'PUT', url: '/notes/ID/tags/ben-tag-1' },
    ] as const) {
      const [foreign, none] = ['ana-note-1', 'no-note'].map((id) => ({
        ...request,
        url: request.url.replace('ID', id),
      }));
      assert.ok(foreign && none);
      const answer = await ask('ben', foreign);
      assert.deepEqual(answer, { status: 404, body: '{"error":"not found"}' });
      assert.deepEqual(await ask('ben', none), answer);
    }
    await close();
  });

  it('refuses fields that are in no schema, the owner among them', async () => {
    const { ask, close } = openWorld('after', 'everybody');
    const payload = { title: 'new', userId: 'ana' };
    assert.equal((await ask('ben', { method: 'POST', url: '/notes', payload })).status, 400);
    const notes = [payload];
    const request = { method: 'POST', url: '/notes/import', payload: { notes } } as const;
    assert.equal((await ask('ben', request)).status, 403);
    assert.equal((await ask('ana', request)).status, 201);
    await close();
  });
});

describe('src/for-user.ts', () => {
  it('is what the command writes', () => {
    const program = join(ROOT, 'node_modules/prisma-ownership/dist/scripts/migration.js');
    const words = [program, 'isolation', '--generate=src/for-user.ts', '--dry-run', '--json'];
    const answer = JSON.parse(execFileSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' }));
    assert.equal(answer.change, 'unchanged');
  });
});

describe('README.md', () => {
  const lines = (name: string) => readFileSync(join(ROOT, name), 'utf8').trimEnd().split('\n');

  it('shows the whole difference between before and after', () => {
    const [old, new_] = [lines('src/server-before.ts'), lines('src/server.ts')];
    const readme = lines('README.md');
    const diff = readme.slice(readme.indexOf('```diff') + 1, readme.lastIndexOf('```'));
    assert.deepEqual(
      diff.filter((line) => line.startsWith('-')).map((line) => line.slice(1)),
      old.filter((line) => !new_.includes(line)),
    );
    assert.deepEqual(
      diff.filter((line) => line.startsWith('+')).map((line) => line.slice(1)),
      new_.filter((line) => !old.includes(line)),
    );
  });
});
