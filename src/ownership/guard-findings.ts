import { countOf, error, type Finding, info, warning } from './findings.ts';

export const guardActive = (
  model: string,
  guard: { ownerId: string; since: string; hits: number; lastHit: string | null },
): Finding => {
  const hits =
    guard.hits === 0 ? 'no hit yet' : `${countOf(guard.hits, 'hit')}, the last at ${guard.lastHit}`;
  return {
    ...info(
      'GUARD_ACTIVE',
      model,
      `a guard gives rows without an owner to ${guard.ownerId} since ${guard.since}: ${hits}`,
    ),
    remedy: 'Remove it once no old version of the app runs: npm run migration:cleanup -- --confirm',
  };
};

export const guardWithOthers = (model: string, ownerId: string, count: number) =>
  error(
    'GUARD_WITH_OTHERS',
    model,
    `a guard still gives rows without an owner to ${ownerId}, and ${countOf(count, 'row')} ${count === 1 ? 'belongs' : 'belong'} to others: it may guess wrong now`,
    'Stop the old version of the app, then remove the guard: npm run migration:cleanup -- --confirm',
  );

export const guardOfAnother = (model: string, ownerId: string) =>
  error(
    'GUARD_OF_ANOTHER',
    model,
    `a guard gives rows without an owner to another user, ${ownerId}`,
    'Remove it first: npm run migration:cleanup -- --confirm',
  );

export const guardRemoved = (model: string, hits: number) =>
  info(
    'GUARD_REMOVED',
    model,
    `rollback removes its guard first, so that no row gets an owner again; it gave an owner to ${countOf(hits, 'row')}`,
  );

export const guardRowsStay = (model: string, count: number) =>
  warning(
    'GUARD_ROWS_STAY',
    model,
    `on SQLite it is not known which ${countOf(count, 'row')} its guard gave an owner: ${count === 1 ? 'it keeps' : 'they keep'} it`,
    `${count === 1 ? 'It was' : 'They were'} written by an old version of the app while the guard was there; where ${count === 1 ? 'it' : 'they'} must have no owner, set it to NULL by hand.`,
  );
