import { existsSync } from 'node:fs';
import type { Context } from '../context.ts';
import type { Database } from '../database/dialect.ts';
import type { BackupEvidence } from '../ownership/evidence.ts';
import { readSafety, type Safety } from '../ownership/safety.ts';
import type { SafetyReport } from './results.ts';

/** Reads what there is to fall back on; of backups on this host it is looked whether they are still there. */
export function readKnownSafety(database: Database, context: Context): Promise<Safety> {
  return database.read((session) => readSafety(session, database, isGoneOn(context)));
}

/** Of a backup on another host nobody here can tell. */
export function isGoneOn({ process }: Context): (backup: BackupEvidence) => boolean {
  return ({ host, path }) => host === process.host && !existsSync(path);
}

/** As results show it. */
export function reportSafety({ backups, rehearsal, time }: Safety): SafetyReport {
  const [backup = null] = backups;
  return {
    time,
    backup: backup && {
      path: backup.path,
      host: backup.host,
      taken: backup.taken,
      verified: backup.verified,
    },
    rehearsal: rehearsal && {
      time: rehearsal.time,
      userId: rehearsal.body.userId,
      host: rehearsal.body.host,
      ok: rehearsal.body.ok,
    },
  };
}
