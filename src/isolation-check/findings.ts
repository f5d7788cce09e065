import { countOf, error, info, warning } from '../ownership/findings.ts';
import { WAY_TITLES, type WayName } from './way.ts';

const REMEDIES: Record<WayName, string> = {
  extension:
    'This is a fault of the library: report it, with the operations. Until then, do not use them in requests.',
  rls: 'Write the policies again, and apply them: npm run migration:isolation -- --rls',
  client:
    'Scope it with forUser() of prisma-ownership/isolation, from a list of the models: npm run migration:isolation -- --generate=src/for-user.ts',
};

export const isolationLeak = (model: string, way: WayName, operations: readonly string[]) =>
  error(
    'ISOLATION_LEAK',
    model,
    `through ${WAY_TITLES[way]}, one user gets at rows of another by ${countOf(operations.length, 'operation')}: ${operations.join(', ')}`,
    REMEDIES[way],
  );

export const ownRefused = (model: string, way: WayName, operations: readonly string[]) =>
  warning(
    'OWN_ROWS_REFUSED',
    model,
    `through ${WAY_TITLES[way]}, a user does not get at own rows by ${operations.join(', ')}`,
    'Where the application does this it fails: --json has what was said of each.',
  );

export const notTried = (model: string, reason: string, operations: readonly string[]) =>
  warning(
    'ISOLATION_NOT_TRIED',
    model,
    `not tried: ${operations.join(', ')} (${reason})`,
    'Try these by hand, or add rows of two users with which they can be tried.',
  );

export const crossOwnerLink = (model: string, relation: string, to: string, rows: number) =>
  warning(
    'CROSS_OWNER_LINK',
    model,
    `${countOf(rows, 'row')} of one owner ${rows === 1 ? 'hangs' : 'hang'} by ${relation} on a row of ${to} of another`,
    'Look at them, and give both rows to one owner, or unlink them: what is kept from a user is missing in the other one.',
  );

export const rowsUnowned = (model: string, rows: number) =>
  warning(
    'ROWS_UNOWNED',
    model,
    `${countOf(rows, 'row')} without an owner: no scoped client sees ${rows === 1 ? 'it' : 'them'}, and one that is not sees all`,
    'Assign them: npm run migration:list-users',
  );

export const modelShared = (model: string) =>
  info('MODEL_SHARED', model, "its rows are everybody's, so nothing is tried on them");

export const keyMissing = (model: string) =>
  warning(
    'ISOLATION_NO_KEY',
    model,
    'it has no key by which one row is found, so nothing is tried on its rows',
    'Give it a primary key.',
  );
