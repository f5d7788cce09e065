import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { ListUsersResult } from '../../src/commands/list-users.ts';
import type { RollbackAnswer } from '../../src/commands/results.ts';
import { renderUsers } from '../../src/report/list-users.ts';
import { renderRollback } from '../../src/report/rollback.ts';
import { createPainter } from '../../src/report/text.ts';

const PAINT = createPainter({ write: () => undefined }, {});

describe('the users as text', () => {
  const answer: ListUsersResult = {
    command: 'list-users',
    database: { provider: 'sqlite', name: 'dev.db' },
    ownerModel: 'User',
    total: 3,
    users: [
      {
        id: 'ana',
        label: 'ana@example.com',
        email: 'ana@example.com',
        createdAt: '2024-02-29T23:59:59.000Z',
        rows: { Note: 15_569, Tag: 1, Log: 0 },
      },
      { id: 'ben', label: 'ben', rows: {} },
    ],
  };

  it('have a line each, and say that there are more', () =>
    assert.equal(
      renderUsers(answer, PAINT),
      `3 users (2 shown; --limit or --search for others)

  id   user             created     rows owned
  ana  ana@example.com  2024-02-29  15,570 (Note 15,569, Tag 1)
  ben                               none

To check what would be assigned to one of them:
  npm run migration:check <id>`,
    ));

  it('are one command from step 1 when there is only one', () => {
    const lines = renderUsers({ ...answer, total: 1, users: answer.users.slice(0, 1) }, PAINT).split('\n');
    assert.deepEqual([lines[0], lines.at(-1)], ['1 user', '  npm run migration:check ana']);
  });

  it('stay in their line, and cannot steer the terminal, whatever they call themselves', () => {
    const users = [{ id: 'eve', label: 'Eve\u001b[2J\n\rroot', rows: {} }];
    const text = renderUsers({ ...answer, total: 1, users }, PAINT);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.equal(text.split('\n').length, 7);
  });

  it('may be none', () =>
    assert.equal(renderUsers({ ...answer, total: 0, users: [] }, PAINT), 'No User matches.'));
});

describe('a rollback as text', () => {
  const answer: RollbackAnswer = {
    command: 'rollback',
    ok: true,
    dryRun: false,
    run: '7f3a',
    models: [
      { model: 'Folder', reverted: 1, skipped: 0 },
      { model: 'Note', reverted: 14_999, skipped: 1 },
    ],
    findings: [],
  };

  it('says what was undone and what was not', () =>
    assert.equal(
      renderRollback(answer, { ownerId: 'ana', flags: {} }, PAINT),
      `Rollback of run 7f3a, which assigned to ana

  model   reverted  skipped
  Folder         1        0
  Note      14,999        1

1 row skipped: deleted or re-assigned since the run, so they stay as they are.
15,000 rows without an owner again, as before the run.
To assign them again:  npm run migration:assign ana
Run 7f3a`,
    ));

  it('says in a dry run what would be undone', () =>
    assert.equal(
      renderRollback(
        { ...answer, dryRun: true, models: answer.models.slice(0, 1) },
        { ownerId: 'ana', flags: {} },
        PAINT,
      ),
      `Rollback of run 7f3a, which assigned to ana: a dry run

  model   to revert  skipped
  Folder          1        0

1 row would be without an owner again. Nothing was changed.
To roll back:  npm run migration:rollback -- --confirm --run 7f3a
Run 7f3a`,
    ));

  it('says how to go on when it was stopped', () => {
    const lines = renderRollback({ ...answer, ok: false }, { ownerId: 'ana', flags: {} }, PAINT)
      .split('\n')
      .slice(-3);
    assert.deepEqual(lines, [
      'Stopped: 15,000 rows without an owner again, the others not yet.',
      'To roll back the rest:  npm run migration:rollback -- --confirm --run 7f3a',
      'Run 7f3a',
    ]);
  });
});
