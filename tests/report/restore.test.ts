import { strict as assert } from 'node:assert';
import { it } from 'node:test';
import type { RestoreAnswer } from '../../src/commands/copy-results.ts';
import { describeRestoreProgress, renderRestore } from '../../src/report/restore.ts';
import { createPainter } from '../../src/report/text.ts';

const paint = createPainter({ write: () => undefined }, {});

const ANSWER: RestoreAnswer = {
  command: 'restore',
  ok: true,
  dryRun: false,
  database: { provider: 'postgresql', name: 'app', host: 'db' },
  backup: {
    path: 'backups/app-20261126-024500',
    database: 'app',
    time: '2026-11-26T02:45:00.000Z',
    verified: null,
  },
  tables: 1,
  rows: 15_607,
  kept: {
    name: 'app_before_restore_20261126_030000',
    undo: 'ALTER DATABASE "app" RENAME TO "app_restored_20261126_030000"; ALTER ...;',
    removal: 'DROP DATABASE "app_before_restore_20261126_030000";',
  },
  elapsedMs: 2345,
  findings: [],
  next: 'npm run migration:status',
};

it('says what was restored, and where the old database is', () => {
  assert.equal(
    renderRestore(ANSWER, paint),
    `Restored app (postgresql) on db, as it was at 2026-11-26T02:45:00.000Z

1 table, 15,607 rows, in 2.3 s. Every table has the rows and the digest of the backup backups/app-20261126-024500.
The old database is kept as app_before_restore_20261126_030000, with all that changed since.
To go back to it, when nobody uses either:  ALTER DATABASE "app" RENAME TO "app_restored_20261126_030000"; ALTER ...;
To remove it:  DROP DATABASE "app_before_restore_20261126_030000";

Next:  npm run migration:status`,
  );
  assert.match(
    renderRestore({ ...ANSWER, kept: null }, paint),
    /\nNothing was replaced: the database was empty\.\n\nNext:/,
  );
});

it('says what a dry run would do', () => {
  const dry = { ...ANSWER, dryRun: true, next: 'npm run migration:restore -- b --confirm=app' };
  assert.equal(
    renderRestore(dry, paint),
    `Restore of app (postgresql) on db: a dry run

The backup backups/app-20261126-024500 is whole: 1 table, 15,607 rows, as they were at 2026-11-26T02:45:00.000Z in "app".
Would be loaded into a new database, every table compared with the manifest, and only then put in its place.
The old database would be kept as app_before_restore_20261126_030000, with all that changed since.

Nothing was changed.
To do it:  npm run migration:restore -- b --confirm=app`,
  );
  assert.match(
    renderRestore({ ...dry, kept: null }, paint),
    /\nWould be loaded into this empty database, and every table compared with the manifest\.\n\nNothing/,
  );
});

it('says what it is at', () => {
  const table = { schema: 'public', name: 'note' };
  assert.deepEqual(
    [
      describeRestoreProgress({ loaded: { done: 3, total: 11, unit: 'tables' } }),
      describeRestoreProgress({ loaded: { done: 3_400_000, total: 12_000_000, unit: 'bytes' } }),
      describeRestoreProgress({ digested: { table, done: 3, tables: 11, rows: 15_607 } }),
      describeRestoreProgress('swapping'),
    ],
    [
      'Loading: 3 of 11 tables',
      'Loading: 3.4 MB of 12.0 MB read',
      'Verifying: 3 of 11 tables digested (15,607 rows)',
      'Swapping',
    ],
  );
});
