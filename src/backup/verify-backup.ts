import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import { type Operator, readClock } from '../ownership/writer.ts';
import { findRowDifferences, type RowDifference } from '../proof/compare.ts';
import { withScratch } from '../scratch/scratch.ts';
import { compareTables, type TableChange } from './compare.ts';
import { type DigestedSoFar, digestDatabase } from './digest-database.ts';
import { loadBackup } from './load-backup.ts';
import { assertIntact, type Backup } from './read-backup.ts';
import type { Environment } from './tools.ts';
import { writeManifest } from './write-manifest.ts';

export interface VerifyOptions {
  operator: Pick<Operator, 'host' | 'pid' | 'isAlive'>;
  env: Environment;
  /** Connections that PostgreSQL's tool loads with. */
  jobs?: number;
  signal?: AbortSignal;
  /** Something that the operator should know, as a sentence. */
  note: (text: string) => void;
  onDigested?: (soFar: DigestedSoFar) => void;
}

/** A table of the copy that is not as the manifest says. */
export interface CopyDifference extends TableChange {
  /** The first rows in which the copy differs from the database as it is now; the app may have changed some of them since. */
  keys: RowDifference[];
}

/**
 * Restores a backup into a scratch database on the server of `url`, and compares every table with the manifest. Where all
 * agree, the manifest says so from then on: the backup that is returned has it. Throws BACKUP_DAMAGED where a file is not
 * as it was written, and SCRATCH_REFUSED where no scratch database can be made; the backup stays as it is then.
 */
export async function verifyBackup(
  backup: Backup,
  url: DatabaseUrl,
  { operator, env, jobs = 1, signal, note, onDigested }: VerifyOptions,
): Promise<{ backup: Backup; differences: CopyDifference[] }> {
  await assertIntact(backup);
  return withScratch(url, { ...operator, note }, async (scratch) => {
    await loadBackup(backup, scratch, { env, jobs, signal });
    signal?.throwIfAborted();
    const { differences, time } = await withDatabase(scratch, async (copy) => {
      const tables = await digestDatabase(copy, { signal, onProgress: onDigested });
      const renamed = url.provider === 'mysql' ? { before: url.name, after: scratch.name } : undefined;
      const changes = compareTables(backup.manifest.tables, tables, renamed);
      return {
        differences: await findKeys(changes, url, copy),
        time: await copy.read((session) => readClock(session, copy.dialect)),
      };
    });
    if (differences.length > 0) return { backup, differences };
    const { tables } = backup.manifest;
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const manifest = { ...backup.manifest, verified: { time, tables: tables.length, rows } };
    const sha256 = await writeManifest(backup.folder, manifest);
    return { backup: { ...backup, manifest, sha256 }, differences };
  });
}

async function findKeys(
  changes: readonly TableChange[],
  url: DatabaseUrl,
  copy: Database,
): Promise<CopyDifference[]> {
  if (changes.length === 0) return [];
  return withDatabase(url, async (live) => {
    const found: CopyDifference[] = [];
    for (const change of changes) {
      const shape = await live.read((session) => live.dialect.digests.describe(session, change.table));
      const table = url.provider === 'mysql' ? { ...change.table, schema: copy.url.name } : change.table;
      const keys =
        shape && change.after
          ? await findRowDifferences(live, copy, { shape, except: undefined, table })
          : [];
      found.push({ ...change, keys });
    }
    return found;
  });
}
