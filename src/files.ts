import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileChanged, fileNotWritable } from './errors.ts';

/** A file to be written; null is a file that is not there. */
export interface FileChange {
  /** From the project's folder. */
  path: string;
  before: string | null;
  after: string | null;
}

/** What a change does to its file, in a word. */
export function nameChange({ before, after }: FileChange): 'created' | 'changed' | 'removed' {
  if (before === null) return 'created';
  return after === null ? 'removed' : 'changed';
}

/** Null for a file that is not there. */
export function readText(cwd: string, path: string): string | null {
  return findFile(cwd, path)?.isFile() ? readFileSync(join(cwd, path), 'utf8') : null;
}

/** Null also where a file stands in a folder's place. */
function findFile(cwd: string, path: string): Stats | null {
  try {
    return statSync(join(cwd, path), { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}

/**
 * Makes the changes in their order: all of them, or none when it throws FILE_NOT_WRITABLE or FILE_CHANGED. A file is whole at
 * every instant: it is renamed into place. Folders are created where they are missing. `preview` is the command that shows
 * the changes, for the remedy.
 */
export function applyChanges(cwd: string, changes: readonly FileChange[], preview: string): void {
  for (const change of changes) refuseUnwritable(cwd, change, preview);
  const undo: (() => void)[] = [];
  try {
    for (const change of changes) {
      if (readText(cwd, change.path) !== change.before) throw fileChanged(change.path, preview);
      undo.push(createFolder(cwd, change.path, preview));
      place(cwd, { path: change.path, text: change.after, preview });
      undo.push(() => place(cwd, { path: change.path, text: change.before, preview }));
    }
  } catch (error) {
    for (const each of undo.reverse()) each();
    throw error;
  }
}

/** A rename does not ask the file that it replaces, so we do. */
function refuseUnwritable(cwd: string, { path, before }: FileChange, preview: string): void {
  const mode = findFile(cwd, path)?.mode ?? 0o200;
  if ((mode & 0o222) === 0) throw fileNotWritable(path, { why: 'it is read-only', preview });
  // Bytes that are not UTF-8 were read as this sign, and would not come back as they were.
  if (before?.includes('\uFFFD')) throw fileNotWritable(path, { why: 'it is not UTF-8', preview });
}

/** Returns what takes the folders out again that it created. */
function createFolder(cwd: string, path: string, preview: string): () => void {
  try {
    const first = mkdirSync(join(cwd, dirname(path)), { recursive: true });
    return () => first !== undefined && rmSync(first, { recursive: true });
  } catch (error) {
    throw cannotWrite(path, preview, error);
  }
}

function place(cwd: string, { path, text, preview }: { path: string; text: string | null; preview: string }) {
  const file = existsSync(join(cwd, path)) ? realpathSync(join(cwd, path)) : join(cwd, path);
  const temporary = join(dirname(file), `.${basename(path)}.${process.pid}.tmp`);
  try {
    if (text === null) {
      rmSync(file);
      return;
    }
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    writeFileSync(temporary, text, { flag: 'wx', flush: true, ...(mode === undefined ? {} : { mode }) });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotWrite(path, preview, error);
  }
}

function cannotWrite(path: string, preview: string, cause: unknown) {
  const why = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  return fileNotWritable(path, { why, preview, cause });
}
