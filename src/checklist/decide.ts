import { stepCommand } from '../typed-flags.ts';
import type { Evidence, RunEvidence } from './evidence.ts';
import {
  type ChecklistLine,
  type Decided,
  type DecidedLines,
  isDone,
  LINES,
  type LineName,
} from './lines.ts';
import { decideFilter, decideIsolation } from './isolation.ts';
import { decideBackup, decideRestore, decideStaging, ticked } from './people.ts';
import { decideMigrated, decidePhase1Schema, decidePhase3Schema } from './phases.ts';
import { decideAllAssigned, decideInOrder, decideNoLoss, sumModels } from './summaries.ts';
import { countOf, stepForAll } from './words.ts';

const STATUS = 'npm run migration:status';
const LIST_USERS = 'npm run migration:list-users';
/** Lines that say the same of the whole as others do of a part: they are what is to be done next only where nothing else is. */
const SUMMARIES: readonly LineName[] = ['no-loss', 'all-assigned', 'in-order'];

/** Says of every line of the checklist what is true of it. Pure: the same evidence gives the same lines. */
export function decideChecklist(evidence: Evidence): ChecklistLine[] {
  const names = Object.keys(LINES) as LineName[];
  const decided = new Map<LineName, Decided>();
  // In the order of the lines: what comes later leans on what was decided before.
  for (const line of names) decided.set(line, DECIDERS[line](evidence, decided));
  return names.map((line) => {
    const { part, title } = LINES[line];
    const { state, proof, remedy = '' } = decided.get(line) as Decided;
    return { line, part, title, state, proof, remedy };
  });
}

/**
 * The line that is next, null where all are done: first what failed, then a run that is not finished, then the first that is
 * open.
 */
export function findNext(lines: readonly ChecklistLine[], evidence: Evidence): ChecklistLine | null {
  const all = lines.filter(({ state, remedy }) => (state === 'open' || state === 'failed') && remedy !== '');
  const todo = all.filter(({ line }) => !SUMMARIES.includes(line));
  const isUnfinished = evidence.run !== null && evidence.run.status !== 'completed';
  const ofRun = ({ line }: ChecklistLine) => line === 'rollback' || line === 'assign';
  return (
    todo.find(({ state }) => state === 'failed') ??
    (isUnfinished ? todo.filter(ofRun).sort((a) => (a.line === 'rollback' ? -1 : 1))[0] : undefined) ??
    todo[0] ??
    all[0] ??
    null
  );
}

type Decider = (evidence: Evidence, decided: DecidedLines) => Decided;

const DECIDERS: Record<LineName, Decider> = {
  backup: decideBackup,
  staging: decideStaging,
  team: ticked('team'),
  'phase1-schema': decidePhase1Schema,
  'phase1-applied': (evidence) => decideMigrated(evidence, 1),
  users: decideUsers,
  check: decideCheck,
  assign: decideAssign,
  verify: decideVerify,
  app: ticked('app'),
  'phase3-schema': (evidence, decided) => decidePhase3Schema(evidence, isDone(decided, 'verify')),
  'phase3-applied': (evidence) => decideMigrated(evidence, 3),
  'final-verify': (_, decided) => {
    const verify = decided.get('verify') as Decided;
    if (isDone(decided, 'phase3-applied')) return verify;
    return { state: 'open', proof: 'after phase 3' };
  },
  filter: decideFilter,
  isolation: decideIsolation,
  monitor: ticked('monitor'),
  cleanup: decideCleanup,
  rollback: decideRollback,
  restore: decideRestore,
  'no-loss': decideNoLoss,
  'all-assigned': decideAllAssigned,
  performance: ticked('performance'),
  'in-order': decideInOrder,
};

function decideUsers({ users, run, chosen }: Evidence): Decided {
  if (users === null) return { state: 'failed', proof: 'there is no table of users', remedy: LIST_USERS };
  if (run && chosen === null)
    return { state: 'failed', proof: `${run.ownerId}, of run ${run.id}, is no user`, remedy: LIST_USERS };
  if (chosen)
    return {
      state: 'done',
      proof: chosen.label === chosen.id ? chosen.id : `${chosen.id} (${chosen.label})`,
    };
  if (users === 0) return { state: 'open', proof: 'there is no user yet', remedy: LIST_USERS };
  return { state: 'done', proof: `${countOf(users, 'user')}; none is chosen before step 1` };
}

function decideCheck(evidence: Evidence, decided: DecidedLines): Decided {
  const { run, chosen, checked, isCounted } = evidence;
  if (!isDone(decided, 'phase1-applied')) return { state: 'open', proof: 'after phase 1' };
  if (run?.isLive) return { state: 'done', proof: `run ${run.id} began after it` };
  if (run && chosen && checked) {
    if (checked.errors.length > 0)
      return {
        state: 'failed',
        proof: `${countOf(checked.errors.length, 'error')}: ${checked.errors[0]?.message}`,
        remedy: stepForAll('check', run),
      };
    return { state: 'done', proof: `no error for ${chosen.id}, read at ${evidence.time}` };
  }
  if (!isCounted) return { state: 'open', proof: 'not all rows could be counted' };
  const { unowned, orphaned } = sumModels(evidence);
  if (unowned + orphaned === 0) return { state: 'done', proof: 'there is nothing to assign' };
  const proof = `${countOf(unowned, 'row')} without an owner in ${countOf(evidence.models.length, 'model')}; no user is chosen yet`;
  return { state: 'open', proof, remedy: LIST_USERS };
}

function decideAssign(evidence: Evidence, decided: DecidedLines): Decided {
  const { run } = evidence;
  if (!isDone(decided, 'phase1-applied')) return { state: 'open', proof: 'after phase 1' };
  const { unowned } = sumModels(evidence);
  if (run?.isLive)
    return {
      state: 'open',
      proof: `${describeProgress(run)}, by a process that works on it now`,
      remedy: STATUS,
    };
  if (run === null)
    return unowned === 0 && evidence.isCounted
      ? { state: 'done', proof: 'every row had an owner already' }
      : { state: 'open', proof: 'no run yet' };
  const remedy = stepCommand('assign', run.ownerId, run.flags);
  if (run.status === 'failed')
    return { state: 'failed', proof: `${describeProgress(run)}; it failed`, remedy };
  if (run.status !== 'completed')
    return { state: 'open', proof: `${describeProgress(run)}; it is not finished`, remedy };
  if (unowned > 0)
    return {
      state: 'open',
      proof: `${countOf(unowned, 'row')} without an owner since run ${run.id}`,
      remedy: stepForAll('assign', run),
    };
  return { state: 'done', proof: describeProgress(run) };
}

function decideVerify(evidence: Evidence, decided: DecidedLines): Decided {
  const { chosen, checked, run } = evidence;
  if (!isDone(decided, 'assign')) return { state: 'open', proof: 'after step 2' };
  if (!checked && !evidence.isCounted) return { state: 'open', proof: 'not all rows could be counted' };
  const { orphaned, rows } = sumModels(evidence);
  const every = `every one of ${countOf(rows, 'row')} has an owner who is there, read at ${evidence.time}`;
  if (!run || !chosen || !checked)
    return orphaned === 0
      ? { state: 'done', proof: every }
      : {
          state: 'failed',
          proof: `${countOf(orphaned, 'row')} with an owner who is no user`,
          remedy: LIST_USERS,
        };
  const remedy = stepForAll('verify', run);
  const [first] = checked.verifyErrors;
  if (first)
    return {
      state: 'failed',
      proof: `${countOf(checked.verifyErrors.length, 'error')}: ${first.message}`,
      remedy,
    };
  return { state: 'done', proof: every };
}

function decideCleanup({ guards, run }: Evidence): Decided {
  if (guards > 0)
    return {
      state: 'open',
      proof: `${countOf(guards, 'guard')} in the database`,
      remedy: 'npm run migration:cleanup -- --confirm',
    };
  return run
    ? { state: 'done', proof: 'no guard in the database' }
    : { state: 'notApplicable', proof: 'no run left one' };
}

function decideRollback({ run, rolledBack }: Evidence): Decided {
  if (run && run.reverted > 0)
    return {
      state: 'open',
      proof: `run ${run.id} is rolled back in part: ${countOf(run.reverted, 'row')}`,
      remedy: run.isLive ? STATUS : `npm run migration:rollback -- --confirm --run ${run.id}`,
    };
  if (rolledBack !== null && run === null)
    return { state: 'done', proof: `run ${rolledBack} was rolled back` };
  return { state: 'notApplicable', proof: 'no run was rolled back' };
}

function describeProgress({ id, assigned, toAssign }: RunEvidence): string {
  return `run ${id}: ${assigned.toLocaleString('en-US')} of ${countOf(toAssign, 'row')}`;
}
