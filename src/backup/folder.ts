import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backupFolderRefused, diskFull, ToolkitError } from '../errors.ts';
import { formatBytes } from '../report/text.ts';

const PARTIAL = /^\.partial-.*-(\d+)$/;

/** Makes the folder of backups where it is missing, only for this user, and one that git leaves alone. */
export function makeOutFolder(out: string): void {
  try {
    if (existsSync(out)) return;
    mkdirSync(out, { recursive: true, mode: 0o700 });
    writeFileSync(join(out, '.gitignore'), '*\n');
  } catch (error) {
    throw backupFolderRefused(out, (error as NodeJS.ErrnoException).code ?? String(error), error);
  }
}

/** The folders that killed backups left; those of processes that live are none. */
export function listPartial(out: string, isAlive: (pid: number) => boolean): string[] {
  if (!existsSync(out)) return [];
  return readdirSync(out)
    .filter((name) => {
      const pid = Number(PARTIAL.exec(name)?.[1]);
      return pid > 0 && !isAlive(pid);
    })
    .map((name) => join(out, name));
}

/** The folder itself, or the nearest one above it that is there. */
export function findExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : findExisting(dirname(path));
}

/** An error of the file system as one that the operator can act upon; every other one comes back as it is. */
export function explainFailure(error: unknown, out: string, bytes: number): unknown {
  // On its way through a transaction it was taken for the database's.
  const cause = error instanceof ToolkitError ? (error.cause ?? error) : error;
  const { code = '', syscall = '', path } = cause as NodeJS.ErrnoException;
  const isFull =
    /^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(code) || /No space left on device/.test((error as Error).message);
  if (isFull) return diskFull(out, formatBytes(bytes), cause);
  // Sockets are read and written too, but have neither a path nor such codes.
  const isFile = (path !== undefined && !syscall.startsWith('spawn')) || /^(EIO|EROFS|EFBIG)$/.test(code);
  return isFile && syscall !== '' ? backupFolderRefused(out, code, cause) : error;
}
