import type { Scope } from '../isolation/map.ts';
import type { CheckReport, WayReport } from '../isolation-check/check.ts';
import type { Counts } from '../isolation-check/verdict.ts';
import type { Finding } from '../ownership/findings.ts';
import type { DatabaseName } from './database-command.ts';

/** What isolation answers with `--generate`. In a dry run `ok` says that the file is as the schema would have it. */
export interface GenerateAnswer {
  command: 'isolation';
  /** The file. */
  generate: string;
  ok: boolean;
  dryRun: boolean;
  change: 'created' | 'changed' | 'unchanged';
  ownerModel: string;
  /** What a scoped client goes by; `by` is the owner column's field, or the relation to the row that it hangs on. */
  models: { model: string; scope: Scope['kind']; by?: string }[];
  findings: Finding[];
}

/** What isolation answers with `--rls`. In a dry run `ok` says that nothing is to be written, and no finding forbids it. */
export interface RlsAnswer {
  command: 'isolation';
  rls: 'apply' | 'undo';
  ok: boolean;
  dryRun: boolean;
  database: DatabaseName;
  /** The role that the app connects as; null where policies are taken back. */
  role: { name: string; bypasses: boolean } | null;
  /** Roles that no policy holds for. */
  bypassing: string[];
  /**
   * `by`: the owner column, or with `through` the tables of the rows that must be seen. `state`: before the migrations are
   * applied.
   */
  models: {
    model: string;
    table: string;
    by: string;
    through: boolean;
    state: 'missing' | 'differs' | 'same';
  }[];
  changes: { path: string; change: 'created' | 'changed' | 'removed'; diff: string }[];
  findings: Finding[];
}

/** What isolation answers with `--check`. `ok` says that no attempt leaked, and that some were made by every way that is there. */
export interface CheckAnswer {
  command: 'isolation';
  check: true;
  ok: boolean;
  database: DatabaseName;
  /** The attempts were made on a scratch copy of it. */
  copied: boolean;
  users: CheckReport['users'];
  ways: (WayReport & { counts: Counts })[];
  /** Of all ways together. */
  counts: Counts;
  findings: Finding[];
}

/** A call in the application's code; lines and columns begin at 1. */
export interface CallReport {
  file: string;
  line: number;
  column: number;
  model: string | null;
  operation: string;
  code: string;
  severity: Finding['severity'];
  message: string;
  /** What to type instead; empty where there is nothing to do. */
  remedy: string;
  /** The reason that an ownership-ignore gives. */
  ignored?: string;
  /** The reason that raw SQL gives for not being scoped. */
  meant?: string;
}

/** What isolation answers with `--scan`. */
export interface ScanAnswer {
  command: 'isolation';
  /** The folder, as it was typed. */
  scan: string;
  /** No error among the calls that are not ignored, nor among the findings. */
  ok: boolean;
  files: number;
  calls: CallReport[];
  /** Each call that is listed is counted once; `scoped` are those on owned rows that are not listed. */
  counts: {
    errors: number;
    warnings: number;
    scopedByHand: number;
    ignored: number;
    meant: number;
    scoped: number;
  };
  findings: Finding[];
}
