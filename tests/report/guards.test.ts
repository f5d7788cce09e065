import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { AssignAnswer, CleanupAnswer } from '../../src/commands/results.ts';
import { renderCleanup } from '../../src/report/cleanup.ts';
import { renderAssignment } from '../../src/report/steps.ts';
import { createPainter } from '../../src/report/text.ts';

const PAINT = createPainter({ write: () => undefined }, {});
const GUARD = {
  model: 'Note',
  table: 'Note',
  trigger: 'ownership_guard_Note_01234567_bi',
  hits: 0,
  lastHit: null,
};
const HIT = { ...GUARD, hits: 1200, lastHit: '2024-01-01T00:00:00.000Z' };

describe('step 2 with a guard as text', () => {
  const answer: AssignAnswer = {
    command: 'production-safe',
    step: 2,
    ok: true,
    dryRun: false,
    run: null,
    user: { id: 'ana', label: 'ana' },
    models: [],
    elapsedMs: 0,
    guards: [HIT],
    proof: null,
    findings: [],
  };

  it('shows its hits, and how to remove it', () =>
    assert.equal(
      renderAssignment(answer, PAINT),
      `Step 2, assign, to ana

  guard of   hits  last hit
  Note      1,200  2024-01-01T00:00:00.000Z
Once no old version of the app runs:  npm run migration:cleanup -- --confirm

Nothing to assign: no row is without an owner.
To verify:  npm run migration:verify ana`,
    ));

  it('does not say of a dry run that it created one', () => {
    const models = [{ model: 'Note', assigned: 0, unowned: 1, batches: 1 }];
    const lines = renderAssignment({ ...answer, models, dryRun: true, guards: [GUARD] }, PAINT).split('\n');
    assert.deepEqual(lines.slice(5), [
      '  guard of  hits  last hit',
      '  Note         0  none yet',
      'These guards would be there. None was created.',
      '',
      '1 row would be assigned. Nothing was changed.',
      'To assign them:  npm run migration:assign -- ana --guard',
    ]);
  });
});

describe('a cleanup as text', () => {
  const answer: CleanupAnswer = {
    command: 'cleanup',
    ok: true,
    dryRun: false,
    guards: [HIT],
    leftovers: ['ownership_guard_Tag_01234567'],
    journal: {
      place: 'the schema "ownership_migration"',
      runs: 2,
      rows: 15_000,
      hits: 1200,
      ticks: 3,
      remains: false,
    },
    findings: [],
  };

  it('says what was removed, and what is lost by that', () =>
    assert.equal(
      renderCleanup(answer, { hasJournal: true }, PAINT),
      `Cleanup

  guard of   hits  last hit
  Note      1,200  2024-01-01T00:00:00.000Z

Removed:
  the guard of Note: an old version of the app can write rows without an owner again; it had 1,200 hits, the last at 2024-01-01T00:00:00.000Z
  what is left of the guard ownership_guard_Tag_01234567, whose triggers are gone
  the journal, the schema "ownership_migration": 2 runs, so 15,000 assigned rows can be rolled back no more
  with it, the keys of 1,200 rows that guards gave an owner
  with it, 3 ticks of the checklist, with who said so

Nothing of the toolkit is left in the database.`,
    ));

  it('says of a dry run that nothing was changed, and how to do it', () =>
    assert.deepEqual(
      renderCleanup({ ...answer, dryRun: true }, { hasJournal: true }, PAINT)
        .split('\n')
        .slice(-3),
      ['', 'Nothing was changed.', 'To remove it:  npm run migration:cleanup -- --confirm --journal'],
    ));

  it('says that a journal stays, and that its place does', () => {
    assert.deepEqual(
      renderCleanup({ ...answer, journal: null }, { hasJournal: true }, PAINT)
        .split('\n')
        .slice(-2),
      [
        'The journal stays: rollback still works.',
        'To remove it too:  npm run migration:cleanup -- --confirm --journal',
      ],
    );
    const journal = answer.journal && { ...answer.journal, remains: true };
    const text = renderCleanup({ ...answer, journal }, { hasJournal: true }, PAINT);
    assert.match(text, /\nIts place stays, the schema "ownership_migration": it holds what is not ours\.$/);
  });
});
