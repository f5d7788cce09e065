import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { runObjects } from '../backup/load-mysql.ts';
import type { Backup } from '../backup/read-backup.ts';
import type { Environment } from '../backup/tools.ts';
import { withDatabase } from '../database/connect.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import { ToolkitError } from '../errors.ts';
import type { Finding } from '../ownership/findings.ts';
import { objectsLeftOut, objectsRefused } from './findings.ts';
import { pickSafeObjects } from './objects.ts';

/** What loading is told by. `folder` is private, and goes away. */
interface ObjectsRequest {
  folder: string;
  env: Environment;
  signal: AbortSignal;
}

/**
 * Loads those views, triggers and routines of a MySQL backup into a copy that cannot write elsewhere, and says which were left
 * out. A copy without them is a finding, no error: the role may not create them.
 */
export async function loadSafeObjects(
  { folder: from, manifest }: Backup,
  copies: readonly DatabaseUrl[],
  { folder, env, signal }: ObjectsRequest,
): Promise<Finding[]> {
  const [first] = copies;
  const file = manifest.files.find(({ role }) => role === 'objects');
  if (!file || !first) return [];
  const others = await withDatabase(first, (database) => database.dialect.scratch.list(database, ''));
  const dump = gunzipSync(readFileSync(join(from, file.name))).toString('utf8');
  const source = manifest.database.name;
  const { text, leftOut } = pickSafeObjects(dump, {
    source,
    others: others.filter((name) => !copies.some((copy) => copy.name === name)),
  });
  const safe = join(folder, 'safe-objects.sql.gz');
  writeFileSync(safe, gzipSync(text), { mode: 0o600 });
  try {
    for (const copy of copies) await runObjects(safe, copy, { database: copy.name, env, signal });
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return [objectsRefused(error.message.replace(/\s+/g, ' '))];
  }
  return leftOut.length > 0 ? [objectsLeftOut(leftOut, source)] : [];
}
