import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createOddApp, createSchemasApp, KEYS } from '../helpers/ddl-apps.ts';
import { createDdlProject, type DdlApp } from '../helpers/ddl-project.ts';
import { listStates, rehearseOn } from '../helpers/rehearsal.ts';

const ALL_HELD = [
  'pending nothingToDo',
  'phase1 held',
  'step1 held',
  'step2 held',
  'step3 held',
  'phase3 held',
  'step3Again held',
  'rollback held',
];

async function rehearseApp(
  t: TestContext,
  provider: 'sqlite' | 'postgresql',
  app: DdlApp,
  { userId, models }: { userId: string; models: string[] },
) {
  const copies = [await createDdlProject(provider, app), await createDdlProject(provider, app)] as const;
  t.after(() => Promise.all(copies.map((each) => each.drop())));
  const done = await rehearseOn(...copies, { userId, models });
  assert.deepEqual(listStates(done), ALL_HELD, JSON.stringify(done.findings));
  assert.ok(done.proof.tables.every(({ same }) => same));
  return done;
}

describe('a rehearsal', () => {
  for (const [provider, key] of [
    ['sqlite', 'int'],
    ['postgresql', 'varchar'],
  ] as const) {
    it(`goes through names that have to be quoted, and keys of two columns, on ${provider}`, async (t) => {
      const [text] = KEYS[key].values;
      const userId = text.replace(/^'|'$/g, '').replaceAll("''", "'");
      const models = ['Note', 'Line', 'Order'];
      const done = await rehearseApp(t, provider, createOddApp({ provider, key }), { userId, models });
      const measured = done.parts.find(({ part }) => part === 'step2')?.models;
      assert.deepEqual(measured?.map(({ model, rows }) => [model, rows]).sort(), [
        ['Line', 3],
        ['Note', 3],
        ['Order', 2],
      ]);
    });
  }

  it('goes through tables of the same name in several schemas', async (t) => {
    const done = await rehearseApp(t, 'postgresql', createSchemasApp(), { userId: 'u1', models: ['A', 'B'] });
    const tables = done.proof.tables.map(({ table, rows }) => [table, rows]);
    assert.deepEqual(
      tables.filter(([table]) => table !== '_prisma_migrations'),
      [
        ['a.note', 1],
        ['b c.note', 2],
        ['User', 1],
      ],
    );
  });
});
