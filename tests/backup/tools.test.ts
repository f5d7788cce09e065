import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getTool, type Server, type ToolKind } from '../../src/backup/tools.ts';
import { createFakeTools, sayVersion } from '../helpers/fake-tools.ts';

const POSTGRESQL: Server = { provider: 'postgresql', version: '15.4 (Debian 15.4-1)' };
const MARIADB: Server = { provider: 'mysql', version: '10.11.6-MariaDB-0+deb12u1' };
const MYSQL: Server = { provider: 'mysql', version: '8.0.36-0ubuntu0.22.04.1' };

const PG_DUMP_15 = 'pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)';
const MARIADB_DUMP = 'mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)';
const MARIADB_DUMP_11 = 'mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)';
const MYSQLDUMP_8 = 'mysqldump  Ver 8.0.36-0ubuntu0.22.04.1 for Linux on x86_64 ((Ubuntu))';
const MYSQLDUMP_57 = 'mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)';

/** Looks for a tool where only these are. */
async function find(kind: ToolKind, server: Server, versions: Record<string, string>) {
  const scripts = Object.entries(versions).map(([name, version]) => [name, sayVersion(version)]);
  const tools = createFakeTools(Object.fromEntries(scripts));
  try {
    return await getTool(kind, server, { PATH: tools.alone });
  } finally {
    tools.remove();
  }
}

describe('getTool', () => {
  for (const [what, kind, server, versions, expected] of [
    ['of the same version', 'pg_dump', POSTGRESQL, { pg_dump: PG_DUMP_15 }, ['pg_dump', 15, 'postgresql']],
    [
      'newer than the server',
      'pg_dump',
      POSTGRESQL,
      { pg_dump: 'pg_dump (PostgreSQL) 18.1' },
      ['pg_dump', 18, 'postgresql'],
    ],
    [
      'of a beta',
      'pg_dump',
      { ...POSTGRESQL, version: '18beta1' },
      { pg_dump: 'pg_dump (PostgreSQL) 18beta1' },
      ['pg_dump', 18, 'postgresql'],
    ],
    [
      'by its own name',
      'mysql-dump',
      MARIADB,
      { 'mariadb-dump': MARIADB_DUMP },
      ['mariadb-dump', 10, 'mariadb'],
    ],
    ["by MySQL's name", 'mysql-dump', MARIADB, { mysqldump: MARIADB_DUMP_11 }, ['mysqldump', 11, 'mariadb']],
    ['of MySQL', 'mysql-dump', MYSQL, { mysqldump: MYSQLDUMP_8 }, ['mysqldump', 8, 'mysql']],
    [
      'of the right maker, beside another one',
      'mysql-dump',
      MYSQL,
      { mysqldump: MARIADB_DUMP, 'mariadb-dump': MARIADB_DUMP },
      ['mysqldump', 10, 'mariadb'],
    ],
    [
      'of MariaDB, beside that of MySQL',
      'mysql-dump',
      MARIADB,
      { mysqldump: MYSQLDUMP_8, 'mariadb-dump': MARIADB_DUMP },
      ['mariadb-dump', 10, 'mariadb'],
    ],
  ] as const)
    it(`takes a tool ${what}`, async () => {
      const { name, major, family } = await find(kind, server, versions);
      assert.deepEqual([name, major, family], expected);
    });

  for (const [what, kind, server, versions, code, says] of [
    ['that is missing', 'pg_dump', POSTGRESQL, {}, 'TOOL_MISSING', /postgresql-client-15 /],
    ['of MariaDB that is missing', 'mysql-dump', MARIADB, {}, 'TOOL_MISSING', /mariadb-client /],
    ['of MySQL that is missing', 'mysql-client', MYSQL, {}, 'TOOL_MISSING', /mysql-client /],
    [
      'that is older than the server',
      'pg_dump',
      { ...POSTGRESQL, version: '18.1' },
      { pg_dump: PG_DUMP_15 },
      'TOOL_OLDER',
      /postgresql-client-18 /,
    ],
    ['of MySQL 5.7 for 8.0', 'mysql-dump', MYSQL, { mysqldump: MYSQLDUMP_57 }, 'TOOL_OLDER', /mysql-client /],
    [
      'of MySQL for MariaDB',
      'mysql-dump',
      MARIADB,
      { mysqldump: MYSQLDUMP_8 },
      'TOOL_OF_ANOTHER',
      /mariadb-client /,
    ],
    ['without a version', 'pg_dump', POSTGRESQL, { pg_dump: 'hello' }, 'TOOL_UNUSABLE', /--version/],
  ] as const)
    it(`refuses a tool ${what}`, () =>
      assert.rejects(find(kind, server, versions), (error: { code: string; remedy: string }) => {
        assert.equal(error.code, code);
        assert.match(error.remedy, says);
        return true;
      }));

  it('refuses a tool that fails', async () => {
    const tools = createFakeTools({ pg_dump: 'echo no library >&2; exit 127' });
    try {
      await assert.rejects(getTool('pg_dump', POSTGRESQL, { PATH: tools.alone }), { code: 'TOOL_UNUSABLE' });
    } finally {
      tools.remove();
    }
  });
});
