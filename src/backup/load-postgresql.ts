import { join } from 'node:path';
import type { DatabaseUrl } from '../database/database-url.ts';
import { ToolkitError } from '../errors.ts';
import type { Loaded, LoadOptions } from './load-backup.ts';
import type { Backup } from './read-backup.ts';
import { findPgRestore } from './run-pg-restore.ts';

const DEFINITIONS = '--section=pre-data';
const REST = ['--section=data', '--section=post-data'];
const WITHOUT_OWNERS = ['--no-owner', '--no-privileges'];
/** What the server says of an owner that the role may not give things to, or of one that is not there. */
const OF_OWNERS = /ERROR: +(?:role "|must be (?:owner|member|able)|permission denied|.*SET ROLE)/;

/**
 * Loads with pg_restore. Definitions go in one transaction of their own: where the owners of the backup cannot be kept, nothing
 * of it stays, and everything is made as the role's own.
 */
export async function loadPostgresql(
  { folder, manifest }: Backup,
  target: DatabaseUrl,
  { env, signal, withOwners = false, jobs = 1, onProgress }: LoadOptions,
): Promise<Loaded> {
  const name =
    manifest.layout === 'pg-directory' ? 'data' : manifest.files.find(({ role }) => role === 'data')?.name;
  let tables = 0;
  const onTable = () => onProgress?.({ done: ++tables, total: manifest.tables.length, unit: 'tables' });
  const restore = await findPgRestore({ archive: join(folder, name ?? ''), target, env, signal, onTable });
  const hasOwners =
    withOwners && (await keepsOwners(() => restore({ args: [DEFINITIONS], jobs: 'one transaction' })));
  const owners = hasOwners ? [] : WITHOUT_OWNERS;
  if (!hasOwners) await restore({ args: [DEFINITIONS, ...owners], jobs: 1 });
  await restore({ args: [...REST, ...owners], jobs });
  return { hasOwners };
}

/** False where only the owners or privileges are what the server does not take. */
async function keepsOwners(restore: () => Promise<void>): Promise<boolean> {
  try {
    await restore();
    return true;
  } catch (error) {
    if (error instanceof ToolkitError && OF_OWNERS.test(error.message)) return false;
    throw error;
  }
}
