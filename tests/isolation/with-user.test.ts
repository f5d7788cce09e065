import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { type ModelClient, modelOf, openModelClient } from '../../src/database/model-client.ts';
import { isolate, IsolationError, withUser } from '../../src/isolation/index.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { buildIsolationMap } from '../../src/schema/isolation-map.ts';
import type { SchemaFile } from '../../src/schema/normalise.ts';
import { parseSchema, readDataModel } from '../../src/schema/parse.ts';
import { createDatabase, type TestDatabase } from '../helpers/database.ts';
import { NOTES } from '../helpers/notes.ts';
import { urlOf } from '../helpers/restore.ts';

type Raw = { $queryRawUnsafe(sql: string): Promise<unknown> };

let database: TestDatabase;
let client: ModelClient;

before(async () => {
  database = await createDatabase('postgresql', NOTES);
  client = open(database);
});

after(async () => {
  await client.$disconnect();
  await database.drop();
});

/** A client with a pool of two connections. */
function open(of: TestDatabase): ModelClient {
  return openModelClient(urlOf(of), filesOf(of));
}

function filesOf({ provider, schemaPath }: TestDatabase): SchemaFile[] {
  return [[schemaPath, `datasource db {\n  provider = "${provider}"\n}\n${NOTES.models}`]];
}

async function readUser(tx: Raw): Promise<unknown> {
  const sql = `/* unscoped: a test */ SELECT current_setting('app.user_id', true) AS "user"`;
  const rows = (await tx.$queryRawUnsafe(sql)) as { user: unknown }[];
  return rows[0]?.user;
}

const countNotes = () => modelOf(client, 'Note').count?.();

test('says whose transaction it is, and no longer than it lasts', async () => {
  assert.equal(await withUser(client, 'ana', readUser), 'ana');
  assert.equal(await withUser(client, 7, readUser), '7');
  assert.equal(await withUser(client, 7n, readUser), '7');
  assert.equal(await withUser(client, `'; DROP TABLE "Note"; --`, readUser), `'; DROP TABLE "Note"; --`);
  for (let i = 0; i < 4; i += 1) assert.ok(['', null].includes((await readUser(client)) as string | null));
});

test('keeps nothing of what was done when the work throws, and not the user either', async () => {
  const [old, reason] = [await countNotes(), new Error('no')];
  const work = withUser(client, 'ana', async (tx) => {
    await modelOf(tx, 'Note').create?.({ data: { id: 70, userId: 'ana' } });
    await modelOf(tx, 'Note').deleteMany?.({ where: { id: 3 } });
    throw reason;
  });
  await assert.rejects(work, reason);
  assert.equal(await countNotes(), old);
  for (let i = 0; i < 4; i += 1) assert.ok(['', null].includes((await readUser(client)) as string | null));
});

test('keeps users apart that share two connections', async () => {
  const ids = Array.from({ length: 60 }, (_, i) => `user-${i}`);
  const seen = await Promise.all(
    ids.map((id) =>
      withUser(
        client,
        id,
        async (tx) => {
          const first = await readUser(tx);
          await tx.$queryRawUnsafe('SELECT pg_sleep(0.005)::text');
          return [first, await readUser(tx)];
        },
        { maxWait: 20_000, timeout: 20_000 },
      ),
    ),
  );
  assert.deepEqual(
    seen,
    ids.map((id) => [id, id]),
  );
});

test('hands the options of the transaction on', async () => {
  const read = (tx: Raw) => tx.$queryRawUnsafe('SHOW transaction_isolation');
  assert.deepEqual(await withUser(client, 'ana', read, { isolationLevel: 'Serializable' }), [
    { transaction_isolation: 'serializable' },
  ]);
  const slow = withUser(client, 'ana', (tx) => tx.$queryRawUnsafe('SELECT pg_sleep(0.3)::text'), {
    timeout: 50,
  });
  await assert.rejects(slow, { code: 'P2028' });
});

test('takes a client that is scoped', async () => {
  const files = filesOf(database);
  const { forUser } = isolate(buildIsolationMap(readDataModel(files), decideOwnership(parseSchema(files))));
  const found = await withUser(forUser(client, 'ana'), 'ana', async (tx) => [
    await readUser(tx),
    await modelOf(tx, 'Note').findMany?.({ select: { id: true } }),
  ]);
  assert.deepEqual(found, ['ana', [{ id: 3 }]]);
});

for (const userId of [null, undefined, '', Number.NaN, 1.5, {}, ['ana'], true])
  test(`refuses ${JSON.stringify(userId) ?? 'undefined'} for a user, and begins nothing`, async () => {
    let isBegun = false;
    const work = withUser(client, userId as string, async () => {
      isBegun = true;
    });
    await assert.rejects(
      work,
      (error) => error instanceof IsolationError && error.code === 'USER_ID_INVALID',
    );
    assert.equal(isBegun, false);
  });

test('refuses a transaction inside of another one, whose user it would change', async () => {
  const nested = withUser(client, 'ana', (tx) => withUser(tx, 'ben', readUser));
  await assert.rejects(nested, { code: 'CLIENT_UNKNOWN' });
  await assert.rejects(withUser({} as ModelClient, 'ana', readUser), { code: 'CLIENT_UNKNOWN' });
});

test('says that it is PostgreSQL alone, and runs nothing elsewhere', async (t) => {
  const sqlite = await createDatabase('sqlite', NOTES);
  const other = open(sqlite);
  t.after(async () => {
    await other.$disconnect();
    await sqlite.drop();
  });
  const work = withUser(other, 'ana', (tx) => modelOf(tx, 'Note').deleteMany?.() as Promise<unknown>);
  await assert.rejects(work, {
    code: 'POSTGRESQL_ONLY',
    message: `withUser goes by the row-level security of PostgreSQL, which sqlite has not, so nothing was run.
Use forUser(prisma, userId), which works on every database.`,
  });
  assert.equal(await modelOf(other, 'Note').count?.(), 4);
});

/** Only compiled: what is handed on is what the client's own `$transaction` hands on. */
export async function typed(prisma: PrismaClient): Promise<string | undefined> {
  const users = await withUser(prisma, 'ana', (tx) => tx.user.findMany({ select: { email: true } }));
  await withUser(prisma, 'ana', async (tx) => tx.user.count(), {
    timeout: 1,
    isolationLevel: 'Serializable',
  });
  const extended = prisma.$extends({ model: { user: { first: async () => 'ana' } } });
  const first: string = await withUser(extended, 'ana', (tx) => tx.user.first());
  // @ts-expect-error there is no such model
  await withUser(prisma, 'ana', (tx) => tx.nothing.findMany());
  // @ts-expect-error there is no such option
  await withUser(prisma, 'ana', (tx) => tx.user.count(), { patience: 1 });
  // @ts-expect-error the field was not selected
  return first + users[0]?.id;
}
