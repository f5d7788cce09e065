import type { LockHolder } from '../database/dialect.ts';
import type { OtherSession } from '../database/session-list.ts';

/** Who may be in the way, a line each; never ended by us. */
export function describeHolders(holders: readonly LockHolder[]): string {
  return holders
    .map(({ id, user, state, seconds, statement }) => {
      const last = statement ? `; its last statement: ${statement}` : '';
      return `Locks are held by process ${id} of ${user} (${state}) for ${Number(seconds)} second${Number(seconds) === 1 ? '' : 's'}${last}\n`;
    })
    .join('');
}

/** "session 12 of app (web, 10.0.0.7)". */
export function describeSession({ id, user, application, address }: OtherSession): string {
  const more = [application, address].filter((text) => text !== '').join(', ');
  return `session ${id} of ${user || 'an unknown user'}${more ? ` (${more})` : ''}`;
}
