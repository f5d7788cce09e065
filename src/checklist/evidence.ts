import type { Recorded } from '../ownership/evidence.ts';
import type { Finding } from '../ownership/findings.ts';
import type { Run } from '../ownership/journal.ts';
import type { Safety } from '../ownership/safety.ts';
import type { SurveyedModel } from '../ownership/survey.ts';
import type { Tick } from '../ownership/ticks.ts';

/** All that the checklist is decided from: read at one time, and nothing of it remembered from before. */
export interface Evidence {
  /** ISO 8601 text by the database's clock. */
  time: string;
  ticks: Tick[];
  safety: Safety;
  /** The newest of each. */
  isolation: { check: Recorded<'isolationCheck'> | null; scan: Recorded<'isolationScan'> | null };
  /** How many users there are; null where there is no table of them. */
  users: number | null;
  models: ModelEvidence[];
  /** Models of which it cannot be told which column is the owner's. */
  ambiguous: string[];
  migrations: { applied: string[]; failed: string[]; pending: string[] };
  /** The last run that is not rolled back. */
  run: RunEvidence | null;
  /** The last run of all, where it is rolled back. */
  rolledBack: string | null;
  /** The user of that run; null where there is no run, or no such user any more. */
  chosen: { id: string; label: string } | null;
  /** What steps 1 and 3 find for that user; null where there is none, or while a process works on the run. */
  checked: { errors: Finding[]; verification: Finding[]; verifyErrors: Finding[] } | null;
  /** All rows were counted: not while a process works on a run, nor where the role cannot see them all or types cannot be compared. */
  isCounted: boolean;
  guards: number;
}

/** An owned model as the schema, the database and the migrations have it. */
export interface ModelEvidence
  extends Pick<SurveyedModel, 'model' | 'phase' | 'rows' | 'unowned' | 'orphaned'> {
  isRequiredInSchema: boolean;
  /** The migrations that added the owner column, and that made it required, where one of them did. */
  addedBy: string | null;
  requiredBy: string | null;
}

/** A run, and how far it is. */
export interface RunEvidence extends Pick<Run, 'id' | 'status' | 'ownerId' | 'flags' | 'started'> {
  /** A process works on it now. */
  isLive: boolean;
  assigned: number;
  toAssign: number;
  /** Of those assigned, rows of which it is proved that nothing but the owner changed. */
  proved: number;
  /** Rows that a rollback which is not finished has set back. */
  reverted: number;
}
