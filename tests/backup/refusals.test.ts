import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertFails, listBackups, outOf, withNotes } from '../helpers/backup.ts';
import { listScratch } from '../helpers/scratch.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { cannotDump, TEST_SERVER } from '../helpers/dumpable-server.ts';
import { createFakeTools, sayVersion } from '../helpers/fake-tools.ts';
import { connectMysql, queryMysql } from '../helpers/mysql-database.ts';
import { runCommand } from '../helpers/processes.ts';

describe('a backup whose tool is not what it should be', () => {
  for (const [provider, name, packages] of [
    ['postgresql', 'pg_dump', /postgresql-client-\d+ \(Debian/],
    ['mysql', 'mariadb-dump', /mariadb-client \(Debian/],
  ] as const) {
    const skip = cannotDump(provider);
    it(`is refused where none is on PATH, and names the package, on ${provider}`, { skip }, () =>
      withNotes(provider, async (database) => {
        const tools = createFakeTools({});
        try {
          const env = { PATH: tools.alone };
          await assertFails(database, {
            code: 'TOOL_MISSING',
            says: /is on PATH\.\nNothing was changed\./,
            env,
          });
          const done = await runCommand({ ...database, env }, 'backup');
          assert.match(done.stderr, packages);
        } finally {
          tools.remove();
        }
      }),
    );

    it(`says its last words when it fails in the middle, on ${provider}`, { skip }, () =>
      withNotes(provider, async (database) => {
        const real = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
        const tools = createFakeTools({
          [name]: `[ "$1" = --version ] && exec ${real} --version\nhead -c 100000 /dev/zero\necho 'lost my way' >&2\nexit 3`,
        });
        try {
          const says = new RegExp(`^${name} ended with exit code 3\\. Its last words:\n {2}lost my way\n`);
          await assertFails(database, { code: 'TOOL_FAILED', says, env: { PATH: tools.before } });
        } finally {
          tools.remove();
        }
      }),
    );
  }

  it('is refused where it is older than the server', { skip: cannotDump('postgresql') }, () =>
    withNotes('postgresql', async (database) => {
      const tools = createFakeTools({ pg_dump: sayVersion('pg_dump (PostgreSQL) 9.6.1') });
      try {
        await assertFails(database, {
          code: 'TOOL_OLDER',
          says: /^pg_dump is older than the server/,
          env: { PATH: tools.before },
        });
      } finally {
        tools.remove();
      }
    }),
  );

  const newer = TEST_SERVER !== undefined && TEST_SERVER !== process.env.TEST_POSTGRES_URL;
  const skip = newer ? false : 'the server of `npm test` is not newer than the pg_dump on PATH';
  it('is refused by a real server that is newer than the real tool', { skip }, () =>
    withNotes('sqlite', async (database) => {
      const server = { ...database, provider: 'postgresql' as const, url: TEST_SERVER ?? '' };
      await assertFails(server, { code: 'TOOL_OLDER', says: /is older than the server/ });
    }),
  );

  it('is refused where it is of MySQL and the server is MariaDB', { skip: cannotDump('mysql') }, () =>
    withNotes('mysql', async (database) => {
      const tools = createFakeTools({
        mysqldump: sayVersion('mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)'),
      });
      try {
        const env = { PATH: tools.alone };
        await assertFails(database, { code: 'TOOL_OF_ANOTHER', says: /of another database system/, env });
      } finally {
        tools.remove();
      }
    }),
  );
});

describe('a backup that cannot be restored to verify it', () => {
  for (const [provider, dump, restore] of [
    ['postgresql', 'pg_dump', 'pg_restore'],
    ['mysql', 'mariadb-dump', 'mariadb'],
  ] as const) {
    const skip = cannotDump(provider);
    const realOf = (name: string) =>
      spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();

    it(`is refused before it is made where the tool for that is missing, on ${provider}`, { skip }, () =>
      withNotes(provider, async (database) => {
        const tools = createFakeTools({ [dump]: `PATH='${process.env.PATH}' exec ${realOf(dump)} "$@"` });
        try {
          const env = { PATH: tools.alone };
          await assertFails(database, {
            code: 'TOOL_MISSING',
            says: new RegExp(`"${restore}"`),
            env,
            flags: ['--verify'],
          });
        } finally {
          tools.remove();
        }
      }),
    );

    it(`stays when the tool for that fails, on ${provider}`, { skip }, () =>
      withNotes(provider, async (database) => {
        const tools = createFakeTools({
          [restore]: `[ "$1" = --version ] && exec ${realOf(restore)} --version\ncat > /dev/null\necho 'cannot read it' >&2\nexit 4`,
        });
        try {
          const out = outOf(database);
          const words = ['backup', '--verify', `--out=${out}`];
          const done = await runCommand({ ...database, env: { PATH: tools.before } }, ...words);
          assert.equal(done.code, 2, done.stderr);
          const says = new RegExp(
            `\\nThe backup \\S+ stays, but it was not verified\\.\\nerror: ${restore} ended with exit code 4\\.`,
          );
          assert.match(done.stderr, says);
          assert.equal(listBackups(out).whole.length, 1);
          assert.deepEqual(await listScratch(database), []);
        } finally {
          tools.remove();
        }
      }),
    );
  }
});

describe('a backup that its role cannot make whole', () => {
  const skip = cannotDump('postgresql');
  const role = `backup_role_${process.pid}`;

  /** Reads everything, until something is taken from it. */
  async function withReader(
    work: (database: TestDatabase, reader: TestDatabase) => Promise<void>,
  ): Promise<void> {
    await withNotes('postgresql', async (database) => {
      await database.run(
        `CREATE ROLE ${role} LOGIN PASSWORD 'reader'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
      );
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'reader'];
      try {
        await work(database, { ...database, url: url.href });
      } finally {
        await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    });
  }

  it('is made by a role that may only read, which says that the journal does not know of it', { skip }, () =>
    withReader(async (_, reader) => {
      const done = await runCommand(reader, 'backup', '--json', `--out=${outOf(reader)}`);
      assert.equal(done.code, 0, done.stderr);
      assert.equal(JSON.parse(done.stdout).rows, 2);
      assert.match(done.stderr, /\nThe journal does not say that this backup was made: .*permission denied/);
    }),
  );

  it('is refused before it is made when no scratch database can be made to verify it', { skip }, () =>
    withReader((_, reader) =>
      assertFails(reader, {
        code: 'SCRATCH_REFUSED',
        says: /permission denied to create/,
        flags: ['--verify'],
      }),
    ),
  );

  it('is refused where row-level security may hide rows', { skip }, () =>
    withReader(async (database, reader) => {
      await database.run('ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY');
      const says = /row-level security may hide rows from this role, of "public\.Note"/;
      await assertFails(reader, { code: 'BACKUP_INCOMPLETE', says });
    }),
  );

  it('is refused where a table cannot be read', { skip }, () =>
    withReader(async (database, reader) => {
      await database.run('CREATE TABLE secret (id int)');
      const says = /this role may not read "public\.secret"/;
      await assertFails(reader, { code: 'BACKUP_INCOMPLETE', says });
    }),
  );

  it(
    'is refused on MySQL without a privilege of which the tool would leave things out',
    { skip: cannotDump('mysql') },
    () =>
      withNotes('mysql', async (database) => {
        const name = new URL(database.url).pathname.slice(1);
        const user = `'reader_${process.pid}'@'%'`;
        await queryMysql(
          database.url,
          `CREATE USER ${user} IDENTIFIED BY 'reader'; GRANT SELECT, LOCK TABLES ON ${name}.* TO ${user}`,
        );
        try {
          const url = new URL(database.url);
          [url.username, url.password] = [`reader_${process.pid}`, 'reader'];
          const says = /this user does not have SHOW VIEW, TRIGGER, EVENT, EXECUTE on the whole database/;
          await assertFails({ ...database, url: url.href }, { code: 'BACKUP_INCOMPLETE', says });
        } finally {
          await queryMysql(database.url, `DROP USER ${user}`);
        }
      }),
  );

  it('is refused through a transaction pooler', { skip }, () =>
    withNotes('postgresql', (database) =>
      assertFails(
        { ...database, url: `${database.url}?pgbouncer=true` },
        { code: 'BACKUP_POOLED', says: /it says pgbouncer=true/ },
      ),
    ),
  );
});

describe('a backup that cannot begin', () => {
  it('is refused where a file stands in the place of its folder', () =>
    withNotes('sqlite', async (database) => {
      writeFileSync(join(database.folder, 'file'), '');
      const done = await runCommand(
        database,
        'backup',
        '--json',
        `--out=${join(database.folder, 'file/backups')}`,
      );
      assert.equal(done.code, 2, done.stderr);
      assert.equal(JSON.parse(done.stdout).error.code, 'BACKUP_FOLDER');
    }));

  it(
    'gives up on MySQL while a transaction that writes stays open, and lets the app write',
    { skip: cannotDump('mysql') },
    () =>
      withNotes('mysql', async (database) => {
        const { query, close } = await connectMysql(database.url);
        try {
          await query(`START TRANSACTION; UPDATE "Note" SET title = 'held' WHERE id = 1`);
          await assertFails(database, {
            code: 'MOMENT_MISSED',
            says: /10 times: transactions that write were open.*\nLocks are held by process \d+ of /,
          });
          await queryMysql(database.url, `UPDATE "Note" SET title = 'free' WHERE id = 2`);
        } finally {
          await close();
        }
      }),
  );
});
