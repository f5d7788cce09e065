import type { RestoreProgress } from '../backup/restore-backup.ts';
import type { RestoreAnswer } from '../commands/copy-results.ts';
import { describeDigested } from './backup.ts';
import {
  describeDatabase,
  formatBytes,
  formatCount,
  formatDuration,
  type Painter,
  plural,
  renderFindings,
} from './text.ts';

/** "Loading: 3 of 11 tables", "Verifying: 3 of 11 tables digested (15,607 rows)". */
export function describeRestoreProgress(progress: RestoreProgress): string {
  if (progress === 'swapping') return 'Swapping';
  if ('digested' in progress) return `Verifying: ${describeDigested(progress.digested)}`;
  const { done, total, unit } = progress.loaded;
  return unit === 'bytes'
    ? `Loading: ${formatBytes(done)} of ${formatBytes(total)} read`
    : `Loading: ${formatCount(done)} of ${plural(total, 'table')}`;
}

/** A restore as text. */
export function renderRestore(answer: RestoreAnswer, paint: Painter): string {
  const { dryRun, database, backup, tables, rows, kept, elapsedMs, findings, next } = answer;
  const contents = `${plural(tables, 'table')}, ${plural(rows, 'row')}`;
  const place = describeDatabase(database);
  if (dryRun)
    return [
      paint.bold(`Restore of ${place}: a dry run`),
      '',
      `The backup ${backup.path} is whole: ${contents}, as they were at ${backup.time} in "${backup.database}".`,
      kept === null
        ? 'Would be loaded into this empty database, and every table compared with the manifest.'
        : 'Would be loaded into a new database, every table compared with the manifest, and only then put in its place.',
      ...(kept === null
        ? []
        : [`The old database would be kept as ${kept.name}, with all that changed since.`]),
      ...renderFindings(findings, paint),
      '',
      'Nothing was changed.',
      `To do it:  ${next}`,
    ].join('\n');
  return [
    paint.bold(`Restored ${place}, as it was at ${backup.time}`),
    '',
    `${contents}, in ${formatDuration(elapsedMs)}. Every table has the rows and the digest of the backup ${backup.path}.`,
    ...(kept === null
      ? ['Nothing was replaced: the database was empty.']
      : [
          `The old database is kept as ${kept.name}, with all that changed since.`,
          `To go back to it, when nobody uses either:  ${kept.undo}`,
          `To remove it:  ${kept.removal}`,
        ]),
    ...renderFindings(findings, paint),
    '',
    `Next:  ${next}`,
  ].join('\n');
}
