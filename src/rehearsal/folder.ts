import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backupFolderRefused } from '../errors.ts';
import type { Operator } from '../ownership/writer.ts';

/**
 * Makes a private folder in `place`, and removes it again with all that is in it. What a process of this host left that was
 * killed is removed first. Throws BACKUP_FOLDER where it cannot be made.
 */
export async function withFolder<T>(
  place: string,
  { host, pid, isAlive }: Pick<Operator, 'host' | 'pid' | 'isAlive'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const prefix = `.rehearsal-${createHash('sha256').update(host).digest('hex').slice(0, 6)}-`;
  for (const name of readdirSync(place).filter((each) => each.startsWith(prefix))) {
    const owner = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
    if (owner > 0 && !isAlive(owner)) removeLeftover(join(place, name));
  }
  const folder = join(place, `${prefix}${pid}-${randomBytes(3).toString('hex')}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    throw backupFolderRefused(folder, (error as NodeJS.ErrnoException).code ?? String(error), error);
  }
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another user's stays: it is in nobody's way. */
function removeLeftover(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
