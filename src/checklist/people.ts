import type { BackupEvidence } from '../ownership/evidence.ts';
import { findFreshBackup } from '../ownership/safety.ts';
import { quoteWord } from '../shell.ts';
import type { Evidence } from './evidence.ts';
import { type Decided, type LineName, tickCommand } from './lines.ts';

/** A line that only a person can know. */
export function ticked(line: LineName): (evidence: Evidence) => Decided {
  return (evidence) =>
    describeTick(evidence, line) ?? {
      state: 'open',
      proof: `nobody has said so: --tick=${line}`,
      remedy: tickCommand(line),
    };
}

/** A backup that is proved to restore, from the day before the first change; else what a person says. */
export function decideBackup(evidence: Evidence): Decided {
  const { safety, run } = evidence;
  const moment = run?.started ?? safety.time;
  const fresh = findFreshBackup(safety, moment);
  if (fresh) return { state: 'done', proof: `${fresh.path} on ${fresh.host}, of ${fresh.taken}, verified` };
  const tick = describeTick(evidence, 'backup');
  if (tick) return tick;
  const [newest] = safety.backups;
  const known = newest
    ? `${newest.path} is ${describeLack(newest, moment)}`
    : 'none is known, and nobody has said so: --tick=backup';
  // Once rows are changed, none can be made any more that is of before.
  const remedy = run ? tickCommand('backup') : 'npm run migration:backup -- --verify';
  return { state: 'open', proof: known, remedy };
}

function describeLack({ verified, taken }: BackupEvidence, moment: string): string {
  if (Date.parse(taken) > Date.parse(moment)) return `of ${taken}: after the run began`;
  return verified === null ? 'not verified' : `of ${taken}: too old`;
}

/** The last rehearsal, or what a person has said since. */
export function decideStaging(evidence: Evidence): Decided {
  const { safety, ticks, run } = evidence;
  const { rehearsal } = safety;
  const tick = ticks.find(({ line }) => line === 'staging');
  const { userId = run?.ownerId } = rehearsal?.body ?? {};
  const remedy = userId ? `npm run migration:rehearse ${quoteWord(userId)}` : 'npm run migration:list-users';
  if (!rehearsal || (tick && tick.time > rehearsal.time))
    return (
      describeTick(evidence, 'staging') ?? {
        state: 'open',
        proof: 'no rehearsal yet, and nobody has said so: --tick=staging',
        remedy,
      }
    );
  if (rehearsal.body.ok)
    return { state: 'done', proof: `rehearsed for ${rehearsal.body.userId}, ${rehearsal.time}` };
  return { state: 'failed', proof: `the rehearsal of ${rehearsal.time} did not hold`, remedy };
}

/** Only for who needed it: a restore of ours, or what a person has said since. */
export function decideRestore(evidence: Evidence): Decided {
  const { restore } = evidence.safety;
  const tick = evidence.ticks.find(({ line }) => line === 'restore');
  if (restore && !(tick && tick.time > restore.time))
    return {
      state: 'done',
      proof: `${restore.body.by}, ${restore.time}: from ${restore.body.path}, of ${restore.body.taken}`,
    };
  return (
    describeTick(evidence, 'restore') ?? { state: 'notApplicable', proof: 'nobody said that it was needed' }
  );
}

/** What a person has said last; null where nobody has. */
export function describeTick({ ticks }: Evidence, line: LineName): Decided | null {
  const tick = ticks.find((each) => each.line === line);
  return tick ? { state: 'done', proof: `${tick.by}, ${tick.time}: ${tick.note}` } : null;
}
