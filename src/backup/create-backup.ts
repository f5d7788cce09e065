import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { version as toolVersion } from '../../package.json';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl, Provider } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import { backupIncomplete, spaceShort } from '../errors.ts';
import { readClock } from '../ownership/writer.ts';
import { formatBytes } from '../report/text.ts';
import type { DigestedSoFar } from './digest-database.ts';
import type { Dumped, Dumper, DumpSettings } from './dumper.ts';
import { explainFailure, findExisting, makeOutFolder } from './folder.ts';
import type { Manifest } from './manifest.ts';
import type { Backup } from './read-backup.ts';
import type { Environment } from './tools.ts';
import { flush } from './write-file.ts';
import { writeManifest } from './write-manifest.ts';

const PREPARE: Record<Provider, () => Promise<(settings: DumpSettings) => Promise<Dumper>>> = {
  postgresql: async () => (await import('./postgresql-backup.ts')).preparePostgresql,
  mysql: async () => (await import('./mysql-backup.ts')).prepareMysql,
  sqlite: async () => (await import('./sqlite-backup.ts')).prepareSqlite,
};

export interface BackupOptions {
  /** The folder that the backup's own folder is made in, as an absolute path. */
  out: string;
  /** Where the tools are found. */
  env: Environment;
  pid: number;
  /** Tables that are dumped at once, on PostgreSQL. */
  jobs?: number;
  /** It is to be restored here: what that takes is looked for first. */
  willVerify?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: BackupProgress) => void;
  /** Something that the operator should know, as a sentence. */
  note?: (text: string) => void;
}

/** How far a backup is: bytes in its files, and what is digested. */
export interface BackupProgress {
  bytes: number;
  digested: DigestedSoFar | null;
}

/** A backup that is about to be made. */
export interface BackupPlan {
  dumper: Dumper;
  serverVersion: string;
  /** What the rows take in the database. */
  bytes: number;
  /** What the disk has left for this user. */
  free: number;
  /** The least that the disk must have. */
  needed: number;
}

/**
 * Makes a backup of one moment, with the rows and the digest of each table. It has its final name when it is whole and on
 * the disk; when this throws, nothing of it is left. Only a process that is killed leaves a folder `.partial-...` behind.
 */
export function createBackup(url: DatabaseUrl, options: BackupOptions): Promise<Backup> {
  return withDatabase(url, async (database) =>
    writeBackup(database, await planBackup(database, options), options),
  );
}

/**
 * Looks whether a backup can be made, and writes nothing. Throws BACKUP_INCOMPLETE where the role cannot read everything,
 * SPACE_SHORT where the disk is certainly too small, and what `getTool` throws.
 */
export async function planBackup(
  database: Database,
  { out, env, jobs = 1, willVerify = false, note }: BackupOptions,
): Promise<BackupPlan> {
  const { snapshots } = database.dialect;
  const { obstacle, weakness, version, bytes } = await database.read(async (session) => ({
    obstacle: await snapshots.findObstacle(session),
    weakness: await snapshots.findWeakness(session),
    ...(await snapshots.measure(session)),
  }));
  if (obstacle !== null) throw backupIncomplete(database.url.name, obstacle);
  if (weakness !== null) note?.(weakness);
  const prepare = await PREPARE[database.url.provider]();
  const dumper = await prepare({ database, version, env, jobs, willVerify });
  const { bavail, bsize } = await statfs(findExisting(out));
  const [free, needed] = [bavail * bsize, Math.ceil(bytes * dumper.leastRatio)];
  if (free < needed) throw spaceShort(out, { needed: formatBytes(needed), free: formatBytes(free) });
  return { dumper, serverVersion: version, bytes, free, needed };
}

/** Makes the backup that was planned; see `createBackup`. */
export async function writeBackup(
  database: Database,
  plan: BackupPlan,
  options: BackupOptions,
): Promise<Backup> {
  const { out, pid, signal = new AbortController().signal, onProgress, note = () => undefined } = options;
  const started = await database.read((session) => readClock(session, database.dialect));
  makeOutFolder(out);
  const label = labelOf(database.url, started);
  const partial = join(out, `.partial-${label}-${pid}`);
  const progress: BackupProgress = { bytes: 0, digested: null };
  try {
    mkdirSync(partial, { mode: 0o700 });
    const dumped = await plan.dumper.dump({
      folder: partial,
      signal,
      note,
      onBytes: (more) => {
        progress.bytes += more;
        onProgress?.(progress);
      },
      onDigested: (digested) => {
        progress.digested = digested;
        onProgress?.(progress);
      },
    });
    const manifest = describe(database.url, plan, dumped);
    const sha256 = await writeManifest(partial, manifest);
    signal.throwIfAborted();
    return { folder: await place(partial, join(out, label)), manifest, sha256 };
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw signal.aborted ? error : explainFailure(error, out, progress.bytes);
  }
}

function describe(
  { provider, name, host }: DatabaseUrl,
  { dumper, serverVersion }: BackupPlan,
  { time, files, tables }: Dumped,
): Manifest {
  return {
    format: 1,
    database: { provider, name, ...(host === undefined ? {} : { host }) },
    time,
    toolVersion,
    serverVersion,
    dumpTool: dumper.tool,
    layout: dumper.layout,
    files,
    tables,
    verified: null,
  };
}

/** Gives the backup its final name, which another one of the same second may have. */
async function place(partial: string, folder: string): Promise<string> {
  for (let number = 1; ; number++) {
    const final = number === 1 ? folder : `${folder}-${number}`;
    try {
      renameSync(partial, final);
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) continue;
      throw error;
    }
    await flush(dirname(final));
    return final;
  }
}

/** "app-20261126-024500": nothing that a shell or a file system takes for something else. */
function labelOf({ provider, name }: DatabaseUrl, time: string): string {
  const bare = provider === 'sqlite' ? basename(name, extname(name)) : name;
  const plain = bare.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[.-]+/, '');
  const stamp = time.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `${plain.slice(0, 80) || 'database'}-${stamp}`;
}
