import { formatCount, formatDuration } from '../../../src/report/text.ts';
import type { Measurement } from '../measure.ts';
import { NOTHING } from '../ways.ts';

const MB = 1_000_000;

/** 1536000 as "1.5 MB". */
export function formatBytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}

/** How a way ended: its time where it did all of the work, and otherwise what it did. */
export function describeEnd({ way, ran, unowned }: Measurement, rows: number): string {
  const time = formatDuration(ran.elapsedMs);
  if (way === NOTHING.name) return `watched for ${time}`;
  const done = rows - unowned;
  const reached =
    done === 0 ? 'nothing was changed' : `${formatCount(done)} of ${formatCount(rows)} rows done`;
  if (ran.failed !== undefined) return `failed after ${time}: ${reached}`;
  if (ran.isLimited) return `stopped after ${time}: ${reached}`;
  return unowned === 0 ? time : `${time}; ${reached}`;
}

/** Whether it did all of the work, so that its time can be compared. */
export function isComplete({ ran, unowned }: Measurement): boolean {
  return ran.failed === undefined && !ran.isLimited && unowned === 0;
}

/** The words of errors, which are too long for a table: one line for a way that failed, one for the app's statements. */
export function listErrors({ way, ran, noticed }: Measurement): string[] {
  const words = Object.entries(noticed.words).map(([error, times]) => `${error} (${formatCount(times)})`);
  return [
    ...(ran.failed === undefined ? [] : [`${way}: ${ran.failed}`]),
    ...(words.length > 0 ? [`the app's statements during ${way}: ${words.join('; ')}`] : []),
  ];
}
