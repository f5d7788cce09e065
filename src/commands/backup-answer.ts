import { isAbsolute, relative } from 'node:path';
import { backupDiffers } from '../backup/findings.ts';
import type { BackupPlan } from '../backup/create-backup.ts';
import type { Backup } from '../backup/read-backup.ts';
import type { CopyDifference } from '../backup/verify-backup.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { TableName } from '../database/dialect.ts';
import { nameDatabase } from './database-command.ts';
import type { BackupAnswer } from './copy-results.ts';

/** What is backed up, from where, and to where. */
interface Subject {
  url: DatabaseUrl;
  cwd: string;
  out: string;
  /** The command that makes a verified one. */
  again: string;
}

/** What a dry run answers. */
export function describeBackupPlan(
  { url, cwd, out, again }: Subject,
  { dumper, bytes, free }: BackupPlan,
): BackupAnswer {
  return {
    command: 'backup',
    ok: true,
    dryRun: true,
    database: nameDatabase(url),
    path: shorten(out, cwd),
    time: null,
    tool: dumper.tool,
    files: [],
    bytes: 0,
    elapsedMs: 0,
    tables: [],
    rows: 0,
    verified: null,
    differences: [],
    space: { database: bytes, free },
    findings: [],
    next: again,
  };
}

/** What is answered when the backup is there. */
export function describeBackup(
  { url, cwd, again }: Subject,
  {
    plan,
    backup: { folder, manifest },
    differences,
    elapsedMs,
  }: { plan: BackupPlan; backup: Backup; differences: readonly CopyDifference[]; elapsedMs: number },
): BackupAnswer {
  const isVerified = manifest.verified !== null;
  return {
    command: 'backup',
    ok: differences.length === 0,
    dryRun: false,
    database: nameDatabase(url),
    path: shorten(folder, cwd),
    time: manifest.time,
    tool: manifest.dumpTool,
    files: manifest.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    elapsedMs,
    tables: manifest.tables.map(({ table, rows }) => ({ table: nameTable(url, table), rows })),
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    verified: manifest.verified,
    differences: differences.map(({ table, before, after, keys }) => ({
      table: nameTable(url, table),
      before: before?.rows ?? null,
      after: after?.rows ?? null,
      keys: keys.map(({ key, what }) => ({ key, what })),
    })),
    space: { database: plan.bytes, free: plan.free },
    findings: differences.map((difference) => backupDiffers(nameTable(url, difference.table), difference)),
    next: isVerified ? 'npm run migration:status' : again,
  };
}

/** As people say it: only PostgreSQL has schemas within a database. */
function nameTable({ provider }: DatabaseUrl, { schema, name }: TableName): string {
  return provider === 'postgresql' ? `${schema}.${name}` : name;
}

/** From where the operator stands, where it is below. */
function shorten(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
