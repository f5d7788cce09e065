import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Operator } from '../ownership/writer.ts';

/**
 * Makes a folder for a backup that is only copied, beside where backups are, and removes it again with all that is in it. What
 * a process of this host left that was killed is removed first.
 */
export async function withFolder<T>(
  cwd: string,
  { host, pid, isAlive }: Pick<Operator, 'host' | 'pid' | 'isAlive'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const prefix = `.rehearsal-${createHash('sha256').update(host).digest('hex').slice(0, 6)}-`;
  for (const name of readdirSync(cwd).filter((each) => each.startsWith(prefix))) {
    const owner = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
    if (owner > 0 && !isAlive(owner)) rmSync(join(cwd, name), { recursive: true, force: true });
  }
  const folder = join(cwd, `${prefix}${pid}-${randomBytes(3).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
