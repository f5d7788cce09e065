import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareTables } from '../../src/backup/compare.ts';
import type { BackupTable } from '../../src/backup/manifest.ts';

function tableOf(schema: string, name: string, rows = 1, digest = 'aa'): BackupTable {
  return { table: { schema, name }, rows, digest };
}

describe('compareTables', () => {
  it('finds nothing where rows and digests are the same, in any order', () => {
    const before = [tableOf('public', 'a'), tableOf('public', 'b')];
    assert.deepEqual(compareTables(before, [...before].reverse()), []);
  });

  it('names tables that differ in rows or in digest, that are missing, and that were added', () => {
    const before = [tableOf('s', 'a', 1, 'aa'), tableOf('s', 'b', 2, 'bb'), tableOf('s', 'gone')];
    const after = [tableOf('s', 'a', 2, 'aa'), tableOf('s', 'b', 2, 'xx'), tableOf('s', 'new')];
    assert.deepEqual(compareTables(before, after), [
      {
        table: { schema: 's', name: 'a' },
        before: { rows: 1, digest: 'aa' },
        after: { rows: 2, digest: 'aa' },
      },
      {
        table: { schema: 's', name: 'b' },
        before: { rows: 2, digest: 'bb' },
        after: { rows: 2, digest: 'xx' },
      },
      { table: { schema: 's', name: 'gone' }, before: { rows: 1, digest: 'aa' }, after: null },
      { table: { schema: 's', name: 'new' }, before: null, after: { rows: 1, digest: 'aa' } },
    ]);
  });

  it('takes a schema for the one that was renamed, and only that one', () => {
    const renamed = { before: 'app', after: 'app_scratch_1' };
    const before = [tableOf('app', 'a'), tableOf('other', 'a')];
    assert.deepEqual(
      compareTables(before, [tableOf('app_scratch_1', 'a'), tableOf('other', 'a')], renamed),
      [],
    );
    assert.equal(compareTables(before, [tableOf('app_scratch_2', 'a')], renamed).length, 3);
  });
});
