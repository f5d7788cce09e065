import type { Finding } from '../ownership/findings.ts';
import type { CopyReport } from '../rehearsal/copies.ts';
import type { Measure } from '../rehearsal/measure.ts';
import type { Part } from '../rehearsal/part-log.ts';
import type { Prediction } from '../rehearsal/predict.ts';
import type { Proof } from '../rehearsal/proof.ts';
import type { DatabaseName } from './database-command.ts';
import type { ChosenUser } from './results.ts';

/** What backup answers. In a dry run: what it would do, and nothing is in the folder `path` yet. */
export interface BackupAnswer {
  command: 'backup';
  /** False where the copy that was restored is not what was backed up. */
  ok: boolean;
  dryRun: boolean;
  database: DatabaseName;
  /** From the working directory, where it is below that. */
  path: string;
  /** The moment that it is of; null in a dry run. */
  time: string | null;
  tool: string;
  files: { name: string; bytes: number; sha256: string }[];
  bytes: number;
  elapsedMs: number;
  tables: { table: string; rows: number }[];
  rows: number;
  /** Null where it was not asked for, or where something differs. */
  verified: { time: string; tables: number; rows: number } | null;
  /** Rows in the manifest and in the copy, null where the table is not there; and the first keys. */
  differences: {
    table: string;
    before: number | null;
    after: number | null;
    keys: { key: string[]; what: 'changed' | 'missing' | 'added' }[];
  }[];
  /** Bytes that the rows take in the database, and that the disk has left. */
  space: { database: number; free: number };
  findings: Finding[];
  next: string;
}

/** What restore answers. In a dry run: what it would do. */
export interface RestoreAnswer {
  command: 'restore';
  ok: boolean;
  dryRun: boolean;
  /** The one that was replaced, or with `--to` filled. */
  database: DatabaseName;
  /** `time` is the moment that it is of; `verified` when it was proved to restore, before this. */
  backup: { path: string; database: string; time: string; verified: string | null };
  tables: number;
  rows: number;
  /** Where the old database is, what puts it back, and what removes it; null where there was nothing to keep. */
  kept: { name: string; undo: string; removal: string } | null;
  elapsedMs: number;
  findings: Finding[];
  next: string;
}

/** What rehearse answers. */
export interface RehearseAnswer {
  command: 'rehearse';
  /** Every part was run, and held or had nothing to do. */
  ok: boolean;
  database: DatabaseName;
  user: ChosenUser;
  copied: CopyReport;
  /** On whose server, or beside whose file, the copies were. */
  server: DatabaseName;
  /** The names of copies that could not be removed. */
  left: string[];
  parts: (Omit<Part, 'models'> & { models: (Measure & { production: Prediction | null })[] })[];
  proof: Proof;
  elapsedMs: number;
  findings: Finding[];
}
