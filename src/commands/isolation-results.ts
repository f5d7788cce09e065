import type { CheckReport, WayReport } from '../isolation-check/check.ts';
import type { Counts } from '../isolation-check/verdict.ts';
import type { Finding } from '../ownership/findings.ts';
import type { DatabaseName } from './database-command.ts';

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
