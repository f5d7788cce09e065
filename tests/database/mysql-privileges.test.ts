import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { Session } from '../../src/database/dialect.ts';
import { hasJsonTable, isGranted, listGrants } from '../../src/database/mysql-privileges.ts';

/** What SHOW GRANTS of MariaDB 10.11 and MySQL 8 print. */
const LINES = [
  "GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*X'",
  'GRANT `role` TO `app`@`%`',
  'GRANT SELECT, INSERT ON `shop`.* TO `app`@`%`',
  'GRANT ALL PRIVILEGES ON `shop\\_ownership\\_migration`.* TO `app`@`%`',
  'GRANT CREATE, ALTER ROUTINE ON `dev%`.* TO `app`@`%` WITH GRANT OPTION',
  'GRANT SELECT (`id`), UPDATE (`userId`, `a``b`) ON `blog`.`post` TO `app`@`%`',
];

describe('grants of MySQL', () => {
  const cases: [privilege: string, place: Parameters<typeof isGranted>[2], expected: boolean][] = [
    ['SELECT', { database: 'shop', table: 'x' }, true],
    ['UPDATE', { database: 'shop', table: 'x', column: 'userId' }, false],
    ['CREATE', { database: 'shop_ownership_migration' }, true],
    ['CREATE', { database: 'shopXownership_migration' }, false],
    ['CREATE', { database: 'dev_7' }, true],
    ['ALTER ROUTINE', { database: 'dev' }, true],
    ['ALTER', { database: 'dev' }, false],
    ['UPDATE', { database: 'blog', table: 'post', column: 'userId' }, true],
    ['UPDATE', { database: 'blog', table: 'post', column: 'a`b' }, true],
    ['UPDATE', { database: 'blog', table: 'post', column: 'text' }, false],
    ['UPDATE', { database: 'blog', table: 'other', column: 'userId' }, false],
  ];
  for (const [privilege, place, expected] of cases) {
    it(`${expected ? 'allow' : 'do not allow'} ${privilege} of ${Object.values(place).join('.')}`, async () => {
      const session: Session = {
        query: async <Row>() => LINES.map((line) => ({ Grants: line })) as Row[],
        execute: () => assert.fail('grants are only read'),
      };
      assert.equal(isGranted(await listGrants(session), privilege, place), expected);
    });
  }
});

describe('a server', () => {
  for (const version of [
    '8.0.4',
    '8.4.0',
    '9.1.0',
    '10.6.0-MariaDB',
    '10.11.19-MariaDB-0+deb12u1',
    '11.4.2-MariaDB',
  ])
    it(`of ${version} has what the journal needs`, () => assert.equal(hasJsonTable(version), true));
  for (const version of ['5.7.44-log', '8.0.3', '10.5.29-MariaDB', '5.5.5-10.4.0-MariaDB', ''])
    it(`of ${version || 'an unknown version'} has it not`, () => assert.equal(hasJsonTable(version), false));
});
