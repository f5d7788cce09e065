import { formatCount } from '../report/text.ts';
import { type Html, html } from './html.ts';
import { renderTable, renderTime } from './parts.ts';
import type { ReportAnswer } from './report-data.ts';

const MIB = 1024 * 1024;

/** Backups and restores, as the commands journaled them. */
export function renderBackups({ backups, restores }: Pick<ReportAnswer, 'backups' | 'restores'>): Html {
  const none = html`<p>No backup was made with <code>migration:backup</code>.</p>`;
  return html`${backups.length === 0 ? none : renderBackupTable(backups)}${restores.length > 0 && renderRestoreTable(restores)}`;
}

function renderBackupTable(backups: ReportAnswer['backups']): Html {
  return renderTable(
    'Backups, the newest first',
    [
      { title: 'taken', kind: 'time' },
      { title: 'verified', kind: 'time' },
      { title: 'tables', kind: 'number' },
      { title: 'rows', kind: 'number' },
      { title: 'MiB', kind: 'number' },
      { title: 'where', kind: 'long' },
      { title: 'SHA-256 of its manifest', kind: 'long' },
    ],
    backups.map((each) => [
      renderTime(each.taken),
      each.verified === null ? 'no' : renderTime(each.verified),
      each.tables,
      each.rows,
      formatMib(each.bytes),
      `${each.path} on ${each.host}`,
      html`<code>${each.sha256}</code>`,
    ]),
  );
}

function renderRestoreTable(restores: ReportAnswer['restores']): Html {
  return renderTable(
    'Restores, the newest first',
    [
      { title: 'restored', kind: 'time' },
      { title: 'backup taken', kind: 'time' },
      { title: 'by' },
      { title: 'from', kind: 'long' },
      { title: 'where the database went that was replaced', kind: 'long' },
    ],
    restores.map((each) => [
      renderTime(each.time),
      renderTime(each.taken),
      each.by,
      each.path,
      each.kept ?? '–',
    ]),
  );
}

function formatMib(bytes: number): string {
  return bytes < 10 * MIB ? (bytes / MIB).toFixed(2) : formatCount(Math.round(bytes / MIB));
}
