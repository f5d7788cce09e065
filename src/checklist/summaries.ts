import type { Evidence } from './evidence.ts';
import { type Decided, type DecidedLines, isDone, type LineName } from './lines.ts';
import { countOf, listNames, stepForAll } from './words.ts';

/** Codes of findings that say that rows, or owners that were there before, are missing. */
const LOSSES = ['FEWER_THAN_BEFORE', 'JOURNALED_UNOWNED'];

/** Whether anything that was there before the run is missing now. */
export function decideNoLoss({ run, checked, time }: Evidence, decided: DecidedLines): Decided {
  if (!run && isDone(decided, 'assign')) return { state: 'notApplicable', proof: 'no run changed anything' };
  if (!run || run.isLive || !checked)
    return { state: 'open', proof: 'held against the journal after step 2' };
  const losses = checked.verification.filter(({ code }) => LOSSES.includes(code));
  if (losses[0])
    return {
      state: 'failed',
      proof: `${losses[0].model}: ${losses[0].message}`,
      remedy: stepForAll('verify', run),
    };
  const proved =
    run.proved > 0 ? `; proved for ${countOf(run.proved, 'row')} that nothing but the owner changed` : '';
  return {
    state: 'done',
    proof: `no fewer rows and owners than before run ${run.id}, read at ${time}${proved}`,
  };
}

/** Whether every row of every owned model has an owner who is there. */
export function decideAllAssigned(evidence: Evidence, decided: DecidedLines): Decided {
  if (!isDone(decided, 'phase1-applied') || !evidence.isCounted)
    return { state: 'open', proof: 'not all rows were counted' };
  const { rows, unowned, orphaned } = sumModels(evidence);
  if (orphaned > 0)
    return { state: 'failed', proof: `${countOf(orphaned, 'row')} with an owner who is no user` };
  if (unowned > 0)
    return {
      state: 'open',
      proof: `${countOf(unowned, 'row')} of ${rows.toLocaleString('en-US')} without an owner`,
    };
  return { state: 'done', proof: `${countOf(rows, 'row')} in ${countOf(evidence.models.length, 'model')}` };
}

/** Whether a phase is done although the one before it is not. */
export function decideInOrder(_: Evidence, decided: DecidedLines): Decided {
  const order: LineName[] = ['phase1-applied', 'assign', 'verify', 'phase3-schema', 'phase3-applied'];
  const firstOpen = order.findIndex((line) => !isDone(decided, line));
  const early = order.filter((line, i) => firstOpen >= 0 && i > firstOpen && isDone(decided, line));
  if (early.length === 0) return { state: 'done', proof: 'none began before' };
  return { state: 'failed', proof: `${listNames(early)} before ${order[firstOpen]}` };
}

/** The rows of all owned models. */
export function sumModels({ models }: Evidence) {
  const total = (key: 'rows' | 'unowned' | 'orphaned') =>
    models.reduce((all, model) => all + (model[key] ?? 0), 0);
  return { rows: total('rows'), unowned: total('unowned'), orphaned: total('orphaned') };
}
