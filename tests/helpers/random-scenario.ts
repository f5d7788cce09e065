import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { VerifyResult } from '../../src/ownership/verify.ts';
import type { TestDatabase } from './database.ts';
import { type JournaledBatch, queryJournal, readBatches } from './journal.ts';
import { type OwnedRows, readOwnedRows } from './owned-rows.ts';
import { OwnershipOracle } from './ownership-oracle.ts';
import { keyLiterals, quoteText, type RandomApp, tablesOf } from './random-app.ts';
import { quoteName } from './snapshot.ts';
import { Died, type Interruption, runAssign, runRollback, runVerify } from './steps.ts';

/** Something the application does between two of our commands; `pick` chooses the row. */
interface AppAct {
  act: 'insert' | 'delete' | 'reassign';
  pick: number;
  owner: number | null;
}

/** One thing that happens. */
type Step =
  | ({ do: 'assign'; batchSize: number } & Interruption)
  | ({ do: 'rollback' } & Interruption)
  | { do: 'app'; acts: AppAct[] };

export type Scenario = Step[];

const deaths = fc.record({
  // The first batch is soon written; big tables go on for longer.
  write: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 4, max: 24 })),
  when: fc.constantFrom('before' as const, 'inside' as const, 'after' as const),
});
const acts = fc.record({
  act: fc.constantFrom('insert' as const, 'insert' as const, 'delete' as const, 'reassign' as const),
  pick: fc.nat(1000),
  owner: fc.constantFrom(null, null, null, 0, 1, 2),
});
const interruptions: fc.Arbitrary<Interruption> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ abortAt: fc.nat(12) }) },
  { weight: 3, arbitrary: fc.record({ death: deaths }) },
);
const assigns = fc.record({ batchSize: fc.integer({ min: 1, max: 120 }), stop: interruptions });
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: assigns.map(({ batchSize, stop }) => ({ do: 'assign' as const, batchSize, ...stop })),
  },
  { weight: 2, arbitrary: interruptions.map((stop) => ({ do: 'rollback' as const, ...stop })) },
  {
    weight: 2,
    arbitrary: fc
      .array(acts, { minLength: 1, maxLength: 8 })
      .map((each) => ({ do: 'app' as const, acts: each })),
  },
);

/** What happens before the steps that every scenario ends with. */
export function randomScenarios(): fc.Arbitrary<Scenario> {
  return fc.array(steps, { minLength: 1, maxLength: 8 });
}

/** All that can be seen of a database at one moment. */
interface State {
  rows: OwnedRows;
  journal: JournaledBatch[];
  /** The run that a rollback would undo. */
  lastRun: string | null;
}

/**
 * Plays the steps, then assigns, verifies, rolls back every run and assigns again. Asserts after each step that nothing
 * has changed but what the oracle says, and returns the verification.
 */
export async function playScenario(
  database: TestDatabase,
  { app, scenario, isJournalAhead }: { app: RandomApp; scenario: Scenario; isJournalAhead: boolean },
): Promise<{ verified: VerifyResult }> {
  const userId = app.userIds[0];
  const start = await look(database, app);
  const oracle = new OwnershipOracle(start.rows, { userId, isJournalAhead });
  const stage = { database, app, oracle, spares: app.models.map(({ spare }) => [...spare]) };
  let state = start;
  for (const step of scenario) state = await play(stage, state, step);

  state = await play(stage, state, { do: 'assign', batchSize: 50 });
  oracle.expectOwners(state.rows, 'assigned');
  const assigned = state.rows;
  const verified = await runVerify(database, userId);
  while (state.lastRun) state = await play(stage, state, { do: 'rollback' });
  oracle.expectOwners(state.rows, 'restored');
  state = await play(stage, state, { do: 'assign', batchSize: 100 });
  assert.deepEqual(state.rows, assigned, 'assign, rollback, assign gives the same database');
  return { verified };
}

interface Stage {
  database: TestDatabase;
  app: RandomApp;
  oracle: OwnershipOracle;
  spares: string[][][];
}

async function play(stage: Stage, before: State, step: Step): Promise<State> {
  if (step.do === 'app') return actAsApp(stage, before, step.acts);
  return step.do === 'assign' ? playAssign(stage, before, step) : playRollback(stage, before, step);
}

async function playAssign(
  { database, app, oracle }: Stage,
  before: State,
  step: Extract<Step, { do: 'assign' }>,
): Promise<State> {
  const result = await unlessDead(runAssign(database, { ...step, userId: oracle.userId }));
  const state = await look(database, app);
  oracle.sawAssign(state.lastRun, { before: before.rows, after: state.rows, journal: state.journal });
  if (!result) return state;
  assert.ok(state.journal.every(({ isCommitted }) => isCommitted));
  for (const { model, assigned, unowned } of result.models) {
    assert.equal(assigned, oracle.count(result.run, model).written, `rows of ${model} reported as assigned`);
    assert.equal(unowned, countUnowned(state.rows, model), `rows of ${model} reported as unowned`);
  }
  const isDone = result.models.every(({ model }) => countUnowned(state.rows, model) === 0);
  assert.equal(result.status, isDone ? 'completed' : 'paused');
  return state;
}

async function playRollback(
  { database, app, oracle }: Stage,
  before: State,
  step: Extract<Step, { do: 'rollback' }>,
): Promise<State> {
  const run = before.lastRun;
  if (!run) {
    await assert.rejects(runRollback(database), { code: 'NOTHING_TO_ROLL_BACK' });
    return before;
  }
  const result = await unlessDead(runRollback(database, step));
  const state = await look(database, app);
  oracle.sawRollback(run, { before: before.rows, after: state.rows, journal: state.journal });
  if (!result) return state;
  assert.equal(result.isFinished, state.lastRun !== run);
  if (!result.isFinished) return state;
  for (const { model, ...counts } of result.models) {
    const { written, ...expected } = oracle.count(run, model);
    assert.equal(written, 0, `rows of ${model} left by a rollback that was done`);
    assert.deepEqual(counts, expected, `rows of ${model} reported`);
  }
  return state;
}

/** The application's own statements; it never gives a row to the user that a run could have written. */
async function actAsApp(
  { database, app, oracle, spares }: Stage,
  before: State,
  acts: AppAct[],
): Promise<State> {
  // What a dead process left half-done in WAL mode cannot be told from what the application does to the same rows then.
  if (before.journal.some(({ isCommitted }) => !isCommitted)) return before;
  const statements = acts.flatMap(({ act, pick, owner }) => {
    const i = pick % app.models.length;
    const { table, owner: ownerColumn, key, model } = tablesOf(app)[i] as ReturnType<typeof tablesOf>[number];
    const id = (index: number | null) => (index === null ? 'NULL' : quoteText(app.userIds[index] as string));
    const columns = [...key, quoteName(ownerColumn)].join(', ');
    if (act === 'insert') {
      const spare = spares[i]?.pop();
      if (!spare) return [];
      const values = [...keyLiterals(database.provider, app.models[i] as never, spare), id(owner)];
      return [`INSERT INTO ${quoteName(table)} (${columns}) VALUES (${values.join(', ')})`];
    }
    const rows = app.models[i]?.rows ?? [];
    const row = rows[pick % Math.max(1, rows.length)];
    if (!row) return [];
    const literals = keyLiterals(database.provider, app.models[i] as never, row.key);
    const where = key.map((name, part) => `${name} = ${literals[part]}`).join(' AND ');
    return act === 'delete'
      ? [`DELETE FROM ${quoteName(table)} WHERE ${where}`]
      : [`UPDATE ${quoteName(table)} SET ${quoteName(ownerColumn)} = ${id(1)} WHERE ${where} /* ${model} */`];
  });
  if (statements.length > 0) await database.run(statements.join(';\n'));
  const state = await look(database, app);
  for (const id of [...oracle.byApp.keys()]) if (!state.rows.has(id)) oracle.byApp.delete(id);
  for (const [id, { owner }] of state.rows)
    if (!before.rows.has(id) || before.rows.get(id)?.owner !== owner) oracle.byApp.set(id, owner);
  return state;
}

async function look(database: TestDatabase, app: RandomApp): Promise<State> {
  const runs = await queryJournal(database, 'run', 'ORDER BY started DESC, id');
  const last = runs.find(({ status }) => status !== 'rolledBack');
  return {
    rows: await readOwnedRows(database, tablesOf(app)),
    journal: await readBatches(database),
    lastRun: last ? String(last.id) : null,
  };
}

async function unlessDead<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Died) return null;
    throw error;
  }
}

function countUnowned(rows: OwnedRows, model: string): number {
  return [...rows].filter(([id, { owner }]) => id.startsWith(`["${model}",`) && owner === null).length;
}
