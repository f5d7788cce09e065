import type { ChecklistLine } from '../checklist/lines.ts';
import type { PackageManager } from '../init/manager.ts';
import type { ModelReport } from '../ownership/count.ts';
import type { JournalLoss } from '../ownership/cleanup.ts';
import type { Finding } from '../ownership/findings.ts';
import type { GuardReport } from '../ownership/guard.ts';
import type { RunProof } from '../ownership/proof.ts';
import type { PhaseModel } from '../phases/plan.ts';
import type { ModelClass } from '../schema/classify.ts';
import type { TypedFlags } from '../typed-flags.ts';
import type { DatabaseName } from './database-command.ts';

/** The chosen user as results name them. */
export interface ChosenUser {
  id: string;
  label: string;
}

/** What there is to fall back on: the newest backup and rehearsal that the journal knows, and the database's clock. */
export interface SafetyReport {
  time: string;
  backup: { path: string; host: string; taken: string; verified: string | null } | null;
  rehearsal: { time: string; userId: string; host: string; ok: boolean } | null;
}

/** What step 1 answers. */
export interface CheckAnswer {
  command: 'production-safe';
  step: 1;
  ok: boolean;
  database: DatabaseName;
  user: ChosenUser;
  models: ModelReport[];
  safety: SafetyReport;
  findings: Finding[];
}

/** What step 2 answers. In a dry run nothing is assigned, and `batches` is an estimate. */
export interface AssignAnswer {
  command: 'production-safe';
  step: 2;
  /** Every row of the models of this run has an owner, as counted afterwards; in a dry run: nothing stands in the way. */
  ok: boolean;
  dryRun: boolean;
  run: string | null;
  user: ChosenUser;
  models: { model: string; assigned: number; unowned: number; batches: number }[];
  elapsedMs: number;
  /** In a dry run with --guard also those that would be created. */
  guards: GuardReport[];
  /** Of the whole run; null without --proof, and where nothing was assigned. */
  proof: RunProof | null;
  findings: Finding[];
}

/** What step 3 answers. */
export interface VerifyAnswer {
  command: 'production-safe';
  step: 3;
  ok: boolean;
  run: string | null;
  user: ChosenUser;
  models: ModelReport[];
  guards: GuardReport[];
  /** Of `run`; null where none of its rows is proved. */
  proof: RunProof | null;
  findings: Finding[];
}

/** What rollback answers. In a dry run: what it would do. */
export interface RollbackAnswer {
  command: 'rollback';
  ok: boolean;
  dryRun: boolean;
  run: string;
  models: { model: string; reverted: number; skipped: number }[];
  findings: Finding[];
}

/** What schema answers, and rollback with `--phase`: a phase, or a phase taken back, in the project's files. */
export interface PhaseAnswer {
  command: 'schema' | 'rollback';
  phase: 1 | 3;
  /** No finding forbids it. */
  ok: boolean;
  written: boolean;
  /** Migrations are among the changes where the database needs any. */
  withSql: boolean;
  /** Left out where none was asked. */
  database?: DatabaseName;
  /** As `--backup` named it. */
  backup?: string;
  models: PhaseModel[];
  changes: { path: string; change: 'created' | 'changed' | 'removed'; diff: string }[];
  findings: Finding[];
}

/** What pause, resume and cancel answer: which run was asked, and who works on it. */
export interface RequestAnswer {
  command: 'pause' | 'resume' | 'cancel';
  ok: true;
  database: DatabaseName;
  run: string;
  ownerId: string;
  process: { pid: number; host: string };
}

/** What cleanup answers. In a dry run: what it would remove. */
export interface CleanupAnswer {
  command: 'cleanup';
  ok: boolean;
  dryRun: boolean;
  guards: GuardReport[];
  /** Guards of which something was left although a migration had removed their triggers. */
  leftovers: string[];
  /** Null where the journal stays, or where there was none. `remains`: its place does, as something else is in it. */
  journal: (JournalLoss & { remains: boolean }) | null;
  findings: Finding[];
}

/** What status answers: runs, newest first. */
export interface StatusAnswer {
  command: 'status';
  database: DatabaseName;
  /** When it was read, by the database's clock. */
  time: string;
  runs: {
    id: string;
    status: string;
    ownerModel: string;
    ownerId: string;
    started: string;
    finished: string | null;
    /** Those that chose its models. */
    flags: TypedFlags;
    /** The process that works on it, when its heartbeat and its host say that it does. */
    process: { command: string; host: string; pid: number; heartbeat: string } | null;
    /** How that process gets on; null where there is none. */
    live: LiveProgress | null;
    models: {
      model: string;
      status: string;
      toAssign: number;
      assigned: number;
      batches: number;
      reverted: number;
    }[];
  }[];
  /** How far each replica is behind, as the primary knows it; null where it does not. PostgreSQL only. */
  replicas: { replica: string; seconds: number | null }[];
  safety: SafetyReport;
  guards: GuardReport[];
  /** Null where the schema could not be read or decided; CHECKLIST_UNREAD says why. */
  checklist: ChecklistLine[] | null;
  /** The command to type next; empty where nothing is left to do. */
  next: string;
  findings: Finding[];
}

/** A run that is being worked on. The rate is that of its last batches; the time left is an estimate. */
export interface LiveProgress {
  rowsPerSecond: number | null;
  secondsLeft: number | null;
  /** Why it does not begin its next batch, and since when. */
  waiting: { cause: string; since: string } | null;
  /** What it was asked for and has not done yet. */
  request: { what: 'pause' | 'cancel'; by: string } | null;
}

/** What models answers. `class` is `undecided` for all while the owner model is not known. */
export interface ModelsAnswer {
  command: 'models';
  ownerModel: string | null;
  candidates: string[];
  models: {
    model: string;
    table: string;
    class: ModelClass | 'undecided';
    ownerColumn?: string;
    path?: string[];
    reason: string;
  }[];
  findings: Finding[];
}

/** What init answers; `commands` are typed as the project's package manager takes them. */
export interface InitAnswer {
  command: 'init';
  ok: boolean;
  dryRun: boolean;
  undo: boolean;
  packageManager: PackageManager;
  changes: { path: string; change: 'created' | 'changed' | 'removed'; diff: string }[];
  /** The scripts that were added, or removed. */
  scripts: string[];
  findings: Finding[];
  commands: string[];
}
