import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { DatabaseUrl } from '../database/database-url.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import type { Finding } from '../ownership/findings.ts';
import { withoutDefiners } from './dump-statements.ts';
import { namesTableOf } from './find-name.ts';
import type { LoadOptions } from './load-backup.ts';
import { runObjects } from './load-mysql.ts';
import type { Backup } from './read-backup.ts';
import { objectsLeftOut } from './restore-findings.ts';

/**
 * Makes the views, triggers, routines and events of a backup in a database of another name. Where one of them names the
 * database that it is from, or its journal, none is made: on the same server it would act there.
 */
export async function loadObjects(
  { folder, manifest }: Backup,
  target: DatabaseUrl,
  { env, signal }: Pick<LoadOptions, 'env' | 'signal'>,
): Promise<Finding[]> {
  const file = manifest.files.find(({ role }) => role === 'objects');
  if (!file) return [];
  const path = join(folder, file.name);
  const { name } = manifest.database;
  if (name !== target.name && (await namesDatabase(path, [name, journalDatabaseOf(name)])))
    return [objectsLeftOut(name, path)];
  await runObjects(path, target, { database: target.name, env, signal });
  return [];
}

/** Whether an object names something of one of the databases; who defined it is no such name. */
async function namesDatabase(path: string, names: readonly string[]): Promise<boolean> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path).pipe(createGunzip())) chunks.push(chunk as Buffer);
  const sql = withoutDefiners(Buffer.concat(chunks).toString('utf8'));
  return names.some((name) => namesTableOf(sql, name));
}
