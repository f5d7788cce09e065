import type { Database } from '../database/dialect.ts';
import type { Guard } from '../database/guard.ts';
import type { Decision } from '../schema/decide.ts';
import { stepCommand } from '../typed-flags.ts';
import { type CheckResult, check } from './check.ts';
import { countJournaled, type ModelReport } from './count.ts';
import type { Finding } from './findings.ts';
import * as findings from './findings.ts';
import * as runFindings from './run-findings.ts';
import { isUnfinished, listRunModels, listRuns, type Run, type RunModel } from './journal.ts';
import { type RunProof, readProof } from './proof.ts';
import type { User } from './target.ts';

/** Step 3's answer. */
export interface VerifyResult {
  user: User;
  /** The last run for this user that is not rolled back. */
  run: string | null;
  models: ModelReport[];
  guards: Guard[];
  /** Of `run`; null where none of its rows is proved. */
  proof: RunProof | null;
  findings: Finding[];
}

/** Findings of step 1 that also make a verification fail; the others only stand in the way of writing. */
const DECISIVE = [
  'TABLE_MISSING',
  'COLUMN_MISSING',
  'COLUMN_NOT_IN_SCHEMA',
  'COLUMN_TYPE_DIFFERS',
  'NOT_READABLE',
];
const ALSO_DECISIVE = [...DECISIVE, 'ROWS_HIDDEN', 'ORPHANED', 'AMBIGUOUS_OWNER'];
const ABOUT_GUARDS = ['GUARD_ACTIVE', 'GUARD_OF_ANOTHER', 'GUARD_WITH_OTHERS'];

/**
 * Step 3: says whether every row of the owned models has an owner that exists, and whether every row that the journal
 * says was assigned to this user still is. It repairs nothing and writes nothing.
 */
export async function verify(database: Database, decision: Decision, userId: string): Promise<VerifyResult> {
  return verifyChecked(database, await check(database, decision, userId));
}

/** The same, of what step 1 has just counted. */
export async function verifyChecked(database: Database, checked: CheckResult): Promise<VerifyResult> {
  const { user, models } = checked;
  const known = checked.findings.filter(({ code }) => [...ALSO_DECISIVE, ...ABOUT_GUARDS].includes(code));
  const unowned = models
    .filter((model) => model.unowned > 0 && model.phase !== 'missing')
    .map((model) => findings.unowned(model.model, model.unowned, user.id));
  const runs = await findRuns(database, user);
  const journaled = await compareWithJournal(database, checked, runs);
  const aboutRuns = runs[0] ? describeOpenRun(runs[0], user) : [runFindings.noRun()];
  return {
    user,
    run: runs[0]?.id ?? null,
    models,
    guards: checked.guards,
    proof: await findProof(database, runs[0]),
    findings: [...known, ...unowned, ...journaled, ...aboutRuns],
  };
}

function findRuns({ read, dialect, url }: Database, user: User): Promise<Run[]> {
  return read(async (session) => {
    const runs = await listRuns(session, dialect, url.defaultSchema);
    return runs.filter(({ ownerId, status }) => ownerId === user.id && status !== 'rolledBack');
  });
}

async function findProof({ read, dialect }: Database, run: Run | undefined): Promise<RunProof | null> {
  if (!run) return null;
  const proof = await read((session) => readProof(session, dialect, run.id));
  return proof.rows > 0 ? proof : null;
}

function describeOpenRun(run: Run, user: User): Finding[] {
  const assign = stepCommand('assign', user.id, run.flags);
  return isUnfinished(run) ? [runFindings.runStillOpen(run.id, run.status, assign)] : [];
}

/** Looks up every journaled key, and holds today's counts against those from before the run. */
async function compareWithJournal(
  database: Database,
  { models, user }: CheckResult,
  runs: Run[],
): Promise<Finding[]> {
  const { dialect, read } = database;
  const found: Finding[] = [];
  for (const run of runs) {
    for (const entry of await read((session) => listRunModels(session, dialect, run.id))) {
      const now = models.find(({ model }) => model === entry.model);
      if (!now || now.phase === 'missing') continue;
      const counted = await read((session) => countJournaled(session, dialect, entry));
      if (counted.unowned > 0)
        found.push(runFindings.journaledUnowned(entry.model, run.id, counted.unowned, user.id));
      if (counted.reassigned > 0) found.push(runFindings.reassigned(entry.model, run.id, counted.reassigned));
      if (counted.deleted > 0) found.push(runFindings.deleted(entry.model, run.id, counted.deleted));
      found.push(...compareWithBefore(entry, now, counted.kept));
    }
  }
  return found;
}

/** Nothing of ours lowers these counts; where they are lower the application did it, and somebody should know. */
function compareWithBefore({ model, before }: RunModel, now: ModelReport, kept: number): Finding[] {
  const counts: [what: string, before: number, now: number][] = [
    ['rows', before.rows, now.rows],
    ['rows of other users', before.ownedByOthers, now.ownedByOthers],
    ['rows that this user had before', before.ownedByUser, Math.max(0, now.ownedByUser - kept)],
  ];
  return counts
    .filter(([, before, now]) => now < before)
    .map(([what, before, now]) => runFindings.fewerThanBefore(model, what, before, now));
}
