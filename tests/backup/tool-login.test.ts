import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mysqlOptions, postgresqlEnvironment, withMysqlLogin } from '../../src/backup/tool-login.ts';
import type { DatabaseUrl } from '../../src/database/database-url.ts';
import { openUrl } from '../helpers/backup.ts';
import { isMissing, queryPostgres } from '../helpers/database.ts';
import { cannotDump, TEST_SERVER } from '../helpers/dumpable-server.ts';
import { queryMysql } from '../helpers/mysql-database.ts';

const PASSWORDS = [
  `sp ace#'"\\%:@/?&`,
  `"quoted"`,
  `'single' # "both" ; x`,
  'back\\slash\\n\\t\\',
  ' begins and ends with a space ',
  'é😀ß',
  '$HOME `id` $(id) !!',
];

function open(url: string): DatabaseUrl {
  return openUrl({ url, folder: '/' });
}

/** Another login of the same server. */
function withLogin(server: string, user: string, password: string): DatabaseUrl {
  const url = new URL(server);
  url.username = user;
  url.password = encodeURIComponent(password);
  if (url.pathname.length < 2) url.pathname = '/mysql';
  return open(url.href);
}

describe('the environment of the tools of PostgreSQL', () => {
  it('has what libpq knows, and nothing of Prisma or of the operator', () => {
    const url = open(
      'postgresql://an%20a:p%40ss@db.example.com:5433/app?schema=crm&connection_limit=3&pgbouncer=false&sslmode=verify-full&sslrootcert=/ca.pem',
    );
    const env = {
      PATH: '/bin',
      HOME: '/home/ana',
      PGOPTIONS: '-c x=y',
      PGSERVICE: 'other',
      DATABASE_URL: 'secret',
    };
    assert.deepEqual(postgresqlEnvironment(url, env), {
      PATH: '/bin',
      HOME: '/home/ana',
      LC_ALL: 'C',
      PGHOST: 'db.example.com',
      PGPORT: '5433',
      PGUSER: 'an a',
      PGPASSWORD: 'p@ss',
      PGDATABASE: 'app',
      PGAPPNAME: 'prisma-ownership',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/ca.pem',
    });
  });

  it('takes the password from where the app takes it when the URL has none', () => {
    const env = { PGPASSWORD: 'secret', PGPASSFILE: '/home/ana/pass' };
    const { PGPASSWORD, PGPASSFILE } = postgresqlEnvironment(open('postgresql://ana@localhost/app'), env);
    assert.deepEqual([PGPASSWORD, PGPASSFILE], ['secret', '/home/ana/pass']);
    assert.equal(postgresqlEnvironment(open('postgresql://ana:own@localhost/app'), env).PGPASSWORD, 'own');
  });

  it('takes a socket from the parameter "host", and an address of IPv6 without brackets', () => {
    const socket = postgresqlEnvironment(open('postgresql://ana@localhost/app?host=/run/postgresql'), {});
    assert.deepEqual([socket.PGHOST, socket.PGPORT], ['/run/postgresql', '5432']);
    assert.equal(postgresqlEnvironment(open('postgresql://ana@[::1]/app'), {}).PGHOST, '::1');
  });

  for (const password of PASSWORDS)
    it(`logs in with the password ${password}`, { skip: cannotDump('postgresql') }, async () => {
      assert.ok(TEST_SERVER, 'run it with `npm test`, which starts a server that asks for passwords');
      const user = `login "${process.pid}`;
      const name = `"${user.replaceAll('"', '""')}"`;
      await queryPostgres(
        TEST_SERVER,
        `CREATE ROLE ${name} LOGIN PASSWORD '${password.replaceAll("'", "''")}'`,
      );
      try {
        const ask = (text: string) => {
          const env = postgresqlEnvironment(withLogin(TEST_SERVER as string, user, text), process.env);
          return spawnSync('psql', ['-At', '-c', 'SELECT current_user'], { env, encoding: 'utf8' });
        };
        assert.equal(ask(password).stdout, `${user}\n`, ask(password).stderr);
        assert.notEqual(ask(`${password}x`).status, 0);
      } finally {
        await queryPostgres(TEST_SERVER, `DROP ROLE ${name}`);
      }
    });
});

describe('the option file of the tools of MySQL and MariaDB', () => {
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-login-'));
  before(() => {
    process.env.TMPDIR = folder;
  });
  after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true });
  });
  const url = open(
    'mysql://ana:p%23%22ss@db.example.com/app?connection_limit=3&sslaccept=strict&sslcert=/ca.pem',
  );

  it('has the login in quotes, and how the certificate is looked at', () => {
    assert.equal(
      mysqlOptions(url, { family: 'mariadb' }),
      `[client]\nhost="db.example.com"\nport="3306"\nuser="ana"\npassword="p#\\"ss"\nprotocol="tcp"\nssl-ca="/ca.pem"\nssl="1"\nssl-verify-server-cert="1"\n`,
    );
    assert.match(mysqlOptions(url, { family: 'mysql' }), /\nssl-mode="VERIFY_IDENTITY"\n$/);
  });

  it('takes any certificate where the app does, and a socket', () => {
    const loose = open('mysql://ana@localhost/app?sslaccept=accept_invalid_certs&socket=/run/mysqld.sock');
    assert.match(mysqlOptions(loose, { family: 'mariadb' }), /\nssl="1"\nssl-verify-server-cert="0"\n$/);
    assert.match(mysqlOptions(loose, { family: 'mysql' }), /\nssl-mode="REQUIRED"\n$/);
    assert.match(
      mysqlOptions(loose, { family: 'mysql' }),
      /\nprotocol="socket"\nsocket="\/run\/mysqld\.sock"\n/,
    );
    assert.match(mysqlOptions(open('mysql://a@h/app'), { family: 'mysql' }), /\nssl-mode="PREFERRED"\n$/);
  });

  for (const password of PASSWORDS)
    it(`logs in with the password ${password}, by a file that has no name`, {
      skip: isMissing('mysql'),
    }, async () => {
      const server = process.env.TEST_MYSQL_URL as string;
      const user = `login'${process.pid}`;
      const name = `'${user.replaceAll("'", "''")}'@'%'`;
      await queryMysql(server, `CREATE USER ${name} IDENTIFIED BY '${password.replaceAll("'", "''")}'`);
      try {
        const ask = (text: string) => {
          const wanted = {
            url: withLogin(server, user, text),
            tool: { family: 'mariadb' as const },
            env: process.env,
          };
          return withMysqlLogin(wanted, async ({ args, env, optionFile }) => {
            assert.deepEqual(readdirSync(folder), []);
            const words = [...args, '--default-character-set=utf8mb4', '-N', '-e', 'SELECT USER()'];
            return spawnSync('mariadb', words, {
              env,
              encoding: 'utf8',
              stdio: ['ignore', 'pipe', 'pipe', optionFile],
            });
          });
        };
        const good = await ask(password);
        assert.match(good.stdout, /^login'/, good.stderr);
        assert.notEqual((await ask(`${password}x`)).status, 0);
      } finally {
        await queryMysql(server, `DROP USER ${name}`);
      }
    });
});
