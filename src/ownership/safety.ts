import type { Database, Session } from '../database/dialect.ts';
import { type BackupEvidence, listEvidence, type Recorded } from './evidence.ts';
import type { Finding } from './findings.ts';
import { backupMissing, backupOld } from './safety-findings.ts';
import { readClock } from './writer.ts';

/** A verified backup that is older than this does not have what was written since. */
const FRESH_MS = 24 * 60 * 60 * 1000;

/** What there is to fall back on, as the journal knows it. Times are ISO 8601 text by the database's clock. */
export interface Safety {
  /** Now. */
  time: string;
  /** Newest first by the moment that they are of, without those that are known to be gone. */
  backups: BackupEvidence[];
  /** The newest of each. */
  rehearsal: Recorded<'rehearsal'> | null;
  restore: Recorded<'restore'> | null;
}

/** Reads it. A backup that was verified later is one backup; `isGone` says of which it is known that nobody has it any more. */
export async function readSafety(
  session: Session,
  database: Database,
  isGone: (backup: BackupEvidence) => boolean,
): Promise<Safety> {
  const recorded = await listEvidence(session, database, 'backup');
  const newest = new Map(recorded.toReversed().map(({ body }) => [`${body.host} ${body.path}`, body]));
  const backups = [...newest.values()].filter((backup) => !isGone(backup));
  const [rehearsal = null] = await listEvidence(session, database, 'rehearsal');
  const [restore = null] = await listEvidence(session, database, 'restore');
  return {
    time: await readClock(session, database.dialect),
    backups: backups.sort((a, b) => (a.taken < b.taken ? 1 : -1)),
    rehearsal,
    restore,
  };
}

/** The newest backup that is proved to restore, of the day before `moment`, or null: what is later than that has it changed already. Pure. */
export function findFreshBackup({ backups }: Pick<Safety, 'backups'>, moment: string): BackupEvidence | null {
  const latest = Date.parse(moment);
  const isFresh = ({ verified, taken }: BackupEvidence) =>
    verified !== null && Date.parse(taken) >= latest - FRESH_MS && Date.parse(taken) <= latest;
  return backups.find(isFresh) ?? null;
}

/** What step 2 has to say before it writes; nothing where a verified backup is less than a day old. */
export function describeBackups({ backups, time }: Pick<Safety, 'backups' | 'time'>): Finding[] {
  if (findFreshBackup({ backups }, time)) return [];
  const known = backups.filter(({ taken }) => Date.parse(taken) <= Date.parse(time));
  const verified = known.find((backup) => backup.verified !== null);
  if (verified) return [backupOld(verified.path, formatAge(verified.taken, time))];
  return [backupMissing(known[0]?.path ?? null)];
}

/** "3 hours", "2 days": as much as a person wants to know. */
export function formatAge(from: string, to: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 60) return count(minutes, 'minute');
  if (minutes < 48 * 60) return count(Math.floor(minutes / 60), 'hour');
  return count(Math.floor(minutes / (24 * 60)), 'day');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
