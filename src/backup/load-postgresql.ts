import { join } from 'node:path';
import type { DatabaseUrl } from '../database/database-url.ts';
import { ToolkitError } from '../errors.ts';
import type { Loaded, LoadOptions } from './load-backup.ts';
import type { Backup } from './read-backup.ts';
import { readServer } from './read-server.ts';
import { startTool } from './run-tool.ts';
import { postgresqlEnvironment } from './tool-login.ts';
import { getTool } from './tools.ts';

const WITHOUT_OWNERS = ['--no-owner', '--no-privileges'];
/** What the server says of an owner that the role may not give things to, or of one that is not there. */
const OF_OWNERS = /ERROR: +(?:role "|must be (?:owner|member|able)|permission denied|.*SET ROLE)/;
/** What --verbose tells, as against what is wrong. */
const STEP = /^pg_restore: (?!error|warning|detail|hint|from TOC)/;
const TABLE_DONE = /processing data for table/;

/**
 * Loads with pg_restore. Definitions go in one transaction of their own: where the owners of the backup cannot be kept, nothing
 * of it stays, and everything is made as the role's own.
 */
export async function loadPostgresql(
  { folder, manifest }: Backup,
  target: DatabaseUrl,
  { env, signal, withOwners = false, jobs = 1, onProgress }: LoadOptions,
): Promise<Loaded> {
  const tool = await getTool('pg_restore', await readServer(target), env);
  const archive = join(folder, manifest.layout === 'pg-directory' ? 'data' : dataFileOf(manifest));
  const login = { env: postgresqlEnvironment(target, env), signal };
  let tables = 0;
  const restore = async (...args: string[]) => {
    const { stdin, stdout, done } = startTool(
      tool,
      [
        '--exit-on-error',
        '--verbose',
        '--no-password',
        `--dbname=${nameAsOption(target.name)}`,
        ...args,
        archive,
      ],
      {
        ...login,
        isNews: (line) => STEP.test(line),
        onLine: (line) => {
          if (TABLE_DONE.test(line))
            onProgress?.({ done: ++tables, total: manifest.tables.length, unit: 'tables' });
        },
      },
    );
    stdin.end();
    stdout.resume();
    await done.catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  };
  const hasOwners =
    withOwners && (await keepsOwners(() => restore('--section=pre-data', '--single-transaction')));
  const owners = hasOwners ? [] : WITHOUT_OWNERS;
  if (!hasOwners) await restore('--section=pre-data', ...owners);
  await restore('--section=data', '--section=post-data', `--jobs=${jobs}`, ...owners);
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

function dataFileOf({ files }: Backup['manifest']): string {
  return files.find(({ role }) => role === 'data')?.name ?? 'data.dump';
}

/** A name with an equals sign, or that begins like a URL, would be taken for a connection string. */
function nameAsOption(name: string): string {
  return `dbname='${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
