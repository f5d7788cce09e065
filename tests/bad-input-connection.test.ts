import { strict as assert } from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { Client } from 'pg';
import { createDatabase, type TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { NOTES } from './helpers/notes.ts';
import { announcement, assertRefused } from './helpers/refusals.ts';

const NOTHING = '\nNothing was changed.';
const PASSWORD = 'correct-horse-battery';

function change(url: string, parts: { password?: string; pathname?: string }): string {
  return Object.assign(new URL(url), parts).href;
}

/** Whether the server lets everybody in, whatever password they say. */
async function trustsEverybody(url: string): Promise<boolean> {
  const client = new Client({ connectionString: change(url, { password: 'wrong' }) });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

describe('the connection to PostgreSQL is refused', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase('postgresql', NOTES);
  });
  after(() => database.drop());
  const place = () => `${new URL(database.url).pathname.slice(1)} on ${new URL(database.url).hostname}`;

  it('with a wrong password, which is not repeated, not even with --verbose', async (t) => {
    if (await trustsEverybody(database.url)) return t.skip('this server does not ask for passwords');
    const user = new URL(database.url).username;
    const env = { DATABASE_URL: change(database.url, { password: PASSWORD }) };
    await assertRefused(database, ['production-safe', 'ana', '--step=2'], {
      env,
      before: announcement(database),
      code: 'AUTHENTICATION_FAILED',
      message: `the database ${place()} refuses the login: password authentication failed for user "${user}".${NOTHING}`,
      remedy: 'Check the user and the password in DATABASE_URL.',
    });
    const { stdout, stderr } = await runInProcess(['status', '--verbose', '--json'], { env });
    assert.match(stderr, /\ncause: /);
    assert.ok(!`${stdout}${stderr}`.includes(PASSWORD));
  });

  it('when no server listens', () =>
    assertRefused(database, ['production-safe', 'ana', '--step=2'], {
      env: { DATABASE_URL: `postgresql://app:${PASSWORD}@127.0.0.1:1/app` },
      before:
        'Database: app (postgresql) on 127.0.0.1, DATABASE_URL from the environment, schema schema.prisma\n',
      code: 'DATABASE_UNREACHABLE',
      message: `the database app on 127.0.0.1 cannot be opened: Can't reach database server at 127.0.0.1:1.${NOTHING}`,
      remedy: 'Check DATABASE_URL, and that the server runs and can be reached from here.',
    }));

  it('when the server has no database of that name', () => {
    const { hostname } = new URL(database.url);
    return assertRefused(database, ['status'], {
      env: { DATABASE_URL: change(database.url, { pathname: '/no_such_app' }) },
      before: `Database: no_such_app (postgresql) on ${hostname}, DATABASE_URL from the environment\n`,
      code: 'DATABASE_UNREACHABLE',
      message: `the database no_such_app on ${hostname} cannot be opened: database "no_such_app" does not exist.${NOTHING}`,
      remedy: 'Check DATABASE_URL, and that the server runs and can be reached from here.',
    });
  });

  it('when the certificate that the URL names is not there', async () => {
    const more = '?sslmode=verify-full&sslrootcert=/nowhere/root.pem';
    const { code, stdout, stderr } = await runInProcess(['status'], {
      env: { DATABASE_URL: `${database.url}${more}` },
    });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /\nerror: [^\n]*root\.pem/);
  });
});
