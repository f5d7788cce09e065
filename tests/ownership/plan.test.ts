import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { ToolkitError } from '../../src/errors.ts';
import type { CheckResult } from '../../src/ownership/check.ts';
import { planAssignment, planBatchSize, selectModels } from '../../src/ownership/plan.ts';
import type { Target } from '../../src/ownership/target.ts';
import { decideOwnership } from '../../src/schema/decide.ts';
import { parseSchema } from '../../src/schema/parse.ts';
import { NO_SETTINGS } from '../../src/settings.ts';

describe('planBatchSize', () => {
  const cases: [rows: number, elapsedMs: number, next: number, what: string][] = [
    [1000, 400, 1000, 'stays where a batch took as long as it may'],
    [1000, 10, 1200, 'grows by a fifth at most'],
    [1000, 0, 1200, 'grows by a fifth when a batch took no time at all'],
    [1000, 370, 1081, 'grows by less near the target'],
    [1000, 800, 500, 'halves when a batch took twice as long'],
    [1000, 40_000, 100, 'does not fall below 100'],
    [100, 10_000, 100, 'stays at 100'],
    [50_000, 1, 50_000, 'does not exceed 50,000'],
    [49_000, 1, 50_000, 'stops growing at 50,000'],
  ];
  for (const [rows, elapsedMs, next, what] of cases)
    it(what, () => assert.equal(planBatchSize(rows, elapsedMs), next));
});

const DECISION = decideOwnership(
  parseSchema([
    [
      'schema.prisma',
      `model User {
  id      Int      @id
  notes   Note[]
  tasks   Task[]
  reviews Review[] @relation("a")
  reviewed Review[] @relation("b")
}
model Note {
  id     Int   @id
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}
model Task {
  id     Int   @id
  userId Int?
  user   User? @relation(fields: [userId], references: [id])
}
model Review {
  id  Int   @id
  aId Int?
  bId Int?
  a   User? @relation("a", fields: [aId], references: [id])
  b   User? @relation("b", fields: [bId], references: [id])
}
model Country {
  id Int @id
}`,
    ],
  ]),
  NO_SETTINGS,
);

describe('selectModels', () => {
  it('says why a model takes no part', () =>
    assert.throws(() => selectModels(DECISION, ['Country']), {
      code: 'MODEL_NOT_OWNED',
      message:
        '--models names "Country", which takes no part: no foreign key leads to User.\nNothing was changed.',
    }));

  const cases: [what: string, wanted: string[] | undefined, names: string[][]][] = [
    ['takes all without a choice', undefined, [['Note', 'Task'], ['Review'], ['Country']]],
    ['takes the named ones alone', ['Task'], [['Task'], [], []]],
    ['takes an ambiguous one that is named', ['Review'], [[], ['Review'], []]],
  ];
  for (const [what, wanted, names] of cases) {
    it(what, () => {
      const { owned, ambiguous, others, owner } = selectModels(DECISION, wanted);
      const found = [
        owned.map(({ model }) => model.name),
        ambiguous.map(({ model }) => model.name),
        others.map(({ name }) => name),
      ];
      assert.deepEqual(found, names);
      assert.equal(owner, DECISION.owner);
    });
  }

  const unknown: [what: string, wanted: string[], fact: string][] = [
    [
      'a misspelt model',
      ['Note', 'Taks'],
      '--models names "Taks", which is not one of the models. Did you mean "Task"?',
    ],
    [
      'letters of another case',
      ['NOTE'],
      '--models names "NOTE", which is not one of the models. Did you mean "Note"?',
    ],
    ['a model that is not there', ['Invoice'], '--models names "Invoice", which is not one of the models.'],
  ];
  for (const [what, wanted, fact] of unknown) {
    it(`refuses ${what}`, () =>
      assert.throws(
        () => selectModels(DECISION, wanted),
        (error) => {
          assert.ok(error instanceof ToolkitError);
          assert.deepEqual([error.code, error.remedy], ['MODEL_UNKNOWN', 'Models: Note, Task, Review']);
          assert.equal(error.message, `${fact}\nNothing was changed.`);
          return true;
        },
      ));
  }
});

describe('planAssignment', () => {
  const counts = { rows: 2500, unowned: 2000, ownedByUser: 300, ownedByOthers: 200, orphaned: 0 };
  const target = (model: string): Target => ({
    model,
    table: { schema: 'public', name: model },
    key: [{ name: 'id', type: 'integer' }],
    owner: { name: 'userId', type: 'text' },
    ownerValue: 'ana',
  });
  const report = (model: string, unowned: number) => ({
    model,
    table: model,
    ownerColumn: 'userId',
    phase: 'optional' as const,
    ...counts,
    unowned,
  });
  const checked: CheckResult = {
    user: { id: 'ana', label: 'Ana', values: { id: 'ana' } },
    owner: {
      table: { schema: 'public', name: 'User' },
      key: { name: 'id', type: 'text' },
      columns: [],
      hidesRows: false,
    },
    models: [report('Folder', 0), report('Note', 2000), report('NotWritable', 5)],
    targets: [target('Folder'), target('Note')],
    findings: [],
    unfinishedRun: null,
    guards: [],
  };

  it('plans the models that have unowned rows and can be written, in their order', () => {
    const plan = planAssignment(checked, 1000);
    assert.deepEqual(plan, {
      user: checked.user,
      resumes: null,
      models: [{ target: target('Note'), before: counts, batches: 3 }],
      batchSize: 1000,
    });
  });

  it('carries the unfinished run of the user on', () => {
    const unfinishedRun = { id: '7f3a' } as CheckResult['unfinishedRun'];
    assert.equal(planAssignment({ ...checked, unfinishedRun }, 1000).resumes, '7f3a');
  });
});
