import type { SafetyReport } from '../commands/results.ts';
import { formatAge } from '../ownership/safety.ts';
import { quoteWord } from '../shell.ts';
import { toLine } from './text.ts';

/** What there is to fall back on, a line each. */
export function renderSafety({ backup, rehearsal, time }: SafetyReport, userId: string): string[] {
  return [
    `Backup:     ${describeBackup(backup, time)}`,
    `Rehearsal:  ${describeRehearsal(rehearsal, time, userId)}`,
  ];
}

function describeBackup(backup: SafetyReport['backup'], now: string): string {
  if (!backup) return 'none is known; to make one:  npm run migration:backup -- --verify';
  const state = backup.verified ? 'verified' : 'not verified';
  return toLine(`${backup.path} on ${backup.host}, ${formatAge(backup.taken, now)} old, ${state}`);
}

function describeRehearsal(rehearsal: SafetyReport['rehearsal'], now: string, userId: string): string {
  if (!rehearsal) return `none is known; to rehearse:  npm run migration:rehearse ${quoteWord(userId)}`;
  const state = rehearsal.ok ? 'passed' : 'failed';
  const whose = rehearsal.userId === userId ? '' : `, for ${rehearsal.userId}`;
  return toLine(`${state} ${formatAge(rehearsal.time, now)} ago${whose}`);
}
