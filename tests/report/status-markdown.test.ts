import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { decideChecklist, findNext } from '../../src/checklist/decide.ts';
import type { StatusAnswer } from '../../src/commands/results.ts';
import { renderStatusMarkdown } from '../../src/report/status-markdown.ts';
import { withRun } from '../checklist/cases.ts';

const RUN: StatusAnswer['runs'][number] = {
  id: '7f3a',
  status: 'failed',
  ownerModel: 'User',
  ownerId: 'a|na',
  started: '2026-11-25T11:00:00.000Z',
  finished: null,
  flags: {},
  process: null,
  live: null,
  models: [
    { model: 'Note', status: 'running', toAssign: 15_000, assigned: 1200, batches: 3, reverted: 0 },
    { model: 'Tag', status: 'running', toAssign: 2, assigned: 0, batches: 0, reverted: 0 },
  ],
};
const EVIDENCE = withRun(
  { status: 'failed', assigned: 2 },
  {
    ticks: [
      { line: 'backup', note: 'a | b\n\n# *s3* <b> _x_ `rm` [y](z) my_db', by: 'ana on db1', time: 'noon' },
    ],
  },
);
const checklist = decideChecklist(EVIDENCE);
const ANSWER: StatusAnswer = {
  command: 'status',
  database: { provider: 'postgresql', name: 'app_db', host: 'db1' },
  time: '2026-11-25T12:00:00.000Z',
  runs: [RUN],
  replicas: [],
  safety: { time: '2026-11-25T12:00:00.000Z', backup: null, rehearsal: null },
  guards: [],
  checklist,
  next: findNext(checklist, EVIDENCE)?.remedy ?? '',
  findings: [
    {
      code: 'X',
      severity: 'warning',
      model: 'Note',
      message: 'one | two',
      remedy: 'Do:\n  npm run migration:status',
    },
    { code: 'Y', severity: 'info', model: null, message: 'three', remedy: '' },
  ],
};

describe('the status as Markdown', () => {
  it('is a document for a change ticket, in which nothing that people wrote is mark-up', () =>
    assert.equal(
      renderStatusMarkdown(ANSWER),
      `# Ownership migration of app_db (postgresql) on db1

As of 2026-11-25T12:00:00.000Z; 9 done, 11 open, 1 failed, 2 n/a.

## Checklist

### Before

- [x] **Back up the database** (done): ana on db1, noon: a \\| b # \\*s3\\* \\<b\\> \\_x\\_ \\\`rm\\\` \\[y\\](z) my_db
- [ ] **Try all of this in staging** (open): no rehearsal yet, and nobody has said so: --tick=staging
- [ ] **Tell the team** (open): nobody has said so: --tick=team

### Phase 1, expand

- [x] **The schema has owner columns** (done): 1 model: Note
- [x] **Its migration is applied** (done): in 1 table, by 1_add

### Phase 2, populate

- [x] **The user who gets the rows exists** (done): ana (ana@example.com)
- [x] **Step 1, check** (done): no error for ana, read at 2026-11-25T12:00:00.000Z
- [ ] **Step 2, assign** (failed): run 7f3a: 2 of 5 rows; it failed
- [ ] **Step 3, verify** (open): after step 2
- [ ] **The application works** (open): nobody has said so: --tick=app

### Phase 3, require

- [ ] **The schema requires the owner** (open): after step 3
- [ ] **Its migration is applied** (open): the schema does not require it yet
- [ ] **Step 3 once more** (open): after phase 3

### Afterwards

- [ ] **Queries are filtered by user** (open): no scan yet, and nobody has said so: --tick=filter
- [ ] **Isolation of users is verified** (open): no check yet, and nobody has said so: --tick=isolation
- [ ] **Issues watched for, logs reviewed** (open): nobody has said so: --tick=monitor
- [x] **Clean up: no guard is left** (done): no guard in the database

### If anything goes wrong

- **Roll the run back** (n/a): no run was rolled back
- **Restore from the backup** (n/a): nobody said that it was needed

### Success

- [x] **No data is lost** (done): no fewer rows and owners than before run 7f3a, read at 2026-11-25T12:00:00.000Z
- [x] **Every row has an owner** (done): 5 rows in 1 model
- [ ] **Performance is acceptable** (open): nobody has said so: --tick=performance
- [x] **Each phase only after the last** (done): none began before

## Runs

| run | status | for | started | ended | assigned | of | reverted |
| --- | --- | --- | --- | --- | ---: | ---: | ---: |
| 7f3a | failed | a\\|na | 2026-11-25T11:00:00.000Z |  | 1,200 | 15,002 | 0 |

## Findings

- **warning** Note: one \\| two (X). Do: npm run migration:status
- **info** three (Y)

## Next

Next, Phase 2, populate: Step 2, assign

\`\`\`sh
npm run migration:assign ana
\`\`\``,
    ));

  it('has the runs and the findings where there is no checklist', () =>
    assert.equal(
      renderStatusMarkdown({
        ...ANSWER,
        checklist: null,
        runs: [],
        findings: [],
        next: 'npm run migration:list-users',
      }),
      `# Ownership migration of app_db (postgresql) on db1

As of 2026-11-25T12:00:00.000Z.

## Runs

None.

## Findings

None.

## Next

To begin:

\`\`\`sh
npm run migration:list-users
\`\`\``,
    ));

  it('says that nothing is left to do', () => {
    const text = renderStatusMarkdown({ ...ANSWER, checklist: [], next: '' });
    assert.match(text, /\n## Next\n\nNothing is left to do\.$/);
  });
});
