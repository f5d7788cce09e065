import type { BackupProgress } from '../backup/create-backup.ts';
import type { DigestedSoFar } from '../backup/digest-database.ts';
import type { BackupAnswer } from '../commands/copy-results.ts';
import { shortNameOf } from '../database/database-url.ts';
import { quoteWord } from '../shell.ts';
import {
  describeDatabase,
  formatBytes,
  formatCount,
  formatDuration,
  type Painter,
  plural,
  renderFindings,
  renderTable,
} from './text.ts';

/** "3 of 11 tables digested (15,607 rows)". */
export function describeDigested({ done, tables, rows }: DigestedSoFar): string {
  return `${formatCount(done)} of ${plural(tables, 'table')} digested (${plural(rows, 'row')})`;
}

/** "Backing up: 3.4 MB written, 3 of 11 tables digested (15,607 rows)". */
export function describeBackupProgress({ bytes, digested }: BackupProgress): string {
  return `Backing up: ${formatBytes(bytes)} written${digested ? `, ${describeDigested(digested)}` : ''}`;
}

/** A backup as text. */
export function renderBackup(answer: BackupAnswer, paint: Painter): string {
  const { database, path, tool, space, next, tables, rows, files, bytes, elapsedMs, time } = answer;
  if (answer.dryRun)
    return [
      paint.bold(`Backup of ${describeDatabase(database)}: a dry run`),
      '',
      `Would be written into ${path}, by ${tool}.`,
      `The rows take ${formatBytes(space.database)} in the database; the disk has ${formatBytes(space.free)} left.`,
      '',
      'Nothing was written.',
      `To do it:  ${next}`,
    ].join('\n');
  return [
    paint.bold(`Backup of ${describeDatabase(database)}, as it was at ${time}`),
    ...(tables.length > 0
      ? [
          '',
          renderTable(
            ['table', 'rows'],
            tables.map((each) => [each.table, each.rows]),
          ),
        ]
      : []),
    '',
    `${plural(tables.length, 'table')}, ${plural(rows, 'row')}; ${plural(files.length, 'file')}, ${formatBytes(bytes)}, by ${tool}, in ${formatDuration(elapsedMs)}.`,
    describeVerified(answer),
    ...renderFindings(answer.findings, paint),
    '',
    `It is in ${path}. Nothing of ours ever deletes it.`,
    `To put it back:  npm run migration:restore -- ${quoteWord(path)} --confirm=${quoteWord(shortNameOf(database))}`,
    `Next:  ${next}`,
  ].join('\n');
}

function describeVerified({ verified, differences }: BackupAnswer): string {
  if (verified)
    return `Verified: it was restored into a scratch database, and ${verified.tables === 1 ? 'its table' : `all ${plural(verified.tables, 'table')}`} had the same rows and the same digest.`;
  if (differences.length > 0)
    return `Not the same: ${plural(differences.length, 'table')} differed when it was restored into a scratch database.`;
  return 'Not verified: nobody has restored it yet.';
}
