import type { StatusAnswer } from '../commands/results.ts';
import type { Database, Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import { type EvidenceKinds, listEvidence } from '../ownership/evidence.ts';
import { getRunSettings, listBatchRecords, listEvents } from '../ownership/history.ts';
import { type RunProof, readProof } from '../ownership/proof.ts';
import type { ReportAnswer, ReportRun } from './report-data.ts';
import { measureBatches, pickWaits, planProgress, summarizeBatches, thinBatches } from './series.ts';

/** What of a report comes from the journal and the server alone. */
type JournalRecord = Pick<ReportAnswer, 'serverVersion' | 'runs' | 'backups' | 'restores' | 'rehearsals'>;

/** So many of a log are shown from its beginning, and from its end; what is between them stays in the journal. */
const EVENTS_KEPT = { first: 200, last: 300 };

/** Reads all that the journal has of these runs, and the evidence that commands left. It writes nothing. */
export async function gatherRecord(
  session: Session,
  database: Database,
  runs: StatusAnswer['runs'],
): Promise<JournalRecord> {
  const described: ReportRun[] = [];
  for (const run of runs) described.push(await gatherRun(session, database, run));
  const list = async <Kind extends keyof EvidenceKinds>(kind: Kind) =>
    (await listEvidence(session, database, kind)).map(({ time, body }) => ({ time, ...body }));
  return {
    serverVersion: await readServerVersion(session, database),
    runs: described,
    backups: dropEarlier(await list('backup')),
    restores: await list('restore'),
    rehearsals: await list('rehearsal'),
  };
}

/** A backup that is verified later is journaled again: what was said of it last is what counts. The newest come first. */
function dropEarlier<Backup extends { host: string; path: string }>(backups: readonly Backup[]): Backup[] {
  const isSame = (one: Backup, other: Backup) => one.host === other.host && one.path === other.path;
  return backups.filter((backup, i) => backups.findIndex((other) => isSame(backup, other)) === i);
}

async function gatherRun(
  session: Session,
  { dialect }: Database,
  run: StatusAnswer['runs'][number],
): Promise<ReportRun> {
  const { toolVersion, schemaFingerprint, options } = await getRunSettings(session, dialect, run.id);
  const batches = await listBatchRecords(session, dialect, run.id);
  const events = await listEvents(session, dialect, run.id);
  const measured = measureBatches(batches, events);
  const { first, last } = EVENTS_KEPT;
  const eventsLeftOut = Math.max(0, events.length - first - last);
  return {
    ...run,
    toolVersion,
    schemaFingerprint,
    batchSize: options.batchSize,
    chosen: options.models,
    summaries: summarizeBatches(measured),
    progress: planProgress(batches, run.started),
    batches: thinBatches(measured),
    waits: pickWaits(events),
    proof: await findProof(session, dialect, run.id),
    events: eventsLeftOut > 0 ? [...events.slice(0, first), ...events.slice(-last)] : events,
    eventsLeftOut,
  };
}

/** Null where no batch of the run is proved. */
async function findProof(session: Session, dialect: Dialect, run: string): Promise<RunProof | null> {
  const proof = await readProof(session, dialect, run);
  return proof.batches > 0 ? proof : null;
}

async function readServerVersion(session: Session, { dialect }: Database): Promise<string> {
  const rows = await session.query<{ version: string }>(sql`SELECT ${dialect.serverVersion} AS version`);
  return rows[0]?.version ?? '';
}
