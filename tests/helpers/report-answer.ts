import type { BatchRecord, RunEvent } from '../../src/ownership/history.ts';
import type { ReportAnswer, ReportRun } from '../../src/report-page/report-data.ts';
import {
  measureBatches,
  pickWaits,
  planProgress,
  summarizeBatches,
  thinBatches,
} from '../../src/report-page/series.ts';

/** A name as bad as names get: it must be seen, and do nothing. */
export const BAD_NAME = `<script>alert(1)</script>"'&</title>`;
const START = Date.parse('2026-11-26T02:00:00.000Z');

/** A time so many seconds after the beginning of the sample's run. */
export function at(seconds: number): string {
  return new Date(START + Math.round(seconds * 1000)).toISOString();
}

/** Batches that were committed a second after each other, each of a hundred rows. */
export function listBatches(count: number, secondsEach = 1): BatchRecord[] {
  return Array.from({ length: count }, (_, i) => {
    return { model: 'Note', rows: 100, committed: at((i + 1) * secondsEach), rolledBack: null, reverted: 0 };
  });
}

/** A run with these batches. */
export function describeRun(batches: readonly BatchRecord[], events: RunEvent[] = []): ReportRun {
  const measured = measureBatches(batches, [{ time: at(0), what: 'started: {}' }, ...events]);
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  return {
    id: '6db8093e',
    status: 'completed',
    ownerModel: 'User',
    ownerId: BAD_NAME,
    started: at(0),
    finished: batches.at(-1)?.committed ?? at(0),
    flags: { exclude: ['Tag'], ownerColumn: { Note: 'userId' }, pauseMs: 20 },
    process: null,
    live: null,
    models: [
      {
        model: BAD_NAME,
        status: 'completed',
        toAssign: rows,
        assigned: rows,
        batches: batches.length,
        reverted: 0,
      },
    ],
    toolVersion: '0.1.0',
    schemaFingerprint: 'c6d2c49ac2a71159c6d2c49ac2a71159',
    batchSize: 1000,
    chosen: ['Note'],
    summaries: summarizeBatches(measured),
    progress: planProgress(batches, at(0)),
    batches: thinBatches(measured),
    waits: pickWaits(events),
    proof: null,
    events: [{ time: at(0), what: 'started: {}' }, ...events],
    eventsLeftOut: 0,
  };
}

/** A report with these runs. */
export function describeAnswer(runs: ReportRun[], more: Partial<ReportAnswer> = {}): ReportAnswer {
  return {
    command: 'report',
    database: { provider: 'postgresql', name: BAD_NAME, host: 'db1' },
    time: at(3600),
    toolVersion: '0.1.0',
    serverVersion: '18.1',
    verdict: { state: 'open', text: `1,234 rows of ${BAD_NAME}, read at ${at(3600)}.` },
    next: `npm run migration:status -- --tick=team --note="${BAD_NAME}"`,
    settings: { flags: {}, ownerModel: 'User', models: null },
    checklist: [
      {
        line: 'backup',
        part: 'Before',
        title: 'Back up the database',
        state: 'done',
        proof: BAD_NAME,
        remedy: '',
      },
    ],
    rows: [],
    runs,
    guards: [],
    replicas: [],
    backups: [],
    restores: [],
    rehearsals: [],
    findings: [
      {
        code: 'X',
        severity: 'warning',
        model: BAD_NAME,
        message: BAD_NAME,
        remedy: `Do:\n  ${BAD_NAME}`,
      },
    ],
    ...more,
  };
}
