import type { Database, Session } from '../database/dialect.ts';
import { ToolkitError } from '../errors.ts';
import { type AppliedMigration, compareMigrations, listAppliedMigrations } from '../migrations/applied.ts';
import { listMigrations, type StoredMigration } from '../migrations/folder.ts';
import { findOwnerHistory } from '../migrations/owner-history.ts';
import { check } from '../ownership/check.ts';
import { countRows } from '../ownership/count.ts';
import { hasErrors } from '../ownership/findings.ts';
import { listGuards } from '../ownership/guard.ts';
import { listBatchTotals, listRunModels, listRuns, type Run } from '../ownership/journal.ts';
import { inspectModels, listHidden, type SurveyedModel, surveyModels } from '../ownership/survey.ts';
import { type BackupEvidence, listEvidence } from '../ownership/evidence.ts';
import { readProof } from '../ownership/proof.ts';
import { readSafety } from '../ownership/safety.ts';
import { tableOf } from '../ownership/target.ts';
import { listTicks } from '../ownership/ticks.ts';
import { verifyChecked } from '../ownership/verify.ts';
import { readClock } from '../ownership/writer.ts';
import type { Decision } from '../schema/decide.ts';
import type { Evidence, ModelEvidence, RunEvidence } from './evidence.ts';

/** What the evidence is gathered from, besides the database. */
export interface GatherOptions {
  decision: Decision;
  /** Where the project's migrations are. */
  migrations: string;
  /** Whether a process works on a run now, as far as can be told. */
  isLive: (run: Run, now: string) => boolean;
  /** Whether it is known that nobody has a backup any more. */
  isGone: (backup: BackupEvidence) => boolean;
}

/** What is read in one transaction, so that it is of one moment. */
interface Seen
  extends Pick<
    Evidence,
    'time' | 'ticks' | 'safety' | 'isolation' | 'users' | 'run' | 'rolledBack' | 'guards'
  > {
  applied: AppliedMigration[] | null;
}

type Counted = Pick<Evidence, 'chosen' | 'checked'> & { models: SurveyedModel[]; isCounted: boolean };

/**
 * Reads all that the checklist is decided from: the database, and the folder of migrations. While a process works on a run no
 * row is counted, so that looking costs it nothing. Writes nothing.
 */
export async function gatherEvidence(database: Database, options: GatherOptions): Promise<Evidence> {
  const { decision } = options;
  const seen = await database.read((session) => look(session, database, options));
  const { applied, ...rest } = seen;
  const { models, ...counted } = await count(database, decision, seen);
  const stored = listMigrations(options.migrations);
  return {
    ...rest,
    ...counted,
    models: models.map((model) => toEvidence(model, decision, stored)),
    ambiguous: decision.ambiguous.map(({ model }) => model.name),
    migrations: compareMigrations(stored, applied),
  };
}

async function look(session: Session, database: Database, options: GatherOptions): Promise<Seen> {
  const { dialect, url } = database;
  const scope = url.defaultSchema;
  const time = await readClock(session, dialect);
  const runs = await listRuns(session, dialect, scope);
  const run = runs.find(({ status }) => status !== 'rolledBack');
  return {
    time,
    ticks: await listTicks(session, dialect, scope),
    safety: await readSafety(session, database, options.isGone),
    isolation: await readIsolation(session, database),
    users: await countUsers(session, database, options.decision),
    run: run ? await describeRun(session, database, run, options.isLive(run, time)) : null,
    rolledBack: runs[0]?.status === 'rolledBack' ? runs[0].id : null,
    guards: (await listGuards(session, database)).length,
    applied: await listAppliedMigrations(session, dialect, scope),
  };
}

async function readIsolation(session: Session, database: Database): Promise<Evidence['isolation']> {
  const [check = null] = await listEvidence(session, database, 'isolationCheck');
  const [scan = null] = await listEvidence(session, database, 'isolationScan');
  return { check, scan };
}

/** Null where there is no table of users. */
async function countUsers(
  session: Session,
  { dialect, url }: Database,
  decision: Decision,
): Promise<number | null> {
  const table = tableOf(decision.owner.model, url.defaultSchema);
  const info = await dialect.inspectTable(session, table, decision.owner.key.column);
  return info ? countRows(session, dialect, table) : null;
}

async function describeRun(
  session: Session,
  { dialect }: Database,
  { id, status, ownerId, flags, started }: Run,
  isLive: boolean,
): Promise<RunEvidence> {
  const totals = await listBatchTotals(session, dialect, id);
  const models = await listRunModels(session, dialect, id);
  const sum = (key: 'rows' | 'reverted') => totals.reduce((all, total) => all + total[key], 0);
  const toAssign = models.reduce((all, { before }) => all + before.unowned, 0);
  return {
    id,
    status,
    ownerId,
    flags,
    started,
    isLive,
    assigned: sum('rows'),
    toAssign,
    proved: (await readProof(session, dialect, id)).rows,
    reverted: sum('reverted'),
  };
}

/** Findings that say that what was counted is not all that there is. */
const UNCOUNTED = ['ROWS_HIDDEN', 'COLUMN_TYPE_DIFFERS'];

/** With a chosen user steps 1 and 3 count; without one, every model is counted with nobody in mind. */
async function count(database: Database, decision: Decision, { run, users }: Seen): Promise<Counted> {
  const nobody = { chosen: null, checked: null };
  if (users === null) return { ...nobody, models: [], isCounted: false };
  if (run?.isLive) {
    const models = await database.read((session) => inspectModels(session, database, decision));
    return { ...nobody, chosen: { id: run.ownerId, label: run.ownerId }, models, isCounted: false };
  }
  const checked = run && (await checkOrNull(database, decision, run.ownerId));
  if (!checked) {
    return database.read(async (session) => {
      const models = await surveyModels(session, database, decision);
      const hidden = await listHidden(session, database, decision.owned);
      return {
        ...nobody,
        models,
        isCounted: hidden.length === 0 && models.every(({ orphaned }) => orphaned !== null),
      };
    });
  }
  const { findings } = await verifyChecked(database, checked);
  return {
    chosen: { id: checked.user.id, label: checked.user.label },
    checked: {
      errors: checked.findings.filter((each) => hasErrors([each])),
      verification: findings,
      verifyErrors: findings.filter((each) => hasErrors([each])),
    },
    models: checked.models,
    isCounted: checked.findings.every(({ code }) => !UNCOUNTED.includes(code)),
  };
}

/** Null where the run's user is not there any more, or could not be one. */
async function checkOrNull(database: Database, decision: Decision, userId: string) {
  try {
    return await check(database, decision, userId);
  } catch (error) {
    const isMissing =
      error instanceof ToolkitError && ['USER_NOT_FOUND', 'USER_ID_MALFORMED'].includes(error.code);
    if (!isMissing) throw error;
    return null;
  }
}

function toEvidence(
  model: SurveyedModel,
  decision: Decision,
  stored: readonly StoredMigration[],
): ModelEvidence {
  const owned = decision.owned.find((each) => each.model.name === model.model);
  const history = owned ? findOwnerHistory(stored, owned) : { addedBy: null, requiredBy: null };
  const { phase, rows, unowned, orphaned } = model;
  const { addedBy, requiredBy } = history;
  return {
    model: model.model,
    phase,
    rows,
    unowned,
    orphaned,
    isRequiredInSchema: owned?.owner.isRequired ?? false,
    addedBy,
    requiredBy,
  };
}
