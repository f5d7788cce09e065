import { setTimeout as sleep } from 'node:timers/promises';
import { basename } from 'node:path';
import { withDatabase } from '../database/connect.ts';
import { type DatabaseUrl, shortNameOf } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import {
  backupOfAnother,
  backupOfAnotherProvider,
  confirmedAnother,
  databaseInUse,
  guardInTheWay,
  replaceRefused,
} from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import { listGuards } from '../ownership/guard.ts';
import { isUnfinished, listRuns } from '../ownership/journal.ts';
import { takeWriterLock, type Operator } from '../ownership/writer.ts';
import { assertEmpty } from './assert-empty.ts';
import { assertIntact, type Backup, isBackupOf } from './read-backup.ts';
import { readServer } from './read-server.ts';
import { runLeftBehind, sessionsUnseen, usedBy } from './restore-findings.ts';
import { getSwapper } from './swap.ts';
import { type Environment, getTool } from './tools.ts';

const LOOK_AGAIN_MS = 100;

/** What is to be restored, and where. */
export interface RestoreRequest {
  backup: Backup;
  url: DatabaseUrl;
  /** The database is another one than the backup's, and is empty. */
  isOther: boolean;
  /** "20261126-024500": it goes into the name of the old database. */
  stamp: string;
  env: Environment;
  operator: Operator;
}

/** What a restore would do. */
export interface RestorePlan {
  /** The name that the old database gets; null where nothing is replaced. */
  kept: string | null;
  findings: Finding[];
}

/** Whether a name typed behind --confirm means the database; of a file the path is not needed. */
function isNameOf(name: string, url: DatabaseUrl): boolean {
  return name === url.name || name === shortNameOf(url);
}

/**
 * Throws where the backup is of another database than the one that is meant, or the operator meant another one: nothing was
 * asked of the database yet. `confirm` is undefined in a dry run.
 */
export function assertMeant(
  { manifest }: Backup,
  { url, isOther, confirm }: { url: DatabaseUrl; isOther: boolean; confirm: string | undefined },
): void {
  const { provider, name } = manifest.database;
  if (provider !== url.provider) throw backupOfAnotherProvider(provider, url.provider);
  if (confirm !== undefined && !isNameOf(confirm, url)) throw confirmedAnother(confirm, url.name);
  if (!isOther && !isBackupOf(manifest, url)) throw backupOfAnother(name, url.name);
}

/**
 * Looks whether the backup is whole, and whether it can be restored; nothing is written. Throws what stands in the way; others
 * who use the database are a finding.
 */
export async function planRestore(request: RestoreRequest): Promise<RestorePlan> {
  const { backup, url, env, isOther, stamp, operator } = request;
  await assertIntact(backup);
  if (url.provider !== 'sqlite')
    await getTool(url.provider === 'mysql' ? 'mysql-client' : 'pg_restore', await readServer(url), env);
  const swapper = await getSwapper(url.provider);
  return withDatabase(url, async (database) => {
    if (isOther) {
      await assertEmpty(database);
      return { kept: null, findings: [] };
    }
    await takeWriterLock(database, operator);
    const obstacle = await swapper.findObstacle(database);
    if (obstacle !== null) throw replaceRefused(url.name, obstacle);
    const { guards, runs } = await database.read(async (session) => ({
      guards: await listGuards(session, database),
      runs: await listRuns(session, database.dialect, url.defaultSchema),
    }));
    if (guards.length > 0) throw guardInTheWay(guards.map(({ model }) => model));
    const sessions = await swapper.listSessions(database);
    const blindness = await swapper.findBlindness(database);
    const found = [...sessions.map(usedBy), ...(blindness === null ? [] : [sessionsUnseen(blindness)])];
    return {
      kept: await chooseKept(database, stamp),
      findings: [...runs.filter(isUnfinished).map(runLeftBehind), ...found],
    };
  });
}

/**
 * Throws DATABASE_IN_USE, with who uses it: loading takes long, and would be in vain. A process that has just ended is in the
 * server's list until the server has noticed.
 */
export async function assertUnused(url: DatabaseUrl, waitMs: number): Promise<void> {
  const swapper = await getSwapper(url.provider);
  const deadline = performance.now() + waitMs;
  await withDatabase(url, async (database) => {
    for (;;) {
      const sessions = await swapper.listSessions(database);
      if (sessions.length === 0) return;
      if (performance.now() > deadline) throw databaseInUse(url.name, sessions);
      await sleep(LOOK_AGAIN_MS);
    }
  });
}

/** The name that the old database gets. One that another restore of the same second has taken gets a number behind it. */
export async function chooseKept(database: Database, stamp: string): Promise<string> {
  const { dialect, url } = database;
  const { nameKept } = await getSwapper(dialect.provider);
  for (let number = 1; ; number++) {
    const kept = nameKept(url, number === 1 ? stamp : `${stamp}-${number}`);
    const name = dialect.provider === 'sqlite' ? basename(kept) : kept;
    const taken = await dialect.scratch.list(database, name);
    if (!taken.includes(name)) return kept;
  }
}
