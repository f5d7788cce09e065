import {
  closeSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reportNotReplaced, reportNotWritable } from '../errors.ts';
import { REPORT_BEGIN } from './render-page.ts';

/** Where a report goes: `shown` is the path as it was typed, for messages. */
export interface ReportPlace {
  path: string;
  shown: string;
}

/**
 * Whether an earlier report is at this place. Throws REPORT_NOT_REPLACED where a folder or any other file is, and REPORT_NOT_WRITABLE where
 * its folder is missing.
 */
export function isReportThere({ path, shown }: ReportPlace): boolean {
  const found = findFile({ path, shown });
  if (found === null) {
    if (!isFolder(dirname(path), shown)) throw reportNotWritable(shown, 'there is no such folder');
    return false;
  }
  if (found.isDirectory()) throw reportNotReplaced(shown, 'a folder');
  if (!found.isFile() || readBegin({ path, shown }) !== REPORT_BEGIN)
    throw reportNotReplaced(shown, 'another file');
  return true;
}

/**
 * Writes the page, whole at every instant: it is renamed into place. Returns whether it replaced an earlier report. When it throws
 * REPORT_NOT_REPLACED or REPORT_NOT_WRITABLE, what was there before stays.
 */
export function writeReport(place: ReportPlace, page: string): boolean {
  const { path, shown } = place;
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const isReplaced = isReportThere(place);
  try {
    writeFileSync(temporary, page, { flag: 'wx', flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotWrite(shown, error);
  }
  return isReplaced;
}

/** Also one that a link leads to. */
function isFolder(path: string, shown: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    throw cannotWrite(shown, error);
  }
}

/** A link is what it is itself: the rename would replace it, not what it points at. */
function findFile({ path, shown }: ReportPlace): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw cannotWrite(shown, error);
  }
}

function readBegin({ path, shown }: ReportPlace): string {
  const begin = Buffer.alloc(REPORT_BEGIN.length);
  try {
    const file = openSync(path, 'r');
    try {
      return begin.toString('utf8', 0, readSync(file, begin, 0, begin.length, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw cannotWrite(shown, error);
  }
}

function cannotWrite(shown: string, error: unknown) {
  return reportNotWritable(shown, (error as NodeJS.ErrnoException).code ?? 'unknown reason', error);
}
