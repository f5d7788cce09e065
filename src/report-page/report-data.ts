import type { ChecklistLine } from '../checklist/lines.ts';
import type { DatabaseName } from '../commands/database-command.ts';
import type { ModelsAnswer, StatusAnswer } from '../commands/results.ts';
import type { OwnerCounts } from '../ownership/count.ts';
import type { BackupEvidence, RehearsalEvidence, RestoreEvidence } from '../ownership/evidence.ts';
import type { Finding } from '../ownership/findings.ts';
import type { RunEvent } from '../ownership/history.ts';
import type { RunProof } from '../ownership/proof.ts';
import type { Wait } from '../ownership/waits.ts';
import type { TypedFlags } from '../typed-flags.ts';

/**
 * What the report says in one line. done: every line of the checklist that applies is done. open: something is left to do, and nothing
 * failed. failed: a line of the checklist failed. unknown: there is no checklist.
 */
export interface Verdict {
  state: 'done' | 'open' | 'failed' | 'unknown';
  text: string;
}

/** Rows by owner; `orphaned` is null where the users' table is not known. */
export type RowsNow = Omit<OwnerCounts, 'orphaned'> & { orphaned: number | null };

/** One model's rows by owner, as the first run that was not rolled back met them, and as they are now. */
export interface RowsByOwner {
  model: string;
  run: string;
  ownerId: string;
  before: OwnerCounts;
  /** Null while a process works on a run, and where the table or its owner column is not there any more. */
  now: RowsNow | null;
}

/** How many rows a run had changed, and not rolled back, at a time. */
export interface ProgressPoint {
  time: string;
  rows: number;
}

/** One batch: how long it took from the commit before it, less the waits that are in the log. */
export interface BatchPoint {
  time: string;
  work: 'assign' | 'rollback';
  model: string;
  rows: number;
  seconds: number;
}

/** Points that stand for `of` measured ones; what was left out lies between the extremes that are kept. */
export interface Series<Point> {
  of: number;
  points: Point[];
}

/** The batches of one kind in numbers, counted over all of them. */
export interface BatchSummary {
  work: 'assign' | 'rollback';
  batches: number;
  rows: number;
  rowsPerSecond: number | null;
  seconds: { median: number; p95: number; longest: number };
  rowsPerBatch: { least: number; median: number; most: number };
}

/** A run with all that the journal has of it. */
export type ReportRun = StatusAnswer['runs'][number] & {
  toolVersion: string;
  schemaFingerprint: string;
  batchSize: number;
  chosen: string[];
  summaries: BatchSummary[];
  progress: Series<ProgressPoint>;
  batches: Series<BatchPoint>;
  /** The longest ones. */
  waits: Series<Wait>;
  /** Null where no batch was proved. */
  proof: RunProof | null;
  /** The oldest and the newest, where there are very many. */
  events: RunEvent[];
  eventsLeftOut: number;
};

/** What was asked for, and what was decided from the schema. */
interface ReportSettings {
  flags: TypedFlags;
  ownerModel: string | null;
  /** Null where the schema could not be read or decided. */
  models: ModelsAnswer['models'] | null;
}

/** What report answers: the page holds the same numbers. Times are ISO 8601 in UTC, by the database's clock. */
export interface ReportAnswer {
  command: 'report';
  database: DatabaseName;
  time: string;
  toolVersion: string;
  serverVersion: string;
  verdict: Verdict;
  /** The command to type next; empty where nothing is left to do. */
  next: string;
  settings: ReportSettings;
  checklist: ChecklistLine[] | null;
  rows: RowsByOwner[];
  /** The newest first. */
  runs: ReportRun[];
  guards: StatusAnswer['guards'];
  replicas: StatusAnswer['replicas'];
  backups: (BackupEvidence & { time: string })[];
  restores: (RestoreEvidence & { time: string })[];
  rehearsals: (RehearsalEvidence & { time: string })[];
  findings: Finding[];
}
