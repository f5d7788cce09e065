import { availableParallelism } from 'node:os';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import { classifyFailure, explainDriverError, isDriverError } from '../database/driver-errors.ts';
import { copyRefused, restoreDiffers, restoreDiskFull, targetHoldsPart, ToolkitError } from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import { takeWriterLock } from '../ownership/writer.ts';
import { withScratch } from '../scratch/scratch.ts';
import { assertEmpty } from './assert-empty.ts';
import { compareTables } from './compare.ts';
import { type DigestedSoFar, digestDatabase } from './digest-database.ts';
import { loadBackup, type Loaded, type LoadProgress } from './load-backup.ts';
import { loadObjects } from './load-objects.ts';
import { describeChange, ownersLost, repaired } from './restore-findings.ts';
import { assertUnused, chooseKept, type RestoreRequest } from './restore-plan.ts';
import { getSwapper, type Swapped } from './swap.ts';

/** Of pg_restore: making indexes is most of the time. */
const CONNECTIONS = Math.min(4, availableParallelism());
/** How long a process that was killed may still be in the server's list. */
const JUST_ENDED_MS = 2000;
/** Errors of before anything is loaded, and one that says itself what is there. */
const SAYS_ENOUGH = /^(TARGET_NOT_EMPTY|TOOL_(MISSING|UNUSABLE|OLDER|OF_ANOTHER)|RESTORE_DIFFERS)$/;

/** Errors that say what is in the database now, whatever their cause is. */
const SAYS_WHAT_IS_THERE = ['TARGET_HOLDS_PART', 'JOURNAL_STAYS'];

/** What a restore is at. */
export type RestoreProgress = { loaded: LoadProgress } | { digested: DigestedSoFar } | 'swapping';

export interface RestoreSettings extends RestoreRequest {
  /** The name that the old database gets, as planned; null where it is to be chosen, or nothing is replaced. */
  kept: string | null;
  signal: AbortSignal;
  /** Something that the operator should know, as a sentence. */
  note: (text: string) => void;
  onProgress?: (progress: RestoreProgress) => void;
  /** How long the swap waits for others to leave. */
  waitMs?: number;
}

/**
 * Restores a backup that `planRestore` found nothing against. It is loaded into a new database and verified there, table by
 * table; only then that takes the place of the old one, which is kept. When this throws, or the signal ends it, the old one is
 * in its place as it was, and the copy is gone; a process that is killed leaves the copy to the next restore.
 */
export async function restoreBackup(settings: RestoreSettings): Promise<Swapped> {
  try {
    if (isLoadedInPlace(settings)) return await loadIntoEmpty(settings);
    return await replaceDatabase(settings);
  } catch (error) {
    if (error instanceof ToolkitError && SAYS_WHAT_IS_THERE.includes(error.code)) throw error;
    if (isDiskFull(error)) throw restoreDiskFull(settings.url.name, error);
    if (error instanceof ToolkitError && error.code === 'SCRATCH_REFUSED')
      throw explainScratch(settings.url, error);
    // Of SQLite's own connections, whose transaction is rolled back.
    throw explainDriverError(error, settings.url, false);
  }
}

/** Of the file system or SQLite; what a server says of its own disk is among the tool's last words. */
function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (/^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(code) || /database or disk is full/.test(cause.message))
      return true;
  }
  return false;
}

/** Rehearsals have another way out than restores. */
function explainScratch({ name }: DatabaseUrl, error: ToolkitError): ToolkitError {
  const words = /^a scratch database .*?: (.*)\.$/m.exec(error.message)?.[1] ?? error.message;
  return copyRefused(name, words, error.cause);
}

async function replaceDatabase(settings: RestoreSettings): Promise<Swapped> {
  const { url, backup, env, operator, signal, note, onProgress } = settings;
  const swapper = await getSwapper(url.provider);
  const wasRepaired = await withDatabase(url, async (database) => {
    await takeWriterLock(database, operator);
    return swapper.repair(database, { env });
  });
  await assertUnused(url, Math.min(settings.waitMs ?? JUST_ENDED_MS, JUST_ENDED_MS));
  return withScratch(url, { ...operator, note }, async (scratch) => {
    // Nobody may begin a run meanwhile, as its rows would not be in what is loaded.
    const { findings, kept } = await withDatabase(url, async (database) => {
      await takeWriterLock(database, operator);
      return {
        findings: await loadVerified(scratch, settings),
        kept: settings.kept ?? (await chooseKept(database, settings.stamp)),
      };
    });
    signal.throwIfAborted();
    onProgress?.('swapping');
    const { waitMs } = settings;
    const swapped = await swapper.swap({
      url,
      scratch,
      kept,
      backup,
      env,
      operator,
      signal,
      ...(waitMs === undefined ? {} : { waitMs }),
    });
    return {
      ...swapped,
      findings: [...(wasRepaired ? [repaired()] : []), ...findings, ...swapped.findings],
    };
  });
}

/** Loads the backup into a copy that is to take the database's place, and compares each table with the manifest. */
async function loadVerified(scratch: DatabaseUrl, settings: RestoreSettings): Promise<Finding[]> {
  const { url } = settings;
  const loaded = await loadWhole(scratch, settings);
  const swapper = await getSwapper(url.provider);
  await swapper.prepare(url, scratch);
  await assertSame(scratch, settings, null);
  return findLosses(url, loaded);
}

/** With its journal and its owners, as it was. */
function loadWhole(target: DatabaseUrl, { backup, env, signal, onProgress }: RestoreSettings) {
  return loadBackup(backup, target, {
    env,
    signal,
    withJournal: true,
    withOwners: true,
    jobs: CONNECTIONS,
    onProgress: (progress) => onProgress?.({ loaded: progress }),
  });
}

/** A database that is there and empty is nobody's: it is loaded as it is, without a copy. */
async function loadIntoEmpty(settings: RestoreSettings): Promise<Swapped> {
  const { url, backup, env, signal } = settings;
  // An error of before anything is loaded says of itself that nothing was changed.
  await withDatabase(url, assertEmpty);
  try {
    const loaded = await loadWhole(url, settings);
    await assertSame(url, settings, url.name);
    const findings = findLosses(url, loaded);
    if (url.provider === 'mysql') findings.push(...(await loadObjects(backup, url, { env, signal })));
    return { kept: null, findings };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolkitError && SAYS_ENOUGH.test(error.code)) throw error;
    const words = explainWords(error);
    throw words === null ? error : targetHoldsPart(listFilled(settings), words, error);
  }
}

/** What an error of the database, its tools or the system says; null for a bug. */
function explainWords(error: unknown): string | null {
  if (error instanceof ToolkitError) return error.message;
  if (isDriverError(error)) return classifyFailure(error).words;
  return (error as NodeJS.ErrnoException).code === undefined ? null : (error as Error).message;
}

/** The databases that a backup is loaded into without being replaced. */
export function listFilled({ url, backup }: Pick<RestoreRequest, 'url' | 'backup'>): string[] {
  const hasJournal = backup.manifest.files.some(({ role }) => role === 'journal');
  return url.provider === 'mysql' && hasJournal ? [url.name, journalDatabaseOf(url.name)] : [url.name];
}

/** Whether nothing is replaced, so that whatever is loaded stays. */
export function isLoadedInPlace({ url, isOther }: Pick<RestoreRequest, 'url' | 'isOther'>): boolean {
  return isOther && url.provider !== 'sqlite';
}

function findLosses(url: DatabaseUrl, { hasOwners }: Loaded): Finding[] {
  return hasOwners ? [] : [ownersLost(decodeURIComponent(new URL(url.url).username))];
}

/** Throws RESTORE_DIFFERS where a table is not as the manifest says. `target`: it is no copy, and stays. */
async function assertSame(
  place: DatabaseUrl,
  { backup, signal, onProgress }: RestoreSettings,
  target: string | null,
): Promise<void> {
  const tables = await withDatabase(place, (database) =>
    digestDatabase(database, { signal, onProgress: (digested) => onProgress?.({ digested }) }),
  );
  const { provider, name } = backup.manifest.database;
  const renamed = provider === 'mysql' ? { before: name, after: place.name } : undefined;
  const changes = compareTables(backup.manifest.tables, tables, renamed);
  if (changes.length > 0) {
    const lines = changes.map((change) => describeChange(change, provider));
    throw restoreDiffers(lines, { target });
  }
}
