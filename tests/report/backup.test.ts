import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BackupAnswer } from '../../src/commands/copy-results.ts';
import { describeBackupProgress, renderBackup } from '../../src/report/backup.ts';
import { createPainter } from '../../src/report/text.ts';

const paint = createPainter({ write: () => undefined }, {});

const ANSWER: BackupAnswer = {
  command: 'backup',
  ok: true,
  dryRun: false,
  database: { provider: 'postgresql', name: 'app', host: 'db.example.com' },
  path: 'backups/app-20261126-024500',
  time: '2026-11-26T02:45:00.123Z',
  tool: 'pg_dump (PostgreSQL) 15.20',
  files: [{ name: 'data.dump', bytes: 3_400_000, sha256: 'f'.repeat(64) }],
  bytes: 3_400_000,
  elapsedMs: 61_000,
  tables: [
    { table: 'public.Note', rows: 12_345 },
    { table: 'public.Tag', rows: 1 },
  ],
  rows: 12_346,
  verified: null,
  differences: [],
  space: { database: 28_000_000, free: 79_000_000_000 },
  findings: [],
  next: 'npm run migration:backup -- --verify',
};

describe('renderBackup', () => {
  it('says what is in it, that nobody has restored it, where it is and what is next', () => {
    assert.equal(
      renderBackup(ANSWER, paint),
      `Backup of app (postgresql) on db.example.com, as it was at 2026-11-26T02:45:00.123Z

  table          rows
  public.Note  12,345
  public.Tag        1

2 tables, 12,346 rows; 1 file, 3.4 MB, by pg_dump (PostgreSQL) 15.20, in 1 min 1 s.
Not verified: nobody has restored it yet.

It is in backups/app-20261126-024500. Nothing of ours ever deletes it.
To put it back:  npm run migration:restore -- backups/app-20261126-024500 --confirm=app
Next:  npm run migration:backup -- --verify`,
    );
  });

  it('says that it was restored, and how much was compared', () => {
    const verifiedText = (tables: number) =>
      renderBackup({ ...ANSWER, verified: { time: ANSWER.time ?? '', tables, rows: 1 } }, paint);
    assert.match(
      verifiedText(2),
      /\nVerified: .*, and all 2 tables had the same rows and the same digest\.\n/,
    );
    assert.match(verifiedText(1), /, and its table had the same rows and the same digest\.\n/);
  });

  it('says which tables differ', () => {
    const differences = [{ table: 'public.Tag', before: 1, after: 0, keys: [] }];
    const findings = [
      {
        code: 'BACKUP_DIFFERS',
        severity: 'error' as const,
        model: null,
        message: 'it differs.',
        remedy: 'Do it.',
      },
    ];
    const text = renderBackup({ ...ANSWER, ok: false, differences, findings }, paint);
    assert.match(text, /\nNot the same: 1 table differed when it was restored into a scratch database\.\n/);
    assert.match(text, /\nerror: it differs\. \[BACKUP_DIFFERS\]\n {2}Do it\.\n/);
  });

  it('says of an empty database that it has no table', () => {
    assert.match(renderBackup({ ...ANSWER, tables: [], rows: 0 }, paint), /\n\n0 tables, 0 rows; 1 file/);
  });
});

describe('describeBackupProgress', () => {
  it('counts bytes, tables and rows', () => {
    assert.equal(describeBackupProgress({ bytes: 999, digested: null }), 'Backing up: 999 bytes written');
    const digested = { table: { schema: 'main', name: 'Note' }, done: 1, tables: 3, rows: 1200 };
    assert.equal(
      describeBackupProgress({ bytes: 1_250_000, digested }),
      'Backing up: 1.3 MB written, 1 of 3 tables digested (1,200 rows)',
    );
  });
});
