import { countOf, error, warning } from '../ownership/findings.ts';
import { quoteWord } from '../shell.ts';

export const ownerNotAdded = (model: string, reason: string) =>
  error('OWNER_NOT_ADDED', model, reason, `Leave it out of --models, or with --exclude=${model}.`);

export const ownerToChoose = (model: string, field: string) =>
  warning(
    'OWNER_TO_CHOOSE',
    model,
    `it has a column of another role that points at the users already, so nobody can tell which of the two is the owner's`,
    `Say so in ownership.config.json: "ownerColumns": { "${model}": "${field}" }`,
  );

export const ownerNotRemoved = (model: string, reason: string) =>
  error('OWNER_NOT_REMOVED', model, reason, 'Change that in the schema by hand, migrate, and try again.');

/** `userId`: of the last run; null where there is none. */
export const unownedBeforePhase3 = (model: string, count: number, userId: string | null) =>
  error(
    'UNOWNED',
    model,
    `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} no owner, so the column cannot be required`,
    `Assign ${count === 1 ? 'it' : 'them'} first: npm run migration:assign ${userId === null ? '<USER_ID>' : quoteWord(userId)}`,
  );

export const ownersNotComparable = (model: string, column: string) =>
  error(
    'COLUMN_TYPE_DIFFERS',
    model,
    `the column "${column}" and the users' key have types that cannot be compared, so nobody knows whose its rows are`,
    'Give both the same type in the schema, and migrate.',
  );

export const onDeleteSetsNull = (model: string, relation: string) =>
  error(
    'ON_DELETE_SET_NULL',
    model,
    `"${relation}" has onDelete: SetNull, which a required owner cannot have`,
    'Write onDelete: Restrict in its place, and migrate.',
  );

export const onDeleteByDefault = (model: string, relation: string) =>
  warning(
    'ON_DELETE_DEFAULT',
    model,
    `"${relation}" has Prisma's default onDelete, which turns from SetNull into Restrict with a required owner: Prisma's own migration drops the foreign key and checks every row again, while writes to both tables wait`,
    'Write onDelete: Restrict, so that the schema says it; with --sql the key is changed without that wait.',
  );

export const guardInTheWay = (models: readonly string[]) =>
  error(
    'GUARD_IN_THE_WAY',
    null,
    `${countOf(models.length, 'guard')} (${models.join(', ')}) still ${models.length === 1 ? 'gives' : 'give'} an owner to rows that come without one`,
    'Stop the old version of the app, then remove what it needed: npm run migration:cleanup -- --confirm',
  );

export const stillRequired = (model: string, column: string) =>
  error(
    'STILL_REQUIRED',
    model,
    `the column "${column}" is required, so phase 3 has to be taken back first`,
    'npm run migration:rollback -- --confirm --phase=3',
  );

export const ownersUnknown = (model: string, column: string, count: number) =>
  error(
    'OWNERS_UNKNOWN',
    model,
    `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} a "${column}" that no run wrote; with the column ${count === 1 ? 'it is' : 'they are'} lost, and the journal could not give ${count === 1 ? 'it' : 'them'} back`,
    'Make a backup, and name it: npm run migration:rollback -- --confirm --phase=1 --backup=FILE',
  );

export const runNotRolledBack = (run: string, rows: number) =>
  warning(
    'RUN_NOT_ROLLED_BACK',
    null,
    `run ${run} is not rolled back: the owners of its ${countOf(rows, 'row')} go with the column, and are only in the journal then`,
    `Roll it back first, so that the journal says what is so: npm run migration:rollback -- --confirm --run=${run}`,
  );
