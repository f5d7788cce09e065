import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RehearseAnswer } from '../../src/commands/copy-results.ts';
import { describeChange } from '../../src/rehearsal/findings.ts';
import { PARTS } from '../../src/rehearsal/part-log.ts';
import { createRehearsalProgress } from '../../src/report/rehearsal-progress.ts';
import { renderRehearsal } from '../../src/report/rehearse.ts';
import { createPainter } from '../../src/report/text.ts';

const PAINT = createPainter({ write: () => undefined }, {});
const DIGEST = '0'.repeat(32);
const MEASURE = { rows: 15_000, elapsedMs: 3200, longestLockMs: 210, growthBytes: 1_200_000 };

type Part = RehearseAnswer['parts'][number];

const part = (name: Part['part'], more: Partial<Part>): Part => ({
  part: name,
  state: 'nothingToDo',
  elapsedMs: 0,
  models: [],
  ...more,
});

const ANSWER: RehearseAnswer = {
  command: 'rehearse',
  ok: true,
  database: { provider: 'postgresql', name: 'app', host: 'db' },
  user: { id: 'ana', label: 'ana@example.com' },
  copied: {
    backup: null,
    database: { provider: 'postgresql', name: 'app', host: 'db' },
    taken: '2026-11-26T02:45:00.000Z',
    tables: 2,
    rows: 15_002,
  },
  server: { provider: 'postgresql', name: 'app', host: 'db' },
  left: [],
  parts: [
    part('pending', {}),
    part('phase1', {}),
    part('step1', { state: 'held', elapsedMs: 40 }),
    part('step2', {
      state: 'held',
      elapsedMs: 3300,
      models: [
        {
          model: 'Note',
          ...MEASURE,
          production: { ...MEASURE, rows: 30_000, elapsedMs: 6400, growthBytes: 2_400_000 },
        },
        { model: 'Tag', ...MEASURE, rows: 0, growthBytes: -8192, production: null },
      ],
    }),
    part('step3', { state: 'held', elapsedMs: 50 }),
    part('phase3', { state: 'held', elapsedMs: 300 }),
    part('step3Again', { state: 'held', elapsedMs: 50 }),
    part('rollback', { state: 'held', elapsedMs: 900 }),
  ],
  proof: {
    tables: [
      { table: 'Note', rows: 15_000, digest: DIGEST, same: true },
      { table: 'User', rows: 2, digest: DIGEST, same: true },
    ],
    differences: [],
  },
  elapsedMs: 8100,
  findings: [],
};

describe('a rehearsal as text', () => {
  it('shows the parts, what they took and may take in production, what was proved, and what is next', () =>
    assert.equal(
      renderRehearsal(ANSWER, PAINT),
      `Rehearsal for ana (ana@example.com)

Copied: app (postgresql) on db as it was at 2026-11-26T02:45:00.000Z, 2 tables with 15,002 rows
Copies: two scratch databases beside app (postgresql) on db

  part                  result         time
  pending migrations    nothing to do
  phase 1               nothing to do
  step 1                held           40 ms
  step 2                held           3.3 s
  step 3                held           50 ms
  phase 3               held           300 ms
  step 3 after phase 3  held           50 ms
  rollback              held           900 ms

Step 2
  model    rows  time   longest lock  growth   production: rows  time   longest lock  growth
  Note   15,000  3.2 s  210 ms        1.2 MB   30,000            6.4 s  210 ms        2.4 MB
  Tag         0  3.2 s  210 ms        -8.2 kB  ?

Numbers of production are estimates, scaled by the rows that it has now; production may be busier.
The longest lock is that of the longest statement or batch that writers have to wait for.

Proved: in 2 tables with 15,002 rows, no column but the owner's changed.
Every part held, in 8.1 s. The copies are removed.
Next is step 1 in production:
  npm run migration:check ana`,
    ));

  it('names copies that could not be removed', () => {
    const text = renderRehearsal({ ...ANSWER, left: ['app_scratch_1', 'app_scratch_2'] }, PAINT);
    assert.match(
      text,
      /\nEvery part held, in 8\.1 s\. "app_scratch_1" and "app_scratch_2" could not be removed\.\n/,
    );
  });

  it('says what changed where the proof does not hold', () => {
    const finding = describeChange('step2', {
      table: 'Note',
      before: 15_000,
      after: 15_000,
      keys: [{ key: ['7', 'x'], what: 'changed' }],
      triggers: ['"touch" of Note'],
    });
    const failed: RehearseAnswer = {
      ...ANSWER,
      ok: false,
      proof: {
        ...ANSWER.proof,
        tables: ANSWER.proof.tables.map((each) => ({ ...each, same: each.table !== 'Note' })),
      },
      findings: [finding],
    };
    assert.equal(
      renderRehearsal(failed, PAINT).split('\n\n').slice(-2).join('\n\n'),
      `error: step 2 changed more than owners in the table "Note": 15,000 rows, not all as before: 7/x changed; triggers that an update fires: "touch" of Note [REHEARSAL_DIFFERS]
  Find what does it, like a trigger, and disable it for the time of step 2, or decide that it may.

Of 2 tables with 15,002 rows, Note changed in more than the owner's column.
Not every part held. The copies are removed, and production is as it was.
To rehearse again:  npm run migration:rehearse -- ana`,
    );
  });

  it('names a table or a column that is gone, what did not come back, and what migrations of the project changed', () => {
    const gone = describeChange('phase3', { table: 'Note', before: 3, after: null, keys: [], triggers: [] });
    assert.match(
      gone.message,
      /^phase 3 changed more than owners in the table "Note": it, or a column of it, is gone$/,
    );
    const back = describeChange('rollback', { table: 'Note', before: 3, after: 3, keys: [], triggers: [] });
    assert.equal(
      back.message,
      'the rollback did not bring the table "Note" back as it was before step 2: 3 rows, not all as before',
    );
    const pending = describeChange('pending', { table: 'Note', before: 3, after: 1, keys: [], triggers: [] });
    assert.deepEqual(
      [pending.severity, pending.message],
      ['warning', 'pending migrations changed rows in the table "Note": 3 rows before, 1 after'],
    );
  });

  it('says how each way of ending goes on', () => {
    const next = (held: readonly Part['part'][]) => {
      const parts = PARTS.map((name) => part(name, { state: held.includes(name) ? 'held' : 'nothingToDo' }));
      return renderRehearsal({ ...ANSWER, parts }, PAINT)
        .split('\n')
        .at(-1)
        ?.trim();
    };
    assert.equal(next(['pending', 'step2']), 'npx prisma migrate deploy');
    assert.equal(next(['phase1', 'step2']), 'npm run migration:schema -- --phase=1 --sql');
    assert.equal(next(['phase3']), 'npm run migration:schema -- --phase=3 --sql');
    assert.equal(next([]), 'There is nothing left to do.');
  });

  it('proves nothing where it did not come so far', () => {
    const text = renderRehearsal({ ...ANSWER, ok: false, proof: { tables: [], differences: [] } }, PAINT);
    assert.match(text, /^Nothing was proved: the rehearsal did not come so far\.$/m);
  });
});

describe('the progress of a rehearsal', () => {
  it('is a line for each part, and one every ten seconds meanwhile', () => {
    let time = 0;
    let text = '';
    const output = { write: (more: string) => (text += more) };
    const progress = createRehearsalProgress(output, () => time);
    progress.onCopy('backup');
    progress.onCopy('copies');
    time = 2000;
    progress.onStart('step2');
    progress.onTurn();
    time = 11_000;
    progress.onRows({ model: 'Note', assigned: 100, total: 400 });
    time = 15_000;
    progress.onTurn();
    time = 22_000;
    progress.onTurn();
    progress.onEnd({ part: 'step2', state: 'held', elapsedMs: 20_000, models: [] });
    progress.onEnd({ part: 'phase3', state: 'nothingToDo', elapsedMs: 1, models: [] });
    progress.stop();
    assert.equal(
      text,
      `Making a backup to copy.
Copying it into two scratch databases.
step 2: Note: 100 of 400 rows, after 11.0 s
step 2, after 22.0 s
step 2: held in 20.0 s, 22.0 s since the start
phase 3: nothing to do, 22.0 s since the start
`,
    );
  });
});
