import { quoteWord } from '../shell.ts';
import { countOf, error, info, warning } from './findings.ts';

export const unfinishedRun = (run: string, status: string, assign: string) =>
  warning('UNFINISHED_RUN', null, `run ${run} for this user is ${status}`, `Step 2 carries it on: ${assign}`);

export const unfinishedRunOfAnother = (
  run: string,
  status: string,
  { ownerId, assign }: { ownerId: string; assign: string },
) =>
  error(
    'UNFINISHED_RUN',
    null,
    `run ${run} for another user, ${ownerId}, is ${status}`,
    `Finish it (${assign}) or undo it (npm run migration:rollback -- --confirm --run ${run}).`,
  );

export const journaledUnowned = (model: string, run: string, count: number, userId: string) =>
  error(
    'JOURNALED_UNOWNED',
    model,
    `${countOf(count, 'row')} that run ${run} gave an owner ${count === 1 ? 'has' : 'have'} none now`,
    `Something set the column back to NULL: find out what, then npm run migration:assign ${quoteWord(userId)}`,
  );

export const reassigned = (model: string, run: string, count: number) =>
  info(
    'REASSIGNED',
    model,
    `${countOf(count, 'row')} that run ${run} gave to this user now ${count === 1 ? 'belongs' : 'belong'} to others`,
  );

export const deleted = (model: string, run: string, count: number) =>
  info(
    'DELETED',
    model,
    `${countOf(count, 'row')} that run ${run} gave an owner ${count === 1 ? 'has' : 'have'} been deleted since`,
  );

export const fewerThanBefore = (model: string, what: string, before: number, now: number) =>
  warning(
    'FEWER_THAN_BEFORE',
    model,
    `${what}: ${now.toLocaleString('en-US')} now, ${before.toLocaleString('en-US')} before the run`,
    'The toolkit deletes nothing and changes no owner: check that the application did.',
  );

export const noRun = () =>
  info(
    'NO_RUN',
    null,
    'the journal has no run for this user, but such as were rolled back: there are no keys to compare',
  );

export const runStillOpen = (run: string, status: string, assign: string) =>
  error('RUN_OPEN', null, `run ${run} is ${status}, not completed`, `Carry it on: ${assign}`);

export const batchSkipped = (model: string, keys: string, why: string) =>
  error(
    'BATCH_SKIPPED',
    model,
    `the rows without an owner ${keys} were left as they are: ${why}`,
    'Remove the cause, then type the command again: it tries them again.',
  );

export const moreSkipped = (model: string, ranges: number) =>
  error(
    'BATCHES_SKIPPED',
    model,
    `so were the rows of ${countOf(ranges, 'other range')} of keys; the journal's events name each`,
    'Remove the cause, then type the command again: it tries them again.',
  );

export const cancelled = (by: string) =>
  warning(
    'RUN_CANCELLED',
    null,
    `the run was cancelled by ${by}, after the batch that it was at`,
    'Nothing is half done: ask them, then carry on or roll back.',
  );
