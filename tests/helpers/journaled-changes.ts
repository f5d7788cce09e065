import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { TestDatabase } from './database.ts';
import { readBatches } from './journal.ts';
import { type Mode, OWNER, readNotebook } from './notebook.ts';
import { assertOnlyOwnersDiffer, assertSameSet, type OwnedRows } from './owned-rows.ts';

/**
 * Asserts, wherever step 2 was cut off, that only unowned rows have another owner than before and that exactly these
 * are journaled. On SQLite in WAL mode the journal may be one batch ahead. Returns how many rows changed.
 */
export async function assertJournaled(
  { mode, database, before }: { mode: Mode; database: TestDatabase; before: OwnedRows },
  where = 'at the end',
): Promise<number> {
  const { rows, batches } = await readSettled(database);
  const changes = assertOnlyOwnersDiffer(before, rows);
  for (const { id, from, to } of changes) assert.deepEqual([from, to], [null, OWNER], `${id} ${where}`);
  const open = batches.filter(({ isRolledBack }) => !isRolledBack);
  const ahead = open.filter(({ isCommitted }) => !isCommitted);
  assert.ok(ahead.length <= (mode === 'SQLite in WAL mode' ? 1 : 0), `${ahead.length} open batches ${where}`);
  const isAhead = new Set(ahead.flatMap(({ rows }) => rows));
  const settled = changes.map(({ id }) => id).filter((id) => !isAhead.has(id));
  const committed = open.filter(({ isCommitted }) => isCommitted).flatMap(({ rows }) => rows);
  assertSameSet(committed, settled, `rows in the journal ${where}`);
  return changes.length;
}

/**
 * Asserts, wherever a rollback was cut off, that exactly the rows of batches that are not marked as undone still have
 * their owner. On SQLite in WAL mode the last batch may be undone and not yet marked.
 */
export async function assertUndoneOrJournaled(
  { mode, database, before }: { mode: Mode; database: TestDatabase; before: OwnedRows },
  where = 'at the end',
): Promise<void> {
  const { rows, batches } = await readSettled(database);
  const changes = assertOnlyOwnersDiffer(before, rows);
  const stillOwned = new Set(changes.map(({ id }) => id));
  const open = batches.filter(({ isRolledBack }) => !isRolledBack);
  const unmarked = open.filter(({ rows }) => rows.every((id) => !stillOwned.has(id)));
  assert.ok(
    unmarked.length <= (mode === 'SQLite in WAL mode' ? 1 : 0),
    `${unmarked.length} unmarked, ${where}`,
  );
  const marked = open.filter((batch) => !unmarked.includes(batch)).flatMap(({ rows }) => rows);
  assertSameSet(stillOwned, marked, `rows still to be undone, ${where}`);
}

/** Rows and journal of one moment: a server may still carry out the COMMIT of a process that was killed after it had asked for it. */
async function readSettled(database: TestDatabase) {
  for (let tries = 0; tries < 20; tries++) {
    const rows = await readNotebook(database);
    const batches = await readBatches(database);
    if (isDeepStrictEqual(await readNotebook(database), rows)) return { rows, batches };
  }
  return assert.fail('the rows are still being changed');
}
