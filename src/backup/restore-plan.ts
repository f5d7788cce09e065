import { basename } from 'node:path';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import {
  backupOfAnother,
  backupOfAnotherProvider,
  confirmedAnother,
  databaseInUse,
  guardInTheWay,
  replaceRefused,
  targetNotEmpty,
} from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import { listGuards } from '../ownership/guard.ts';
import { isUnfinished, listRuns } from '../ownership/journal.ts';
import { takeWriterLock, type Operator } from '../ownership/writer.ts';
import { assertIntact, type Backup, isBackupOf } from './read-backup.ts';
import { readServer } from './read-server.ts';
import { runLeftBehind, usedBy } from './restore-findings.ts';
import { getSwapper } from './swap.ts';
import { type Environment, getTool } from './tools.ts';

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
function isNameOf(name: string, { provider, name: whole }: DatabaseUrl): boolean {
  return name === whole || (provider === 'sqlite' && name === basename(whole));
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
    return {
      kept: swapper.nameKept(url, stamp),
      findings: [...runs.filter(isUnfinished).map(runLeftBehind), ...sessions.map(usedBy)],
    };
  });
}

/** Throws DATABASE_IN_USE, with who uses it: loading takes long, and would be in vain. */
export async function assertUnused(url: DatabaseUrl): Promise<void> {
  const swapper = await getSwapper(url.provider);
  const sessions = await withDatabase(url, (database) => swapper.listSessions(database));
  if (sessions.length > 0) throw databaseInUse(url.name, sessions);
}

async function assertEmpty({ read, dialect, url }: Database): Promise<void> {
  const tables = await read((session) => dialect.digests.listTables(session));
  if (tables.length > 0) throw targetNotEmpty(url.name, tables.length);
}
