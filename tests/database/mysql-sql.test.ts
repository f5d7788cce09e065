import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { sql } from '../../src/database/sql.ts';
import {
  asText,
  canHold,
  compareKey,
  compareTypes,
  fromText,
  journalDatabaseOf,
  lockNameOf,
} from '../../src/database/mysql-sql.ts';

describe('names on MySQL', () => {
  it('of the journal and of the lock fit, and differ where databases do', () => {
    assert.equal(journalDatabaseOf('app'), 'app_ownership_migration');
    const [long, other] = ['x'.repeat(64), `${'x'.repeat(63)}y`];
    for (const name of [journalDatabaseOf(long), lockNameOf(long)]) assert.ok(name.length <= 64, name);
    assert.notEqual(journalDatabaseOf(long), journalDatabaseOf(other));
    assert.notEqual(lockNameOf('a'), lockNameOf('b'));
  });
});

describe('values on MySQL', () => {
  const cases: [type: string, toText: string, fromText: string][] = [
    ['int(11)', 'CAST(x AS CHAR CHARACTER SET utf8mb4)', 'CAST(? AS SIGNED)'],
    ['bigint(20) unsigned', 'CAST(x AS CHAR CHARACTER SET utf8mb4)', 'CAST(? AS UNSIGNED)'],
    ['decimal(65,30)', 'CAST(x AS CHAR CHARACTER SET utf8mb4)', 'CAST(? AS DECIMAL(65,30))'],
    ['float', 'CAST(CAST(x AS DOUBLE) AS CHAR CHARACTER SET utf8mb4)', 'CAST(? AS DOUBLE)'],
    [
      "enum('b','a') COLLATE utf8mb4_bin",
      'CAST((x + 0) AS CHAR CHARACTER SET utf8mb4)',
      'CAST(? AS UNSIGNED)',
    ],
    ['varbinary(16)', 'CAST(HEX(x) AS CHAR CHARACTER SET utf8mb4)', 'UNHEX(?)'],
    [
      'varchar(191) COLLATE latin1_swedish_ci',
      'CONVERT(x USING utf8mb4)',
      'CONVERT(? USING latin1) COLLATE latin1_swedish_ci',
    ],
  ];
  for (const [type, to, from] of cases) {
    it(`of ${type} become text and come back`, () => {
      assert.equal(asText(sql`x`, type).sql, to);
      assert.equal(fromText('1', type).sql, from);
    });
  }

  it('are compared column by column, which an index can serve', () => {
    const key = [
      { name: 'a', type: 'int(11)' },
      { name: 'b', type: 'int(11)' },
    ];
    assert.equal(
      compareKey(key, '>', ['1', '2']).sql,
      '(`a` >= CAST(? AS SIGNED) AND (`a` > CAST(? AS SIGNED) OR `b` > CAST(? AS SIGNED)))',
    );
    assert.equal(
      compareKey(key, '<=', ['1', '2']).sql,
      '(`a` <= CAST(? AS SIGNED) AND (`a` < CAST(? AS SIGNED) OR `b` <= CAST(? AS SIGNED)))',
    );
  });

  it('fit or not, and go together or not', () => {
    assert.deepEqual(
      [canHold('varchar(3)', 'äöü'), canHold('char(2)', 'abc'), canHold('text', 'abc')],
      [true, false, true],
    );
    const types: [owner: string, key: string, expected: string][] = [
      ['int(11)', 'int(10)', 'same'],
      ['bigint(20)', 'int(11)', 'compatible'],
      ['int(11)', 'bigint(20)', 'different'],
      ['int(11) unsigned', 'int(11)', 'different'],
      ['varchar(191) COLLATE utf8mb4_bin', 'char(36) COLLATE utf8mb4_bin', 'compatible'],
      ['varchar(191) COLLATE utf8mb4_bin', 'int(11)', 'different'],
      ['binary(16)', 'binary(16)', 'same'],
    ];
    for (const [owner, key, expected] of types)
      assert.equal(compareTypes(owner, key), expected, `${owner} ${key}`);
  });
});
