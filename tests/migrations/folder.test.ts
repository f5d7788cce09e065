import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listMigrations } from '../../src/migrations/folder.ts';

describe('listMigrations', () => {
  it('lists folders with a migration in the order of their names, and nothing else that is there', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'prisma-ownership-test-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const name of ['20260102000000_b', '20260101000000_a', 'empty']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'migration_lock.toml'), 'provider = "sqlite"');
    writeFileSync(join(folder, '20260101000000_a/migration.sql'), 'A');
    writeFileSync(join(folder, '20260102000000_b/migration.sql'), 'B');
    assert.deepEqual(listMigrations(folder), [
      { name: '20260101000000_a', sql: 'A' },
      { name: '20260102000000_b', sql: 'B' },
    ]);
  });

  it('finds none where the folder is not there', () => {
    assert.deepEqual(listMigrations(join(tmpdir(), 'prisma-ownership-not-there')), []);
  });
});
