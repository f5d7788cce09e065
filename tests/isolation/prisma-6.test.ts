import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ModelClient } from '../../src/database/model-client.ts';
import { isolate, withUser } from '../../src/isolation/index.ts';
import { type } from '../helpers/package.ts';
import { PRISMA_6 } from '../helpers/prisma-app.ts';
import { BLOG } from './blog.ts';
import { FILTERS } from './filter-attempts.ts';
import { tryOut } from './matrix.ts';
import { NESTED } from './nested-attempts.ts';
import { OWN } from './own-attempts.ts';
import { READS } from './read-attempts.ts';
import { type App, openApp, toText } from './world.ts';
import { WRITES } from './write-attempts.ts';

const SCHEMA = `generator client {
  provider   = "prisma-client-js"
  engineType = "client"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
${BLOG}`;

const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-prisma-6-'));
let app: App;
let client: ModelClient;
let unreachable: string | null;

/** Installs Prisma 6 and generates its client: returns why the registry cannot be used, or null. */
async function install(): Promise<string | null> {
  const packages = ['prisma', '@prisma/client', '@prisma/adapter-pg'].map(
    (name) => `${name}@${PRISMA_6.version}`,
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, 'schema.prisma'), SCHEMA);
  const flags = '--ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retry-mintimeout=1000';
  const installed = await type(`npm install ${flags} ${packages.join(' ')}`, folder);
  const [reason = null] =
    /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH)\b.*/.exec(installed.stderr) ?? [];
  if (installed.code !== 0 && reason) return `the npm registry cannot be reached: ${reason}`;
  assert.equal(installed.code, 0, installed.stderr);
  // No engine is downloaded where it is told of a program.
  const engines = `PRISMA_SCHEMA_ENGINE_BINARY="${process.execPath}" PRISMA_QUERY_ENGINE_LIBRARY="${process.execPath}"`;
  const generated = await type(
    `${engines} CHECKPOINT_DISABLE=1 npx prisma generate --schema schema.prisma`,
    folder,
  );
  assert.equal(generated.code, 0, generated.stderr);
  return null;
}

describe('a client of Prisma 6', () => {
  before(async () => {
    unreachable = await install();
    if (unreachable !== null) return;
    app = await openApp('postgresql', { models: BLOG, shared: ['Category'] });
    const load = createRequire(join(folder, 'package.json'));
    const { PrismaClient } = load('@prisma/client') as { PrismaClient: new (options: object) => ModelClient };
    const { PrismaPg } = load('@prisma/adapter-pg') as { PrismaPg: new (options: object) => object };
    client = new PrismaClient({ adapter: new PrismaPg({ connectionString: app.project.url }) });
  });
  after(async () => {
    await client?.$disconnect();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const attempt of [...READS, ...FILTERS, ...WRITES, ...NESTED])
    it(`${attempt.name}: tells and changes nothing`, async (t) => {
      if (unreachable !== null) return t.skip(unreachable);
      const { leaks } = await tryOut(app, isolate(app.map).forUser(client, 'a'), attempt);
      assert.deepEqual(leaks, []);
    });

  for (const { says, ...attempt } of OWN)
    it(`with the own rows ${attempt.name}`, async (t) => {
      if (unreachable !== null) return t.skip(unreachable);
      const { answer, error, leaks } = await tryOut(app, isolate(app.map).forUser(client, 'a'), attempt);
      assert.deepEqual([error, leaks], [undefined, []]);
      assert.ok(says(answer as never), toText(answer));
    });

  it('runs withUser for one user, and not inside of another transaction', async (t) => {
    if (unreachable !== null) return t.skip(unreachable);
    const read = (tx: ModelClient) =>
      tx.$queryRawUnsafe(`SELECT current_setting('app.user_id', true) AS "user"`);
    assert.deepEqual(await withUser(client, 'a', read), [{ user: 'a' }]);
    const nested = withUser(client, 'a', (tx) => withUser(tx, 'b', read));
    await assert.rejects(nested, { code: 'CLIENT_UNKNOWN' });
  });
});
