import { findClosest } from '../closest.ts';
import { modelNotOwned, modelUnknown } from '../errors.ts';
import type { Decision } from '../schema/decide.ts';
import type { CheckResult } from './check.ts';
import type { OwnerCounts } from './count.ts';
import type { Target, User } from './target.ts';

/** The fewest, the usual and the most rows of one batch. */
export const BATCH_ROWS = { min: 100, start: 1000, max: 50_000 };
/** A batch is steered to take this long: so long an application statement may have to wait for it. */
const BATCH_TARGET_MS = 400;
const GROWTH = 1.2;

/** What step 2 is going to do; a dry run shows it, a real run carries it out. */
export interface AssignmentPlan {
  user: User;
  /** The unfinished run of this user that is carried on. */
  resumes: string | null;
  /** Models with unowned rows, parents first. */
  models: { target: Target; before: OwnerCounts; batches: number }[];
  /** Rows of the first batch of each model. */
  batchSize: number;
}

/** Plans step 2 from step 1's answer. The number of batches is an estimate: batches are steered by the clock. */
export function planAssignment(checked: CheckResult, batchSize: number): AssignmentPlan {
  const models = checked.targets.flatMap((target) => {
    const report = checked.models.find(({ model }) => model === target.model);
    if (!report || report.unowned === 0) return [];
    const { rows, unowned, ownedByUser, ownedByOthers, orphaned } = report;
    const before = { rows, unowned, ownedByUser, ownedByOthers, orphaned };
    return [{ target, before, batches: Math.ceil(rows / batchSize) }];
  });
  return { user: checked.user, resumes: checked.unfinishedRun?.id ?? null, models, batchSize };
}

/**
 * The size of the next batch: at most 1.2 times the last one, and smaller as soon as it took too long. These are the
 * settings of Percona's and GitLab's tools.
 */
export function planBatchSize(rows: number, elapsedMs: number): number {
  // Where the database refused rows, one after the other is tried; beyond them batches are soon what they were.
  if (rows < BATCH_ROWS.min) return Math.min(BATCH_ROWS.min, rows * 2);
  const factor = Math.min(GROWTH, BATCH_TARGET_MS / Math.max(1, elapsedMs));
  return Math.round(Math.min(BATCH_ROWS.max, Math.max(BATCH_ROWS.min, rows * factor)));
}

/**
 * How many rows to try after a batch of `rows` failed: half of them; null where fewer do not help. Rows that somebody has
 * locked are left by the hundred, for they are tried again; a row that the database refuses is found out, one of all.
 */
export function planRetry(rows: number, why: 'locked' | 'refused'): number | null {
  const fewest = why === 'locked' ? BATCH_ROWS.min : 1;
  return rows <= fewest ? null : Math.max(fewest, Math.floor(rows / 2));
}

/** Keeps the named models alone; all where none is named. Throws MODEL_UNKNOWN with the closest name, or MODEL_NOT_OWNED. */
export function selectModels(decision: Decision, names: readonly string[] | undefined): Decision {
  if (names === undefined) return decision;
  const known = [...decision.owned, ...decision.ambiguous].map(({ model }) => model.name);
  for (const name of names.filter((each) => !known.includes(each))) {
    const other = decision.classified.find(({ model }) => model.name === name);
    if (other) throw modelNotOwned(name, other.reason, known);
    throw modelUnknown('--models', name, known, findClosest(name, known));
  }
  const isWanted = ({ model }: { model: { name: string } }) => names.includes(model.name);
  return {
    ...decision,
    owned: decision.owned.filter(isWanted),
    ambiguous: decision.ambiguous.filter(isWanted),
    classified: decision.classified.filter(isWanted),
    others: [],
  };
}
