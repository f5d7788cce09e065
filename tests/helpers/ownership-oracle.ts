import assert from 'node:assert/strict';
import type { JournaledBatch } from './journal.ts';
import { assertOnlyOwnersDiffer, assertSameSet, type OwnedRows } from './owned-rows.ts';

/** What became of a row that a run gave its owner. */
type Outcome = 'written' | 'reverted' | 'skipped';

/**
 * What must be true, worked out without the toolkit: which owner the application last gave each row, and which rows
 * each run has written.
 */
export class OwnershipOracle {
  readonly userId: string;
  readonly #isJournalAhead: boolean;
  /** The owner that every row would have had there been no run. */
  readonly byApp = new Map<string, string | null>();
  readonly #outcomes = new Map<string, Map<string, Outcome>>();

  /** `isJournalAhead`: a batch is journaled before its rows are changed, not with them: SQLite in WAL mode. */
  constructor(rows: OwnedRows, { userId, isJournalAhead }: { userId: string; isJournalAhead: boolean }) {
    this.userId = userId;
    this.#isJournalAhead = isJournalAhead;
    for (const [id, { owner }] of rows) this.byApp.set(id, owner);
  }

  /** The owners after step 2, and after everything was rolled back. */
  expectOwners(rows: OwnedRows, state: 'assigned' | 'restored'): void {
    assertSameSet(rows.keys(), this.byApp.keys(), 'rows');
    for (const [id, owner] of this.byApp) {
      const expected = state === 'assigned' ? (owner ?? this.userId) : owner;
      assert.equal(rows.get(id)?.owner, expected, `the owner of ${id}`);
    }
  }

  /** After step 2 or a part of it: only unowned rows changed, to the user, and all of them are journaled by this run. */
  sawAssign(
    run: string | null,
    states: { before: OwnedRows; after: OwnedRows; journal: JournaledBatch[] },
  ): void {
    for (const { id, from, to } of assertOnlyOwnersDiffer(states.before, states.after)) {
      assert.deepEqual({ id, from, to }, { id, from: null, to: this.userId });
      assert.ok(run, `${id} was changed without a run`);
      this.#outcomesOf(run).set(id, 'written');
    }
    if (run) this.#forgetVoided(run, states.journal);
    this.#compareWithJournal(states.journal);
  }

  /** After a rollback or a part of it: only rows that the run wrote changed, to NULL, and they are marked in the journal. */
  sawRollback(run: string, states: { before: OwnedRows; after: OwnedRows; journal: JournaledBatch[] }): void {
    const changes = assertOnlyOwnersDiffer(states.before, states.after);
    const outcomes = this.#outcomesOf(run);
    const open = new Set(
      states.journal.filter((batch) => batch.run === run && !batch.isRolledBack).flatMap(({ rows }) => rows),
    );
    for (const [id, outcome] of outcomes)
      if (outcome === 'written' && !open.has(id)) outcomes.set(id, 'skipped');
    for (const { id, from, to } of changes) {
      assert.deepEqual({ id, from, to }, { id, from: this.userId, to: null });
      assert.equal(
        outcomes.get(id),
        'skipped',
        `${id} was reverted though the run did not write it, or without a mark`,
      );
      outcomes.set(id, 'reverted');
    }
    for (const [id, outcome] of outcomes)
      if (outcome === 'skipped')
        assert.notEqual(states.after.get(id)?.owner, this.userId, `${id} was left behind`);
    this.#compareWithJournal(states.journal);
  }

  /** How many rows of a model a run has written, and what became of them. */
  count(run: string, model: string): Record<Outcome, number> {
    const counts = { written: 0, reverted: 0, skipped: 0 };
    for (const [id, outcome] of this.#outcomesOf(run)) {
      if (id.startsWith(`["${model}",`)) counts[outcome] += 1;
    }
    return counts;
  }

  /** Every row that a run wrote is journaled, and no other; but for one batch that a dead process left uncommitted. */
  #compareWithJournal(journal: JournaledBatch[]): void {
    const uncommitted = journal.filter(({ isCommitted }) => !isCommitted);
    assert.ok(
      uncommitted.length <= (this.#isJournalAhead ? 1 : 0),
      `${uncommitted.length} batches are not committed`,
    );
    const runs = new Set([...this.#outcomes.keys(), ...journal.map(({ run }) => run)]);
    for (const run of runs) {
      const open = journal.filter((batch) => batch.run === run && !batch.isRolledBack);
      const written = [...this.#outcomesOf(run)]
        .filter(([, outcome]) => outcome === 'written')
        .map(([id]) => id);
      const planned = new Set(open.filter(({ isCommitted }) => !isCommitted).flatMap(({ rows }) => rows));
      const journaled = open.filter(({ isCommitted }) => isCommitted).flatMap(({ rows }) => rows);
      assert.equal(new Set(journaled).size, journaled.length, 'a row is journaled twice');
      const settled = written.filter((id) => !planned.has(id));
      assertSameSet(journaled, settled, `rows in the journal of run ${run}`);
    }
  }

  /** A rollback reports what it did since the run was last carried on. */
  #forgetVoided(run: string, journal: JournaledBatch[]): void {
    const closed = journal.filter((batch) => batch.run === run && batch.isRolledBack && !batch.isVoided);
    const counted = new Set(closed.flatMap(({ rows }) => rows));
    const outcomes = this.#outcomesOf(run);
    for (const [id, outcome] of outcomes) if (outcome !== 'written' && !counted.has(id)) outcomes.delete(id);
  }

  #outcomesOf(run: string): Map<string, Outcome> {
    const outcomes = this.#outcomes.get(run) ?? new Map<string, Outcome>();
    this.#outcomes.set(run, outcomes);
    return outcomes;
  }
}
