import { countOf, error, type Finding, info, warning } from '../ownership/findings.ts';
import type { RowDifference } from '../proof/compare.ts';
import type { PartName } from './part-log.ts';

/** Parts as people read them. */
export const PART_TITLES: Record<PartName, string> = {
  pending: 'pending migrations',
  phase1: 'phase 1',
  step1: 'step 1',
  step2: 'step 2',
  step3: 'step 3',
  phase3: 'phase 3',
  step3Again: 'step 3 after phase 3',
  rollback: 'rollback',
};

export const copyRefused = (part: PartName, words: string) =>
  error(
    'REHEARSAL_REFUSED',
    null,
    `the copy refuses ${PART_TITLES[part]}: ${words}`,
    'Remove the cause, and rehearse again: production would refuse it, too.',
  );

export const migrationRefused = (name: string, words: string) =>
  error(
    'REHEARSAL_MIGRATION',
    null,
    `the copy refuses the migration ${name}: ${words}`,
    'Correct the migration, and rehearse again: production would refuse it, too.',
  );

export const migrationLeavesCopy = (name: string, database: string) =>
  error(
    'REHEARSAL_MIGRATION',
    null,
    `the migration ${name} names the database "${database}", so it was not applied to the copy: it could write there`,
    'Name tables without their database, and rehearse again.',
  );

export const migrationReachesOut = (name: string, words: string) =>
  error(
    'REHEARSAL_MIGRATION',
    null,
    `the migration ${name} was not applied to the copy, because it would act outside of it: ${words}`,
    'Move that into a migration of its own, apply it first (npx prisma migrate deploy), and rehearse again.',
  );

export const pendingApplied = (names: readonly string[]) =>
  info(
    'REHEARSAL_PENDING',
    null,
    `${countOf(names.length, 'migration')} of the project ${names.length === 1 ? 'waits' : 'wait'} to be applied, and ${names.length === 1 ? 'was' : 'were'} applied to the copies first: ${names.join(', ')}`,
  );

export const guardsTakenOff = (models: readonly string[]) =>
  info(
    'REHEARSAL_GUARDS',
    null,
    `the guard of ${models.join(', ')} was taken off the copies, as cleanup does before phase 3`,
  );

export const objectsLeftOut = (what: readonly string[], source: string) =>
  warning(
    'REHEARSAL_LEFT_OUT',
    null,
    `not in the copies, because from there they could act on "${source}" or another database, or act by themselves: ${what.join(', ')}`,
    READ_THEM,
  );

export const objectsRefused = (words: string) =>
  warning(
    'REHEARSAL_LEFT_OUT',
    null,
    `the views, triggers and routines are not all in the copies: ${words}`,
    READ_THEM,
  );

const READ_THEM = 'Read what they do when a row is updated, before step 2 in production.';

/** What is told of a table whose rows are not what they were. */
interface Change {
  table: string;
  before: number;
  /** Null where the table, or one of its columns, is gone. */
  after: number | null;
  keys: readonly RowDifference[];
  /** Names of the triggers that may have done it. */
  triggers: readonly string[];
}

/** After a part of ours every difference is an error; what migrations of the project do is theirs to know. */
export function describeChange(part: PartName, { table, before, after, keys, triggers }: Change): Finding {
  const rows = after === null ? 'it, or a column of it, is gone' : describeRows(before, after);
  const named = keys.length > 0 ? `: ${keys.map(describeKey).join(', ')}` : '';
  const suspects = triggers.length > 0 ? `; triggers that an update fires: ${triggers.join(', ')}` : '';
  const message = `${describePart(part, table)}: ${rows}${named}${suspects}`;
  return part === 'pending'
    ? warning('REHEARSAL_MIGRATED_ROWS', null, message, READ_IT)
    : error('REHEARSAL_DIFFERS', null, message, PREVENT_IT);
}

/** After the rollback the owners have to be as they were, too. */
function describePart(part: PartName, table: string): string {
  if (part === 'pending') return `${PART_TITLES.pending} changed rows in the table "${table}"`;
  return part === 'rollback'
    ? `the rollback did not bring the table "${table}" back as it was before step 2`
    : `${PART_TITLES[part]} changed more than owners in the table "${table}"`;
}

const READ_IT = 'Make sure that the migrations mean it.';
const PREVENT_IT =
  'Find what does it, like a trigger, and disable it for the time of step 2, or decide that it may.';

function describeRows(before: number, after: number): string {
  return before === after
    ? `${countOf(after, 'row')}, not all as before`
    : `${countOf(before, 'row')} before, ${after.toLocaleString('en-US')} after`;
}

function describeKey({ key, what }: RowDifference): string {
  return `${key.join('/')} ${what}`;
}
