import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backupFolderRefused } from '../errors.ts';
import type { Operator } from '../ownership/writer.ts';

type Process = Pick<Operator, 'host' | 'pid' | 'isAlive'>;

function prefixOf({ host }: Pick<Process, 'host'>): string {
  return `.rehearsal-${createHash('sha256').update(host).digest('hex').slice(0, 6)}-`;
}

/** Removes from these places what processes of this host left that were killed. */
export function sweepFolders(places: readonly string[], { host, isAlive }: Omit<Process, 'pid'>): void {
  const prefix = prefixOf({ host });
  for (const place of places)
    for (const name of listNames(place).filter((each) => each.startsWith(prefix))) {
      const owner = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
      if (owner > 0 && !isAlive(owner)) removeLeftover(join(place, name));
    }
}

/** Nothing of a place that this user may not look into. */
function listNames(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}

/** Makes a private folder in `place`, and removes it again with all that is in it. Throws BACKUP_FOLDER where it cannot be made. */
export async function withFolder<T>(
  place: string,
  { host, pid }: Pick<Process, 'host' | 'pid'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(place, `${prefixOf({ host })}${pid}-${randomBytes(3).toString('hex')}`);
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
