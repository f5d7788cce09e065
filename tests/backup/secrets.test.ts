import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { outOf, withNotes } from '../helpers/backup.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { cannotDump } from '../helpers/dumpable-server.ts';
import { createFakeTools } from '../helpers/fake-tools.ts';
import { queryMysql } from '../helpers/mysql-database.ts';
import { runCommand } from '../helpers/processes.ts';

const PASSWORD = 'not-to-be-seen';

/** Backs up with tools that write down how they are called; returns that, all output, and all that was written to the disk. */
async function listen(database: TestDatabase, names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-secrets-'));
  const scripts = names.map((name) => {
    const real = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    const log = `echo "${name} $*" >> ${folder}/calls; env > ${folder}/env-${name}; ls -A "$TMPDIR" >> ${folder}/files`;
    return [name, `${log}; exec ${real} "$@"`] as const;
  });
  const tools = createFakeTools(Object.fromEntries(scripts));
  const temporary = mkdtempSync(join(tmpdir(), 'prisma-ownership-secrets-'));
  try {
    const env = { PATH: tools.before, TMPDIR: temporary };
    const words = ['backup', '--verify', '--json', '--verbose', `--out=${outOf(database)}`];
    const done = await runCommand({ ...database, env }, ...words);
    assert.equal(done.code, 0, done.stderr);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const manifest = readFileSync(join(JSON.parse(done.stdout).path, 'manifest.json'), 'utf8');
    const environments = readdirSync(folder).filter((name) => name.startsWith('env-'));
    return {
      calls: read('calls'),
      files: read('files'),
      environment: environments.map(read).join('\n'),
      said: done.stdout + done.stderr + manifest,
    };
  } finally {
    tools.remove();
    for (const each of [folder, temporary]) rmSync(each, { recursive: true });
  }
}

describe('the password of a backup', () => {
  it('is in no argument, output or file on PostgreSQL', { skip: cannotDump('postgresql') }, () =>
    withNotes('postgresql', async (database) => {
      const role = `secret_${process.pid}`;
      await database.run(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${PASSWORD}'`);
      const url = new URL(database.url);
      [url.username, url.password] = [role, PASSWORD];
      try {
        const heard = await listen({ ...database, url: url.href }, ['pg_dump', 'pg_restore']);
        assert.match(heard.calls, /^pg_dump --no-password --snapshot=/m);
        assert.match(heard.calls, /^pg_restore /m);
        for (const text of [heard.calls, heard.said]) assert.doesNotMatch(text, new RegExp(PASSWORD));
        assert.equal(heard.files, '');
        assert.doesNotMatch(heard.environment, /DATABASE_URL/);
      } finally {
        await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    }),
  );

  it('is in no argument, environment, output or file on MySQL', { skip: cannotDump('mysql') }, () =>
    withNotes('mysql', async (database) => {
      const user = `'secret_${process.pid}'@'%'`;
      await queryMysql(
        database.url,
        `CREATE USER ${user} IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO ${user}`,
      );
      const url = new URL(database.url);
      [url.username, url.password] = [`secret_${process.pid}`, PASSWORD];
      try {
        const heard = await listen({ ...database, url: url.href }, ['mariadb-dump', 'mariadb']);
        assert.match(heard.calls, /^mariadb-dump --defaults-file=\/dev\/fd\/3 /m);
        assert.match(heard.calls, /^mariadb --defaults-file=\/dev\/fd\/3 /m);
        for (const text of [heard.calls, heard.said, heard.environment])
          assert.doesNotMatch(text, new RegExp(PASSWORD));
        assert.equal(heard.files, '');
      } finally {
        await queryMysql(database.url, `DROP USER ${user}`);
      }
    }),
  );
});
