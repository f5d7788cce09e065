import { error, type Finding } from '../ownership/findings.ts';
import type { CopyDifference } from './verify-backup.ts';

/** A table of the restored copy that is not as the manifest says; `name` as people call the table. */
export function backupDiffers(name: string, { before, after, keys }: CopyDifference): Finding {
  const sideOf = (side: { rows: number } | null) =>
    side === null ? 'is not there' : `has ${side.rows} rows`;
  const values = before?.rows === after?.rows ? ', with other values' : '';
  const named = keys.map(({ key, what }) => `${key.join('/')} (${what})`).join(', ');
  const rest = named
    ? ` Rows that differ from the database as it is now, where the app may have changed some since: ${named}.`
    : '';
  return error(
    'BACKUP_DIFFERS',
    null,
    `the table ${name} ${sideOf(before)} in the manifest, and ${sideOf(after)} in the copy that was restored${values}.${rest}`,
    'Do not rely on this backup. Make another one, and see whether it differs again.',
  );
}
