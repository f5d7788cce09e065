import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findPendingPhase, planMigrations } from '../../src/migrations/plan.ts';

const NOW = new Date('2026-11-25T19:00:01.900Z');
const foldersAfter = (...existing: string[]) =>
  planMigrations(
    existing,
    [
      { name: 'a', sql: '' },
      { name: 'b', sql: '' },
    ],
    NOW,
  ).map(({ folder }) => folder);

describe('planMigrations', () => {
  it('begins with the time in UTC, and keeps the order by a second in between', () => {
    assert.deepEqual(foldersAfter(), ['20261125190001_a', '20261125190002_b']);
    assert.deepEqual(foldersAfter('20200101000000_init', 'migration_lock.toml', '0_init'), foldersAfter());
  });

  it('comes after every migration that exists, also one of the same second or of the future', () => {
    assert.deepEqual(foldersAfter('20261125190001_x'), ['20261125190002_a', '20261125190003_b']);
    assert.deepEqual(foldersAfter('20261231235959_x', '20260101000000_y'), [
      '20270101000000_a',
      '20270101000001_b',
    ]);
    const [first = ''] = foldersAfter('20261399999999_typed_by_hand');
    assert.ok(first > '20261399999999_typed_by_hand');
  });

  it('names the folder in the text of its errors', () => {
    const [file] = planMigrations([], [{ name: 'a', sql: 'type <this-migration> or <this-migration>' }], NOW);
    assert.equal(file?.sql, 'type 20261125190001_a or 20261125190001_a');
  });
});

describe('findPendingPhase', () => {
  const folders = [
    '20260102000001_make_user_fields_required_02_note_validate_check',
    '20260102000000_make_user_fields_required_01_note_check',
    '20260103000000_undo_make_user_fields_required',
    '20260101000000_make_user_fields_required_soon',
  ];

  it('lists what is written of a phase and not applied, in order', () => {
    assert.deepEqual(findPendingPhase(folders, new Set(), 'require'), [folders[1], folders[0]]);
    assert.deepEqual(findPendingPhase(folders, new Set(folders.slice(1, 2)), 'require'), [folders[0]]);
    assert.deepEqual(findPendingPhase(folders, new Set(folders), 'require'), []);
  });

  it('tells a phase from its inverse', () => {
    assert.deepEqual(findPendingPhase(folders, new Set(), 'relax'), [folders[2]]);
    assert.deepEqual(findPendingPhase(folders, new Set(), 'add'), []);
  });
});
