import type { Database, Dialect, Session } from '../database/dialect.ts';
import { sql } from '../database/sql.ts';
import { withRetry } from './retry.ts';

/** A backup as the journal has it. Paths are as the operator's host has them; times are ISO 8601 in UTC. */
export interface BackupEvidence {
  path: string;
  host: string;
  /** The moment that it is of. */
  taken: string;
  /** Null where it was not verified. */
  verified: string | null;
  bytes: number;
  rows: number;
  tables: number;
  /** Of the manifest. */
  sha256: string;
}

/** A database that was put back. */
export interface RestoreEvidence {
  path: string;
  by: string;
  /** The moment that the backup was of. */
  taken: string;
  /** Where the database went that was replaced. */
  kept: string | null;
}

/** A rehearsal: what it proved, and what it measured. */
export interface RehearsalEvidence {
  userId: string;
  host: string;
  ok: boolean;
  /** The whole answer of the command. */
  answer: unknown;
}

/** What one user could do to the rows of another: how many attempts were made by each way, and how many came off. */
interface IsolationCheckEvidence {
  ok: boolean;
  /** What could not be tried, or not be seen, is in `notTried`. */
  ways: { way: string; attempts: number; leaks: number; notTried: number }[];
  leaks: number;
  host: string;
}

/** A scan of the application's code for calls that are not scoped. */
interface IsolationScanEvidence {
  dir: string;
  files: number;
  /** Calls that are not ignored. */
  errors: number;
  warnings: number;
  ignored: number;
  /** Raw SQL that says why it is not scoped. */
  meant: number;
  host: string;
  ok: boolean;
}

/** Each kind of evidence that a command leaves in the journal. */
export interface EvidenceKinds {
  backup: BackupEvidence;
  restore: RestoreEvidence;
  rehearsal: RehearsalEvidence;
  isolationCheck: IsolationCheckEvidence;
  isolationScan: IsolationScanEvidence;
}

/** What a command proved, and when, by the database's clock. */
export interface Recorded<Kind extends keyof EvidenceKinds> {
  kind: Kind;
  time: string;
  body: EvidenceKinds[Kind];
}

/**
 * Journals what a command proved, in a journal that is created where it is missing. It takes no writer's lock. Throws the
 * database's own error where this role may not write: the evidence itself is what the command made.
 */
export async function recordEvidence<Kind extends keyof EvidenceKinds>(
  database: Database,
  kind: Kind,
  body: EvidenceKinds[Kind],
): Promise<void> {
  const { dialect, url, read, signal } = database;
  const isThere = await read((session) => dialect.journalExists(session, 'evidence'));
  if (!isThere) await withRetry(() => dialect.createJournal(signal));
  await withRetry(() =>
    signal(async (session) => {
      await session.execute(sql`
        INSERT INTO ${dialect.journal('evidence')} (scope, kind, time, body)
        VALUES (${url.defaultSchema}, ${kind}, ${dialect.now}, ${JSON.stringify(body)})`);
    }),
  );
}

/** A record as the journal has it, whatever its kind. */
export interface EvidenceRow {
  kind: string;
  time: string;
  body: string;
}

/** All of them, oldest first; none where there is no journal. */
export async function listEvidenceRows(
  session: Session,
  { dialect, url }: { dialect: Dialect; url: { defaultSchema: string } },
): Promise<EvidenceRow[]> {
  if (!(await dialect.journalExists(session, 'evidence'))) return [];
  return session.query<EvidenceRow>(
    sql`SELECT kind, time, body FROM ${dialect.journal('evidence')} WHERE scope = ${url.defaultSchema} ORDER BY id`,
  );
}

/** Journals what another journal of the same database had and this one does not know, with its time. */
export async function carryEvidence(database: Database, rows: readonly EvidenceRow[]): Promise<void> {
  const { dialect, url, read, signal } = database;
  const known = (await read((session) => listEvidenceRows(session, database))).map(toText);
  const missing = rows.filter((row) => !known.includes(toText(row)));
  if (missing.length === 0) return;
  await withRetry(() => dialect.createJournal(signal));
  await withRetry(() =>
    signal(async (session) => {
      for (const { kind, time, body } of missing)
        await session.execute(sql`
          INSERT INTO ${dialect.journal('evidence')} (scope, kind, time, body)
          VALUES (${url.defaultSchema}, ${kind}, ${time}, ${body})`);
    }),
  );
}

function toText({ kind, time, body }: EvidenceRow): string {
  return JSON.stringify([kind, time, body]);
}

/** All of one kind, newest first; none where there is no journal. */
export async function listEvidence<Kind extends keyof EvidenceKinds>(
  session: Session,
  { dialect, url }: { dialect: Dialect; url: { defaultSchema: string } },
  kind: Kind,
): Promise<Recorded<Kind>[]> {
  if (!(await dialect.journalExists(session, 'evidence'))) return [];
  const rows = await session.query<{ time: string; body: string }>(sql`
    SELECT time, body FROM ${dialect.journal('evidence')}
     WHERE scope = ${url.defaultSchema} AND kind = ${kind} ORDER BY id DESC`);
  return rows.map(({ time, body }) => ({ kind, time, body: JSON.parse(body) as EvidenceKinds[Kind] }));
}
