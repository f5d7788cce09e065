import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { mapTexts, repeatFlags, stepCommand, type TypedFlags } from '../src/typed-flags.ts';

const ALL = { schema: 'db/schema.prisma', models: ['Note', 'Tag'], exclude: ['Log'] };

describe('repeatFlags', () => {
  const cases: [what: string, typed: TypedFlags, before: string, after: string][] = [
    [
      'leaves a command alone when nothing was typed',
      {},
      'To verify:  npm run migration:verify ana',
      'To verify:  npm run migration:verify ana',
    ],
    [
      'adds what was typed after "--"',
      ALL,
      'Then:\n  npm run migration:assign ana\n',
      'Then:\n  npm run migration:assign ana -- --schema=db/schema.prisma --models=Note,Tag --exclude=Log\n',
    ],
    [
      'gives commands without models the schema alone',
      { ...ALL, ownerModel: 'Account' },
      'npm run migration:pause',
      'npm run migration:pause -- --schema=db/schema.prisma',
    ],
    [
      'gives the status what decides the models of its checklist',
      { ...ALL, ownerModel: 'Account', ownerColumn: { Post: 'authorId' }, rate: 5 },
      'npm run migration:status -- --tick=app --note="what was tried"',
      'npm run migration:status -- --tick=app --note="what was tried" --schema=db/schema.prisma --owner-model=Account --owner-column=Post=authorId --exclude=Log',
    ],
    [
      'has a run that was begun with the proof carried on with it',
      { proof: true, models: ['Note'] },
      'npm run migration:assign ana\nnpm run migration:verify ana\nnpm run migration:assign -- ana --proof',
      'npm run migration:assign ana -- --models=Note --proof\nnpm run migration:verify ana -- --models=Note\nnpm run migration:assign -- ana --proof --models=Note',
    ],
    [
      'puts it behind flags that are there',
      ALL,
      'npm run migration:rollback -- --confirm --run 7f3a',
      'npm run migration:rollback -- --confirm --run 7f3a --schema=db/schema.prisma',
    ],
    [
      'does not name a schema twice',
      ALL,
      'npm run migration:list-users -- --schema=path/to/schema.prisma',
      'npm run migration:list-users -- --schema=path/to/schema.prisma',
    ],
    [
      'finds commands in parentheses',
      { schema: 'x.prisma' },
      'Finish it (npm run migration:assign ben) or undo it (npm run migration:rollback -- --confirm).',
      'Finish it (npm run migration:assign ben -- --schema=x.prisma) or undo it (npm run migration:rollback -- --confirm --schema=x.prisma).',
    ],
    [
      'quotes what the shell would take apart',
      { schema: 'my "own" $schema.prisma' },
      'npm run migration:status',
      `npm run migration:status -- --schema='my "own" $schema.prisma'`,
    ],
    ['leaves other commands alone', ALL, 'npx prisma migrate deploy', 'npx prisma migrate deploy'],
  ];
  for (const [what, typed, before, after] of cases)
    it(what, () => assert.equal(repeatFlags(before, typed), after));
});

describe('stepCommand', () => {
  it('has the flags of a run, to work on the same models', () => {
    assert.equal(stepCommand('assign', "o'hara", {}), `npm run migration:assign 'o'\\''hara'`);
    assert.equal(
      stepCommand('verify', 'ana', { exclude: ['A', 'B'] }),
      'npm run migration:verify ana -- --exclude=A,B',
    );
    assert.equal(stepCommand('check', 'ana', { rate: 5 }), 'npm run migration:check ana');
  });
});

describe('mapTexts', () => {
  it('changes messages, remedies and what is next at any depth, and nothing else', () => {
    const result = {
      user: { label: 'a' },
      run: null,
      next: 'a',
      findings: [{ message: 'a', remedy: 'a', code: 'a' }],
    };
    assert.deepEqual(
      mapTexts(result, (text) => `${text}!`),
      { user: { label: 'a' }, run: null, next: 'a!', findings: [{ message: 'a!', remedy: 'a!', code: 'a' }] },
    );
  });
});
