import { basename, dirname } from 'node:path';
import type { Database } from '../database/dialect.ts';
import { letsWritesGoOn } from '../database/copy.ts';
import { toSnakeCase } from '../database/ddl-names.ts';
import { classifyFailure, isDriverError } from '../database/driver-errors.ts';
import type { FileChange } from '../files.ts';
import type { StoredMigration } from '../migrations/folder.ts';
import type { Finding } from '../ownership/findings.ts';
import { migrationRefused } from './findings.ts';
import { isDiskFull } from './space.ts';

/** A migration that was applied to a copy. */
interface AppliedToCopy {
  name: string;
  elapsedMs: number;
  /** 0 where writes go on meanwhile. */
  longestLockMs: number;
}

/** What came of migrations: those that were applied, and why the next one was not. */
export interface Migrated {
  applied: AppliedToCopy[];
  findings: Finding[];
}

/**
 * Applies migrations to a copy, one after the other, and notes them nowhere. Stops at the first one that the copy refuses;
 * throws where the connection is lost, and on Ctrl-C between two of them.
 */
export async function migrateCopy(
  { dialect, url }: Database,
  migrations: readonly StoredMigration[],
  signal: AbortSignal,
): Promise<Migrated> {
  const applied: AppliedToCopy[] = [];
  for (const { name, sql } of migrations) {
    signal.throwIfAborted();
    try {
      const elapsedMs = await dialect.copies.runScript(url, sql);
      applied.push({ name, elapsedMs, longestLockMs: letsWritesGoOn(sql) ? 0 : elapsedMs });
    } catch (error) {
      const { failure, words } = classifyFailure(error);
      if (isDiskFull(error)) throw error;
      if (!isDriverError(error) || ['lost', 'unreachable', 'authentication'].includes(failure)) throw error;
      return { applied, findings: [migrationRefused(name, words)] };
    }
  }
  return { applied, findings: [] };
}

/** Migrations that a phase would write into the project. */
export function toMigrations(changes: readonly FileChange[]): StoredMigration[] {
  return changes.map(({ path, after }) => ({ name: basename(dirname(path)), sql: after ?? '' }));
}

/** Which of the models a migration of ours is for; null where it is for all of them. */
export function findModelOf(migration: string, models: readonly string[]): string | null {
  if (models.length === 1) return models[0] ?? null;
  const rest = /^\d{14}_[a-z_]+?_\d+_(.*)$/.exec(migration)?.[1] ?? '';
  const named = models.filter((model) => rest.startsWith(`${toSnakeCase(model)}_`));
  return named.sort((a, b) => b.length - a.length)[0] ?? null;
}
