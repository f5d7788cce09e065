import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';

/** Pages that are copied at a time, between which this process can do other things. */
const PAGES_AT_ONCE = 5000;
const TRY_AGAIN_MS = 100;
const CHUNK_BYTES = 1 << 22;

/** Two files of SQLite, and what becomes of the old contents. */
export interface Replacement {
  /** Whose contents are taken; nobody else has it open. */
  from: string;
  /** Whose contents are replaced. */
  to: string;
  /** Where the old contents go, on the same disk. Empty ones go nowhere. */
  kept: string;
  /** A name on that disk for a copy that is not whole yet. */
  partial: string;
}

/**
 * Makes a copy such that it can take the place of `to`: in WAL mode a file keeps the size of its pages, and SQLite refuses
 * another one (https://www.sqlite.org/c3ref/backup_finish.html). Its journal mode becomes that of a file nobody has open.
 */
export function fitFile(from: string, to: string): void {
  const { isWal, pageSize } = readMode(to);
  const db = new BetterSqlite3(from, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
    if (isWal && Number(db.pragma('page_size', { simple: true })) !== pageSize) {
      db.pragma(`page_size = ${pageSize}`);
      db.exec('VACUUM');
    }
    // A file of no bytes would look like one that is in use (see `replaceContents`).
    db.pragma(`user_version = ${Number(db.pragma('user_version', { simple: true }))}`);
  } finally {
    db.close();
  }
}

/** Whether a file is in WAL mode, and how large its pages are. */
function readMode(file: string): { isWal: boolean; pageSize: number } {
  const db = new BetterSqlite3(file, { fileMustExist: true, readonly: true });
  try {
    const isWal = db.pragma('journal_mode', { simple: true }) === 'wal';
    return { isWal, pageSize: Number(db.pragma('page_size', { simple: true })) };
  } finally {
    db.close();
  }
}

/**
 * Replaces the contents of a file by those of another one that `fitFile` has prepared, in one transaction: whoever has it open
 * sees either, and after a kill it is the old one. The old contents are copied while nobody can write, so that `kept` is what
 * was replaced. Returns false, with nothing changed, where others used the file until `deadline` (by `performance.now()`). No
 * other connection of this process may have the file open.
 */
export async function replaceContents(
  replacement: Replacement,
  {
    deadline,
    signal,
    pagesAtOnce = PAGES_AT_ONCE,
  }: { deadline: number; signal?: Pick<AbortSignal, 'throwIfAborted'> | undefined; pagesAtOnce?: number },
): Promise<boolean> {
  const { from, to } = replacement;
  const { isWal } = readMode(to);
  // Closing it would end the locks that SQLite has on the file by then (https://www.sqlite.org/howtocorrupt.html, 2.2).
  const descriptor = openSync(to, 'r');
  const db = new BetterSqlite3(from, { fileMustExist: true });
  const keeper = createKeeper(replacement, isWal ? null : descriptor);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { totalPages } = await db.backup(to, {
        // Called for the first time when the file is locked and nothing is copied.
        progress: () => {
          signal?.throwIfAborted();
          keeper.keep();
          return pagesAtOnce;
        },
      });
      // better-sqlite3 takes a file that is busy from the start for one that is done, of no pages.
      if (totalPages > 0) break;
      if (performance.now() > deadline) return false;
      await sleep(TRY_AGAIN_MS);
    }
  } catch (error) {
    keeper.forget();
    throw error;
  } finally {
    db.close();
    closeSync(descriptor);
  }
  if (isWal) checkpoint(to);
  return true;
}

/** Keeps the old contents once; `forget` removes the copy again. `descriptor` is null in WAL mode. */
function createKeeper({ to, kept, partial }: Replacement, descriptor: number | null) {
  let isKept = false;
  return {
    keep: () => {
      if (isKept || statSync(to).size === 0) return;
      if (descriptor === null) vacuumInto(to, partial);
      else copyBytes(descriptor, partial, to);
      place(partial, kept);
      isKept = true;
    },
    forget: () => {
      if (isKept) rmSync(kept, { force: true });
    },
  };
}

/** Before the old contents are overwritten their copy has its name, for good. */
function place(partial: string, kept: string): void {
  try {
    // Unlike a rename it fails where there is something already.
    linkSync(partial, kept);
    unlinkSync(partial);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // Not every file system has links.
    renameSync(partial, kept);
  }
  const folder = openSync(dirname(kept), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** While only we may write, others still may read, and move pages from the log to the file: SQLite itself copies it. */
function vacuumInto(file: string, into: string): void {
  const db = new BetterSqlite3(file, { fileMustExist: true });
  try {
    db.prepare('VACUUM INTO ?').run(into);
    chmodSync(into, statSync(file).mode & 0o777);
  } finally {
    db.close();
  }
  // A copy is in another mode until it is told, and an app may rely on it when the file is put back.
  const copy = new BetterSqlite3(into, { fileMustExist: true });
  copy.pragma('journal_mode = WAL');
  copy.close();
}

/** Nobody else may even read now, so the bytes of the file are all there is. */
function copyBytes(descriptor: number, into: string, like: string): void {
  const to = openSync(into, 'w', statSync(like).mode & 0o777);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = 0; ; ) {
      const bytes = readSync(descriptor, chunk, 0, chunk.length, at);
      if (bytes === 0) break;
      for (let done = 0; done < bytes; ) done += writeSync(to, chunk, done, bytes - done);
      at += bytes;
    }
    fsyncSync(to);
  } finally {
    closeSync(to);
  }
}

/** In WAL mode a transaction is safe from a power loss once it is in the file itself. Readers may keep it from that. */
function checkpoint(file: string): void {
  const db = new BetterSqlite3(file, { fileMustExist: true });
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** Puts a file that nobody has open where there is none yet. */
export function placeFile(from: string, to: string): void {
  if (existsSync(to)) throw new Error(`${to} is there already`);
  renameSync(from, to);
}
