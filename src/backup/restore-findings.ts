import type { TableChange } from './compare.ts';
import type { Provider } from '../database/database-url.ts';
import type { Run } from '../ownership/journal.ts';
import { describeSession } from '../errors/holders.ts';
import { countOf, type Finding, info, warning } from '../ownership/findings.ts';
import type { OtherSession } from '../database/session-list.ts';

export const propertyLost = (statement: string): Finding =>
  warning(
    'PROPERTY_NOT_CARRIED',
    null,
    'a property that the old database had beside its contents could not be given to the new one by this role',
    `Have an administrator type: ${statement};`,
  );

export const ownersLost = (role: string): Finding =>
  warning(
    'OWNERS_NOT_KEPT',
    null,
    `the role "${role}" may not give tables the owners and privileges that they had, so all of them are its own, and nobody else may use them`,
    'Grant the app what it needs, or restore with a role that is a member of the owners, or a superuser.',
  );

export const runLeftBehind = ({ id, status }: Run): Finding =>
  warning(
    'RUN_LEFT_BEHIND',
    null,
    `run ${id} is ${status} in the database that is replaced; it is not in the backup, or is another one there`,
    'Roll it back or finish it before, if its rows matter; afterwards it is only in the database that is kept.',
  );

export const objectsLeftOut = (source: string, file: string): Finding =>
  warning(
    'OBJECTS_LEFT_OUT',
    null,
    `triggers, views, routines or events of the backup name the database "${source}", which they would act upon from here, so none of them was made`,
    `Look at them, change the name, and run them with the database's client: gunzip -c ${file}`,
  );

export const usedBy = (session: OtherSession): Finding =>
  warning(
    'DATABASE_IN_USE',
    null,
    `the database is in use by ${describeSession(session)}`,
    'Stop it before: a database that others use is not replaced.',
  );

export const sessionsUnseen = (reason: string): Finding =>
  warning(
    'SESSIONS_UNSEEN',
    null,
    `whether others use the database is not known: ${reason}`,
    'See to it that the app is stopped: what it writes meanwhile is only in the database that is kept. Or have PROCESS granted: GRANT PROCESS ON *.*',
  );

export const repaired = (): Finding =>
  info(
    'RESTORE_REPAIRED',
    null,
    'an earlier restore was killed while it swapped: the triggers that it had taken away were put back first',
  );

/** "public.album has 346 rows instead of 347". */
export function describeChange({ table, before, after }: TableChange, provider: Provider): string {
  // Only PostgreSQL has schemas within a database.
  const name = provider === 'postgresql' ? `${table.schema}.${table.name}` : table.name;
  if (!after) return `${name} is missing`;
  if (!before) return `${name} is not in the manifest`;
  if (before.rows !== after.rows)
    return `${name} has ${countOf(after.rows, 'row')} instead of ${countOf(before.rows, 'row')}`;
  return `${name} has ${countOf(after.rows, 'row')}, as it should, and other values in them`;
}
