import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fitFile, placeFile, replaceContents } from '../database/sqlite-replace.ts';
import { journalFileOf } from '../database/sqlite-sql.ts';
import { databaseInUse, journalStays } from '../errors.ts';
import { quoteWord } from '../shell.ts';
import { undoOnSqlite } from './describe-undo.ts';
import { type SwapPlan, type Swapped, type Swapper, WAIT_FOR_OTHERS_MS } from './swap.ts';

/** The file stays the same one, with other contents: an app that has it open reads the new ones from then on. */
export const sqliteSwapper: Swapper = {
  nameKept: ({ url }, stamp) => `${url}.before-restore-${stamp}`,
  describeRemoval: (kept) => {
    const files = [kept, journalFileOf(kept)].filter((file) => existsSync(file));
    return `rm ${(files.length > 0 ? files : [kept]).map(quoteWord).join(' ')}`;
  },
  describeUndo: undoOnSqlite,
  recordUndo: async () => undefined,
  // A file does not tell who has it open.
  listSessions: async () => [],
  // Who uses it holds a lock, or is no danger: it sees the new contents.
  findBlindness: async () => null,
  findObstacle: ({ read, dialect }) => read((session) => dialect.findWriteObstacle(session)),
  prepare: async (url, scratch) => {
    const [from, to] = [journalFileOf(scratch.url), journalFileOf(url.url)];
    // A journal that the backup does not have is replaced by an empty one, as it tells of other rows.
    if (existsSync(to) && !existsSync(from)) writeFileSync(from, '', { mode: 0o600 });
    fitFile(scratch.url, url.url);
    if (existsSync(from)) fitFile(from, existsSync(to) ? to : from);
  },
  swap,
  repair: async () => false,
};

/** First the rows, then the journal: a journal of later runs finds rows without their owner, and leaves them alone. */
async function swap({ url, scratch, kept, signal, waitMs = WAIT_FOR_OTHERS_MS }: SwapPlan): Promise<Swapped> {
  const isEmpty = statSync(url.url).size === 0;
  if (!(await replace(url.url, { from: scratch.url, kept, signal, waitMs })))
    throw databaseInUse(url.name, []);
  const old = isEmpty ? null : kept;
  const words = await replaceJournal({ url, scratch, kept, waitMs }).catch((cause: Error) => {
    throw journalStays(url.name, { kept: old, words: cause.message, cause });
  });
  if (words !== null) throw journalStays(url.name, { kept: old, words });
  return { kept: old, findings: [] };
}

/** Why it could not be replaced, in words; null where it is, or there is none. */
async function replaceJournal({
  url,
  scratch,
  kept,
  waitMs,
}: Pick<SwapPlan, 'url' | 'scratch' | 'kept'> & { waitMs: number }): Promise<string | null> {
  const [from, to] = [journalFileOf(scratch.url), journalFileOf(url.url)];
  if (!existsSync(from)) return null;
  if (!existsSync(to)) placeFile(from, to);
  else if (!(await replace(to, { from, kept: journalFileOf(kept), waitMs })))
    return "others use the journal's file";
  return null;
}

function replace(
  to: string,
  { from, kept, signal, waitMs }: Pick<SwapPlan, 'signal' | 'kept'> & { from: string; waitMs: number },
): Promise<boolean> {
  const partial = join(dirname(from), 'kept.partial');
  return replaceContents({ from, to, kept, partial }, { deadline: performance.now() + waitMs, signal });
}
