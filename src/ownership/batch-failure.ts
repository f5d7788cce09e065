import type { Database, Key, LockHolder } from '../database/dialect.ts';
import { classifyFailure, isDriverError } from '../database/driver-errors.ts';
import { describeHolders } from '../errors/holders.ts';
import { batchFailed, ToolkitError } from '../errors.ts';
import type { BatchOptions } from './batch.ts';
import type { Finding } from './findings.ts';
import * as runFindings from './run-findings.ts';
import { isRetryable, MAX_TRIES } from './retry.ts';
import type { Target } from './target.ts';

/** Rows that were left as they are, because every try to change them failed. */
export interface SkippedBatch {
  model: string;
  /** The key before the first row, null at the beginning of the table; and the key of the last row. */
  after: Key | null;
  upTo: Key;
  words: string;
  holders: LockHolder[];
}

const SHOWN_SKIPPED = 5;

/** So many in a row, and it is not these rows: the whole table is locked, or refuses every change. */
export const MAX_SKIPPED_IN_A_ROW = { locked: 5, refused: 100 };

/** SQLite locks the whole file: there a smaller batch waits just as long. */
export function triesOf({ dialect }: Database): number {
  return dialect.locksRows ? MAX_TRIES.batch : MAX_TRIES.transaction;
}

/**
 * Whether fewer rows may do: those that nobody has locked, or that the database does not refuse. Null for an error that is
 * not about this batch.
 */
export function judge({ dialect }: Database, error: unknown): 'locked' | 'refused' | 'hopeless' | null {
  if (error instanceof ToolkitError) return isRetryable(error) ? 'locked' : null;
  const { failure } = classifyFailure(error);
  if (!isDriverError(error) || ['lost', 'unreachable', 'authentication'].includes(failure)) return null;
  if (failure === 'refused') return 'refused';
  return failure === 'retryable' && dialect.locksRows ? 'locked' : 'hopeless';
}

/** A role may not be allowed to ask who is in the way; the batch failed all the same. */
export function findHolders({ read, dialect }: Database, { table }: Target): Promise<LockHolder[]> {
  return read((session) => dialect.listLockHolders(session, table)).catch(() => []);
}

/** BATCH_FAILED, for a batch that is given up. */
export function describeFailure(
  database: Database,
  { run, userId, target, progress }: BatchOptions,
  { error, holders }: { error: unknown; holders: LockHolder[] },
): ToolkitError {
  const tries = isRetryable(error) ? triesOf(database) : 1;
  const { words } = classifyFailure(error);
  const batch = { run, userId, model: target.model, sequence: progress.sequence };
  return batchFailed({ ...batch, tries, words, holders, cause: error });
}

/** The skipped batches of each model as findings, the first few one by one. */
export function describeSkipped(skipped: readonly SkippedBatch[]): Finding[] {
  return [...new Set(skipped.map(({ model }) => model))].flatMap((name) => {
    const ofModel = skipped.filter(({ model }) => model === name);
    const others = ofModel.length - SHOWN_SKIPPED;
    return [
      ...ofModel.slice(0, SHOWN_SKIPPED).map(describeOne),
      ...(others > 0 ? [runFindings.moreSkipped(name, others)] : []),
    ];
  });
}

function describeOne({ model, after, upTo, words, holders }: SkippedBatch): Finding {
  const from = after ? `after ${after.join(', ')} up to` : 'up to';
  const who = describeHolders(holders).trimEnd().replaceAll('\n', '; ');
  return runFindings.batchSkipped(
    model,
    `with keys ${from} ${upTo.join(', ')}`,
    who ? `${words}. ${who}` : words,
  );
}
