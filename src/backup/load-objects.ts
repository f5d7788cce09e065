import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { DatabaseUrl } from '../database/database-url.ts';
import { journalDatabaseOf } from '../database/mysql-sql.ts';
import type { Finding } from '../ownership/findings.ts';
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

/** Whether one of the names stands before a dot, as it does before a table's name; comments of the dump name it too. */
async function namesDatabase(path: string, names: readonly string[]): Promise<boolean> {
  let text = '';
  for await (const chunk of createReadStream(path).pipe(createGunzip()))
    text += (chunk as Buffer).toString('latin1');
  const encoded = names.map((name) => Buffer.from(name).toString('latin1'));
  return encoded.some((name) =>
    [`\`${name.replaceAll('`', '``')}\`.`, `${name}.`, `\`${name}\` .`].some((each) => text.includes(each)),
  );
}
