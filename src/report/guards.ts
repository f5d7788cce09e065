import type { GuardReport } from '../ownership/guard.ts';
import { renderTable } from './text.ts';

/** The active guards as a table; nothing where there is none. */
export function renderGuards(guards: readonly GuardReport[]): string[] {
  if (guards.length === 0) return [];
  const rows = guards.map(({ model, hits, lastHit }) => [model, hits, lastHit ?? 'none yet']);
  return [renderTable(['guard of', 'hits', 'last hit'], rows)];
}
